"""People, teams and roles, and what the database refuses of them."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from readiness.accounts import services
from readiness.accounts.models import HUES, Membership, Role, User
from readiness.accounts.zones import check_zone, zone_choices
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "initials", "first"),
    [
        ("Ann Ash", "AA", "Ann"),
        ("Cher", "C", "Cher"),
        ("Ludwig van Beethoven", "LB", "Ludwig"),
        ("نور الحسن", "نا", "نور"),
        ("🚀 Rocket", "🚀R", "🚀"),
    ],
)
def test_initials_and_first_names_come_from_the_name(name, initials, first):
    person = User(email="someone@example.test", name=name)

    assert (person.initials, person.first_name) == (initials, first)


def test_a_person_keeps_their_hue():
    hues = [User(email="ann@example.test", name=name).hue for name in ("Ann", "Ann Ash")]

    assert hues[0] == hues[1]
    assert {User(email=f"p{number}@x.test").hue for number in range(200)} == set(range(HUES))


def test_two_people_never_share_a_mail_address_whatever_its_case():
    services.add_person("Ann@Example.test", name="Ann", now=make.NOW)

    with pytest.raises(IntegrityError, match="one_person_per_email"), transaction.atomic():
        User.objects.create(email="ANN@example.TEST", name="Another")

    assert User.objects.get().email == "ann@example.test"


def test_a_digest_hour_is_an_hour_of_the_day():
    with pytest.raises(IntegrityError, match="digest_hour_is_an_hour_of_the_day"):
        make.user(digest_hour=24)


@pytest.mark.parametrize("is_in_team", [True, False])
def test_a_role_is_held_once(is_in_team):
    person, team = make.user(), make.team() if is_in_team else None
    services.give_role(person, Role.MEMBER, team=team)
    services.give_role(person, Role.MEMBER, team=team)

    with pytest.raises(IntegrityError, match="a_role_is_held_once"), transaction.atomic():
        Membership.objects.create(person=person, team=team, role=Role.MEMBER.value)

    assert person.memberships.count() == 1


@pytest.mark.parametrize(
    "zone", ["Europe/Atlantis", "", "../../etc/passwd", "/etc/passwd", "a" * 500]
)
def test_a_zone_that_is_none_is_refused_with_a_sentence(zone):
    with pytest.raises(ValidationError, match="is no time zone"):
        check_zone(zone)


def test_every_zone_that_is_offered_is_one():
    names = list(zone_choices())

    for name in names:
        check_zone(name)
    assert "UTC" in names
    assert "Europe/Berlin" in names
