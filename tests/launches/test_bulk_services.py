"""One act on several items: each row on its own, one event for the whole, and the way back."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from readiness.accounts.models import Membership, User
from readiness.audit.kinds import Kind
from readiness.audit.services import AlreadyDone, KeyReused
from readiness.launches.models import Act, Launch, LaunchItem, Progress, SignOff, Stage
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.together import report_of
from readiness.launches.services.bulk import NothingDone, Picked, Together, change_together
from readiness.launches.services.items import assign, set_progress
from readiness.launches.services.undoing import undo_together
from tests import make
from tests.launches.given import (
    at_once,
    count_told,
    faults,
    key_is_free,
    recomputed,
    refused,
    said,
    stored,
    told,
)

pytestmark = pytest.mark.django_db
OVER = "This launch is over: its checklist is closed."
EVIDENCE = {"url": "https://runs.example/2", "title": "Run 2"}
ACTS = [
    (Act.DONE, {}),
    (Act.ASSIGN, {"to": None}),
    (Act.DUE, {"on": date(2026, 11, 30)}),
    (Act.PROGRESS, {"to": Progress.BLOCKED, "because": "Waits for DP-771"}),
    (Act.EVIDENCE, EVIDENCE),
]
EACH = pytest.mark.parametrize(("act", "what"), ACTS, ids=[act.value for act, _ in ACTS])
WORK = ("owner", "owned_since", "due_on", "due_set_by_hand", "progress", "blocked_because")


def picked(launch: Launch, *places: int) -> list[Picked]:
    """Items by their places, all without any, as a page that is loaded now would send them."""
    items = list(launch.items.order_by("position"))
    chosen = [items[place - 1] for place in places] if places else items
    return [Picked(item.pk, item.version) for item in chosen]


def change(
    launch: Launch, act: Act, items: list[Picked], by: User | None = None, key: str = "", **what
) -> Together:
    sent = {"by": by or launch.lead, "key": key or make.key(), "now": make.NOW}
    return change_together(launch, act=act, items=items, **sent, **what)


def undo(done: Together, launch: Launch, by: User | None = None) -> Together:
    return undo_together(done.event, launch, by=by or launch.lead, now=make.NOW)


def report(launch: Launch, done: Together) -> str:
    return report_of(done.event.payload, pinned(launch.version_id))


def work_on(launch: Launch) -> list[tuple]:
    """How the work on every item stands, and what supports it."""
    return list(launch.items.values_list(*WORK, "evidence"))


def kinds(launch: Launch, after: int) -> list[str]:
    return [kind for kind, *_ in told(launch, after)]


def test_several_items_are_handed_over_in_one_act_with_an_event_for_each_and_one_for_all():
    launch = make.launch(items=5)
    ann, before = make.user("Ann Ash", team=launch.team), count_told(launch)

    done = change(launch, Act.ASSIGN, picked(launch, 2, 4), to=ann)

    owners = list(launch.items.values_list("owner__name", "version"))
    assert owners == [(None, 1), ("Ann Ash", 2), (None, 1), ("Ann Ash", 2), (None, 1)]
    assert kinds(launch, before) == [Kind.ITEM_ASSIGNED] * 2 + [Kind.ITEMS_CHANGED_TOGETHER]
    two, four = (make.item(launch, place) for place in (2, 4))
    was = {"owner": None, "since": ""}
    assert done.event.payload == {
        "act": "assign",
        "said": {"owner": "Ann Ash"},
        "done": [
            {"item": two.pk, "key": two.key, "was": was, "version": 2},
            {"item": four.pk, "key": four.key, "was": was, "version": 2},
        ],
        "refused": [],
    }
    assert report(launch, done) == "2 items handed over to Ann Ash."


def test_checking_several_items_judges_the_launch_once():
    launch = make.launch(items=40, signed_off=30)
    before = count_told(launch)

    done = change(launch, Act.DONE, picked(launch, *range(31, 41)))

    assert (done.judged.verdict.checked, done.judged.launch.verdict) == (40, "ready")
    assert kinds(launch, before)[-2:] == [Kind.ITEMS_CHANGED_TOGETHER, Kind.VERDICT_CHANGED]
    assert kinds(launch, before).count(Kind.VERDICT_CHANGED) == 1
    assert (stored(launch), faults(launch)) == (recomputed(launch), [])


def test_a_refused_row_does_not_stop_the_others_and_says_why():
    launch = make.launch(items=6)
    priya, elsewhere = make.user("Priya Raman", team=launch.team), make.launch(items=1)
    make.sign(make.item(launch, 2), by=launch.lead)
    LaunchItem.objects.filter(pk=make.item(launch, 3).pk).update(applies="no")
    items = [*picked(launch), *picked(elsewhere)]
    make.sign(make.item(launch, 1), by=priya, at=make.NOW - timedelta(seconds=8))

    done = change(launch, Act.DONE, items)

    assert {one["item"] for one in done.event.payload["done"]} == {
        make.item(launch, place).pk for place in (4, 5, 6)
    }
    assert report(launch, done) == (
        "3 items checked, 4 not. 1.1: Priya Raman changed this 8 seconds ago."
        " One of them: This is not an item of this launch. 1.2: You signed this off already."
        " And 1 more reason."
    )


def test_where_nothing_can_be_done_nothing_is_written_and_the_form_may_be_sent_again():
    launch, elsewhere = make.launch(items=2), make.launch(items=2)
    before, key = count_told(launch), make.key()

    with pytest.raises(NothingDone) as nothing:
        change(launch, Act.EVIDENCE, picked(elsewhere), key=key, **EVIDENCE)

    assert str(nothing.value) == (
        "Nothing was changed. One of them: This is not an item of this launch."
    )
    assert (count_told(launch), key_is_free(key)) == (before, True)


@EACH
def test_nothing_changes_in_a_launch_that_is_over(act, what):
    launch = make.launch(items=2)
    Launch.objects.filter(pk=launch.pk).update(stage=Stage.ARCHIVED.value)

    with refused(OVER):
        change(launch, act, picked(launch), **what)


@EACH
def test_who_may_no_longer_changes_nothing(act, what):
    launch = make.launch(items=2)
    ann = make.user("Ann", team=launch.team)
    Membership.objects.filter(person=ann).delete()

    with pytest.raises(NothingDone, match="You no longer have the right"):
        change(launch, act, picked(launch), by=ann, **what)


def test_what_holds_for_all_items_refuses_the_act():
    launch = make.launch(items=2)
    late = launch.launch_on + timedelta(days=1)

    with refused("An item cannot be due after the launch."):
        change(launch, Act.DUE, picked(launch), on=late)

    stranger = make.user("Zoe")
    with refused(f"Zoe is not a member of {launch.team.name}."):
        change(launch, Act.ASSIGN, picked(launch), to=stranger)


def test_what_is_checked_is_not_marked_as_less_in_passing():
    launch = make.launch(items=3, signed_off=1)

    done = change(launch, Act.PROGRESS, picked(launch), to=Progress.IN_PROGRESS)

    assert report(launch, done) == "2 items marked as in progress, 1 not. 1.1: This is checked."


def test_one_page_supports_several_items():
    launch = make.launch(items=3)

    change(launch, Act.EVIDENCE, picked(launch, 1, 3), **EVIDENCE)

    [evidence] = launch.evidence.all()
    assert list(evidence.links.values_list("item__position", "removed_at")) == [
        (make.item(launch, 1).position, None),
        (make.item(launch, 3).position, None),
    ]


def test_ones_own_word_that_no_longer_counts_makes_way():
    launch = make.launch(items=2, signed_off=2)
    LaunchItem.objects.filter(launch=launch).update(basis="another")

    done = change(launch, Act.DONE, picked(launch))

    assert report(launch, done) == "2 items checked."
    assert (SignOff.objects.standing().count(), SignOff.objects.count()) == (2, 4)


def test_the_same_form_is_carried_out_once():
    launch = make.launch(items=2)
    items, key = picked(launch), make.key()
    done = change(launch, Act.DUE, items, key=key, on=None)

    with pytest.raises(AlreadyDone) as before:
        change(launch, Act.DUE, items, key=key, on=None)
    with pytest.raises(KeyReused):
        change(launch, Act.DUE, items, key=key, on=date(2026, 11, 30))

    assert before.value.outcome == str(done.event.pk)
    assert set(launch.items.values_list("version", flat=True)) == {2}


@EACH
def test_undo_sets_everything_back_as_it_was(act, what):
    launch = make.launch(items=4)
    ann = make.user("Ann", team=launch.team)
    assign(make.item(launch, 2), to=ann, **said(make.item(launch, 2), by=launch.lead))
    blocked = {"to": Progress.BLOCKED, "because": "Waits for the log schema"}
    set_progress(make.item(launch, 3), **blocked, **said(make.item(launch, 3), by=ann))
    work, verdict = work_on(launch), stored(launch)
    done = change(launch, act, picked(launch), **what)

    back = undo(done, launch)

    assert report(launch, back) == "4 items set back."
    assert (work_on(launch), stored(launch)) == (work, verdict)
    assert (SignOff.objects.standing().count(), faults(launch)) == (0, [])


@EACH
def test_what_people_typed_stands_in_the_events_of_the_rows_alone(act, what):
    launch = make.launch(items=2)
    typed = {Act.DONE: {"note": "a secret"}, Act.PROGRESS: {"because": "a secret"}}
    typed |= {Act.EVIDENCE: {"title": "a secret"}}

    done = change(launch, act, picked(launch), **(what | typed.get(act, {})))

    rows = [payload for kind, _, _, payload in told(launch) if kind != done.event.kind]
    assert "a secret" not in str(done.event.payload)
    assert str(rows).count("a secret") == (2 if act in typed else 0)


def test_undo_leaves_alone_what_somebody_changed_since():
    launch = make.launch(items=3)
    priya = make.user("Priya Raman", team=launch.team)
    done = change(launch, Act.ASSIGN, picked(launch), to=launch.lead)
    assign(make.item(launch, 2), to=priya, **said(make.item(launch, 2), by=priya))

    back = undo(done, launch)

    assert list(launch.items.values_list("owner", flat=True)) == [None, priya.pk, None]
    assert report(launch, back) == (
        "2 items set back, 1 not. 1.2: Priya Raman changed this just now."
    )


def test_undo_is_by_the_same_person_and_once():
    launch = make.launch(items=2)
    ann = make.user("Ann", team=launch.team)
    done = change(launch, Act.DONE, picked(launch))

    with refused(f"Only {launch.lead.name} can take this back."):
        undo(done, launch, by=ann)
    back = undo(done, launch)
    with pytest.raises(AlreadyDone) as before:
        undo(done, launch)
    with refused("This took something back. Change the items again instead."):
        undo(back, launch)

    assert before.value.outcome == str(back.event.pk)


def test_an_owner_who_left_does_not_get_items_back():
    launch = make.launch(items=2)
    ann = make.user("Ann", team=launch.team)
    change(launch, Act.ASSIGN, picked(launch, 1), to=ann)
    done = change(launch, Act.ASSIGN, picked(launch), to=launch.lead)
    User.objects.filter(pk=ann.pk).update(is_active=False)

    back = undo(done, launch)

    assert report(launch, back) == (
        "1 item set back, 1 not. 1.1: Ann has left and can own nothing."
    )


@EACH
def test_an_act_reads_at_once_what_all_its_rows_need(act, what):
    counts = {}
    for size in (10, 40):
        launch = make.launch(items=size)
        pinned(launch.version_id)
        with CaptureQueriesContext(connection) as done:
            together = change(launch, act, picked(launch), **what)
        with CaptureQueriesContext(connection) as undone:
            undo(together, launch)
        counts[size] = (len(done), len(undone))

    per_row = [(counts[40][one] - counts[10][one]) / 30 for one in (0, 1)]
    back = 3 if act in (Act.DONE, Act.EVIDENCE) else 2
    assert per_row == [1 if act is Act.DONE else 2, back]
    assert max(counts[40]) <= 40 * back + 18


@pytest.mark.django_db(transaction=True)
def test_two_who_change_the_same_items_at_once_are_counted_in_turn():
    launch = make.launch(items=5)
    both = [make.user(name, team=launch.team) for name in ("Ann", "Ben")]
    items = picked(launch)

    found = at_once(*(partial(change, launch, Act.DONE, items, by=by) for by in both))

    assert sorted(type(one).__name__ for one in found) == ["NothingDone", "Together"]
    assert SignOff.objects.standing().count() == 5
    assert (stored(launch), faults(launch)) == (recomputed(launch), [])
