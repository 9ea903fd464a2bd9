"""Guests of a review: people from outside the team, whom its launch lets in for a while."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from readiness.accounts.models import Membership, Role, User
from readiness.audit.kinds import Kind
from readiness.launches.models import Guest, Launch
from readiness.reviews.models import Review
from readiness.reviews.models.room import Device, Signal
from readiness.reviews.services import clock, finishing, guests, planning, presence, pulses
from tests import make
from tests.launches.given import count_told, refused, told
from tests.launches.reading import form_to, offers
from tests.reviews.given import SOON, Cast, begin, cast, meeting, now_of, plan, planned_for

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def here() -> Cast:
    return cast(name="Ads ranking v14")


@pytest.fixture
def gus() -> User:
    """He works in another team."""
    return make.user("Gus Gray", team=make.team())


def sees(person: User, launch: Launch) -> bool:
    known = User.objects.get(pk=person.pk)
    return Launch.objects.visible_to(known).filter(pk=launch.pk).exists()


def until(person: User) -> list:
    return list(Guest.objects.filter(person=person).values_list("until", flat=True))


def by(person: User, **more: object) -> dict:
    return {"by": person, "key": make.key(), "now": make.NOW} | more


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def form_of(here: Cast, **more: object) -> dict:
    """A plan as the browser sends it."""
    return {
        "key": make.key(),
        "starts_on": "2026-11-24",
        "starts_time": "14:30",
        "zone": "Europe/Berlin",
        "minutes": "45",
        "facilitator": str(here.bob.pk),
        "invited": [str(here.cem.pk)],
    } | more


def test_who_plans_a_review_lets_a_guest_in_till_a_day_after_its_end(here, gus):
    before = count_told(here.launch)

    review = plan(here, invited=(), guests=(gus,))

    assert sees(gus, here.launch)
    assert until(gus) == [SOON + HOUR + DAY]
    assert [one.person for one in review.invited.order_by("pk")] == [here.ann, gus]
    assert told(here.launch, before)[0] == (
        Kind.GUEST_LET_IN, here.ann, make.NOW, {"person": gus.pk, "name": "Gus Gray"},
    )  # fmt: skip


def test_the_grant_follows_the_review_and_ends_by_itself(here, gus):
    review, later = plan(here, guests=(gus,)), SOON + 2 * DAY
    planning.change(
        review, planned_for(here, starts_at=later, guests=(gus,)), edition=1, **by(here.ann)
    )
    moved = until(gus)

    running = begin(now_of(review), by=here.ann)
    begun = until(gus)
    clock.extend(running, minutes=30, **by(here.ann))
    extended = until(gus)
    finishing.finish(running, **by(here.ann, now=make.NOW + HOUR))

    assert (moved, begun) == ([later + HOUR + DAY], [make.NOW + HOUR + DAY])
    assert (extended, until(gus)) == ([begun[0] + HOUR / 2], [make.NOW + HOUR + DAY])
    with time_machine.travel(make.NOW + HOUR + DAY, tick=False):
        assert not sees(gus, here.launch)
    events = [one[0] for one in told(here.launch, 0) if one[0].startswith("guest.")]
    assert events == [Kind.GUEST_LET_IN]


def test_a_review_that_goes_on_again_keeps_its_guests_as_long(here, gus):
    review = meeting(here, guests=(gus,))
    finishing.finish(review, **by(here.ann, now=make.NOW + HOUR / 2))

    finishing.reopen(now_of(review), **by(here.ann, now=make.NOW + DAY))

    assert until(gus) == [make.NOW + 2 * DAY + HOUR / 2]


def test_who_is_left_out_of_the_plan_is_let_go_unless_another_review_needs_them(here, gus):
    one, other = plan(here, guests=(gus,)), plan(here, starts_at=SOON + DAY, guests=(gus,))
    before = count_told(here.launch)

    planning.change(other, planned_for(here), edition=1, **by(here.ann))
    between = (until(gus), sees(gus, here.launch))
    planning.cancel(one, because="Nobody has time.", **by(here.ann))

    assert between == ([SOON + HOUR + DAY], True)
    assert not sees(gus, here.launch)
    assert (Kind.GUEST_LET_GO, here.ann, make.NOW, {"person": gus.pk, "name": "Gus Gray"}) in told(
        here.launch, before
    )


def test_a_guest_is_let_go_while_the_review_runs(here, gus):
    review = meeting(here, guests=(gus,))
    presence.join(review, by=gus, device=Device.LAPTOP, now=make.NOW)

    guests.let_go(review, person=gus, **by(here.cem))

    assert not sees(gus, here.launch)
    assert not review.invited.filter(person=gus).exists()
    with refused("Bob Birk is no guest of this review."):
        guests.let_go(review, person=here.bob, **by(here.cem))
    with refused("This review has not begun. Change its plan, and leave Gus Gray out."):
        guests.let_go(plan(here, guests=(gus,)), person=gus, **by(here.cem))


def test_a_guest_is_invited_while_the_review_meets_and_comes_in_at_once(here, gus):
    review, before = meeting(here), count_told(here.launch)

    guests.invite(review, person=gus, **by(here.ann))
    presence.here(
        review, by=gus, device=Device.LAPTOP, item=None, is_following=True, now=make.NOW + HOUR / 2
    )
    minutes = finishing.finish(now_of(review), **by(here.ann, now=make.NOW + HOUR))

    assert until(gus) == [make.NOW + HOUR + DAY]
    assert [(one["name"], one["is_guest"]) for one in minutes.content["attendance"]] == [
        ("Gus Gray", True)
    ]
    named = {"person": gus.pk, "name": "Gus Gray"}
    assert told(here.launch, before)[:2] == [
        (Kind.GUEST_LET_IN, here.ann, make.NOW, named),
        (Kind.REVIEW_INVITED, here.ann, make.NOW, {"review": review.pk, "number": 1, **named}),
    ]


def test_who_cannot_be_invited_to_a_review_that_meets_is_told_why(here, gus):
    review, ended = meeting(here), meeting(cast())
    finishing.finish(ended, **by(ended.facilitator))

    with refused("Bob Birk sees this launch already, and comes in with the code."):
        guests.invite(review, person=here.bob, **by(here.ann))
    with refused("This review has not begun. Change its plan to invite Gus Gray."):
        guests.invite(plan(here), person=gus, **by(here.ann))
    with refused("This review is finished. Read its minutes."):
        guests.invite(ended, person=gus, **by(ended.facilitator))
    guests.invite(review, person=gus, **by(here.ann))
    with refused("Gus Gray is invited already."):
        guests.invite(review, person=gus, **by(here.ann))
    User.objects.filter(pk=gus.pk).update(is_active=False)
    with refused("Gus Gray has left and cannot come."):
        guests.invite(review, person=User.objects.get(pk=gus.pk), **by(here.ann))


def test_who_was_let_go_is_invited_again_in_the_same_review(here, gus):
    review = meeting(here, guests=(gus,))
    guests.let_go(review, person=gus, **by(here.ann))

    guests.invite(review, person=gus, **by(here.ann))

    assert sees(gus, here.launch)
    assert review.invited.filter(person=gus).exists()


def test_only_from_outside_and_who_is_still_here_becomes_a_guest(here, gus):
    User.objects.filter(pk=gus.pk).update(is_active=False)

    plan(here, invited=(), guests=(here.bob,))

    assert until(here.bob) == []
    with refused("Gus Gray has left and cannot come."):
        plan(here, guests=(gus,))
    with refused("Eve may not see this launch. Give them a role in its team first."):
        plan(here, invited=(make.user("Eve"),))


def test_a_guest_takes_part_in_the_room_and_neither_drives_nor_decides(here, gus):
    review = meeting(here, guests=(gus,))
    page = as_(gus).get(reverse("reviews:review", args=[review.pk]))
    item = make.item(here.launch, 1)

    pulses.pulse(review, item, Signal.AGREE, is_on=True, by=gus, now=make.NOW)
    acts = {
        "decide": as_(gus).post(reverse("reviews:decide", args=[review.pk, item.pk])),
        "move": as_(gus).post(reverse("reviews:move", args=[review.pk])),
        "seat": as_(gus).post(reverse("reviews:seat", args=[review.pk])),
        "sign": as_(gus).post(reverse("launches:sign-off", args=[item.pk])),
        "plan": as_(gus).get(reverse("reviews:new", args=[here.launch.pk])),
        "edit": as_(gus).get(reverse("launches:edit", args=[here.launch.pk])),
    }

    assert page.status_code == 200
    assert "decide. You can read this." in page.content.decode()
    assert offers(page, reverse("reviews:pulse", args=[review.pk]))
    assert {name: one.status_code for name, one in acts.items()} == dict.fromkeys(acts, 403)


def test_a_guest_comments_and_adds_evidence(here, gus):
    make.let_in(here.launch, gus)
    client, item = as_(gus), make.item(here.launch, 1)
    panel = client.get(reverse("launches:item", args=[item.pk]))
    sent = {"v": item.version, "key": make.key()}

    said_so = client.post(
        reverse("launches:comment", args=[item.pk]), sent | {"text": "We saw this, too."}
    )
    added = client.post(
        reverse("launches:evidence", args=[item.pk]),
        sent | {"key": make.key(), "url": "https://runs.example/9"},
    )

    assert offers(panel, reverse("launches:evidence", args=[item.pk]))
    assert not offers(panel, reverse("launches:assign", args=[item.pk]))
    assert "From the team" not in panel.content.decode()
    assert (said_so.status_code, added.status_code) == (302, 302)
    assert item.comments.get().by == gus
    assert item.evidence_links.get().added_by == gus


def test_a_guest_is_found_by_name_or_address_and_invited_with_a_plain_form(here, gus):
    client, new = as_(here.ann), reverse("reviews:new", args=[here.launch.pk])
    form = form_of(here, minutes="25")

    found = client.post(new, form | {"guest": "GRAY gus", "find": "1"})
    entered = client.post(new, form | {"guest": gus.email[:5]})
    members = client.post(new, form | {"guest": "Bob", "find": "1"})
    part = client.get(new, {"find": "1", "guest": "", "guests": gus.pk}, headers=HTMX)
    planned = client.post(new, form | {"guests": [gus.pk], "guest": "gray", "plan": "1"})

    box = f'type="checkbox" name="guests" value="{gus.pk}"'
    for one in (found, entered):
        assert (one.status_code, box in one.content.decode()) == (200, True)
        assert 'value="25"' in one.content.decode()
    assert f'name="guests" value="{here.bob.pk}"' not in members.content.decode()
    assert "Nobody outside the team has “Bob”" in members.content.decode()
    assert part.content.decode().strip().startswith('<fieldset class="field')
    assert f"{box} checked" in part.content.decode()
    page = client.get(planned.url).content.decode()
    assert 'Gus Gray</span><span class="chip">guest</span>' in page
    assert sees(gus, here.launch)


def test_from_the_room_a_guest_is_found_and_invited_with_plain_forms(here, gus):
    client, review = as_(here.ann), meeting(here)
    room, act = (reverse(f"reviews:{name}", args=[review.pk]) for name in ("review", "let-in"))

    found = client.get(room, {"guest": "gray"})
    invited = client.post(act, form_to(found, act) | {"person": gus.pk})
    after = client.get(invited.url)

    assert '<details class="lets" id="guests" open>' in found.content.decode()
    assert invited.url == room
    assert "Gus Gray is invited" in after.content.decode()
    assert as_(gus).get(room).status_code == 200


def test_from_the_room_htmx_gets_who_was_found_and_what_became_of_it(here, gus):
    client, review = as_(here.ann), meeting(here)
    room, act = (reverse(f"reviews:{name}", args=[review.pk]) for name in ("review", "let-in"))

    found = client.get(room, {"find": "1", "guest": "gray"}, headers=HTMX)
    invited, again, nobody = (
        client.post(act, {"key": make.key(), "person": pk}, headers=HTMX)
        for pk in (gus.pk, gus.pk, 2**62)
    )
    gone = client.get(room, {"find": "1", "guest": "gray"}, headers=HTMX)

    button = f'name="person" value="{gus.pk}">Invite'
    assert (button in found.content.decode(), "<html" in found.content.decode()) == (True, False)
    assert [one.status_code for one in (invited, again, nobody)] == [200, 409, 422]
    assert "Gus Gray is invited, and may come in now" in invited.content.decode()
    assert "Gus Gray is invited already." in again.content.decode()
    assert "Look again." in nobody.content.decode()
    assert "Nobody else from outside the team has “gray”" in gone.content.decode()


def test_a_guest_looks_for_nobody_in_the_room(here, gus):
    review = meeting(here, guests=(gus,))
    room = reverse("reviews:review", args=[review.pk])

    whole = as_(gus).get(room, {"guest": "bob"}).content.decode()
    part = as_(gus).get(room, {"guest": "bob", "find": "1"}, headers=HTMX).content.decode()

    assert 'id="guests"' not in whole
    assert "Bob Birk" not in part


def test_the_plan_that_is_changed_keeps_its_guests_ticked(here, gus):
    review = plan(here, guests=(gus,))

    page = as_(here.ann).get(reverse("reviews:edit", args=[review.pk])).content.decode()

    assert f'name="guests" value="{gus.pk}" checked' in page


def test_who_is_no_guest_to_choose_is_refused_in_words(here, gus):
    client, new = as_(here.ann), reverse("reviews:new", args=[here.launch.pk])

    answers = [
        client.post(new, form_of(here, guests=[pk])) for pk in (here.bob.pk, 2**62, "gus", "-1")
    ]

    assert [one.status_code for one in answers] == [422, 422, 422, 422]
    assert all(
        "sees the launch already. Look again." in one.content.decode() for one in answers[:2]
    )
    assert Review.objects.count() == 0


def test_the_room_marks_guests_and_lets_them_go(here, gus):
    review = meeting(here, guests=(gus,))
    presence.join(review, by=gus, device=Device.LAPTOP, now=make.NOW)
    address = reverse("reviews:review", args=[review.pk])

    shown = as_(here.ann).get(address).content.decode()
    answer = as_(here.ann).post(
        reverse("reviews:let-go", args=[review.pk]), {"key": make.key(), "person": gus.pk}
    )

    assert 'Gus Gray <span class="chip">guest</span>' in shown
    assert f'formaction="{reverse("reviews:let-go", args=[review.pk])}"' in shown
    assert answer.status_code == 302
    assert as_(gus).get(address).status_code == 404


def test_a_member_who_was_a_guest_once_is_what_they_are(here, gus):
    make.let_in(here.launch, gus)
    Membership.objects.create(person=gus, team=here.team, role=Role.MEMBER.value)

    make.sign(make.item(here.launch, 1), by=gus)

    assert make.item(here.launch, 1).signoffs.get().by == gus
