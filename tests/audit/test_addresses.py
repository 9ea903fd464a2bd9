"""A person signs in with another mail address once a mail to it was answered."""

import re
from datetime import timedelta
from functools import partial

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from readiness import clock
from readiness.accounts.models import AddressChange, User
from readiness.audit.addresses import TAKEN, confirm_address
from readiness.audit.kinds import Kind
from readiness.audit.models import Event
from readiness.launches.queries.sentences import SENTENCES
from readiness.web.refusal import Refused
from tests import make
from tests.launches.given import at_once

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a password of her own"
NEW = "ann.ash@example.test"
LINK = re.compile(r"/me/address/[^/\s]+/")


@pytest.fixture(autouse=True)
def _mails(settings) -> None:
    settings.EMAIL_HOST = "mail.example.test"


@pytest.fixture
def ann() -> User:
    return with_password(make.user("Ann Ash", team=make.team()))


def with_password(person: User) -> User:
    person.set_password(PASSWORD)
    person.save()
    return person


def signed_in(address: str) -> Client:
    client = Client()
    client.post("/sign-in/", {"login": address, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def ask(client: Client, address: str = NEW, password: str = PASSWORD):
    return client.post("/me/address/", {"email": address, "password": password})


def links(mailoutbox) -> list[str]:
    return [found[0] for one in mailoutbox if (found := LINK.findall(one.body))]


def told(mailoutbox) -> list[tuple[str, str]]:
    return [(one.to[0], one.subject.partition("] ")[2]) for one in mailoutbox]


def history() -> list[str]:
    kinds = (Kind.ADDRESS_ASKED, Kind.ADDRESS_CHANGED)
    events = Event.objects.filter(kind__in=[one.value for one in kinds]).order_by("pk")
    return [f"{one.printed_name} {SENTENCES[Kind(one.kind)](one.said, None).did}" for one in events]


def test_the_link_in_the_mail_makes_the_address_theirs_once_and_only_by_a_click(ann, mailoutbox):
    here, elsewhere, old = signed_in(ann.email), signed_in(ann.email), ann.email
    EmailAddress.objects.create(user=ann, email=old, verified=True, primary=True)

    asked = ask(here, NEW.upper())
    waiting = here.get(asked["Location"]).content.decode()
    [link] = links(mailoutbox)
    looked = Client().get(link)
    before = User.objects.get(pk=ann.pk).email
    done = here.post(link)
    page = here.get(done["Location"]).content.decode()
    again = [Client().get(link).status_code, Client().post(link).status_code]

    assert (asked.status_code, before) == (302, old)
    assert f"A mail went to <bdi>{NEW}</bdi>." in waiting
    assert "Is this your new address?" in looked.content.decode()
    assert User.objects.get(pk=ann.pk).email == NEW
    assert "Your mail address is changed." in page
    assert again == [404, 404]
    assert [is_in(one) for one in (here, elsewhere)] == [True, False]
    assert [is_in(signed_in(one)) for one in (old, NEW)] == [False, True]
    assert told(mailoutbox) == [
        (NEW, "Confirm your new address for Readiness"),
        (old, "A new address was asked for your Readiness account"),
        (old, "The address of your Readiness account was changed"),
    ]
    assert history() == [
        "Ann Ash asked for another mail address",
        "Ann Ash changed their mail address",
    ]
    assert not Event.objects.filter(payload__icontains="@example.test").exists()


def test_the_link_may_be_used_where_nobody_or_somebody_else_is_signed_in(ann, mailoutbox):
    here, eve = signed_in(ann.email), Client()
    eve.force_login(make.user("Eve"))
    ask(here)

    done = eve.post(links(mailoutbox)[0])

    assert done["Location"] == "/sign-in/"
    assert User.objects.get(pk=ann.pk).email == NEW
    assert [is_in(here), is_in(eve)] == [False, True]


@pytest.mark.parametrize("how", ["late", "newer", "password", "let go", "changed"])
def test_a_link_ends(ann, mailoutbox, how, time_machine):
    here = signed_in(ann.email)
    ask(here)
    [link] = links(mailoutbox)
    if how == "late":
        time_machine.move_to(clock.now() + timedelta(days=1))
    elif how == "newer":
        ask(here, "newer@example.test")
    elif how == "password":
        new = "another password of hers"
        said = {"oldpassword": PASSWORD, "password1": new, "password2": new}
        assert here.post("/password/", said).status_code == 302
    elif how == "let go":
        User.objects.filter(pk=ann.pk).update(is_active=False)
    else:
        admin = with_password(make.user("Ada", is_site_admin=True))
        said = {"email": "given@example.test", "password": PASSWORD}
        signed_in(admin.email).post(f"/people/{ann.pk}/address/", said)

    answer = Client().post(link)

    assert answer.status_code == 404
    assert User.objects.get(pk=ann.pk).email != NEW


def test_an_address_that_somebody_has_is_answered_as_any_and_only_they_are_told(ann, mailoutbox):
    bob = make.user("Bob")
    here = signed_in(ann.email)

    answers = [ask(here, one) for one in (bob.email.upper(), NEW)]
    pages = [here.get(one["Location"]).content.decode() for one in answers]

    assert [one.status_code for one in answers] == [302, 302]
    assert "Bob" not in pages[0]
    assert told(mailoutbox) == [
        (bob.email, "This address is yours at Readiness already"),
        (ann.email, "A new address was asked for your Readiness account"),
        (NEW, "Confirm your new address for Readiness"),
        (ann.email, "A new address was asked for your Readiness account"),
    ]
    assert ann.name not in mailoutbox[0].body
    assert len(links(mailoutbox)) == 1


def test_of_two_who_confirm_one_address_at_once_one_gets_it(mailoutbox):
    people = [with_password(make.user(name)) for name in ("Ann", "Bob")]
    for person in people:
        ask(signed_in(person.email))
    tokens = [link.split("/")[3] for link in links(mailoutbox)]

    said = {"by": None, "current": None, "now": clock.now()}

    done = at_once(*[partial(confirm_address, token, **said) for token in tokens])

    refused = [str(one) for one in done if isinstance(one, Refused)]
    assert refused == [TAKEN]
    assert User.objects.filter(email=NEW).count() == 1


def test_whose_address_was_taken_meanwhile_is_told_so_and_keeps_theirs(ann, mailoutbox):
    old = ann.email
    ask(signed_in(old))
    User.objects.filter(pk=make.user("Bob Oz").pk).update(email=NEW)

    answer = Client().post(links(mailoutbox)[0])

    assert (answer.status_code, TAKEN in answer.content.decode()) == (409, True)
    assert User.objects.get(pk=ann.pk).email == old


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "Give the new mail address."),
        ("ann", "This is no mail address."),
        ("ann@example.test\r\nBcc: all@example.test", "This is no mail address."),
        ("ann@exa\u202emple.test", "This is no mail address."),
        ("ann@exam\u200bple.test", "This is no mail address."),
        ("ann@" + "é" * 60 + ".test", "This is no mail address."),
        (f"{'a' * 250}@example.test", "at most 254 characters"),
    ],
)
def test_an_address_that_cannot_be_is_said_where_it_was_typed(ann, mailoutbox, address, words):
    answer = ask(signed_in(ann.email), address)

    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert (mailoutbox, AddressChange.objects.count()) == ([], 0)


