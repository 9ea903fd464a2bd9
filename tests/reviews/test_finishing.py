"""Finishing a review, its frozen minutes, and opening it again."""

from datetime import datetime, timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import IntegrityError, connections, transaction

from readiness.accounts.models import Role, User
from readiness.audit.kinds import Kind
from readiness.audit.models import Event
from readiness.launches.models import LaunchItem, SignOff
from readiness.launches.queries.as_of import as_of_event
from readiness.launches.queries.record import hash_of
from readiness.launches.queries.told import record_of
from readiness.launches.services import signoffs
from readiness.launches.services import taking as taking_launches
from readiness.launches.services.redacting import redact
from readiness.reviews.models import Minutes, Review
from readiness.reviews.models.room import Device, Outcome, Signal
from readiness.reviews.services import clock, deciding, finishing, parking, presence, pulses
from readiness.reviews.services import taking as taking_reviews
from readiness.reviews.services.deciding import Said
from readiness.web.refusal import NotPermitted, Refused
from tests import make
from tests.launches.given import at_once, faults, refused, version_of
from tests.launches.test_races import let_meet, take_the_lock_away
from tests.reviews.given import Cast, begin, cast, meeting, now_of, plan

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
END = make.NOW + 30 * MINUTE
DUE = (make.NOW + timedelta(days=5)).date()


def decide(review: Review, place: int, by, said: Said, *, at=make.NOW + MINUTE):
    item = make.item(review.launch, place)
    return deciding.decide(
        review, item, said, version=version_of(item), by=by, key=make.key(), now=at
    )


def finish(review: Review, by, *, at=END) -> Minutes:
    return finishing.finish(review, by=by, key=make.key(), now=at)


def reopen(review: Review, by, *, at=END + MINUTE) -> Review:
    return finishing.reopen(review, by=by, key=make.key(), now=at)


def a_full_review() -> tuple[Cast, Review]:
    """One item of each outcome, one parked, one checked beside the room; Bob on two devices."""
    here = cast(items=7, signed_off=1)
    review = meeting(here)
    for device in (Device.LAPTOP, Device.PHONE):
        presence.join(review, by=here.bob, device=device, now=make.NOW)
    presence.join(review, by=here.ann, device=Device.WALL, now=make.NOW)
    decide(review, 2, here.ann, Said(Outcome.DONE, note="Seen on board 7."))
    owed = Said(Outcome.NOT_DONE, note="Rerun the set.", owner=here.bob, due_on=DUE)
    decide(review, 3, here.ann, owed, at=make.NOW + 3 * MINUTE)
    waiver = Said(Outcome.WAIVE, note="Hand-made until May.", control="Two people look.", until=DUE)
    decide(review, 4, here.ann, waiver, at=make.NOW + 6 * MINUTE)
    parking.park(
        review, make.item(here.launch, 5), because="Sam is away.", by=here.ann,
        key=make.key(), now=make.NOW + 10 * MINUTE,
    )  # fmt: skip
    make.sign(make.item(here.launch, 6), by=here.cem, at=make.NOW + 12 * MINUTE)
    heard_all_the_while(review, here.bob, until=make.NOW + 20 * MINUTE)
    return here, now_of(review)


def heard_all_the_while(review: Review, person: User, *, until: datetime) -> None:
    """What eighty heartbeats leave behind."""
    review.attendance.filter(person=person).update(seen_at=until)


def beat(review: Review, person: User, minutes: float, device: Device = Device.LAPTOP) -> None:
    at = make.NOW + minutes * MINUTE
    presence.here(review, by=person, device=device, item=None, is_following=True, now=at)


