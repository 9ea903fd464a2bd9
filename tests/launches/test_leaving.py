"""Who leaves hands over everything in one step, and is out at once; what they signed stays."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import transaction

from readiness.accounts.models import Membership, Role, Session, User
from readiness.audit.models import Event
from readiness.launches.models import Launch, LaunchItem, SignOff
from readiness.launches.queries.handing_over import print_of, shares_of
from readiness.launches.services import handing_over, items
from readiness.launches.services.handing_over import Plan
from readiness.launches.services.signoffs import sign_off
from readiness.notifications.models import Channel
from readiness.notifications.models import Kind as Message
from readiness.notifications.services import subscribing
from readiness.web.refusal import NotPermitted, Refused
from tests import make
from tests.launches.given import (
    at_once,
    closing,
    recomputed,
    said,
    stored,
    wait_until_somebody_waits_for_a_lock,
)
from tests.launches.test_races import let_meet
from tests.stage import session_of

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(hours=2)


@pytest.fixture
def team():
    return make.team("Search")


@pytest.fixture
def admin():
    return make.user("Ada", is_site_admin=True)


@pytest.fixture
def nadia(team):
    return make.user("Nadia Noor", team=team)


@pytest.fixture
def ben(team):
    return make.user("Ben", team=team)


def holds(person: User, team, version=None) -> list[Launch]:
    """Two launches: the person leads one, and has a duty and a seat in the other."""
    version = version or make.checklist(5)
    duty = version.duties.all()[0].key
    return [
        make.launch(team=team, version=version, lead=person, signed_off=2),
        make.launch(team=team, version=version, duties={duty: person}, approvers=[person]),
    ]


def plan_for(person: User, to: User | None, decider: User | None = None) -> Plan:
    return Plan({one.launch.pk: to for one in shares_of(person) if one.is_work}, decider)


def deactivate(person: User, plan: Plan, by: User, *, seen: str = "") -> None:
    handing_over.deactivate(
        person, plan, seen=seen or print_of(shares_of(person)), by=by, key=make.key(), now=LATER
    )


def held(person: User) -> list[str]:
    return [one.words for one in shares_of(person)]


def test_everything_moves_and_each_launch_has_one_event(team, nadia, ben, admin):
    led, worked = holds(nadia, team)
    amy = make.user("Amy", team=team, role=Role.APPROVER)
    make.sign(make.item(worked), by=nadia)
    words = SignOff.objects.filter(by=nadia).count()
    events = Event.objects.count()

    deactivate(nadia, plan_for(nadia, ben, amy), admin)

    assert held(nadia) == []
    assert Launch.objects.get(pk=led.pk).lead == ben
    assert [one.person for one in worked.approvers.all()] == [amy]
    assert [one.person for one in worked.duties.all()] == [ben]
    assert SignOff.objects.filter(by=nadia, withdrawn_at=None).count() == words
    kinds = Event.objects.order_by("pk").values_list("kind", "subject")[events:]
    assert [*kinds] == [
        ("work.handed_over", led.subject_id),
        ("work.handed_over", worked.subject_id),
        ("person.deactivated", Event.objects.last().subject_id),
    ]
    assert [stored(one) for one in (led, worked)] == [recomputed(one) for one in (led, worked)]


def test_items_pass_on_with_a_new_version_and_their_dates_stay(team, nadia, ben, admin):
    holds(nadia, team)
    before = {one.pk: one for one in LaunchItem.objects.filter(owner=nadia)}

    deactivate(nadia, plan_for(nadia, ben), admin)

    after = {one.pk: one for one in LaunchItem.objects.filter(owner=ben)}
    assert before.keys() == after.keys() != set()
    for pk, item in after.items():
        was = before[pk]
        assert (item.version, item.changed_by, item.owned_since) == (was.version + 1, admin, LATER)
        assert (item.due_on, item.progress) == (was.due_on, was.progress)


def test_who_left_is_out_at_once_and_can_come_back_with_their_roles(client, team, nadia, admin):
    client.force_login(nadia)
    session_of(nadia)
    before = client.get("/me/").status_code

    deactivate(nadia, Plan({}, None), admin)

    assert (before, client.get("/me/").status_code) == (200, 302)
    assert not Session.objects.filter(person=nadia).exists()
    handing_over.reactivate(nadia, by=admin, now=LATER)
    nadia.refresh_from_db()
    assert (nadia.is_active, nadia.memberships.count()) == (True, 1)


def test_what_changed_since_it_was_seen_moves_nothing(team, nadia, ben, admin):
    holds(nadia, team)
    plan, seen = plan_for(nadia, ben), print_of(shares_of(nadia))
    make.launch(team=team, lead=nadia, items=1)
    before = held(nadia)

    with pytest.raises(Refused, match="What Nadia Noor holds has changed since you looked"):
        deactivate(nadia, plan, admin, seen=seen)

    nadia.refresh_from_db()
    assert (nadia.is_active, held(nadia)) == (True, before)


def test_one_launch_that_cannot_move_keeps_all_of_them(team, nadia, ben, admin):
    holds(nadia, team)
    other = make.team("Feed")
    Membership.objects.create(person=nadia, team=other, role=Role.MEMBER.value)
    make.launch(team=other, lead=nadia, items=1)
    before = held(nadia)

    with pytest.raises(Refused, match="Ben is not a member of Feed"):
        deactivate(nadia, plan_for(nadia, ben), admin)
    with pytest.raises(Refused, match="Choose who leads"):
        deactivate(nadia, plan_for(nadia, None), admin)
    lead = make.everywhere(make.user("All"), Role.MEMBER)
    with pytest.raises(Refused, match="Ben is no approver in Search"):
        deactivate(nadia, plan_for(nadia, lead, ben), admin)

    nadia.refresh_from_db()
    assert (nadia.is_active, held(nadia)) == (True, before)


def test_launches_that_are_over_keep_who_worked_on_them(team, nadia, admin):
    led, _ = holds(nadia, team)
    Launch.objects.update(stage="archived")

    deactivate(nadia, Plan({}, None), admin)

    led.refresh_from_db()
    assert led.lead == nadia


def test_a_lead_lets_go_of_who_is_in_their_team_only(team, nadia, ben):
    lead = make.user("Lou", team=team, role=Role.LEAD)
    Membership.objects.create(person=ben, team=make.team(), role=Role.VIEWER.value)
    nothing = Plan({}, None)

    deactivate(nadia, nothing, lead)
    with pytest.raises(Refused, match="so only a site admin can do this"):
        deactivate(ben, nothing, lead)
    with pytest.raises(Refused, match="You cannot deactivate yourself"):
        deactivate(lead, nothing, lead)
    with pytest.raises(NotPermitted):
        deactivate(make.user("Eve", team=make.team()), nothing, lead)
    with pytest.raises(Refused, match="Only a site admin"):
        handing_over.reactivate(nadia, by=lead, now=LATER)

    assert [*User.objects.filter(is_active=False)] == [nadia]


def test_nobody_is_left_in_two_seats_of_one_launch(team, nadia, admin):
    amy = make.user("Amy", team=team, role=Role.APPROVER)
    launch = make.launch(team=team, items=1, approvers=[nadia, amy])

    deactivate(nadia, plan_for(nadia, None, amy), admin)

    assert [one.person for one in launch.approvers.all()] == [amy]


@pytest.mark.django_db(transaction=True)
def test_a_tick_beside_it_neither_fails_nor_is_lost(team, nadia, ben, admin):
    led, _ = holds(nadia, team)
    item = make.item(led, 5)  # nobody's: one that is handed over is another one than Ben saw

    outcomes = at_once(
        partial(deactivate, nadia, plan_for(nadia, ben), admin),
        partial(sign_off, item, **said(item, by=ben)),
    )

    assert [one for one in outcomes if isinstance(one, Exception)] == []
    assert stored(led) == recomputed(led)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_handed_to_somebody_at_the_instant_they_are_let_go(team, nadia, ben, admin):
    launch = make.launch(team=team, items=3, by=make.user("Lou", team=team, role=Role.LEAD))
    item = make.item(launch, 1)
    hand_over = partial(items.assign, item, to=nadia, **said(item, by=ben))

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            deactivate(nadia, plan_for(nadia, None), admin)
            late = other.submit(closing, hand_over)
            wait_until_somebody_waits_for_a_lock()
        outcome = late.exception(timeout=60)

    assert str(outcome) == "Nadia Noor has left and can own nothing."
    assert LaunchItem.objects.get(pk=item.pk).owner is None


@pytest.mark.django_db(transaction=True)
def test_who_is_let_in_again_while_they_choose_what_to_hear_waits_in_no_ring(
    team, nadia, admin, monkeypatch
):
    User.objects.filter(pk=nadia.pk).update(is_active=False)
    meeting = Barrier(2)
    let_meet(monkeypatch, meeting, handing_over, "take_site")
    let_meet(monkeypatch, meeting, subscribing, "wanted_by")
    unwanted = {(Message.MENTIONED, Channel.MAIL): False}

    outcomes = at_once(
        partial(handing_over.reactivate, nadia, by=admin, now=make.NOW),
        partial(subscribing.choose, nadia, unwanted, now=make.NOW),
    )

    assert outcomes == [None, None]
    assert User.objects.get(pk=nadia.pk).is_active


def test_the_page_asks_then_shows_what_moves_and_then_does_it(client, team, nadia, ben, admin):
    led, _ = holds(nadia, team)
    client.force_login(admin)
    path = f"/people/{nadia.pk}/deactivate/"

    asked = client.get(path).content.decode()
    shown = client.get(path, {"to": ben.pk}).content.decode()
    moves = held(nadia)
    form = {"to": ben.pk, "key": make.key(), "seen": print_of(shares_of(nadia))}
    done, again = client.post(path, form), client.post(path, form)

    assert ("Show what moves" in asked, "Deactivate and hand over" in shown) == (True, True)
    assert all(words in shown for words in ("the lead", "Ben", led.name))
    assert (len(moves), held(nadia)) == (2, [])
    assert [one.status_code for one in (done, again)] == [302, 302]
    assert "Let Nadia in again" in client.get(f"/people/{nadia.pk}/").content.decode()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"key": "k"}, "Choose who takes this over"),
        ({"to": "999999"}, "This person is not in the team."),
        ({"to": "x\u202e"}, "This person is not in the team."),
    ],
)
def test_a_choice_that_cannot_be_is_said_on_the_page(client, team, nadia, admin, sent, sentence):
    holds(nadia, team)
    client.force_login(admin)

    answer = client.post(f"/people/{nadia.pk}/deactivate/", sent)

    nadia.refresh_from_db()
    assert (answer.status_code, nadia.is_active) == (422, True)
    assert sentence in answer.content.decode()


def test_each_launch_may_go_to_somebody_else_or_to_nobody_yet(client, team, nadia, ben, admin):
    led, worked = holds(nadia, team)
    cleo = make.user("Cleo", team=team)
    client.force_login(admin)
    chosen = {f"to_{led.pk}": cleo.pk, f"to_{worked.pk}": "nobody"}

    client.post(f"/people/{nadia.pk}/deactivate/", chosen | {"seen": print_of(shares_of(nadia))})

    led.refresh_from_db()
    assert (led.lead, held(nadia), worked.duties.count()) == (cleo, [], 0)
    assert not worked.items.filter(owner=nadia).exists()


@pytest.mark.parametrize("count", [1, 12])
def test_the_preview_takes_as_many_statements_for_one_launch_as_for_twelve(
    client, team, nadia, ben, admin, count, django_assert_num_queries
):
    version = make.checklist(2)
    for _ in range(count):
        make.launch(team=team, version=version, lead=nadia, by=ben)
    client.force_login(admin)
    path = f"/people/{nadia.pk}/deactivate/?to={ben.pk}"
    client.get(path)

    with django_assert_num_queries(9):
        client.get(path)
