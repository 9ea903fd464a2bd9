"""A mail that came back is marked by hand: no more go to its address until that works again."""

from ipaddress import ip_network
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, connections
from django.test.utils import CaptureQueriesContext

from readiness.accounts.models import User
from readiness.audit.models import Event
from readiness.audit.services import AlreadyDone
from readiness.launches.models import Launch
from readiness.launches.queries.sentences import SENTENCES
from readiness.notifications.models import Delivery, ReturnedMail, Way
from readiness.notifications.services.calling_people import call_people
from readiness.notifications.services.delivering import deliver_due
from readiness.notifications.services.own_hooks import add_own
from readiness.notifications.services.returning import lift_returned, mark_returned
from readiness.web.refusal import Refused
from tests import make
from tests.notifications.given import MONDAY, Inbox, Scripted, mail_server, owner, owns, remind
from tests.receiving import OK, receiver

pytestmark = pytest.mark.django_db(transaction=True)
SAID = "550 5.1.1 no such user"


@pytest.fixture(autouse=True)
def _on_monday(time_machine):
    time_machine.move_to(MONDAY, tick=False)


@pytest.fixture
def launch() -> Launch:
    return make.launch(name="Ads ranking v14", items=5)


@pytest.fixture
def priya(launch) -> User:
    """A person who was reminded once."""
    person = owner(launch)
    owns(person, launch, -1)
    remind()
    return person


@pytest.fixture
def olu() -> User:
    return make.user("Olu", is_site_admin=True)


def mention(launch: Launch) -> None:
    make.say(launch, "@Priya can you rehearse this?", by=launch.lead, at=MONDAY)


def first_mail(person: User) -> Delivery:
    return Delivery.objects.filter(recipient=person).earliest("pk")


def mark(person: User, by: User, *, said: str = SAID, key: str = "") -> ReturnedMail:
    mail = first_mail(person)
    return mark_returned(mail, said=said, by=by, key=key or make.key(), now=MONDAY)


def lift(person: User, by: User) -> None:
    lift_returned(person, by=by, key=make.key(), now=MONDAY)


def ends(person: User) -> list[tuple[str, str]]:
    """The channel and state of all but the first mail."""
    later = Delivery.objects.filter(recipient=person).order_by("pk")[1:]
    return [(one.channel, one.state) for one in later]


def move_to(person: User, address: str) -> None:
    User.objects.filter(pk=person.pk).update(email=address)


def test_no_mail_goes_to_an_address_that_one_came_back_from(launch, priya, olu, settings):
    inbox = Inbox()
    mark(priya, olu)

    with mail_server(settings, inbox):
        mention(launch)
        deliver_due(now=MONDAY)

    mail = Delivery.objects.latest("pk")
    why = f"Mails to {priya.email} came back, marked on Mon 23 Nov: {SAID}"
    assert (mail.state, mail.because, inbox.to) == ("skipped", why, [])


def test_mails_go_again_once_it_works_and_nothing_of_before_is_sent(launch, priya, olu, settings):
    inbox = Inbox()
    mark(priya, olu)
    mention(launch)
    deliver_due(now=MONDAY)

    lift(priya, priya)
    with mail_server(settings, inbox):
        mention(launch)
        deliver_due(now=MONDAY)

    assert (ends(priya), inbox.to) == ([("mail", "skipped"), ("mail", "sent")], [priya.email])


def test_another_address_gets_mails_and_the_same_in_capitals_does_not(launch, priya, olu, settings):
    inbox = Inbox()
    mark(priya, olu)

    with mail_server(settings, inbox):
        for address in (priya.email.upper(), "priya@elsewhere.example"):
            move_to(priya, address)
            mention(launch)
            deliver_due(now=MONDAY)

    assert ends(priya) == [("mail", "skipped"), ("mail", "sent")]
    assert inbox.to == ["priya@elsewhere.example"]


def test_an_address_taken_up_again_is_stopped_as_before(launch, priya, olu):
    mark(priya, olu)
    for address in ("priya@elsewhere.example", priya.email):
        move_to(priya, address)

    mention(launch)
    deliver_due(now=MONDAY)

    assert ends(priya) == [("mail", "skipped")]


def test_where_the_new_address_fails_too_the_old_one_is_no_longer_marked(launch, priya, olu):
    was = priya.email
    mark(priya, olu)
    move_to(priya, "priya@elsewhere.example")
    mention(launch)
    deliver_due(now=MONDAY)

    again = Delivery.objects.latest("pk")
    mark_returned(again, said=SAID, by=olu, key=make.key(), now=MONDAY)
    for address in ("priya@elsewhere.example", was):
        move_to(priya, address)
        mention(launch)
        deliver_due(now=MONDAY)

    assert ends(priya) == [("mail", "sent"), ("mail", "skipped"), ("mail", "sent")]
    assert list(ReturnedMail.objects.filter(lifted_at=None)) == [again.returned]


def test_channels_of_ones_own_go_on(launch, priya, olu, settings):
    settings.HOOKS_MAY_REACH = [ip_network("127.0.0.0/8")]
    mark(priya, olu)

    with receiver(OK) as there:
        add_own(priya, way=Way.SLACK, url=there.url, key=make.key(), now=MONDAY)
        mention(launch)
        deliver_due(now=MONDAY)
        call_people(now=MONDAY)

    assert {*ends(priya)} == {("mail", "skipped"), ("slack", "sent")}


def test_who_has_no_mail_address_gets_none_and_the_outbox_says_why(launch, priya, settings):
    move_to(priya, "")
    mention(launch)

    with Scripted(settings) as server:
        deliver_due(now=MONDAY)

    mail = Delivery.objects.latest("pk")
    said = (mail.state, mail.because, server.dialled)
    assert said == ("skipped", "They have no mail address.", 0)


