"""Who may sign an item is its policy's word, whoever asks; what counts is who signed."""

import pytest

from readiness.accounts.models import Role
from readiness.audit.kinds import Kind
from readiness.launches.models import Act, LaunchSigner, SignOff
from readiness.launches.queries.board import board_of
from readiness.launches.queries.signing import missing_on
from readiness.launches.services.bulk import Picked, change_together
from readiness.rules.states import State
from tests import make
from tests.launches import signing
from tests.launches.given import placed, refused, states, version_of
from tests.launches.intakes import edited

pytestmark = pytest.mark.django_db


def test_the_owner_alone_signs_where_the_owner_is_asked():
    launch = signing.launch("owner")
    ann, bob = make.user("Ann", team=launch.team), make.user("Bob", team=launch.team)
    item = make.item(launch)

    with refused("Only the owner of this item signs it off, and nobody owns it yet."):
        make.sign(item, by=ann)
    signing.own(item, ann, by=ann)
    with refused("Only the owner of this item signs it off."):
        make.sign(item, by=bob)
    make.sign(item, by=ann)

    assert placed(launch, State.MET) == [1]


def test_a_peer_is_anyone_but_the_owner():
    launch = signing.launch("peer")
    ann, bob = make.user("Ann", team=launch.team), make.user("Bob", team=launch.team)
    item = make.item(launch)
    signing.own(item, ann, by=ann)

    with refused("You own this item: somebody else signs it off."):
        make.sign(item, by=ann)
    make.sign(item, by=bob)

    assert placed(launch, State.MET) == [1]


def test_a_peer_does_not_become_the_owner_of_what_they_signed():
    launch = signing.launch("peer")
    ann, bob = make.user("Ann", team=launch.team), make.user("Bob", team=launch.team)
    item = make.item(launch)
    signing.own(item, ann, by=ann)
    make.sign(item, by=bob)

    with refused(
        "Bob signed this as somebody who does not own it. "
        "That sign-off is taken back before the item is theirs."
    ):
        signing.own(item, bob, by=ann)

    item.refresh_from_db()
    assert item.owner == ann


@pytest.mark.parametrize("tie", ["own it", "lead this launch", "added its evidence"])
def test_who_has_a_hand_in_it_is_not_independent(tie):
    launch = signing.launch("independent")
    cem = make.user("Cem", team=launch.team)
    item = make.item(launch)
    if tie == "own it":
        signing.own(item, cem, by=cem)
    if tie == "added its evidence":
        make.link(item, by=cem)
    by = launch.lead if tie == "lead this launch" else cem

    with refused(f"Someone independent signs this off, and you {tie}."):
        make.sign(item, by=by)

    assert not SignOff.objects.exists()


def test_who_proposed_the_candidate_is_not_independent():
    opening = make.team()
    ann, lea = make.user("Ann", team=opening), make.user("Lea", team=opening, role=Role.LEAD)
    launch = signing.launch("independent", team=opening, by=ann, lead=lea)

    with refused("Someone independent signs this off, and you proposed its candidate."):
        make.sign(make.item(launch), by=ann)

    make.sign(make.item(launch), by=make.user("Bob", team=opening))
    assert placed(launch, State.MET) == [1]


def test_a_site_admin_is_not_exempt():
    launch = signing.launch("owner")
    ada = make.user("Ada", team=launch.team, role=Role.LEAD, is_site_admin=True)

    with refused("Only the owner of this item signs it off, and nobody owns it yet."):
        make.sign(make.item(launch), by=ada)

    assert not SignOff.objects.exists()


def test_of_a_quorum_only_those_who_hold_the_duty_count():
    ann, bob, cem = make.user("Ann"), make.user("Bob"), make.user("Cem")
    team = make.team()
    for person in (ann, bob, cem):
        person.memberships.create(team=team, role=Role.MEMBER.value)
    launch = signing.launch("role_quorum", team=team, duties={signing.SRE: ann})
    LaunchSigner.objects.create(launch=launch, duty=signing.SRE, person=bob)
    item = make.item(launch)

    with refused("Only who signs for the duty sre in this launch signs this off."):
        make.sign(item, by=cem)
    make.sign(item, by=ann)
    before = states(launch)[1]
    make.sign(item, by=bob)

    assert (before, states(launch)[1]) == ("provisional", "met")
    assert {one.seat for one in SignOff.objects.all()} == {signing.SRE}


def test_an_item_that_waits_for_a_second_signature_names_who_could_give_it():
    launch = signing.launch("two_persons")
    ann, bob = make.user("Ann", team=launch.team), make.user("Bob", team=launch.team)
    make.user("Vic", team=launch.team, role=Role.VIEWER)
    make.sign(make.item(launch), by=ann)

    board = board_of(launch, make.NOW)
    found = missing_on(board, board.places.values())

    place = board.place(make.item(launch).pk)
    assert place.look == "second_signature"
    [missing] = found.values()
    assert (missing.there, missing.wanted) == (1, 2)
    assert set(missing.people) == {bob, launch.lead}
    assert str(missing) == f"1 of 2 signatures. Bob and {launch.lead.name} could sign."


def test_of_several_items_those_that_are_not_theirs_are_refused_by_themselves():
    launch = signing.launch("owner")
    ann = make.user("Ann", team=launch.team)
    mine, other = make.item(launch, 1), make.item(launch, 2)
    signing.own(mine, ann, by=ann)
    picked = [Picked(one.pk, version_of(one)) for one in (mine, other)]

    done = change_together(launch, act=Act.DONE, items=picked, by=ann, key=make.key(), now=make.NOW)

    said = done.event.said
    assert [one["item"] for one in said["done"]] == [mine.pk]
    assert [one["because"] for one in said["refused"]] == [
        "Only the owner of this item signs it off, and nobody owns it yet."
    ]
    assert placed(launch, State.MET) == [1]


def test_a_duty_leaves_its_new_holder_what_they_signed_as_a_peer_without_owner():
    launch = signing.launch("peer", items=40)
    ann = make.user("Ann", team=launch.team)
    first = launch.items.filter(item__duty__key=signing.SRE).first()
    make.sign(first, by=ann)

    edited(launch, duties={signing.SRE: ann})

    first.refresh_from_db()
    owned = launch.items.filter(item__duty__key=signing.SRE, owner=ann)
    assert (first.owner, owned.exists()) == (None, True)
    assert Kind.DUTY_GIVEN.value in launch.subject.events.values_list("kind", flat=True)
