"""A check asks the twin only of launches that are not plainly as they are stored."""

import random
from datetime import timedelta

import pytest

from readiness.launches.models import Launch, LaunchItem
from readiness.launches.queries import twin
from readiness.launches.queries.facts import facts_of_many
from tests import make
from tests.launches.test_twin import HANDFUL, by_the_rule, crowd, exemption, speak

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("most", [1, 4])
def test_a_check_finds_just_those_that_are_not_stored_as_the_rule_has_them(most):
    dice = random.Random(7)
    people = [make.user() for _ in range(4)]
    version = make.checklist(HANDFUL)
    launches = crowd(version, dice)
    items = LaunchItem.objects.filter(launch__in=launches)
    speak(version.pk, list(items), people, 0.8, dice, most=most)
    facts = facts_of_many(launches, make.NOW)
    right = {pk: by_the_rule(version.pk, of_launch)[1] for pk, of_launch in facts.items()}

    pks = sorted(right)
    stored = dict(zip(pks, [right[pk] for pk in pks[1:] + pks[:1]], strict=True))
    for pk, verdict in stored.items():
        Launch.objects.filter(pk=pk).update(**verdict._asdict())

    found = {one.launch: (one.found, one.stored) for one in twin.differences(now=make.NOW)}

    assert found == {pk: (right[pk], stored[pk]) for pk in pks if right[pk] != stored[pk]}


def test_what_is_left_out_or_waived_or_ran_out_is_judged_plainly(django_assert_num_queries):
    people = [make.user() for _ in range(2)]
    launch = make.launch(items=20, signed_off=4)
    first, second = launch.items.filter(position__lte=2).order_by("position")
    LaunchItem.objects.filter(pk=first.pk).update(applies="no")
    LaunchItem.objects.filter(pk=second.pk).update(basis="another")
    optional = launch.items.filter(signoffs=None, item__na_allowed=True).first()
    waived = launch.items.filter(signoffs=None).exclude(pk=optional.pk).first()
    LaunchItem.objects.filter(pk=waived.pk).update(blocker="yes")
    for item, kind in ((optional, "na"), (waived, "waiver")):
        exempted = exemption(item, kind, *people, random.Random(1))
        exempted.ends_at = make.NOW + timedelta(days=9)
        exempted.save()
    facts = facts_of_many([launch], make.NOW)[launch.pk]
    _, right = by_the_rule(launch.version_id, facts)
    Launch.objects.filter(pk=launch.pk).update(**right._asdict())

    with django_assert_num_queries(5):  # the spans; a savepoint, its settings, all launches
        found = list(twin.differences(now=make.NOW))

    assert found == []
    assert (right.checked, right.counted) == (2, 18)
