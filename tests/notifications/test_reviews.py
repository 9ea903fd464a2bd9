"""Mails of reviews: invitations with what calendars take in, their updates, and minutes."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
from icalendar import Calendar

from readiness.accounts.models import User
from readiness.launches.models import Launch
from readiness.notifications.models import Delivery
from readiness.notifications.services.delivering import deliver_due
from readiness.reviews.models import Review
from readiness.reviews.models.room import Outcome
from readiness.reviews.services import deciding, finishing, guests, planning
from readiness.reviews.services.deciding import Said
from tests import make
from tests.launches.given import version_of
from tests.notifications.given import Inbox, mail_server
from tests.reviews.given import Cast, cast, meeting, plan, planned_for

pytestmark = pytest.mark.django_db(transaction=True)
LATER = make.NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _noon(time_machine) -> None:
    time_machine.move_to(make.NOW, tick=False)


def sent(settings) -> dict[str, EmailMessage]:
    """What went out by a real mail server, by whom it went to."""
    inbox = Inbox()
    with mail_server(settings, inbox):
        deliver_due(now=LATER)
    assert not Delivery.objects.exclude(state__in=("sent", "skipped")).exists()
    people = {one.email: one.name.split()[0] for one in User.objects.all()}
    return {people[to]: mail for to, mail in zip(inbox.to, inbox.mails, strict=True)}


def text_of(mail: EmailMessage) -> str:
    return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")


def events_in(mail: EmailMessage) -> list[tuple[str, str, int, str]]:
    """Each calendar part of a mail: the method it says, its own, its number and its state."""
    parts = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
    found = []
    for part in parts:
        calendar = Calendar.from_ical(part.get_content())
        [event] = calendar.walk("VEVENT")
        method = part["content-type"].params["method"]
        found.append((method, str(calendar["METHOD"]), event["SEQUENCE"], str(event["STATUS"])))
    return found


def change(here: Cast, review: Review, **said: object) -> Review:
    to_be = planned_for(here, **said)
    review = Review.objects.get(pk=review.pk)
    return planning.change(
        review, to_be, edition=review.edition, by=here.ann, key=make.key(), now=make.NOW
    )


def test_the_invited_get_a_mail_that_calendars_take_in_and_who_planned_it_none(settings):
    here = cast()
    review = plan(here)

    mails = sent(settings)

    assert mails.keys() == {"Bob", "Cem", "Amara"}
    mail = mails["Bob"]
    assert mail["Subject"] == f"Design review 1, Tue 24 Nov at 12:00: {here.launch.name}"
    assert events_in(mail) == [("REQUEST", "REQUEST", 0, "CONFIRMED")] * 2
    [attached] = list(mail.iter_attachments())
    assert attached.get_filename() == "review.ics"
    text = text_of(mail)
    assert "It meets Tue 24 Nov at 12:00 (UTC), for 60 minutes." in text
    assert f"Code to join: {review.code}" in text
    assert f"/reviews/{review.pk}/" in mail.get_body(("html",)).get_content()


def test_a_guest_who_is_asked_to_a_review_that_meets_gets_a_mail_that_leads_in(settings):
    here, gus = cast(), make.user("Gus Gray", team=make.team())
    review = meeting(here)
    sent(settings)

    guests.invite(review, person=gus, by=here.ann, key=make.key(), now=make.NOW)

    mails = sent(settings)
    assert mails.keys() == {"Gus"}
    assert mails["Gus"]["Subject"] == f"Design review 1 meets now: {here.launch.name}"
    assert events_in(mails["Gus"]) == []
    assert f"Code to join: {review.code}" in text_of(mails["Gus"])


def test_who_was_invited_too_late_gets_no_mail(settings):
    here, gus = cast(), make.user("Gus Gray", team=make.team())
    review = meeting(here)
    sent(settings)

    guests.invite(review, person=gus, by=here.ann, key=make.key(), now=make.NOW)
    finishing.finish(review, by=here.ann, key=make.key(), now=make.NOW)

    assert "meets now" not in {mail["Subject"] for mail in sent(settings).values()}


def test_the_time_is_that_of_who_reads(settings):
    here = cast()
    here.bob.zone = "Asia/Kolkata"
    here.bob.save()
    plan(here)

    text = text_of(sent(settings)["Bob"])

    assert "It meets Tue 24 Nov at 17:30 (Asia/Kolkata), for 60 minutes." in text


def test_a_review_that_moves_is_told_to_all_with_when_it_was(settings):
    here = cast()
    review = plan(here)
    sent(settings)
    Delivery.objects.all().delete()

    change(here, review, starts_at=make.NOW + timedelta(days=2))

    mails = sent(settings)
    assert mails.keys() == {"Bob", "Cem", "Amara"}
    assert events_in(mails["Bob"]) == [("REQUEST", "REQUEST", 1, "CONFIRMED")] * 2
    text = text_of(mails["Bob"])
    assert "It meets Wed 25 Nov at 12:00 (UTC), for 60 minutes." in text
    assert "It was to meet Tue 24 Nov at 12:00." in text


def test_who_comes_or_goes_hears_of_it_and_nobody_else(settings):
    here = cast()
    review = plan(here, invited=(here.ann, here.bob, here.amara))
    sent(settings)
    Delivery.objects.all().delete()

    change(here, review, invited=(here.ann, here.bob, here.cem))

    mails = sent(settings)
    assert {name: events_in(mail)[0] for name, mail in mails.items()} == {
        "Cem": ("REQUEST", "REQUEST", 1, "CONFIRMED"),
        "Amara": ("CANCEL", "CANCEL", 1, "CANCELLED"),
    }


def test_what_nobody_needs_to_know_is_told_to_nobody(settings):
    here = cast()
    review = plan(here)
    sent(settings)
    Delivery.objects.all().delete()

    change(here, review, wants_poll=True)

    assert sent(settings) == {}


def test_a_cancelled_review_is_taken_out_of_calendars_and_says_why(settings):
    here = cast()
    review = plan(here)
    sent(settings)
    Delivery.objects.all().delete()

    planning.cancel(review, because="No model yet.", by=here.ann, key=make.key(), now=make.NOW)

    mails = sent(settings)
    assert mails.keys() == {"Bob", "Cem", "Amara"}
    assert events_in(mails["Cem"]) == [("CANCEL", "CANCEL", 1, "CANCELLED")] * 2
    assert "No model yet." in text_of(mails["Cem"])


def test_an_invitation_to_what_was_cancelled_meanwhile_does_not_go_out(settings):
    here = cast()
    review = plan(here)

    planning.cancel(review, because="No model yet.", by=here.ann, key=make.key(), now=make.NOW)

    assert {mail["Subject"] for mail in sent(settings).values()} == {
        f"Design review 1 is cancelled: {here.launch.name}"
    }


def finished(here: Cast) -> Launch:
    review = meeting(here)
    due = (make.NOW + timedelta(days=5)).date()
    said = Said(Outcome.NOT_DONE, note="Rerun <b>the set</b>.", owner=here.bob, due_on=due)
    for place, one in ((1, Said(Outcome.DONE)), (2, said)):
        item = make.item(here.launch, place)
        deciding.decide(
            review, item, one, version=version_of(item), by=here.ann, key=make.key(), now=LATER
        )
    finishing.finish(review, by=here.ann, key=make.key(), now=LATER)
    return here.launch


def test_the_invited_get_the_minutes_and_first_what_they_said_they_would_do(settings):
    here = cast()
    launch = finished(here)

    mails = sent(settings)

    to_bob, to_cem = (text_of(mails[name]) for name in ("Bob", "Cem"))
    assert mails["Bob"]["Subject"] == f"Minutes: {launch.name} is at Delay, 20%"
    assert "For you to do:\n  - 1.2 Rerun <b>the set</b>., by Sat 28 Nov" in to_bob
    assert "For you to do" not in to_cem
    assert "Follow-ups of others:\n  - 1.2 Rerun <b>the set</b>. (Bob Birk, Sat 28 Nov)" in to_cem
    html = mails["Bob"].get_body(("html",)).get_content()
    assert "Rerun &lt;b&gt;the set&lt;/b&gt;." in html
    review = Review.objects.get()
    assert f"/reviews/{review.pk}/minutes/?number=1" in to_cem


def test_each_hears_once_of_each_minutes():
    here = cast()
    finished(here)

    rows = Delivery.objects.filter(kind="minutes")

    assert sorted(one.recipient.name for one in rows) == ["Amara Ade", "Bob Birk", "Cem Can"]
