"""Each kind of news: who hears of it, what it says, and when it is no news any more."""

from datetime import timedelta

import pytest

from readiness.audit.models import Event
from readiness.launches.models import ActionItem, Launch
from readiness.launches.services import exemptions
from readiness.notifications.kinds.verdict_dropped import is_good_news
from readiness.notifications.models import Delivery, Preference
from readiness.notifications.services.delivering import deliver_due
from readiness.notifications.services.queueing import call_to_reviews
from readiness.reviews.models import Review
from tests import make
from tests.launches.deciding import LATER, OVERRIDE, SEND_BACK, Room, room, with_conditions
from tests.reviews import given as reviews

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _noon(time_machine) -> None:
    time_machine.move_to(make.NOW, tick=False)


def told() -> set[tuple[str, str]]:
    """To whom something went out, and of which kind."""
    deliver_due(now=LATER)
    sent = Delivery.objects.filter(state="sent")
    return {(one.recipient.name.split()[0], one.kind) for one in sent if one.recipient}


def mail_to(person, kind: str) -> Delivery:
    return Delivery.objects.get(recipient=person, kind=kind)


def forget() -> None:
    Delivery.objects.all().delete()


def lead_of(here: Room) -> str:
    return here.lead.name.split()[0]


def test_approvers_hear_that_their_decision_is_asked_for():
    here = room(name="Ads ranking v14")
    here.ask()

    assert told() == {("Ann", "asked"), ("Bob", "asked")}
    mail = mail_to(here.ann, "asked")
    assert mail.subject == "Decision: Ads ranking v14"
    assert f"{here.lead.name} asks for your decision" in mail.text
    assert "All is checked." in mail.html
    assert f"/launches/{here.launch.pk}/decision/" in mail.text


def test_who_gave_their_word_meanwhile_is_not_asked_for_it():
    here = room()
    here.ask()
    here.say(here.ann)

    assert told() == {("Bob", "asked")}
    assert mail_to(here.ann, "asked").because == "Their word is not asked for any more."


def test_an_override_is_told_to_those_who_may_confirm_it():
    here = room(items=5, signed_off=1)
    here.ask()
    told()
    forget()

    here.say(here.ann, OVERRIDE)

    assert told() == {("Bob", "asked")}
    assert "Ann Ash proposes an override" in mail_to(here.bob, "asked").text


def test_lead_and_approvers_hear_what_was_decided_but_for_who_decided_it():
    here = room()
    here.approve()

    assert {one for one in told() if one[1] == "decided"} == {
        ("Ann", "decided"),
        (lead_of(here), "decided"),
    }
    assert mail_to(here.ann, "decided").subject == f"Approved: {here.launch.name}"


def test_what_must_change_is_in_the_mail_that_a_launch_was_sent_back():
    here = room()
    here.ask()
    here.say(here.ann, SEND_BACK)

    told()

    mail = mail_to(here.lead, "decided")
    assert mail.subject == f"Sent back: {here.launch.name}"
    assert "Rehearse the rollback." in mail.text


def test_of_a_go_that_ended_all_concerned_hear_once_and_why():
    here = room(items=20, signed_off=20)
    olu = make.user("Olu", team=here.team)
    here.ask()
    for by in (here.ann, here.bob):
        here.say(by, with_conditions(olu))
    assert ActionItem.objects.filter(owner=olu).exists()
    forget()

    here.untick()

    assert told() == {("Ann", "decided"), ("Bob", "decided"), ("Olu", "decided")}
    mail = mail_to(here.ann, "decided")
    assert mail.subject == f"The GO ended: {here.launch.name}"
    assert "The verdict fell from Ready to Extra monitoring, 95%." in mail.text


def test_a_verdict_that_drops_a_band_is_told_with_the_way_back():
    here = room(items=20, signed_off=20)
    here.untick()

    assert told() == {("Ann", "verdict_dropped"), ("Bob", "verdict_dropped")}
    mail = mail_to(here.ann, "verdict_dropped")
    assert mail.subject == f"{here.launch.name} fell from Ready to Extra monitoring"
    assert "It is at 95%. 1 item leads to Ready:" in mail.text
    assert make.item(here.launch, 2).item.title in mail.text


def test_a_verdict_that_rises_is_no_news_and_one_that_rose_again_neither():
    here = room(items=20, signed_off=19)
    here.sign_next()
    rose = told()
    here.untick()
    make.sign(make.item(here.launch, 2), by=here.lead)

    assert (rose, told()) == (set(), set())
    assert mail_to(here.ann, "verdict_dropped").because == "The verdict rose again meanwhile."


