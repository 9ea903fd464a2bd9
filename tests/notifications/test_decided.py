"""The digest tells of decisions: asked of approvers, ended for all concerned, owed by owners."""

from datetime import timedelta

import pytest

from readiness.launches.models import ActionItem
from readiness.notifications.models import Delivery
from readiness.notifications.queries.digest import digest_of
from tests import make
from tests.launches.deciding import room, with_conditions
from tests.notifications.given import MONDAY, remind

pytestmark = pytest.mark.django_db
FRIDAY = MONDAY - timedelta(days=3)


def told(person, now=MONDAY):
    """What the digest of a person says of decisions; nothing where they got none."""
    delivery = Delivery.objects.filter(recipient=person).last()
    digest = digest_of(delivery, now) if delivery else None
    return [(one.title, one.due) for one in digest.notices] if digest else []


def test_an_approver_hears_that_a_decision_is_asked_of_them_and_only_once():
    here = room(items=3, signed_off=3, at=FRIDAY)
    here.ask(at=FRIDAY)

    remind()
    remind(MONDAY + timedelta(days=1))

    assert told(here.ann) == [("Your decision is asked for", "Fri 20 Nov")]
    assert Delivery.objects.filter(recipient=here.ann).count() == 1
    assert Delivery.objects.get(recipient=here.ann).subject.startswith("1 about a decision: ")


def test_lead_and_approvers_hear_that_a_go_ended_and_why(settings):
    here = room(items=20, signed_off=20, at=FRIDAY)
    here.ask(at=FRIDAY)
    for by in (here.ann, here.bob):
        here.say(by, at=FRIDAY)
    item = make.item(here.launch, 2)
    here.untick_at(item, FRIDAY)

    remind()

    ended = ("The GO ended", "Fri 20 Nov")
    assert told(here.ann) == [ended]
    assert told(here.lead) == [ended, ("Approved", "Fri 20 Nov")]
    mail = Delivery.objects.get(recipient=here.ann)
    assert "The verdict fell from Ready to Extra monitoring, 95%." in mail.text
    assert "The verdict fell from Ready to Extra monitoring, 95%." in mail.html


def test_who_owes_an_action_item_is_reminded_until_it_is_done():
    here = room(items=10, signed_off=9, at=FRIDAY)
    here.ask(at=FRIDAY)
    owner = make.user("Olu", team=here.team)
    for by in (here.ann, here.bob):
        here.say(by, with_conditions(owner), at=FRIDAY)
    ActionItem.objects.update(due_on=(MONDAY - timedelta(days=2)).date())

    remind()
    late = told(owner)
    ActionItem.objects.update(done_at=MONDAY, done_by=owner, done_note="Done.")
    remind(MONDAY + timedelta(days=1))

    assert [due for _, due in late] == ["2 days late", "2 days late"]
    assert Delivery.objects.filter(recipient=owner).count() == 1


def test_who_has_nothing_to_do_with_it_hears_nothing():
    here = room(items=3, signed_off=3, at=FRIDAY)
    stranger = make.user(team=here.team)
    here.ask(at=FRIDAY)

    remind()

    assert told(stranger) == []
