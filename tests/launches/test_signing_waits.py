"""Second signatures and broken glass wait for those who can give them, and for nobody else."""

import pytest

from readiness.accounts.models import Role
from readiness.launches.queries.signing_waits import glass_to_confirm, second_signatures
from tests import make
from tests.launches import signing
from tests.launches.intakes import another, edited

pytestmark = pytest.mark.django_db


def test_a_second_signature_waits_for_everyone_who_could_give_it():
    launch = signing.launch("two_persons")
    ann, bob = make.user("Ann", team=launch.team), make.user("Bob", team=launch.team)
    vic = make.user("Vic", team=launch.team, role=Role.VIEWER)
    make.sign(make.item(launch), by=ann)

    found = {
        one: [wait.what for wait in second_signatures(one, make.NOW)] for one in (ann, bob, vic)
    }

    assert found == {ann: [], bob: ["1 of 2 signatures"], vic: []}


def test_it_waits_no_more_once_it_is_given_or_what_was_signed_fell():
    launch = signing.launch("two_persons")
    ann, bob = make.user("Ann", team=launch.team), make.user("Bob", team=launch.team)
    make.sign(make.item(launch, 1), by=ann)
    make.sign(make.item(launch, 2), by=ann)
    make.sign(make.item(launch, 1), by=bob)

    before = [wait.link for wait in second_signatures(bob, make.NOW)]
    edited(launch, candidate=another(launch, version="15"))

    assert before == [make.item(launch, 2).get_absolute_url()]
    assert list(second_signatures(bob, make.NOW)) == []


@pytest.mark.parametrize("count", [1, 3])
def test_asking_takes_the_same_few_statements_for_many_items(count, django_assert_num_queries):
    launch = signing.launch("role_quorum", duties={})
    bob = make.user("Bob", team=launch.team)
    launch.signers.create(duty=signing.SRE, person=bob)
    launch.signers.create(duty=signing.SRE, person=launch.lead)
    for place in range(1, count + 1):
        make.sign(make.item(launch, place), by=launch.lead)

    with django_assert_num_queries(4):
        found = list(second_signatures(bob, make.NOW))

    assert len(found) == count


def test_broken_glass_waits_for_a_second_person():
    launch = signing.launch("owner")
    ann, bob = make.user("Ann", team=launch.team), make.user("Bob", team=launch.team)
    eve = make.user("Eve", team=launch.team, role=Role.APPROVER)
    signing.break_glass(make.item(launch), by=ann)

    waiting = {
        one: [wait.by for wait in glass_to_confirm(one, make.NOW)] for one in (ann, bob, eve)
    }
    signing.confirm(make.item(launch), by=eve)

    assert waiting == {ann: [], bob: ["Ann"], eve: ["Ann"]}
    assert list(glass_to_confirm(bob, make.NOW)) == []