@pytest.mark.parametrize(
    ("was", "becomes", "holds", "is_good"),
    [
        ("monitor", "ready", [], True),
        ("ready", "ready", [], True),
        ("ready", "monitor", [], False),
        ("monitor", "ready", ["a-must-have"], False),
        ("not_assessable", "ready", [], False),
    ],
)
def test_that_a_verdict_is_no_lower_and_not_held_is_known_without_asking_the_database(
    was, becomes, holds, is_good, django_assert_num_queries
):
    launch = Launch.objects.select_related("subject").get(pk=make.launch(items=1).pk)
    said = {"was": was, "becomes": becomes, "holds": holds}
    event = Event(kind="verdict.changed", subject=launch.subject, payload=said)
    is_good_news(event)

    with django_assert_num_queries(0):
        assert is_good_news(event) is is_good


def test_a_must_have_that_is_open_again_is_told_to_its_owner_too():
    here = room(items=40, signed_off=40)
    olu = make.user("Olu", team=here.team)
    blocker = first_must_have(here.launch)
    here.launch.items.filter(pk=blocker.pk).update(owner=olu)
    Preference.objects.create(person=here.bob, kind="verdict_dropped", channel="mail", is_on=False)

    here.untick_at(blocker, make.NOW)

    assert told() == {("Ann", "reopened"), ("Bob", "reopened"), ("Olu", "reopened")}
    mail = mail_to(olu, "reopened")
    assert mail.subject == f"A must-have is open again: {here.launch.name}"
    assert blocker.item.title in mail.text
    assert f"/items/{blocker.pk}/" in mail.text


def test_a_second_must_have_that_opens_is_told_as_well():
    here = room(items=40, signed_off=38)
    first, second = must_haves(here.launch)[:2]
    here.untick_at(first, make.NOW)
    told()
    forget()

    here.untick_at(second, make.NOW)

    told()
    mail = mail_to(here.ann, "reopened")
    assert (second.item.title in mail.text, first.item.title in mail.text) == (True, False)


def must_haves(launch: Launch) -> list:
    return [one for one in launch.items.select_related("item") if one.item.blocker]


def first_must_have(launch: Launch):
    return must_haves(launch)[0]


def test_the_lead_and_approvers_are_asked_to_agree_to_a_waiver():
    here = room(items=5, signed_off=1)
    olu = make.user("Olu", team=here.team)
    item = make.item(here.launch, 4)
    until = (make.NOW + timedelta(days=5)).date()
    said = {"reason": "No time.", "control": "Watch it.", "until": until}
    said |= {"version": item.version, "key": make.key(), "now": make.NOW}
    exemptions.ask_waiver(item, by=olu, **said)

    assert told() == {("Ann", "asked"), ("Bob", "asked"), (lead_of(here), "asked")}
    mail = mail_to(here.ann, "asked")
    assert "Olu asks you to agree" in mail.text
    assert "No time." in mail.text


def test_who_may_not_see_a_review_any_more_is_not_called_to_it():
    here = reviews.cast()
    review = reviews.plan(here, starts_at=make.NOW + timedelta(hours=1))
    forget()
    at = review.starts_at - timedelta(minutes=9)

    too_early = call_to_reviews(now=at - timedelta(minutes=2))
    queued = [call_to_reviews(now=at), call_to_reviews(now=at)]
    here.bob.memberships.all().delete()
    deliver_due(now=at)

    states = set(Delivery.objects.values_list("recipient__name", "state", "because"))
    assert (too_early, queued) == (0, [4, 0])
    assert states == {
        ("Ann Ash", "sent", ""),
        ("Bob Birk", "skipped", "They may not see this launch any more."),
        ("Cem Can", "sent", ""),
        ("Amara Ade", "sent", ""),
    }


def test_a_call_to_a_review_says_the_time_where_its_reader_is_and_is_off_once_it_moved():
    here = reviews.cast()
    here.bob.zone = "Asia/Kolkata"
    here.bob.save()
    review = reviews.plan(here, starts_at=make.NOW + timedelta(hours=1))
    forget()
    at = review.starts_at - timedelta(minutes=10)
    call_to_reviews(now=at)
    deliver_due(now=at)
    mail = mail_to(here.bob, "review_starting")

    forget()
    call_to_reviews(now=at)
    Review.objects.update(starts_at=review.starts_at + timedelta(hours=1))
    deliver_due(now=at)

    assert mail.subject == f"Starts at 18:30: review of {here.launch.name}"
    assert "Change what you hear" in mail.text
    assert {one.because for one in Delivery.objects.all()} == {
        "The review was moved, cancelled, or has begun."
    }
