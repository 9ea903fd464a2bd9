"""Evidence: linked, removed, kept for ever, and what sign-offs stand on."""

import hashlib
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict

from readiness.accounts.models import Role, User
from readiness.audit.kinds import Kind
from readiness.launches.models import (
    EvidenceLink,
    EvidenceRevision,
    Launch,
    LaunchItem,
    Stage,
)
from readiness.launches.services.evidence import add_evidence, remove_evidence
from readiness.rules.states import State
from tests import make
from tests.launches.given import count_told, placed, refused, said, states, told

pytestmark = pytest.mark.django_db
RUN = {"title": "Run 7", "url": "https://runs.example/7"}
LATER = make.NOW + timedelta(hours=1)


def add(item: LaunchItem, by: User, **what: str) -> EvidenceLink:
    add_evidence(item, **RUN | what, **said(item, by=by))
    return EvidenceLink.objects.select_related("item", "revision").latest("pk")


def remove(link: EvidenceLink, by: User) -> None:
    remove_evidence(link, **said(link.item, by=by, at=LATER))


def test_a_link_is_kept_with_its_title_who_added_it_and_when():
    launch = make.launch(items=5)
    item, before = make.item(launch), count_told(launch)

    link = add(item, launch.lead)

    assert model_to_dict(link.revision, exclude=["id"]) == {
        "evidence": link.evidence_id,
        "number": 1,
        "kind": "link",
        "title": "Run 7",
        "url": "https://runs.example/7",
        "body": "",
        "sha256": hashlib.sha256(b"Run 7\nhttps://runs.example/7").hexdigest(),
        "source": "page",
        "author": launch.lead.pk,
        "captured_at": make.NOW,
        "expires_at": None,
    }
    item.refresh_from_db()
    assert (item.evidence, item.version) == ([link.revision_id], 2)
    one = {"item": item.pk, "key": item.key, "evidence": link.revision_id} | RUN
    assert told(launch, before) == [(Kind.EVIDENCE_ADDED, launch.lead, make.NOW, one)]


def test_evidence_that_is_added_later_takes_nothing_from_a_sign_off():
    launch = make.launch(items=5, signed_off=1)

    add(make.item(launch), launch.lead)

    assert placed(launch, State.MET) == [1]


def test_removing_what_a_sign_off_stood_on_puts_it_out_of_date():
    launch = make.launch(items=5)
    link = add(make.item(launch, 2), launch.lead)
    make.sign(link.item, by=launch.lead)
    before = count_told(launch)

    remove(link, launch.lead)

    launch.refresh_from_db()
    assert (states(launch)[2], launch.checked) == (State.SUPERSEDED, 0)
    one = {"item": link.item_id, "key": link.item.key, "title": "Run 7"}
    one |= {"evidence": link.revision_id}
    assert told(launch, before) == [(Kind.EVIDENCE_REMOVED, launch.lead, LATER, one)]


def test_removing_what_was_added_after_a_sign_off_takes_nothing_from_it():
    launch = make.launch(items=5, signed_off=1)
    link = add(make.item(launch), launch.lead)

    remove(link, launch.lead)

    assert placed(launch, State.MET) == [1]


def test_the_same_page_linked_again_is_new_evidence_and_needs_a_new_sign_off():
    launch = make.launch(items=5)
    link = add(make.item(launch, 2), launch.lead)
    make.sign(link.item, by=launch.lead)
    remove(link, launch.lead)

    add(link.item, launch.lead)
    still = states(launch)[2]
    make.sign(link.item, by=launch.lead)

    assert (still, states(launch)[2]) == (State.SUPERSEDED, State.MET)


def test_removed_evidence_is_kept_with_who_removed_it_and_when():
    launch = make.launch(items=5)
    link = add(make.item(launch), launch.lead)

    remove(link, launch.lead)

    link.refresh_from_db()
    link.item.refresh_from_db()
    assert (link.removed_by, link.removed_at) == (launch.lead, LATER)
    assert (link.item.evidence, EvidenceRevision.objects.count()) == ([], 1)


def test_evidence_is_removed_once():
    launch = make.launch(items=5)
    link = add(make.item(launch), launch.lead)
    remove(link, launch.lead)

    with refused("This evidence was removed already."):
        remove(link, launch.lead)


@pytest.mark.parametrize("act", [add, remove])
def test_who_may_only_look_changes_nothing(act):
    launch = make.launch(items=5)
    eve = make.user("Eve", team=launch.team, role=Role.VIEWER)
    link = add(make.item(launch), launch.lead)

    with refused("You no longer have the right to do this in this team."):
        act(link.item if act is add else link, eve)

    assert EvidenceLink.objects.filter(removed_at=None).count() == 1


@pytest.mark.parametrize("act", [add, remove])
def test_nothing_changes_once_the_launch_is_over(act):
    launch = make.launch(items=5)
    link = add(make.item(launch), launch.lead)
    Launch.objects.filter(pk=launch.pk).update(stage=Stage.ARCHIVED.value)

    with refused("This launch is over: its checklist is closed."):
        act(link.item if act is add else link, launch.lead)


def test_a_page_from_before_the_item_changed_hears_who_and_when():
    launch = make.launch(items=5)
    link = add(make.item(launch), launch.lead)

    with refused(f"{launch.lead.name} changed this 1 hour ago. Nothing was lost."):
        add_evidence(link.item, **RUN, by=launch.lead, version=1, key=make.key(), now=LATER)
    with refused(f"{launch.lead.name} changed this 1 hour ago. Nothing was lost."):
        remove_evidence(link, by=launch.lead, version=1, key=make.key(), now=LATER)


def test_the_database_links_a_piece_of_evidence_to_an_item_once():
    launch = make.launch(items=5)
    twin = add(make.item(launch), launch.lead)
    twin.pk = None

    with (
        pytest.raises(IntegrityError, match="evidence_supports_an_item_once"),
        transaction.atomic(),
    ):
        twin.save(force_insert=True)


def test_the_database_numbers_the_revisions_of_evidence():
    launch = make.launch(items=5)
    twin = add(make.item(launch), launch.lead).revision
    twin.pk = None

    with (
        pytest.raises(IntegrityError, match="revisions_of_evidence_are_numbered"),
        transaction.atomic(),
    ):
        twin.save(force_insert=True)