def test_who_has_no_mail_address_still_hears_on_channels_of_their_own(launch, priya, settings):
    settings.HOOKS_MAY_REACH = [ip_network("127.0.0.0/8")]
    move_to(priya, "")

    with receiver(OK) as there:
        add_own(priya, way=Way.SLACK, url=there.url, key=make.key(), now=MONDAY)
        mention(launch)
        call_people(now=MONDAY)

    assert ("slack", "sent") in ends(priya)


def test_that_mails_come_back_costs_no_statement_where_they_do_not(launch, priya):
    mention(launch)

    with CaptureQueriesContext(connection) as statements:
        deliver_due(now=MONDAY)

    assert ends(priya) == [("mail", "sent")]
    assert [one for one in statements if "returnedmail" in one["sql"]] == []


def test_what_was_said_and_who_said_it_is_kept_and_the_log_has_a_sentence(priya, olu):
    mail = mark(priya, olu)
    lift(priya, priya)

    mail.refresh_from_db()
    events = Event.objects.filter(kind__startswith="mail.").order_by("pk")
    said = [(one.by, SENTENCES[one.kind](one.said, None).did) for one in events]
    assert (mail.person, mail.delivery, mail.address) == (priya, first_mail(priya), priya.email)
    assert (mail.said, mail.marked_by, mail.marked_at) == (SAID, olu, MONDAY)
    assert (mail.lifted_by, mail.lifted_at) == (priya, MONDAY)
    assert said == [
        (olu, "marked that a mail to Priya Raman came back"),
        (priya, "said that mails reach them again"),
    ]


@pytest.mark.parametrize(
    ("mail", "reason"),
    [
        ({"state": "queued", "settled_at": None}, "No mail server was given this"),
        ({"state": "skipped", "address": ""}, "No mail server was given this"),
        ({"channel": "slack", "address": ""}, "No mail server was given this"),
        ({"recipient": None}, "is not here yet"),
        ({"address": "priya@before.example"}, "Their address is another one by now"),
    ],
)
def test_what_cannot_have_come_back_is_not_marked(priya, olu, mail, reason):
    found = first_mail(priya)
    Delivery.objects.filter(pk=found.pk).update(**mail)

    with pytest.raises(Refused, match=reason):
        mark_returned(found, said=SAID, by=olu, key=make.key(), now=MONDAY)

    assert (ReturnedMail.objects.count(), Event.objects.filter(kind="mail.came_back").count()) == (
        0,
        0,
    )


def test_a_mail_that_the_mail_server_refused_can_be_marked_too(launch, priya, olu, settings):
    with Scripted(settings, rcpt="550 no such person"):
        mention(launch)
        deliver_due(now=MONDAY)
    refused = Delivery.objects.latest("pk")

    mark_returned(refused, said=SAID, by=olu, key=make.key(), now=MONDAY)
    mention(launch)
    deliver_due(now=MONDAY)

    assert (refused.address, ends(priya)) == (
        priya.email,
        [("mail", "failed"), ("mail", "skipped")],
    )


def test_a_mail_and_an_address_are_marked_once(launch, priya, olu):
    mention(launch)
    deliver_due(now=MONDAY)
    second, key = Delivery.objects.latest("pk"), make.key()
    mark(priya, olu, key=key)

    with pytest.raises(AlreadyDone):
        mark(priya, olu, key=key)
    with pytest.raises(Refused, match="This mail is marked already"):
        mark(priya, olu)
    with pytest.raises(Refused, match="came back before"):
        mark_returned(second, said=SAID, by=olu, key=make.key(), now=MONDAY)
    with pytest.raises(IntegrityError, match="one_standing_returned_mail_per_person"):
        ReturnedMail.objects.create(
            person=priya,
            delivery=second,
            address="priya@elsewhere.example",
            said=SAID,
            marked_by=olu,
            marked_at=MONDAY,
        )


def test_two_admins_who_mark_at_once_mark_one_mail(launch, priya, olu):
    mention(launch)
    deliver_due(now=MONDAY)
    together, refused = Barrier(2), []

    def marks(mail: Delivery) -> None:
        together.wait()
        try:
            mark_returned(mail, said=SAID, by=olu, key=make.key(), now=MONDAY)
        except Refused as refusal:
            refused.append(str(refusal))
        finally:
            connections.close_all()

    people = [Thread(target=marks, args=[one]) for one in Delivery.objects.filter(recipient=priya)]
    for one in people:
        one.start()
    for one in people:
        one.join()

    assert (len(people), len(refused), ReturnedMail.objects.count()) == (2, 1, 1)


def test_only_an_admin_who_is_here_marks_and_only_they_or_its_person_lift(launch, priya, olu):
    bea, gone = owner(launch, "Bea"), make.user("Gone", is_site_admin=True, is_active=False)

    for one in (priya, bea, gone):
        with pytest.raises(Refused, match="Only a site admin may do this"):
            mark(priya, one)
    mark(priya, olu)
    User.objects.filter(pk=priya.pk).update(is_active=False)
    for one in (bea, gone, priya):
        with pytest.raises(Refused, match="Only a site admin, or whose address it is"):
            lift(priya, one)

    lift(priya, olu)
    with pytest.raises(Refused, match="Mails go to this address again already"):
        lift(priya, olu)


def test_an_address_may_be_marked_again_after_it_worked(launch, priya, olu):
    mark(priya, olu)
    lift(priya, olu)
    mention(launch)
    deliver_due(now=MONDAY)

    mark_returned(Delivery.objects.latest("pk"), said=SAID, by=olu, key=make.key(), now=MONDAY)
    mention(launch)
    deliver_due(now=MONDAY)

    assert ends(priya) == [("mail", "sent"), ("mail", "skipped")]
