"""Signing off: who may, what is kept, and when one's word may be given again."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from readiness.accounts.models import Membership, Role, User
from readiness.audit.kinds import Kind
from readiness.checklists.document.reading import read
from readiness.checklists.services import publish
from readiness.launches.models import Launch, LaunchItem, SignOff, Stage
from readiness.launches.services.signoffs import sign_off
from readiness.rules.states import State
from tests import make
from tests.launches.given import count_told, key_is_free, placed, refused, said, states, told

pytestmark = pytest.mark.django_db
OVER = "This launch is over: its checklist is closed."
NO_LONGER = "You no longer have the right to do this in this team."
GRADED = "ml-test-score-2017.yaml"
TRANSACTION = ("SAVEPOINT", "RELEASE")


def graded() -> Launch:
    """A launch whose checklist knows a half answer, "manual", and a full one, "automated"."""
    version, _ = publish(read((make.LIBRARY / GRADED).read_bytes()), now=make.NOW)
    return make.launch(version=version)


def word_of(person: User, item: LaunchItem) -> SignOff:
    return item.signoffs.standing().get(by=person)


def test_the_last_sign_off_makes_the_launch_ready():
    launch = make.launch(items=40, signed_off=38)
    ann = make.user("Ann", team=launch.team)

    make.sign(make.item(launch, 39), by=ann)

    launch.refresh_from_db()
    assert (launch.verdict, launch.shown, launch.checked) == ("ready", "97.5%", 39)


def test_a_sign_off_keeps_the_name_the_time_the_meaning_and_what_it_stands_on():
    launch = make.launch(items=5)
    ann = make.user("Ann", team=launch.team)
    item = make.item(launch, 4)
    make.link(item, by=ann)

    sign_off(item, **said(item, by=ann), note="Rehearsed on Friday.")

    item = make.item(launch, 4)
    kept = model_to_dict(word_of(ann, item), exclude=["id"])
    assert kept == {
        "team": launch.team_id,
        "item": item.pk,
        "checklist_item": item.item_id,
        "candidate": launch.candidate_id,
        "by": ann.pk,
        "printed_name": "Ann",
        "meaning": "I checked that this is so: Checked",
        "seat": "team",
        "answer": "checked",
        "credit": "1",
        "credit_units": 1,
        "note": "Rehearsed on Friday.",
        "basis": item.basis,
        "basis_parts": item.basis_parts,
        "basis_algorithm": 1,
        "evidence": item.evidence,
        "at": make.NOW,
        "expires_at": make.NOW + timedelta(days=365),
        "via": "page",
        "reaffirms": None,
        "broke_glass": False,
        "confirmed_by": None,
        "confirmed_at": None,
        "withdrawn_at": None,
        "withdrawn_by": None,
        "withdrawn_because": "",
    }
    assert item.basis_parts["model_version"] == "ranker@14.2.0 "


def test_a_sign_off_is_the_next_version_of_its_item():
    launch = make.launch(items=5)
    ann = make.user("Ann", team=launch.team)

    make.sign(make.item(launch, 2), by=ann)

    item = make.item(launch, 2)
    assert (item.version, item.changed_by, item.changed_at) == (2, ann, make.NOW)


def test_a_sign_off_is_recorded_once_and_the_changed_verdict_after_it():
    launch = make.launch(items=5, signed_off=3)
    ann = make.user("Ann", team=launch.team)
    item, before = make.item(launch, 4), count_told(launch)

    sign_off(item, **said(item, by=ann), note="Seen.")

    signed = {"item": item.pk, "key": item.key, "answer": "checked", "note": "Seen."}
    verdict = {"was": "delay", "becomes": "monitor", "shown": "80%", "holds": []}
    assert told(launch, before) == [
        (Kind.ITEM_SIGNED_OFF, ann, make.NOW, signed),
        (Kind.VERDICT_CHANGED, ann, make.NOW, verdict),
    ]


@pytest.mark.parametrize("seat", ["lead", "owner", "team"])
def test_a_sign_off_says_as_what_the_person_signed(seat):
    ann, bob = make.user("Ann"), make.user("Bob")
    launch = make.launch(items=5, lead=ann, duties={})
    for person in (ann, bob):
        Membership.objects.create(person=person, team=launch.team, role=Role.MEMBER.value)
    launch.items.update(owner=bob if seat == "owner" else None)

    make.sign(make.item(launch, 2), by=ann if seat == "lead" else bob)

    assert SignOff.objects.get().seat == seat


def test_five_statements_are_all_that_a_sign_off_costs():
    launch = make.launch(items=40, signed_off=1)
    ann = make.user("Ann", team=launch.team)
    item = make.item(launch, 2)

    with CaptureQueriesContext(connection) as asked:
        sign_off(item, by=ann, version=1, key=make.key(), now=make.NOW)

    statements = [one["sql"] for one in asked if not one["sql"].startswith(TRANSACTION)]
    assert len(statements) == 5


@pytest.mark.parametrize("role", [Role.VIEWER, Role.APPROVER, Role.EDITOR, Role.AUDITOR, None])
def test_who_may_not_sign_is_refused_under_the_lock(role):
    launch = make.launch(items=5)
    eve = make.user("Eve", team=launch.team if role else None, role=role or Role.MEMBER)

    with refused(NO_LONGER):
        make.sign(make.item(launch), by=eve)

    assert SignOff.objects.count() == 0


def test_a_site_admin_is_not_exempt():
    launch = make.launch(items=5)
    root = make.user("Root", is_site_admin=True)

    with refused(NO_LONGER):
        make.sign(make.item(launch), by=root)


def test_a_member_of_another_team_may_not_sign():
    launch = make.launch(items=5)
    eve = make.user("Eve", team=make.team())

    with refused(NO_LONGER):
        make.sign(make.item(launch), by=eve)


def test_the_lead_of_a_launch_signs_without_a_role_in_its_team():
    lead = make.user("Lee")
    launch = make.launch(items=5, lead=lead)

    make.sign(make.item(launch), by=lead)

    assert placed(launch, State.MET) == [1]


def test_a_role_taken_away_since_the_page_was_loaded_refuses():
    launch = make.launch(items=5)
    ann = make.user("Ann", team=launch.team)
    Membership.objects.filter(person=ann).delete()

    with refused(NO_LONGER):
        make.sign(make.item(launch), by=ann)


@pytest.mark.parametrize("stage", [Stage.CANCELLED, Stage.ARCHIVED])
def test_nothing_is_signed_in_a_launch_that_is_over(stage):
    launch = make.launch(items=5)
    ann = make.user("Ann", team=launch.team)
    Launch.objects.filter(pk=launch.pk).update(stage=stage.value)

    with refused(OVER):
        make.sign(make.item(launch), by=ann)


def test_an_item_that_does_not_apply_has_nothing_to_check():
    launch = make.launch(items=9, facets={"serving": ["batch"]})
    ann = make.user("Ann", team=launch.team)

    with refused("This item does not apply to this launch, so there is nothing to check."):
        make.sign(make.item(launch, 9), by=ann)


@pytest.mark.parametrize("answer", ["no-such-answer", "unchecked"])
def test_an_answer_that_earns_nothing_is_no_sign_off(answer):
    launch = make.launch(items=5)
    ann = make.user("Ann", team=launch.team)

    with refused("This checklist has no such answer."):
        make.sign(make.item(launch), by=ann, answer=answer)


@pytest.mark.parametrize(
    ("later", "ago"),
    [
        (timedelta(0), "just now"),
        (timedelta(seconds=1), "1 second ago"),
        (timedelta(seconds=4), "4 seconds ago"),
        (timedelta(minutes=2), "2 minutes ago"),
        (timedelta(hours=1, minutes=59), "1 hour ago"),
        (timedelta(days=3), "3 days ago"),
        (timedelta(seconds=-5), "just now"),
    ],
)
def test_a_page_from_before_someone_changed_the_item_hears_who_and_when(later, ago):
    launch = make.launch(items=5)
    ann, priya = make.user("Ann", team=launch.team), make.user("Priya", team=launch.team)
    item = make.item(launch)
    make.sign(item, by=priya)

    with refused(f"Priya changed this {ago}. Nothing was lost."):
        sign_off(item, by=ann, version=item.version, key="form", now=make.NOW + later)

    assert list(SignOff.objects.values_list("by", flat=True)) == [priya.pk]
    assert key_is_free("form")


def test_nobody_signs_an_item_off_twice():
    launch = make.launch(items=5)
    ann = make.user("Ann", team=launch.team)
    make.sign(make.item(launch), by=ann)

    with refused("You signed this off already."):
        make.sign(make.item(launch), by=ann)

    assert SignOff.objects.count() == 1


def test_a_second_person_may_sign_too_and_the_score_stays():
    launch = make.launch(items=5)
    ann, bob = make.user("Ann", team=launch.team), make.user("Bob", team=launch.team)
    make.sign(make.item(launch), by=ann)

    make.sign(make.item(launch), by=bob)

    launch.refresh_from_db()
    assert (SignOff.objects.standing().count(), launch.checked) == (2, 1)


def test_two_signatures_are_needed_where_the_checklist_says_so():
    launch = make.launch(version=make.checklist(5, signing={"rule": "two_persons"}))
    ann, bob = make.user("Ann", team=launch.team), make.user("Bob", team=launch.team)

    make.sign(make.item(launch), by=ann)
    after_one = states(launch)[1]
    make.sign(make.item(launch), by=bob)

    assert (after_one, states(launch)[1]) == (State.PROVISIONAL, State.MET)


def test_a_sign_off_that_ran_out_may_be_given_again_by_the_same_person():
    launch = make.launch(items=5)
    ann = make.user("Ann", team=launch.team)
    make.sign(make.item(launch, 3), by=ann)
    later = make.NOW + timedelta(days=30)

    make.sign(make.item(launch, 3), by=ann, at=later)

    was, becomes = SignOff.objects.order_by("pk")
    assert (was.withdrawn_at, was.withdrawn_by, was.withdrawn_because) == (
        later,
        ann,
        "Signed again.",
    )
    assert (becomes.withdrawn_at, becomes.expires_at) == (None, later + timedelta(days=30))
    assert placed(launch, State.MET, later) == [3]


def test_a_sign_off_given_again_records_both_that_one_ended_and_that_one_began():
    launch = make.launch(items=5)
    ann = make.user("Ann", team=launch.team)
    item, later = make.item(launch, 3), make.NOW + timedelta(days=30)
    make.sign(item, by=ann)
    before = count_told(launch)

    make.sign(item, by=ann, at=later)

    one = {"item": item.pk, "key": item.key}
    assert told(launch, before) == [
        (
            Kind.SIGNOFF_WITHDRAWN,
            ann,
            later,
            one | {"signed_by": "Ann", "signer": ann.pk, "own": True, "because": "Signed again."},
        ),
        (Kind.ITEM_SIGNED_OFF, ann, later, one | {"answer": "checked", "note": ""}),
    ]


def test_a_half_answer_makes_way_for_a_full_one_and_not_the_other_way_round():
    launch = graded()
    ann = make.user("Ann", team=launch.team)
    make.link(make.item(launch), by=ann)
    make.sign(make.item(launch), by=ann, answer="manual")
    halfway = states(launch)[1]

    make.sign(make.item(launch), by=ann, answer="automated")

    assert (halfway, states(launch)[1]) == (State.PARTIAL, State.MET)
    with refused("You signed this off already."):
        make.sign(make.item(launch), by=ann, answer="manual")


def test_an_answer_that_needs_evidence_is_incomplete_without_it():
    launch = graded()
    ann = make.user("Ann", team=launch.team)
    make.sign(make.item(launch), by=ann)
    without = states(launch)[1]

    make.link(make.item(launch), by=ann)

    assert (without, states(launch)[1]) == (State.PROVISIONAL, State.MET)


def test_the_database_keeps_one_standing_sign_off_per_person():
    launch = make.launch(items=5)
    ann = make.user("Ann", team=launch.team)
    make.sign(make.item(launch), by=ann)
    twin = SignOff.objects.get()
    twin.pk = None

    with pytest.raises(IntegrityError, match="one_standing_signoff_per_person"):
        twin.save(force_insert=True)


@pytest.mark.parametrize("half", [{"withdrawn_at": make.NOW}, {"withdrawn_by": 1}])
def test_the_database_wants_a_person_and_a_time_for_a_withdrawal(half):
    launch = make.launch(items=5, signed_off=1)
    half = {name: launch.lead if name == "withdrawn_by" else at for name, at in half.items()}

    with (
        pytest.raises(IntegrityError, match="a_withdrawal_has_a_person_and_a_time"),
        transaction.atomic(),
    ):
        SignOff.objects.update(**half)


def test_a_second_person_who_says_less_takes_nothing_away():
    file = (make.LIBRARY / "genai-llm-risks-2026.yaml").read_bytes()
    version, _ = publish(read(file), now=make.NOW)
    launch = make.launch(version=version, signed_off=1)
    earned = launch.earned

    make.sign(make.item(launch, 1), by=make.user(team=launch.team), answer="control")

    launch.refresh_from_db()
    assert launch.earned == earned