def test_an_address_that_reads_from_right_to_left_may_be_asked_for(ann, mailoutbox):
    here = signed_in(ann.email)

    page = here.get(ask(here, "ann@דוגמה.test")["Location"]).content.decode()

    assert "<bdi>ann@דוגמה.test</bdi>" in page
    assert mailoutbox[0].to == ["ann@דוגמה.test"]


def test_without_the_password_nothing_is_sent_and_it_is_not_guessed_at(ann, mailoutbox):
    here = signed_in(ann.email)

    answers = [ask(here, password="something else").content.decode() for _ in range(6)]

    assert "This is not your password." in answers[0]
    assert "Too many tries." in answers[5]
    assert "Too many tries." in ask(here).content.decode()
    assert mailoutbox == []


def test_nobody_is_sent_link_after_link(ann, mailoutbox):
    here = signed_in(ann.email)

    answers = [ask(here, f"ann-{number}@example.test") for number in range(6)]

    assert [one.status_code for one in answers] == [302] * 5 + [422]
    assert "Go on in an hour." in answers[5].content.decode()
    assert len(links(mailoutbox)) == 5


def test_without_a_mail_server_the_page_says_who_can_do_it(ann, mailoutbox, settings):
    settings.EMAIL_HOST = ""
    here = signed_in(ann.email)

    page, sent = here.get("/me/address/").content.decode(), ask(here)

    assert "Ask a site admin to change it." in page
    assert (sent.status_code, AddressChange.objects.count()) == (409, 0)


def test_a_site_admin_is_told_whether_mails_will_say_it(ann, settings):
    make.user("Ada Lin", is_site_admin=True)
    admin = Client()
    admin.force_login(User.objects.get(name="Ada Lin"))

    pages = []
    for settings.EMAIL_HOST in ("mail.example.test", ""):
        pages.append(admin.get(f"/people/{ann.pk}/address/").content.decode())

    both, alone = "Both addresses get a mail that says so.", "tell them yourself."
    assert [(both in page, alone in page) for page in pages] == [(True, False), (False, True)]


def test_a_site_admin_gives_somebody_another_address_with_their_own_password(ann, mailoutbox):
    ada = with_password(make.user("Ada Lin", is_site_admin=True))
    bob, here, old = make.user("Bob Oz"), signed_in(ann.email), ann.email
    admin, path = signed_in(ada.email), f"/people/{ann.pk}/address/"

    taken = admin.post(path, {"email": bob.email, "password": PASSWORD})
    wrong = admin.post(path, {"email": NEW, "password": "something else"})
    given = admin.post(path, {"email": NEW, "password": PASSWORD})

    assert [one.status_code for one in (taken, wrong, given)] == [422, 422, 302]
    assert TAKEN in taken.content.decode()
    assert User.objects.get(pk=ann.pk).email == NEW
    assert [is_in(here), is_in(admin)] == [False, True]
    assert told(mailoutbox) == [
        (old, "The address of your Readiness account was changed"),
        (NEW, "This is the address of your Readiness account now"),
    ]
    assert history() == ["Ada Lin changed the mail address of Ann Ash"]


def test_mails_that_came_back_mean_nothing_for_another_address(ann, mailoutbox):
    User.objects.filter(pk=ann.pk).update(returned_address=ann.email)
    ask(signed_in(ann.email))

    Client().post(links(mailoutbox)[0])

    assert not User.objects.get(pk=ann.pk).mails_come_back
