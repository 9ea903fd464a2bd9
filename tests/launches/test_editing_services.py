"""Editing a launch: what falls with a new candidate or date, and what comes back."""

from datetime import date, timedelta

import pytest

from readiness.accounts.models import Membership, Role
from readiness.audit.kinds import Kind
from readiness.launches.models import Candidate, Launch, LaunchItem, Stage
from readiness.launches.queries.pinned import pinned
from readiness.launches.services.items import set_due
from readiness.launches.services.launches import answer_facets, edit_launch
from readiness.rules.states import State
from tests import make
from tests.launches.given import (
    count_told,
    key_is_free,
    placed,
    recomputed,
    refused,
    said,
    stored,
    told,
)
from tests.launches.intakes import another, edited, intake_of

pytestmark = pytest.mark.django_db
EDITED = "Someone edited this launch since you loaded the page. Look at it again."
OVER = "This launch is over: its checklist is closed."
NO_LONGER = "You no longer have the right to do this in this team."


def standing_on(launch: Launch, kind: str) -> list[int]:
    """The places of the items whose sign-off stands on this kind of thing."""
    rules = pinned(launch.version_id).items.values()
    return [place for place, rule in enumerate(rules, start=1) if kind in rule.invalidated_by]


def answered(launch: Launch, answers: dict) -> Launch:
    launch = Launch.objects.get(pk=launch.pk)
    sent = {"edition": launch.edition, "by": launch.lead, "key": make.key(), "now": make.NOW}
    answer_facets(launch, answers, **sent)
    return Launch.objects.get(pk=launch.pk)


def test_a_new_candidate_puts_exactly_the_sign_offs_that_stood_on_it_out_of_date():
    launch = make.launch(items=40, signed_off=40)

    launch = edited(launch, candidate=another(launch, version="15.0.0"))

    fallen = standing_on(launch, "model_version")
    assert placed(launch, State.SUPERSEDED) == fallen
    assert (launch.checked, len(fallen)) == (40 - len(fallen), 14)
    assert stored(launch) == recomputed(launch)


@pytest.mark.parametrize("part", ["name", "version", "digest"])
def test_each_part_that_names_the_candidate_counts(part):
    launch = make.launch(items=5, signed_off=5)

    launch = edited(launch, candidate=another(launch, **{part: "other"}))

    assert placed(launch, State.SUPERSEDED) == [3, 4, 5]


def test_another_registry_link_is_kept_and_nothing_falls():
    launch = make.launch(items=5, signed_off=5)

    launch = edited(launch, candidate=another(launch, registry_url="https://models.example/1"))

    assert launch.candidate.registry_url == "https://models.example/1"
    assert placed(launch, State.SUPERSEDED) == []


def test_the_candidate_brought_back_revives_what_stood_on_it():
    launch = make.launch(items=40, signed_off=40)
    candidate = intake_of(launch).candidate
    launch = edited(launch, candidate=another(launch, version="15.0.0"))

    launch = edited(launch, candidate=candidate)

    assert (launch.checked, launch.verdict) == (40, "ready")
    assert list(Candidate.objects.order_by("pk").values_list("version", flat=True)) == [
        "14.2.0",
        "15.0.0",
        "14.2.0",
    ]


def test_what_is_out_of_date_may_be_signed_again_by_the_same_person():
    launch = make.launch(items=5, signed_off=5)
    launch = edited(launch, candidate=another(launch, version="15.0.0"))

    make.sign(make.item(launch, 4), by=launch.lead)

    assert placed(launch, State.SUPERSEDED) == [3, 5]


def test_nobody_signs_for_a_candidate_they_never_saw():
    launch = make.launch(items=5)
    ann, item = make.user("Ann", team=launch.team), make.item(launch, 4)

    edited(launch, candidate=another(launch, version="15.0.0"))

    with refused(f"{launch.lead.name} changed this just now. Nothing was lost."):
        make.signoffs.sign_off(item, by=ann, version=1, key=make.key(), now=make.NOW)


def test_a_new_candidate_is_recorded_with_the_verdict_it_brings():
    launch = make.launch(items=5, signed_off=5)
    before = count_told(launch)

    edited(launch, candidate=another(launch, version="15", digest="sha256:0f"))

    lead = launch.lead
    fall = {"was": "ready", "becomes": "delay", "shown": "40%", "holds": []}
    assert told(launch, before) == [
        (
            Kind.CANDIDATE_PROPOSED,
            lead,
            make.NOW,
            {"candidate": "ranker@15", "digest": "sha256:0f"},
        ),
        (Kind.VERDICT_CHANGED, lead, make.NOW, fall),
    ]


def test_a_new_date_moves_the_due_dates_that_nobody_set_by_hand():
    launch = make.launch(items=5)
    by_hand = make.item(launch, 2)
    set_due(by_hand, on=date(2026, 12, 1), **said(by_hand, by=launch.lead))

    launch = edited(launch, launch_at=launch.launch_at + timedelta(days=10))

    assert list(launch.items.values_list("due_on", flat=True)) == [
        date(2026, 12, 3),
        date(2026, 12, 1),
        date(2026, 12, 10),
        date(2026, 11, 26),
        date(2026, 12, 3),
    ]


def test_a_new_date_puts_what_was_signed_for_the_old_one_out_of_date():
    launch = make.launch(items=40, signed_off=40)

    launch = edited(launch, launch_at=launch.launch_at + timedelta(days=1))

    assert placed(launch, State.SUPERSEDED) == standing_on(launch, "launch_date") == [6, 37, 40]


