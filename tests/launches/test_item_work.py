"""Work on an item: who does it, until when, and how it goes."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from readiness.accounts.models import Role
from readiness.audit.kinds import Kind
from readiness.launches.models import Launch, LaunchItem, Progress, Stage, VerdictSnapshot
from readiness.launches.services.items import assign, set_due, set_progress
from tests import make
from tests.launches.given import count_told, refused, said, stored, told

pytestmark = pytest.mark.django_db
OVER = "This launch is over: its checklist is closed."
NO_LONGER = "You no longer have the right to do this in this team."
ACTS = [
    (assign, {"to": None}),
    (set_due, {"on": None}),
    (set_progress, {"to": Progress.IN_PROGRESS}),
]
EACH = pytest.mark.parametrize(("act", "what"), ACTS, ids=["assign", "set_due", "set_progress"])


def again(item: LaunchItem) -> LaunchItem:
    return LaunchItem.objects.get(pk=item.pk)


def test_an_item_is_handed_to_a_person():
    launch = make.launch(items=5)
    ann, before = make.user("Ann", team=launch.team), count_told(launch)
    item = make.item(launch, 2)

    assign(item, to=ann, **said(item, by=launch.lead))

    item = again(item)
    assert (item.owner, item.owned_since, item.version) == (ann, make.NOW, 2)
    assert told(launch, before) == [
        (
            Kind.ITEM_ASSIGNED,
            launch.lead,
            make.NOW,
            {"item": item.pk, "key": item.key, "owner": "Ann", "was": ""},
        )
    ]


def test_an_item_is_handed_to_nobody():
    launch = make.launch(items=5)
    item = make.item(launch, 2)
    assign(item, to=launch.lead, **said(item, by=launch.lead))

    assign(item, to=None, **said(item, by=launch.lead))

    assert (again(item).owner, again(item).owned_since) == (None, None)


def test_who_left_can_own_nothing():
    launch = make.launch(items=5)
    ann = make.user("Ann", team=launch.team, is_active=False)
    item = make.item(launch)

    with refused("Ann has left and can own nothing."):
        assign(item, to=ann, **said(item, by=launch.lead))


@pytest.mark.parametrize("role", [None, Role.VIEWER, Role.AUDITOR])
def test_who_may_not_work_on_the_launch_can_own_nothing_of_it(role):
    launch = make.launch(items=5)
    ann = make.user("Ann", team=launch.team if role else None, role=role or Role.MEMBER)
    item = make.item(launch)

    with refused(f"Ann is not a member of {launch.team.name}."):
        assign(item, to=ann, **said(item, by=launch.lead))


def test_the_lead_may_own_without_a_role_in_the_team():
    lead = make.user("Lee")
    launch = make.launch(items=5, lead=lead)
    item = make.item(launch)

    assign(item, to=lead, **said(item, by=lead))

    assert again(item).owner == lead


def test_a_due_date_is_set_by_hand():
    launch = make.launch(items=5)
    item, before = make.item(launch, 3), count_told(launch)

    set_due(item, on=date(2026, 12, 1), **said(item, by=launch.lead))

    item = again(item)
    assert (item.due_on, item.due_set_by_hand, item.version) == (date(2026, 12, 1), True, 2)
    assert told(launch, before) == [
        (
            Kind.ITEM_DUE_SET,
            launch.lead,
            make.NOW,
            {"item": item.pk, "key": item.key, "due": "2026-12-01", "was": "2026-11-30"},
        )
    ]


def test_a_due_date_taken_away_follows_the_launch_date_again():
    launch = make.launch(items=5)
    item = make.item(launch, 3)
    set_due(item, on=date(2026, 12, 1), **said(item, by=launch.lead))

    set_due(item, on=None, **said(item, by=launch.lead))

    assert (again(item).due_on, again(item).due_set_by_hand) == (date(2026, 11, 30), False)


def test_an_item_may_be_due_on_the_day_of_the_launch_and_no_later():
    launch = make.launch(items=5)
    item = make.item(launch)

    set_due(item, on=launch.launch_on, **said(item, by=launch.lead))
    with refused("An item cannot be due after the launch."):
        set_due(item, on=launch.launch_on + timedelta(days=1), **said(item, by=launch.lead))

    assert again(item).due_on == date(2026, 12, 7)


@pytest.mark.parametrize("to", [Progress.NOT_STARTED, Progress.IN_PROGRESS])
def test_progress_is_the_owners_word_and_never_counts(to):
    launch = make.launch(items=5, signed_off=1)
    item, before, verdict = make.item(launch, 2), count_told(launch), stored(launch)

    set_progress(item, to=to, because="Not kept.", **said(item, by=launch.lead))

    item = again(item)
    assert (item.progress, item.blocked_because, item.version) == (to.value, "", 2)
    assert stored(launch) == verdict
    assert VerdictSnapshot.objects.filter(launch=launch).count() == 2
    one = {"item": item.pk, "key": item.key, "to": to.value, "because": ""}
    one["was"] = "not_started"
    assert told(launch, before) == [(Kind.ITEM_PROGRESSED, launch.lead, make.NOW, one)]


def test_a_blocked_item_says_what_it_waits_for_and_the_launch_counts_it():
    launch = make.launch(items=8)
    item = make.item(launch, 7)

    set_progress(item, to=Progress.BLOCKED, because=" A GPU. ", **said(item, by=launch.lead))

    item = again(item)
    launch.refresh_from_db()
    assert (item.progress, item.blocked_because) == ("blocked", "A GPU.")
    assert launch.blocked == 1
    assert [tally["blocked"] for tally in launch.sections] == [0, 1]


def test_an_item_that_is_done_is_not_counted_as_blocked():
    launch = make.launch(items=5)
    item = make.item(launch, 2)
    set_progress(item, to=Progress.BLOCKED, because="A GPU.", **said(item, by=launch.lead))

    make.sign(item, by=launch.lead)

    launch.refresh_from_db()
    assert launch.blocked == 0


@pytest.mark.parametrize("because", ["", "   "])
def test_a_block_without_a_reason_is_refused(because):
    launch = make.launch(items=5)
    item = make.item(launch)

    with refused("Say what it waits for."):
        set_progress(item, to=Progress.BLOCKED, because=because, **said(item, by=launch.lead))

    assert again(item).progress == "not_started"


def test_the_database_refuses_a_block_without_a_reason():
    launch = make.launch(items=5)

    with pytest.raises(IntegrityError, match="blocked_items_say_why"), transaction.atomic():
        launch.items.update(progress="blocked")


def test_the_database_holds_an_item_of_the_checklist_once_per_launch():
    twin = make.item(make.launch(items=5))
    twin.pk = None

    with pytest.raises(IntegrityError, match="one_launch_item_per_key"), transaction.atomic():
        twin.save(force_insert=True)


@EACH
def test_who_may_only_look_changes_nothing(act, what):
    launch = make.launch(items=5)
    eve = make.user("Eve", team=launch.team, role=Role.VIEWER)
    item = make.item(launch)

    with refused(NO_LONGER):
        act(item, **what, **said(item, by=eve))

    assert again(item).version == 1


@EACH
def test_nothing_changes_once_the_launch_is_over(act, what):
    launch = make.launch(items=5)
    Launch.objects.filter(pk=launch.pk).update(stage=Stage.CANCELLED.value)
    item = make.item(launch)

    with refused(OVER):
        act(item, **what, **said(item, by=launch.lead))


@EACH
def test_a_page_from_before_the_item_changed_hears_who_and_when(act, what):
    launch = make.launch(items=5)
    ann = make.user("Ann", team=launch.team)
    item = make.item(launch)
    make.sign(item, by=ann)

    with refused("Ann changed this just now. Nothing was lost."):
        act(item, **what, by=launch.lead, version=1, key=make.key(), now=make.NOW)