def test_the_minutes_say_what_the_room_did_and_what_was_done_beside_it():
    here, review = a_full_review()

    minutes = finish(review, here.ann)

    content = minutes.content
    said = content["review"]
    assert (said["seconds"], said["planned_seconds"], said["covered"], said["driver"]) == (
        1800, 3600, 5, "Ann Ash",
    )  # fmt: skip
    assert [(one["shown"], one["checked"]) for one in (content["before"], content["after"])] == [
        ("14.3%", 1), ("42.9%", 3),
    ]  # fmt: skip
    rules = {one.position: one for one in here.launch.version.items.all()}
    assert [(one["title"], one["by"], one["is_here"]) for one in content["checked"]] == [
        (rules[2].title, "Ann Ash", True),
        (rules[6].title, "Cem Can", False),
    ]
    assert [(one["text"], one["owner"], one["due_on"]) for one in content["follow_ups"]] == [
        ("Rerun the set.", "Bob Birk", DUE.isoformat())
    ]
    assert [
        (one["kind"], one["reason"], one["control"], one["until"], one["became"])
        for one in content["proposals"]
    ] == [("waiver", "Hand-made until May.", "Two people look.", DUE.isoformat(), "waits")]
    assert [(one["because"], one["by"]) for one in content["parked"]] == [
        ("Sam is away.", "Ann Ash")
    ]
    assert [(one["name"], one["seconds"], one["devices"]) for one in content["attendance"]] == [
        ("Bob Birk", 1200, ["laptop", "phone"])
    ]
    assert content["undone"] == content["decisions"] == []
    assert content["poll"] is None
    assert sum(one["seconds"] for one in content["sections"]) == 1800


def test_who_left_for_a_while_was_not_there_for_it_and_who_changed_the_device_was():
    here = cast()
    review = meeting(here)
    for minutes in (2, 2.5, 22, 22.5):
        beat(review, here.bob, minutes)
    for minutes, device in ((2, Device.LAPTOP), (2.5, Device.LAPTOP), (3, Device.PHONE)):
        beat(review, here.cem, minutes, device)
    make.sign(make.item(here.launch, 1), by=here.bob, at=make.NOW + 10 * MINUTE)
    make.sign(make.item(here.launch, 2), by=here.bob, at=make.NOW + 22.5 * MINUTE)

    content = finish(now_of(review), here.ann).content

    def at(*minutes: float) -> list[str]:
        return [(make.NOW + one * MINUTE).isoformat() for one in minutes]

    assert [(one["name"], one["stays"], one["seconds"]) for one in content["attendance"]] == [
        ("Bob Birk", [at(2, 2.5), at(22, 22.5)], 60),
        ("Cem Can", [at(2, 3)], 60),
    ]
    assert [one["is_here"] for one in content["changes"]] == [False, True]


def test_what_somebody_in_the_room_does_is_told_from_what_is_done_beside_it():
    here = cast()
    review = meeting(here)
    presence.join(review, by=here.bob, device=Device.PHONE, now=make.NOW)
    make.sign(make.item(here.launch, 1), by=here.bob, at=make.NOW + timedelta(seconds=20))
    make.sign(make.item(here.launch, 2), by=here.cem, at=make.NOW + MINUTE)

    content = finish(review, here.ann).content

    assert [(one["by"], one["did"], one["is_here"]) for one in content["changes"]] == [
        ("Bob Birk", "checked", True),
        ("Cem Can", "checked", False),
    ]


def test_what_fell_while_the_review_met_is_undone_with_who_took_it_back_and_why():
    here = cast(signed_off=2)
    review = meeting(here)
    signoff = SignOff.objects.get(item__launch=here.launch, item__position=2)
    signoffs.withdraw(
        signoff, by=here.ann, version=version_of(signoff.item), key=make.key(), now=END,
        because="Wrong dashboard.",
    )  # fmt: skip

    content = finish(review, here.ann).content

    assert [(one["by"], one["because"], one["shown_as"]) for one in content["undone"]] == [
        ("Ann Ash", "Wrong dashboard.", "Not started")
    ]


def test_the_minutes_name_the_head_that_they_hold_and_the_event_behind_it_holds_their_hash():
    here, review = a_full_review()

    minutes = finish(review, here.ann)

    head = Event.objects.get(subject=here.launch.subject, sequence=minutes.sequence)
    after = Event.objects.get(subject=here.launch.subject, sequence=minutes.sequence + 1)
    assert (minutes.head, minutes.content["log"]["head"]) == (head.hash, head.hash)
    assert after.kind == Kind.REVIEW_FINISHED.value
    assert after.said["sha256"] == minutes.content_hash == hash_of(minutes.content)
    assert faults(here.launch) == []


