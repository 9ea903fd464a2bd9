"""Signing alone is an act of its own: a reason, a second person, and a mark that never goes."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from readiness.accounts.models import Role
from readiness.audit.kinds import Kind
from readiness.launches.models import Launch, SignOff
from readiness.launches.services.signoffs import sign_off, withdraw
from readiness.rules.states import State
from readiness.web.refusal import NotPermitted
from tests import make
from tests.launches import signing
from tests.launches.given import (
    count_told,
    placed,
    recomputed,
    refused,
    said,
    states,
    stored,
    told,
)
from tests.launches.intakes import another, edited

pytestmark = pytest.mark.django_db


def test_who_signs_alone_waits_for_a_second_person_and_is_marked_for_ever():
    launch = signing.launch("owner")
    ann, bob = make.user("Ann", team=launch.team), make.user("Bob", team=launch.team)
    item = make.item(launch)

    signing.break_glass(item, by=ann)
    alone = states(launch)[1]
    signing.confirm(item, by=bob, note="I called the owner: no answer.")
    confirmed = states(launch)[1]
    signoff = SignOff.objects.select_related("item").get()
    withdraw(signoff, **said(item, by=ann))

    launch.refresh_from_db()
    assert (alone, confirmed, states(launch)[1]) == ("provisional", "met", "open")
    assert (launch.broke_glass, signoff.note) == (1, "Everyone else is on a plane.")
    assert (signoff.confirmed_by, signoff.confirmed_at) == (bob, make.NOW)
    assert stored(launch) == recomputed(launch)


def test_both_acts_stand_in_the_history():
    launch = signing.launch("two_persons")
    ann, bob = make.user("Ann", team=launch.team), make.user("Bob", team=launch.team)
    item, before = make.item(launch), count_told(launch)

    signing.break_glass(item, by=ann)
    signing.confirm(item, by=bob, note="Yes.")

    about = {"item": item.pk, "key": item.key}
    acts = [one for one in told(launch, before) if one[0] != Kind.VERDICT_CHANGED.value]
    assert [(kind, by, payload) for kind, by, _, payload in acts] == [
        (
            "glass.broken",
            ann,
            about | {"answer": "checked", "note": "Everyone else is on a plane."},
        ),
        (
            "glass.confirmed",
            bob,
            about | {"signed_by": "Ann", "signer": ann.pk, "note": "Yes."},
        ),
    ]


def test_it_speaks_for_all_whom_the_policy_asks_for():
    launch = signing.launch("role_quorum")
    ann, bob = make.user("Ann", team=launch.team), make.user("Bob", team=launch.team)

    signing.break_glass(make.item(launch), by=ann)
    signing.confirm(make.item(launch), by=bob)

    assert placed(launch, State.MET) == [1]


def test_nobody_confirms_what_they_signed_alone():
    launch = signing.launch("owner")
    ann = make.user("Ann", team=launch.team)
    item = make.item(launch)
    signing.break_glass(item, by=ann)

    with refused("A second person confirms this: you cannot confirm what you signed alone."):
        signing.confirm(item, by=ann)
    with (
        pytest.raises(IntegrityError, match="a_second_person_confirms"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE launches_signoff SET confirmed_by_id = by_id, confirmed_at = now()")

    assert placed(launch, State.PROVISIONAL) == [1]


def test_an_approver_confirms_and_a_viewer_does_not():
    launch = signing.launch("owner")
    ann = make.user("Ann", team=launch.team)
    eve = make.user("Eve", team=launch.team, role=Role.APPROVER)
    vic = make.user("Vic", team=launch.team, role=Role.VIEWER)
    item = make.item(launch)
    signing.break_glass(item, by=ann)

    with pytest.raises(NotPermitted):
        signing.confirm(item, by=vic)
    signing.confirm(item, by=eve)

    assert placed(launch, State.MET) == [1]


@pytest.mark.parametrize(
    ("rule", "because", "reason"),
    [
        (
            "anyone",
            "Now.",
            "Anyone who works on this launch may sign this off: no glass stands before it.",
        ),
        ("peer", "Now.", "You may sign this off yourself: no glass stands before it."),
        ("owner", "  ", "Say why this cannot wait for those who should sign."),
    ],
)
def test_the_glass_is_broken_only_where_it_stands_and_with_a_reason(rule, because, reason):
    launch = signing.launch(rule)
    ann = make.user("Ann", team=launch.team)

    with refused(reason):
        signing.break_glass(make.item(launch), by=ann, because=because)

    assert not SignOff.objects.exists()


def test_it_is_broken_once_on_what_holds_and_confirmed_once():
    launch = signing.launch("owner")
    ann, bob = make.user("Ann", team=launch.team), make.user("Bob", team=launch.team)
    item = make.item(launch)
    signing.break_glass(item, by=ann)

    with refused("The glass was broken for this already: a second person confirms it, or not."):
        signing.break_glass(item, by=bob)
    signing.confirm(item, by=bob)
    with refused("This was confirmed already."):
        signing.confirm(item, by=launch.lead)

    assert Launch.objects.get(pk=launch.pk).broke_glass == 1


def test_what_changed_meanwhile_is_not_confirmed_but_signed_again():
    launch = signing.launch("owner")
    ann, bob = make.user("Ann", team=launch.team), make.user("Bob", team=launch.team)
    item = make.item(launch)
    signing.break_glass(item, by=ann)
    edited(launch, candidate=another(launch, version="15"))

    with refused("What was signed has changed since. It has to be signed again."):
        signing.confirm(item, by=bob)
    signing.break_glass(item, by=bob)

    assert placed(launch, State.PROVISIONAL) == [1]


def test_a_proper_signature_counts_beside_glass_that_nobody_confirmed():
    launch = signing.launch("owner")
    ann, bob = make.user("Ann", team=launch.team), make.user("Bob", team=launch.team)
    item = make.item(launch)
    signing.own(item, bob, by=bob)
    make.sign(item, by=bob)

    signing.break_glass(item, by=ann)

    assert placed(launch, State.MET) == [1]
    assert states(launch, make.NOW + timedelta(days=1_000))[1] == "expired"


def test_a_confirmation_is_filled_once_and_needs_broken_glass():
    launch = signing.launch("owner", items=2)
    ann, bob = make.user("Ann", team=launch.team), make.user("Bob", team=launch.team)
    signing.break_glass(make.item(launch, 1), by=ann)
    signing.confirm(make.item(launch, 1), by=bob)
    signing.own(make.item(launch, 2), ann, by=ann)
    make.sign(make.item(launch, 2), by=ann)

    for change, refusal in {
        f"confirmed_by_id = {launch.lead.pk} WHERE broke_glass": "written once",
        "broke_glass = false WHERE broke_glass": "permission denied",
        f"confirmed_by_id = {bob.pk}, confirmed_at = now() WHERE NOT broke_glass": (
            "only_broken_glass_is_confirmed"
        ),
    }.items():
        with (
            pytest.raises(DatabaseError, match=refusal),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE launches_signoff SET {change}")


def test_signing_under_a_policy_takes_few_statements_more():
    counts = {}
    for rule in ("anyone", "owner", "independent"):
        launch = signing.launch(rule)
        ann = make.user("Ann", team=launch.team)
        item = make.item(launch)
        if rule == "owner":
            signing.own(item, ann, by=ann)
        about = said(item, by=ann)
        with CaptureQueriesContext(connection) as asked:
            sign_off(item, **about)
        inside = [one for one in asked if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        counts[rule] = len(inside)

    more = {rule: count - counts["anyone"] for rule, count in counts.items()}
    assert more == {"anyone": 0, "owner": 0, "independent": 1}
