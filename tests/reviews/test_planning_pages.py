"""The pages around a review: the list, the form, the plan, the calendar file; also without htmx."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from readiness.accounts.models import Role
from readiness.launches.services import comments
from readiness.reviews.models import Review
from readiness.reviews.services import planning
from readiness.web.palette import palette
from tests import make
from tests.launches import reading
from tests.reviews.given import Cast, begin, cast, now_of, plan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def here(client) -> Cast:
    """Ann, who leads the launch, is signed in."""
    found = cast(name="Ads ranking v14")
    client.force_login(found.ann)
    return found


def sent(here: Cast, **said: object) -> dict:
    return {
        "key": make.key(),
        "starts_on": "2026-11-24",
        "starts_time": "14:30",
        "zone": "Europe/Berlin",
        "minutes": "45",
        "facilitator": str(here.bob.pk),
        "invited": [str(here.cem.pk), str(here.amara.pk)],
    } | said


def page(client, name: str, *args: int, **query: object):
    return client.get(reverse(f"reviews:{name}", args=args), query)


def test_a_review_is_planned_with_a_plain_form(client, here):
    form = page(client, "new", here.launch.pk)
    key = make.key()

    first = client.post(reverse("reviews:new", args=[here.launch.pk]), sent(here, key=key))
    second = client.post(reverse("reviews:new", args=[here.launch.pk]), sent(here, key=key))

    review = Review.objects.get()
    assert form.status_code == 200
    assert [first.url, second.url] == [f"/reviews/{review.pk}/"] * 2
    assert (review.starts_at.isoformat(), review.length_minutes, review.facilitator) == (
        "2026-11-24T13:30:00+00:00", 45, here.bob,
    )  # fmt: skip
    assert {one.person for one in review.invited.all()} == {here.bob, here.cem, here.amara}


def test_the_form_proposes_who_is_concerned(client, here):
    here.launch.approvers.create(person=here.amara)

    form = page(client, "new", here.launch.pk).context["form"]

    assert form.initial["invited"] == [str(one.pk) for one in (here.amara, here.ann)]
    assert form.initial["facilitator"] == str(here.ann.pk)


@pytest.mark.parametrize(
    ("said", "field", "problem"),
    [
        ({"starts_on": ""}, "starts_on", "Choose the day of the review."),
        ({"starts_on": "tomorrow"}, "starts_on", "Write a date, like 2026-12-08."),
        ({"starts_on": "0001-01-01"}, "starts_on", "Choose a day between 2000 and 2100."),
        (
            {"starts_on": "2027-03-28", "starts_time": "02:30"},
            "starts_time",
            "On Sun 28 Mar clocks in Europe/Berlin jump over 02:30. Choose another time.",
        ),
        ({"zone": "Mars/Base"}, "zone", "Choose a zone of the list."),
        ({"minutes": "many"}, "minutes", "Write how many minutes it lasts: 5 to 480."),
        ({"facilitator": ""}, "facilitator", "Choose a person."),
        ({"invited": ["0"]}, "invited", "This person is not in the team."),
        ({"items": ["0"]}, "items", "Pick items of this launch."),
    ],
)
def test_a_form_to_correct_says_what_is_wrong_and_keeps_the_rest(
    client, here, said, field, problem
):
    response = client.post(reverse("reviews:new", args=[here.launch.pk]), sent(here) | said)

    assert response.status_code == 422
    assert response.context["form"].errors[field] == [problem]
    assert not Review.objects.exists()


def test_what_the_service_refuses_is_said_in_the_form(client, here):
    before = sent(here, starts_on="2026-11-20")

    response = client.post(reverse("reviews:new", args=[here.launch.pk]), before)

    assert (response.status_code, "Choose a time that is still to come." in text(response)) == (
        409, True,
    )  # fmt: skip


def test_the_plan_says_when_who_what_and_how_to_join(client, here):
    review = plan(here, invited=(here.bob,))

    shown = text(page(client, "review", review.pk))

    for words in ("Tue 24 Nov at 13:00", "Europe/Berlin", "Bob Birk", review.code, "5 of 5 und"):
        assert words in shown
    assert 'class="qr"' in shown
    assert "style=" not in shown


def test_who_was_not_invited_may_join_and_who_may_not_plan_cannot_change(client, here):
    review = plan(here, invited=())
    client.force_login(make.user("Vic", team=here.team, role=Role.VIEWER))

    shown = text(page(client, "review", review.pk))

    assert reverse("reviews:join", args=[review.pk]) in shown
    assert reverse("reviews:edit", args=[review.pk]) not in shown
    assert reverse("reviews:start", args=[review.pk]) not in shown
    assert reverse("reviews:cancel", args=[review.pk]) not in shown


def test_a_plan_is_changed_in_the_edition_that_was_shown(client, here):
    review = plan(here)
    address = reverse("reviews:edit", args=[review.pk])
    shown = client.get(address).context["form"]

    first = client.post(address, sent(here, edition="1"))
    late = client.post(address, sent(here, edition="1"))

    assert (shown.initial["minutes"], shown.initial["edition"]) == (60, 1)
    assert (first.status_code, late.status_code) == (302, 409)
    assert "Someone changed this review" in text(late)
    assert now_of(review).length_minutes == 45


def test_a_review_is_cancelled_with_a_reason(client, here):
    review = plan(here)
    address = reverse("reviews:cancel", args=[review.pk])

    empty = client.post(address, {"key": make.key(), "because": ""})
    client.post(address, {"key": make.key(), "because": "The data is late."})
    shown = text(page(client, "review", review.pk))

    assert (empty.status_code, "Say why: the invited are told." in text(empty)) == (422, True)
    assert "The data is late." in shown
    assert reverse("reviews:start", args=[review.pk]) not in shown


def test_a_review_starts_from_its_plan_and_a_refusal_is_said_there(client, here):
    review, other = plan(here), plan(here)
    begin(other, by=here.ann)

    refused = client.post(reverse("reviews:start", args=[review.pk]), {"key": make.key()})
    done = client.post(reverse("reviews:pause", args=[other.pk]), {"key": make.key()})

    assert refused.status_code == 409
    assert "Design review 2 of this launch meets already." in text(refused)
    assert (done.url, now_of(other).state) == (f"/reviews/{other.pk}/", "paused")


def test_the_clock_is_turned_from_the_page_and_says_why_not(client, here):
    review = begin(plan(here), by=here.ann)

    client.post(reverse("reviews:extend", args=[review.pk]), {"minutes": "15"})
    client.post(reverse("reviews:extend", args=[review.pk]), {"minutes": "999"})
    answer = page(client, "list")

    assert now_of(review).length_minutes == 75
    assert "A review lasts 8 hours at most." in text(answer)


def test_the_list_tells_what_meets_what_comes_and_nothing_of_others(client, here):
    begin(plan(here), by=here.ann)
    plan(here)
    foreign = cast(name="Not for you")
    plan(foreign)

    shown = text(page(client, "list"))

    assert "Live" in shown
    assert "Tue 24 Nov" in shown
    assert "Not for you" not in shown
    assert page(client, "list", launch=foreign.launch.pk).status_code == 404


def test_an_empty_list_says_how_a_review_is_planned(client, here):
    everywhere, of_one = text(page(client, "list")), page(client, "list", launch=here.launch.pk)

    assert "No reviews yet" in everywhere
    assert reverse("reviews:new", args=[here.launch.pk]) in text(of_one)


def test_who_plans_chooses_a_launch_first(client, here):
    chosen = client.get(reverse("reviews:choose"), {"launch": here.launch.pk})
    asked = text(client.get(reverse("reviews:choose")))
    client.force_login(make.user("Sue"))
    nothing = text(client.get(reverse("reviews:choose")))

    assert chosen.url == reverse("reviews:new", args=[here.launch.pk])
    assert "Ads ranking v14" in asked
    assert "Ads ranking v14" not in nothing


def test_the_calendar_file_is_an_invitation(client, here):
    review = plan(here)

    answer = page(client, "calendar", review.pk)

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"].endswith('.ics"')
    assert answer.content.startswith(b"BEGIN:VCALENDAR")


@pytest.mark.parametrize("count", [1, 6])
def test_the_list_costs_the_same_for_one_and_for_many(client, here, count):
    for number in range(count):
        plan(here, starts_at=make.NOW + timedelta(days=1, minutes=number))
    page(client, "list")

    with CaptureQueriesContext(connection) as asked:
        page(client, "list")

    assert len(asked) == 6


def test_the_palette_leads_to_reviews_and_to_a_plan(here):
    found = {
        (one.entry.title, one.entry.url)
        for section in palette(here.ann, "review").sections
        for one in section.options
    }

    assert found >= {
        ("Reviews", "/reviews/"),
        ("Plan a review", "/reviews/new/"),
        ("Join a review", "/join/"),
    }


def text(response) -> str:
    return response.content.decode()


def test_every_page_of_a_launch_says_in_its_tabs_how_much_there_is(client, here):
    said = {"by": here.ann, "now": make.NOW}
    plan(here)
    planning.cancel(plan(here), because="The data is late.", key=make.key(), **said)
    comments.comment(make.item(here.launch), text="Which run?", key=make.key(), **said)
    done = comments.comment_on_launch(here.launch, text="Ready?", key=make.key(), **said)
    comments.resolve(done, key=make.key(), **said)
    pages = ["", "decision/", "why/", "basis/", "discussion/", "history/"]
    paths = [f"/launches/{here.launch.pk}/{page}" for page in pages]
    paths.insert(4, f"/reviews/?launch={here.launch.pk}")

    shown = [reading.words(client.get(path), "tabs") for path in paths]

    tabs = "Checklist 0/5 Decision Why Basis Reviews 1 Discussion 1 open History"
    assert shown == [[tabs]] * len(paths)