def test_a_finished_review_stands_still_and_forgets_its_short_signals():
    here = cast()
    review = meeting(here)
    presence.join(review, by=here.bob, device=Device.PHONE, now=make.NOW)
    item = make.item(here.launch, 1)
    pulses.pulse(review, item, Signal.AGREE, is_on=True, by=here.bob, now=make.NOW)

    finish(review, here.ann)

    review = now_of(review)
    assert (review.state, review.finished_at, review.pulses.count()) == ("finished", END, 0)
    assert sum(row.seconds for row in review.agenda.all()) == 1800
    with refused("This review is finished. Read its minutes."):
        decide(review, 1, here.ann, Said(Outcome.DONE), at=END + MINUTE)
    with refused("This review is finished. Read its minutes."):
        finish(review, here.ann)


def test_a_review_that_stands_still_is_finished_without_the_time_it_stood():
    here = cast()
    review = meeting(here)
    clock.pause(review, by=here.ann, key=make.key(), now=make.NOW + 10 * MINUTE)

    content = finish(review, here.ann).content

    assert content["review"]["seconds"] == 600


def test_who_neither_drives_nor_facilitates_cannot_finish_it():
    here = cast()
    review = meeting(here)

    with refused("Only Ann Ash, who facilitates, and the driver may do this."):
        finish(review, here.bob)
    with pytest.raises(NotPermitted):
        finish(review, make.user(team=here.team, role=Role.VIEWER))
    with refused("This review has not begun yet. Start it first."):
        finish(plan(here), here.ann)


def test_who_facilitates_goes_on_within_a_day_and_the_earlier_minutes_stay():
    here = cast()
    review = meeting(here)
    decide(review, 1, here.ann, Said(Outcome.DONE))
    first = finish(review, here.ann)

    reopen(review, here.ann, at=END + 60 * MINUTE)

    review = now_of(review)
    assert (review.state, review.driver, review.elapsed(END + 60 * MINUTE)) == (
        "running", here.ann, END - make.NOW,
    )  # fmt: skip
    decide(review, 2, here.ann, Said(Outcome.DONE), at=END + 61 * MINUTE)
    second = finish(review, here.ann, at=END + 65 * MINUTE)
    assert [one.number for one in review.minutes.all()] == [1, 2]
    assert [len(one.content["checked"]) for one in (Minutes.objects.get(pk=first.pk), second)] == [
        1, 2,
    ]  # fmt: skip
    assert second.content["review"]["seconds"] == 35 * 60


def test_it_is_not_opened_again_by_others_later_or_beside_another_review():
    here = cast()
    review = meeting(here)
    with refused("Only a finished review is opened again."):
        reopen(review, here.ann)
    finish(review, here.ann)
    lead = make.user("Lea", team=here.team, role=Role.LEAD)

    with refused("Only Ann Ash, who facilitates, opens it again."):
        reopen(review, lead)
    with refused("A review is opened again within a day of its end. Plan another one."):
        reopen(review, here.ann, at=END + timedelta(days=1, seconds=1))
    begin(plan(here, at=END), by=here.ann, at=END)
    with refused("Design review 2 of this launch meets now. Finish it first."):
        reopen(review, here.ann)


def test_minutes_do_not_change_with_what_is_renamed_or_done_later():
    here, review = a_full_review()
    minutes = finish(review, here.ann)
    was = minutes.content

    here.bob.name = "Robert Birk"
    here.bob.save()
    make.sign(make.item(here.launch, 7), by=here.cem, at=END + MINUTE)

    minutes = Minutes.objects.get(pk=minutes.pk)
    assert (minutes.content, hash_of(minutes.content)) == (was, minutes.content_hash)


@pytest.mark.parametrize("alias", ["default", "owner"])
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE reviews_minutes SET content = '{}'",
        "UPDATE reviews_minutes SET content_hash = ''",
        "DELETE FROM reviews_minutes",
    ],
)
def test_the_database_keeps_minutes_as_they_are(alias, sql):
    here = cast()
    finish(meeting(here), here.ann)

    with (
        pytest.raises(Exception, match=r"permission denied|is append-only"),
        transaction.atomic(using=alias),
    ):
        connections[alias].cursor().execute(sql)


