"""Opening a launch: its items, duties, due dates and first verdict."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict

from readiness.accounts.models import Membership, Role
from readiness.audit.kinds import Kind
from readiness.launches.models import (
    Candidate,
    Launch,
    LaunchApprover,
    LaunchDuty,
    VerdictSnapshot,
)
from readiness.rules.states import State
from tests import make
from tests.launches.given import key_is_free, placed, recomputed, refused, stored, told
from tests.launches.intakes import opening

pytestmark = pytest.mark.django_db
NO_LONGER = "You no longer have the right to do this in this team."


def test_a_launch_holds_each_item_of_its_checklist_once_and_in_order():
    version = make.checklist(40)

    launch = opening(by=make.user(), version=version)()

    expected = version.items.order_by("position").values_list("key", "position")
    assert list(launch.items.values_list("key", "position")) == list(expected)
    assert launch.items.count() == 40


def test_what_was_said_is_kept():
    ann = make.user("Ann")

    launch = opening(by=ann, purpose="More clicks", facets={"genai": False})()

    kept = model_to_dict(
        Launch.objects.get(), fields=["name", "model", "purpose", "zone", "facets"]
    )
    assert kept == {
        "name": "Ads ranker",
        "model": "ranker",
        "purpose": "More clicks",
        "zone": "UTC",
        "facets": {"genai": False},
    }
    assert (launch.lead, launch.opened_by, launch.opened_at) == (ann, ann, make.NOW)
    assert Candidate.objects.get() == launch.candidate


def test_opening_is_recorded():
    ann = make.user("Ann")

    launch = opening(by=ann)()

    candidate = {"candidate": "ranker@1", "digest": ""}
    opened = {
        "name": "Ads ranker",
        "candidate": "ranker@1",
        "checklist": str(launch.version),
        "launch_at": "2026-12-07T12:00:00+00:00",
        "zone": "UTC",
        "facets": {},
    }
    assert told(launch) == [
        (Kind.CANDIDATE_PROPOSED, ann, make.NOW, candidate),
        (Kind.LAUNCH_OPENED, ann, make.NOW, opened),
    ]


def test_a_new_launch_is_judged_at_once():
    launch = opening(by=make.user())()

    assert stored(launch) == recomputed(launch)
    assert (launch.verdict, launch.shown, launch.counted) == ("delay", "0%", 8)
    assert VerdictSnapshot.objects.get().verdict == "delay"


def test_a_launch_to_which_nothing_applies_is_not_assessable():
    version = make.checklist(9)
    launch = make.launch(version=version)
    launch.items.update(applies="no")

    make.link(make.item(launch), by=launch.lead)

    launch.refresh_from_db()
    assert (launch.verdict, launch.score, launch.shown) == ("not_assessable", None, "")


def test_an_answer_takes_items_out_and_an_unanswered_question_never_does():
    batch = make.launch(items=9, facets={"serving": ["batch"]})
    silent = make.launch(items=9)

    assert placed(batch, State.NA_BY_FACET) == [9]
    assert placed(silent, State.NA_BY_FACET) == []


@pytest.mark.parametrize(
    ("launch_at", "zone", "due"),
    [
        (datetime(2026, 12, 7, 12, tzinfo=UTC), "UTC", date(2026, 11, 23)),
        (datetime(2026, 12, 7, 23, 30, tzinfo=UTC), "Europe/Berlin", date(2026, 11, 24)),
        (datetime(2026, 12, 7, 3, tzinfo=UTC), "America/Los_Angeles", date(2026, 11, 22)),
    ],
)
def test_due_dates_are_counted_back_from_the_day_of_the_launch_where_it_happens(
    launch_at, zone, due
):
    launch = make.launch(items=8, launch_at=launch_at, zone=zone)

    assert make.item(launch, 1).due_on == due


def test_a_person_on_a_duty_owns_its_items():
    team = make.team()
    sam = make.user("Sam", team=team)

    launch = make.launch(items=12, team=team, duties={"sre": sam})

    owned = launch.items.filter(owner=sam).values_list("position", flat=True)
    assert [make.item(launch, place).position for place in (1, 9, 10, 12)] == list(owned)
    assert set(launch.items.filter(owner=sam).values_list("owned_since", flat=True)) == {make.NOW}
    assert LaunchDuty.objects.values("launch", "duty", "person").get() == {
        "launch": launch.pk,
        "duty": "sre",
        "person": sam.pk,
    }


def test_a_duty_given_is_recorded_with_its_items():
    team = make.team()
    sam = make.user("Sam", team=team)

    launch = make.launch(items=8, team=team, duties={"sre": sam})

    [given] = [payload for kind, *_, payload in told(launch) if kind == Kind.DUTY_GIVEN]
    assert given == {"duty": "sre", "to": "Sam", "items": ["rollback-runbook-rehearsed"]}


def test_approvers_have_their_seats():
    team = make.team()
    ann = make.user("Ann", team=team, role=Role.APPROVER)

    launch = make.launch(items=5, team=team, approvers=[ann])

    assert [seat.person for seat in LaunchApprover.objects.filter(launch=launch)] == [ann]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.APPROVER, Role.EDITOR, Role.AUDITOR, None])
def test_who_may_not_open_a_launch_is_refused_and_nothing_is_left_behind(role):
    open_it = opening(by=make.user(), role=role, key="form")

    with refused(NO_LONGER):
        open_it()

    assert Launch.objects.count() == 0
    assert key_is_free("form")


def test_who_left_neither_leads_nor_approves_nor_does_a_duty():
    gone = make.user("Gus", is_active=False)

    with refused("Gus has left and can own nothing."):
        opening(by=make.user(), lead=gone)()
    with refused("Gus has left and can own nothing."):
        opening(by=make.user(), duties={"sre": gone})()
    with refused("Gus has left and can decide nothing."):
        opening(by=make.user(), approvers=[gone])()


def test_a_duty_is_done_by_someone_of_the_team():
    eve, by, team = make.user("Eve"), make.user(), make.team("Ads")
    Membership.objects.create(person=by, team=team, role=Role.MEMBER.value)

    with refused("Eve is not a member of Ads."):
        opening(by=by, team=team, duties={"sre": eve})()


@pytest.mark.parametrize(
    ("model", "fact"),
    [(LaunchDuty, "one_person_per_duty"), (LaunchApprover, "one_seat_per_approver")],
)
def test_the_database_holds_a_seat_and_a_duty_once(model, fact):
    launch = make.launch(items=5)
    lead = launch.lead
    row = {"launch": launch, "person": lead} | ({"duty": "sre"} if model is LaunchDuty else {})
    model.objects.create(**row)

    with pytest.raises(IntegrityError, match=fact), transaction.atomic():
        model.objects.create(**row)


def test_a_launch_has_a_chain_of_its_own():
    one = make.launch(items=5)

    with pytest.raises(IntegrityError, match="subject_id"), transaction.atomic():
        Launch.objects.filter(pk=make.launch(items=5).pk).update(subject=one.subject)


def test_nothing_is_due_before_it_can_be_known():
    launch = make.launch(items=5, launch_at=make.NOW + timedelta(days=1))

    assert {item.due_on for item in launch.items.all()} == {
        launch.launch_on - timedelta(days=days) for days in (14, 7, 21)
    }
