"""Twenty who sign at once: no signature is lost, none is double, and each is counted."""

from collections.abc import Callable
from functools import partial

import pytest
from django.db import IntegrityError

from readiness.accounts.models import User
from readiness.launches.models import LaunchItem, LaunchSigner, SignOff
from readiness.launches.services import judging, signoffs, taking
from readiness.web.refusal import Refused
from tests import make
from tests.launches import signing
from tests.launches.given import at_once, recomputed, said, stored, version_of
from tests.launches.test_races import let_them_meet, take_the_chain_away, take_the_lock_away

pytestmark = pytest.mark.django_db(transaction=True)
MANY, TRIES = 20, 60


def signing_until_done(item: LaunchItem, by: User) -> Callable[[], int]:
    """Sign as a person does: who comes second looks at the page again, and signs once more."""

    def sign() -> int:
        for refused in range(TRIES):
            try:
                signoffs.sign_off(item, **said(item, by=by))
            except Refused as refusal:
                if "changed this" not in str(refusal):
                    raise
            else:
                return refused
        raise AssertionError("never came to sign")

    return sign


def people(launch, count: int) -> list[User]:
    return [make.user(f"Person-{number}", team=launch.team) for number in range(count)]


@pytest.mark.parametrize("rule", ["two_persons", "role_quorum"])
def test_twenty_who_sign_one_item_at_once_are_twenty_signatures(rule):
    launch = signing.launch(rule)
    item, twenty = make.item(launch), people(launch, MANY)
    LaunchSigner.objects.bulk_create(
        LaunchSigner(launch=launch, duty=signing.SRE, person=person) for person in twenty
    )

    outcomes = at_once(*[signing_until_done(item, person) for person in twenty])

    assert [one for one in outcomes if isinstance(one, Exception)] == []
    signed = SignOff.objects.standing().values_list("by", flat=True)
    assert sorted(signed) == sorted(person.pk for person in twenty)
    assert version_of(item) == 1 + MANY
    assert stored(launch) == recomputed(launch)


def test_one_person_in_twenty_windows_signs_once():
    launch = signing.launch("two_persons")
    item, [ann] = make.item(launch), people(launch, 1)
    forms = [said(item, by=ann) for _ in range(MANY)]

    outcomes = at_once(*[partial(signoffs.sign_off, item, **form) for form in forms])

    won = [one for one in outcomes if isinstance(one, judging.Judged)]
    lost = {str(one) for one in outcomes if isinstance(one, Refused)}
    assert (len(won), SignOff.objects.count()) == (1, 1)
    assert lost == {"Person-0 changed this just now. Nothing was lost."}


def test_without_the_lock_two_sign_from_one_page_and_a_version_is_lost(monkeypatch):
    launch = signing.launch("two_persons", items=1)
    item, two = make.item(launch), people(launch, 2)
    take_the_lock_away(monkeypatch)
    take_the_chain_away(monkeypatch)
    let_them_meet(monkeypatch, taking, "found_in", 2)

    outcomes = at_once(
        *[partial(signoffs.sign_off, item, **said(item, by=person)) for person in two]
    )

    assert [type(one) for one in outcomes] == [judging.Judged] * 2
    assert (SignOff.objects.count(), version_of(item)) == (2, 2)


def test_without_the_lock_only_the_database_keeps_one_from_signing_twice(monkeypatch):
    launch = signing.launch("two_persons", items=1)
    item, [ann] = make.item(launch), people(launch, 1)
    take_the_lock_away(monkeypatch)
    take_the_chain_away(monkeypatch)
    let_them_meet(monkeypatch, taking, "found_in", 2)

    outcomes = at_once(*[partial(signoffs.sign_off, item, **said(item, by=ann)) for _ in range(2)])

    [refused] = [one for one in outcomes if isinstance(one, Exception)]
    assert isinstance(refused, IntegrityError)
    assert "one_standing_signoff_per_person" in str(refused)
    assert SignOff.objects.count() == 1