@pytest.mark.parametrize(
    ("kind", "word", "part", "name"),
    [
        (Kind.REVIEW_ITEM_PARKED, "Sam is away.", "parked", "because"),
        (Kind.REVIEW_ITEM_DECIDED, "Rerun the set.", "follow_ups", "text"),
        (Kind.EXEMPTION_PROPOSED, "Hand-made until May.", "proposals", "reason"),
        (Kind.ITEM_SIGNED_OFF, "Seen on board 7.", "items", "note"),
    ],
)
def test_a_pasted_secret_can_be_redacted_in_minutes_and_agenda(kind, word, part, name):
    here, review = a_full_review()
    minutes = finish(review, here.ann)
    olu = make.user("Olu", is_site_admin=True)
    events = Event.objects.filter(subject=here.launch.subject, kind=kind.value)
    event = next(one for one in events if word in str(one.said))

    redaction = redact(event, by=olu, because="A token.", key=make.key(), now=END + MINUTE)

    minutes = Minutes.objects.get(pk=minutes.pk)
    assert word not in str(minutes.content)
    assert "[redacted]" in [one[name] for one in minutes.content[part]]
    [record] = redaction.said["records"]
    assert record == {
        "minutes": minutes.pk, "was": minutes.content_hash, "sha256": hash_of(minutes.content),
    }  # fmt: skip
    rows = review.agenda.values_list("note", "parked_because", "follow_up__text")
    assert word not in str(list(rows))
    assert faults(here.launch) == []


def holds_what_its_head_holds(review: Review) -> bool:
    """Whether the minutes tell of every decision before the head they name, and none came after."""
    minutes, subject = review.minutes.get(), review.launch.subject_id
    decided = Event.objects.filter(subject=subject, kind=Kind.REVIEW_ITEM_DECIDED.value)
    finished = Event.objects.get(subject=subject, kind=Kind.REVIEW_FINISHED.value)
    in_minutes = [one["item"] for one in minutes.content["items"] if one["outcome"]]
    before = decided.filter(sequence__lte=minutes.sequence)
    past = as_of_event(record_of(review.launch), minutes.sequence).verdict()
    return (
        finished.sequence == minutes.sequence + 1
        and [one.said["item"] for one in before] == in_minutes
        and not decided.filter(sequence__gt=finished.sequence).exists()
        and minutes.content["after"]["checked"] == past.checked
    )


def race(monkeypatch: pytest.MonkeyPatch) -> Review:
    """Ann finishes a review while Bob decides in it; both have read before either writes."""
    here = cast()
    review = meeting(here)
    item = LaunchItem.objects.get(launch=here.launch, position=1)
    both = Barrier(2)
    let_meet(monkeypatch, both, finishing, "content_of")
    let_meet(monkeypatch, both, deciding, "row_of")
    decision = partial(
        deciding.decide, review, item, Said(Outcome.DONE), version=version_of(item),
        by=here.bob, key=make.key(), now=make.NOW + MINUTE,
    )  # fmt: skip

    outcomes = at_once(partial(finish, review, here.ann), decision)

    assert all(not isinstance(one, Exception) or isinstance(one, Refused) for one in outcomes)
    return review


@pytest.mark.django_db(transaction=True)
def test_the_minutes_hold_exactly_what_the_head_they_name_holds(monkeypatch):
    review = race(monkeypatch)

    assert holds_what_its_head_holds(review)


@pytest.mark.django_db(transaction=True)
def test_without_the_locks_they_would_not(monkeypatch):
    take_the_lock_away(monkeypatch)
    assert taking_launches.LOCK == ""
    monkeypatch.setattr(taking_reviews, "LOCK", "")

    review = race(monkeypatch)

    assert not holds_what_its_head_holds(review)


def test_two_minutes_of_a_review_have_two_numbers():
    here = cast()
    minutes = finish(meeting(here), here.ann)

    with pytest.raises(IntegrityError, match="minutes_are_numbered"):
        Minutes.objects.create(
            review=minutes.review, number=1, at=END, by=here.ann, content={}, content_hash="",
            head="", sequence=1,
        )  # fmt: skip