def test_another_hour_of_the_same_day_leaves_every_sign_off_standing():
    launch = make.launch(items=40, signed_off=40)

    launch = edited(launch, launch_at=launch.launch_at + timedelta(hours=3))

    assert placed(launch, State.SUPERSEDED) == []


def test_another_zone_may_be_another_day():
    launch = make.launch(items=8, signed_off=8)

    launch = edited(launch, zone="Pacific/Auckland")

    assert (make.item(launch).due_on, placed(launch, State.SUPERSEDED)) == (
        date(2026, 11, 24),
        [6],
    )


def test_a_new_date_is_recorded_as_such():
    launch = make.launch(items=5)
    before = count_told(launch)

    edited(launch, "Late data.", name="Ads", launch_at=launch.launch_at + timedelta(days=1))

    changes = {
        "name": [launch.name, "Ads"],
        "launch_at": ["2026-12-07T12:00:00+00:00", "2026-12-08T12:00:00+00:00"],
    }
    assert told(launch, before) == [
        (
            Kind.LAUNCH_RESCHEDULED,
            launch.lead,
            make.NOW,
            {"changes": changes, "because": "Late data."},
        )
    ]


def test_an_edit_that_changes_nothing_records_nothing():
    launch = make.launch(items=5)
    before = count_told(launch)

    edited(launch)

    assert told(launch, before) == []


def test_who_decides_is_recorded_when_it_changes():
    launch = make.launch(items=5)
    ann, bob = make.user("Ann", team=launch.team), make.user("Bob", team=launch.team)
    edited(launch, approvers=[ann])
    before = count_told(launch)

    launch = edited(launch, approvers=[bob])

    changes = {"approvers": ["Ann", "Bob"]}
    assert told(launch, before) == [
        (Kind.LAUNCH_EDITED, launch.lead, make.NOW, {"changes": changes})
    ]
    assert [seat.person for seat in launch.approvers.all()] == [bob]


def test_a_duty_passed_on_takes_its_items_along_but_those_someone_else_was_given():
    team = make.team()
    sam, tom, una = (make.user(name, team=team) for name in ("Sam", "Tom", "Una"))
    launch = make.launch(items=12, team=team, duties={"sre": sam})
    LaunchItem.objects.filter(pk=make.item(launch, 9).pk).update(owner=una)

    launch = edited(launch, duties={"sre": tom})

    owners = {place: make.item(launch, place).owner for place in (1, 9, 10, 12)}
    assert owners == {1: tom, 9: una, 10: tom, 12: tom}


def test_a_duty_taken_away_leaves_its_items_to_nobody():
    team = make.team()
    sam = make.user("Sam", team=team)
    launch = make.launch(items=12, team=team, duties={"sre": sam})

    launch = edited(launch, duties={"sre": None})

    assert not launch.items.filter(owner=sam).exists()
    assert not launch.duties.exists()


def test_answers_bring_items_in_and_take_them_out_and_the_verdict_follows():
    launch = make.launch(items=9, signed_off=7)
    before = (launch.verdict, launch.counted)

    launch = answered(launch, {"serving": ["batch"]})

    assert (before, (launch.verdict, launch.counted)) == (("delay", 9), ("monitor", 8))
    assert stored(launch) == recomputed(launch)
    assert answered(launch, {}).counted == 9


def test_answers_are_recorded_with_the_items_they_touch():
    launch = make.launch(items=9)
    before = count_told(launch)

    answered(launch, {"serving": ["batch"], "genai": True})

    said = {"answers": {"serving": ["batch"], "genai": True}, "items": ["latency-percentiles"]}
    assert told(launch, before) == [(Kind.FACETS_ANSWERED, launch.lead, make.NOW, said)]


def test_items_that_an_answer_touches_are_new_versions_and_no_others():
    launch = make.launch(items=9)

    answered(launch, {"serving": ["batch"]})

    assert list(launch.items.values_list("version", flat=True)) == [1] * 8 + [2]


def change(launch: Launch, edition: int = 1, by=None, key: str = "") -> None:
    sent = {"edition": edition, "by": by or launch.lead, "now": make.NOW}
    edit_launch(launch, intake_of(launch, name="New"), key=key or make.key(), **sent)


def answer(launch: Launch, edition: int = 1, by=None, key: str = "") -> None:
    sent = {"edition": edition, "by": by or launch.lead, "now": make.NOW}
    answer_facets(launch, {"genai": True}, key=key or make.key(), **sent)


@pytest.mark.parametrize("act", [change, answer])
def test_an_older_page_is_refused(act):
    launch = make.launch(items=5)
    act(launch)

    with refused(EDITED):
        act(launch, key="form")

    assert key_is_free("form")


@pytest.mark.parametrize("act", [change, answer])
def test_a_launch_that_is_over_is_closed(act):
    launch = make.launch(items=5)
    Launch.objects.filter(pk=launch.pk).update(stage=Stage.CANCELLED.value)

    with refused(OVER):
        act(launch)


@pytest.mark.parametrize("act", [change, answer])
@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER, Role.APPROVER])
def test_only_leads_edit(act, role):
    launch = make.launch(items=5)
    eve = make.user("Eve", team=launch.team, role=role)

    with refused(NO_LONGER):
        act(launch, by=eve)
    Membership.objects.filter(person=eve).update(role=Role.LEAD.value)
    act(launch, by=eve)
