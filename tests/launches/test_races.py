"""People who act at once are counted in turn; without the lock they are not, and it shows."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Barrier, BrokenBarrierError

import pytest

from readiness.accounts.models import User
from readiness.audit.kinds import Kind
from readiness.audit.models import Event
from readiness.launches.models import Launch, LaunchItem, SignOff
from readiness.launches.services import judging, signoffs, taking
from readiness.launches.services.comments import comment
from readiness.web import prepared
from readiness.web.lean import Beside
from readiness.web.refusal import Refused
from tests import make
from tests.launches.given import at_once, faults, recomputed, said, stored

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 0.5


def ticking(item: LaunchItem, by: User) -> Callable[[], object]:
    return partial(signoffs.sign_off, item, **said(item, by=by))


def people(launch: Launch, count: int) -> list[User]:
    return [make.user(f"Person-{number}", team=launch.team) for number in range(count)]


def let_them_meet(monkeypatch: pytest.MonkeyPatch, room: object, name: str, count: int) -> None:
    """After this function each waits for the others, in vain where a lock holds them back."""
    let_meet(monkeypatch, Barrier(count), room, name)


def let_meet(monkeypatch: pytest.MonkeyPatch, meeting: Barrier, room: object, name: str) -> None:
    """The same of people who do different things: each waits after a function of its own."""
    before = getattr(room, name)

    def and_wait(*args: object, **said: object) -> object:
        found = before(*args, **said)
        try:
            meeting.wait(timeout=PATIENCE)
        except BrokenBarrierError:
            return found
        return found

    monkeypatch.setattr(room, name, and_wait)


def take_the_lock_away(monkeypatch: pytest.MonkeyPatch) -> None:
    assert taking.LOCK == "FOR NO KEY UPDATE"
    monkeypatch.setattr(taking, "LOCK", "")


def take_the_chain_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Record nothing: an event locks its chain, which orders writers a second time."""

    def record_nothing(*said: object, beside: Beside | None = None, **more: object) -> None:
        if beside:
            prepared.run(f"WITH {beside.sql} SELECT", beside.values)

    monkeypatch.setattr(taking, "recording", record_nothing)


def tick_the_last_two(launch: Launch) -> list[object]:
    ann, bob = people(launch, 2)
    return list(at_once(ticking(make.item(launch, 4), ann), ticking(make.item(launch, 5), bob)))


def test_two_who_tick_the_last_two_items_at_once_make_the_launch_ready(monkeypatch):
    launch = make.launch(items=5, signed_off=3)
    let_them_meet(monkeypatch, judging, "facts_of", 2)

    outcomes = tick_the_last_two(launch)

    launch.refresh_from_db()
    assert [type(one) for one in outcomes] == [judging.Judged] * 2
    assert (launch.verdict, launch.checked) == ("ready", 5)


def test_the_lock_alone_keeps_the_verdict_right(monkeypatch):
    launch = make.launch(items=5, signed_off=3)
    take_the_chain_away(monkeypatch)
    let_them_meet(monkeypatch, judging, "facts_of", 2)

    tick_the_last_two(launch)

    assert stored(launch)["checked"] == recomputed(launch)["checked"] == 5


def test_without_the_lock_a_verdict_is_lost(monkeypatch):
    launch = make.launch(items=5, signed_off=3)
    take_the_lock_away(monkeypatch)
    take_the_chain_away(monkeypatch)
    let_them_meet(monkeypatch, judging, "facts_of", 2)

    tick_the_last_two(launch)

    assert (stored(launch)["checked"], recomputed(launch)["checked"]) == (4, 5)


def test_of_eight_who_tick_one_item_from_the_same_page_one_wins_and_the_others_hear_who():
    launch = make.launch(items=5)
    item, eight = make.item(launch, 2), people(launch, 8)

    outcomes = at_once(*[ticking(item, by) for by in eight])

    winner = SignOff.objects.get().by
    lost = [str(one) for one in outcomes if isinstance(one, Refused)]
    assert lost == [f"{winner.name} changed this just now. Nothing was lost."] * 7
    assert LaunchItem.objects.get(pk=item.pk).version == 2


def test_without_the_lock_several_win(monkeypatch):
    launch = make.launch(items=5)
    item, two = make.item(launch, 2), people(launch, 2)
    take_the_lock_away(monkeypatch)
    let_them_meet(monkeypatch, signoffs, "take_item", 2)

    at_once(*[ticking(item, by) for by in two])

    assert SignOff.objects.count() == 2


def test_the_chain_stays_whole_under_eight_writers():
    launch = make.launch(items=9)
    eight = people(launch, 8)

    at_once(*[ticking(make.item(launch, place), by) for place, by in enumerate(eight, start=2)])

    signed = Event.objects.filter(subject=launch.subject_id, kind=Kind.ITEM_SIGNED_OFF.value)
    assert (signed.count(), faults(launch)) == (8, [])
    assert stored(launch) == recomputed(launch)


def test_the_chain_stays_whole_even_where_nothing_else_is_locked(monkeypatch):
    launch = make.launch(items=8)
    take_the_lock_away(monkeypatch)
    say = partial(comment, make.item(launch), text="Hm.", now=make.NOW)

    at_once(*[partial(say, by=by, key=make.key()) for by in people(launch, 8)])

    kinds = Event.objects.filter(subject=launch.subject_id).values_list("kind", flat=True)
    assert list(kinds).count("comment.written") == 8
    assert faults(launch) == []


def test_two_runs_of_judging_at_once_judge_each_launch_once():
    launch = make.launch(items=5, signed_off=5)
    later = make.NOW + timedelta(days=30)

    counts = at_once(*[partial(judging.judge_due, now=later)] * 2)

    assert sum(counts) == 1
    assert stored(launch) == recomputed(launch)
