"""Who agrees, who takes back and who asks otherwise at once: one of them is heard, in turn."""

from functools import partial
from threading import Barrier

import pytest
from django.db import IntegrityError

from readiness.accounts.models import Role, User
from readiness.launches.models import Exemption
from readiness.launches.services import exemptions
from readiness.launches.services.judging import Judged
from readiness.web.refusal import Refused
from tests import make
from tests.launches.exempting import SOON, ask, seal_of
from tests.launches.given import at_once, recomputed, said, stored
from tests.launches.test_races import let_meet, let_them_meet, take_the_lock_away

pytestmark = pytest.mark.django_db(transaction=True)


def asked() -> tuple[Exemption, User, list[User]]:
    """A waiver that Ann asked for, and two who may agree to it."""
    launch = make.launch(items=5)
    ann = make.user("Ann", team=launch.team)
    approvers = [make.user(name, team=launch.team, role=Role.APPROVER) for name in ("Bo", "Cy")]
    return ask(make.item(launch, 5), by=ann), ann, approvers


def agreeing(waiver: Exemption, by: User) -> partial:
    return partial(exemptions.agree, waiver, seal=seal_of(waiver), **said(waiver.item, by=by))


def taking_back(waiver: Exemption, by: User) -> partial:
    return partial(exemptions.withdraw, waiver, **said(waiver.item, by=by))


def asking_otherwise(waiver: Exemption, by: User) -> partial:
    words = {"reason": "Booked for March.", "control": "Nothing.", "until": SOON}
    return partial(exemptions.ask_waiver, waiver.item, **words, **said(waiver.item, by=by))


def kinds(outcomes: object) -> list[str]:
    return sorted(type(one).__name__ for one in outcomes)


def test_of_two_who_agree_at_once_one_does():
    waiver, _, (bo, cy) = asked()

    outcomes = at_once(agreeing(waiver, bo), agreeing(waiver, cy))

    winner = Exemption.objects.get().agreed_by
    [lost] = [str(one) for one in outcomes if isinstance(one, Refused)]
    assert lost == f"{winner.name} changed this just now. Nothing was lost."
    assert stored(waiver.item.launch) == recomputed(waiver.item.launch)


def test_without_the_lock_the_database_alone_keeps_a_second_from_agreeing(monkeypatch):
    waiver, _, (bo, cy) = asked()
    take_the_lock_away(monkeypatch)
    let_them_meet(monkeypatch, exemptions, "_again", 2)

    outcomes = at_once(agreeing(waiver, bo), agreeing(waiver, cy))

    assert kinds(outcomes) == [IntegrityError.__name__, Judged.__name__]


def test_nobody_agrees_to_what_is_taken_back_meanwhile(monkeypatch):
    waiver, ann, (bo, _) = asked()
    let_them_meet(monkeypatch, exemptions, "_again", 2)

    outcomes = at_once(agreeing(waiver, bo), taking_back(waiver, ann))

    found = Exemption.objects.get()
    assert kinds(outcomes) == [Judged.__name__, Refused.__name__]
    assert (found.agreed_at is None) != (found.closed_at is None)


def test_without_the_lock_it_is_both_agreed_to_and_taken_back(monkeypatch):
    waiver, ann, (bo, _) = asked()
    take_the_lock_away(monkeypatch)
    let_them_meet(monkeypatch, exemptions, "_again", 2)

    at_once(agreeing(waiver, bo), taking_back(waiver, ann))

    found = Exemption.objects.get()
    assert (found.agreed_by, found.closed_by) == (bo, ann)


def test_an_asker_who_asks_otherwise_and_an_approver_never_both_win():
    waiver, ann, (bo, _) = asked()

    outcomes = at_once(agreeing(waiver, bo), asking_otherwise(waiver, ann))

    first = Exemption.objects.get(pk=waiver.pk)
    assert kinds(outcomes) == [Judged.__name__, Refused.__name__]
    assert (first.agreed_at is None) != (first.closed_at is None)
    assert stored(waiver.item.launch) == recomputed(waiver.item.launch)


def agree_and_ask_otherwise(monkeypatch: pytest.MonkeyPatch) -> tuple[Exemption, User, User]:
    """Each has read the waiver before the other is done, unless a lock keeps them apart."""
    waiver, ann, (bo, _) = asked()
    meeting = Barrier(2)
    let_meet(monkeypatch, meeting, exemptions, "_again")
    let_meet(monkeypatch, meeting, exemptions, "_make_way")
    at_once(agreeing(waiver, bo), asking_otherwise(waiver, ann))
    return Exemption.objects.get(pk=waiver.pk), ann, bo


def test_nobody_agrees_to_what_is_asked_otherwise_meanwhile(monkeypatch):
    found, _, _ = agree_and_ask_otherwise(monkeypatch)

    assert (found.agreed_at is None) != (found.closed_at is None)


def test_without_the_lock_it_is_both_agreed_to_and_asked_otherwise(monkeypatch):
    take_the_lock_away(monkeypatch)

    found, ann, bo = agree_and_ask_otherwise(monkeypatch)

    assert (found.agreed_by, found.closed_by) == (bo, ann)
