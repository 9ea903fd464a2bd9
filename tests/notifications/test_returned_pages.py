"""Where an admin marks that a mail came back, and where its person reads it and ends it."""

import pytest
from django.test import Client

from readiness.accounts.models import User
from readiness.notifications.models import Delivery, ReturnedMail
from tests import make
from tests.notifications.given import MONDAY, owner, owns, remind

pytestmark = pytest.mark.django_db(transaction=True)
HEARD, MINE = "/me/messages/", "/mine/"
SENT = {"said": "550 5.1.1 <b>no such user</b>", "key": "a-key"}
SHOWN = "550 5.1.1 &lt;b&gt;no such user&lt;/b&gt;"


@pytest.fixture
def priya(time_machine) -> User:
    """A person who was reminded."""
    time_machine.move_to(MONDAY, tick=False)
    launch = make.launch(items=5)
    person = owner(launch)
    owns(person, launch, -1)
    remind()
    return person


@pytest.fixture
def admin() -> Client:
    return browser_of(make.user("Olu Ade", is_site_admin=True))


@pytest.fixture
def mail(priya) -> str:
    return Delivery.objects.get().get_absolute_url()


def browser_of(person: User) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def test_an_admin_marks_a_mail_once_and_the_outbox_says_that_it_came_back(admin, mail, priya):
    before = admin.get(mail).text

    answers = [admin.post(f"{mail}came-back/", SENT) for _ in range(2)]

    pages = [admin.get(path).text for path in (mail, "/outbox/")]
    assert [(one.status_code, one.headers["Location"]) for one in answers] == [(302, mail)] * 2
    assert ("This mail came back" in before, "This mail came back" in pages[0]) == (True, False)
    assert [("Came back" in page, SHOWN in page) for page in pages] == [(True, True)] * 2
    assert f"No mails go to <bdi>{priya.email}</bdi>" in pages[0]
    assert ReturnedMail.objects.get().said == SENT["said"]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("", "Copy what the mail that came back says"),
        ("  ", "Copy what the mail that came back says"),
        ("x" * 201, "at most 200"),
    ],
)
def test_what_is_wrong_is_said_on_the_page_of_the_mail(admin, mail, said, reason):
    answer = admin.post(f"{mail}came-back/", SENT | {"said": said})

    assert (answer.status_code, reason in answer.text, " open>" in answer.text) == (422, True, True)
    assert "frame-src 'self'" in answer["Content-Security-Policy"]
    assert ReturnedMail.objects.count() == 0


def test_a_second_mark_is_refused_in_words(admin, mail):
    admin.post(f"{mail}came-back/", SENT)

    answer = admin.post(f"{mail}came-back/", SENT | {"key": "another"}, follow=True)

    assert "This mail is marked already." in answer.text


def test_an_admin_ends_it_from_the_mail_and_the_page_says_who_did(admin, mail, priya):
    admin.post(f"{mail}came-back/", SENT)

    answers = [admin.post(f"{mail}works-again/", {"key": "b"}, follow=True) for _ in range(2)]

    assert [f"Mails go to {priya.email} again." in one.text for one in answers] == [True, True]
    assert "Olu Ade ended that on Mon 23 Nov" in answers[1].text
    assert "It works again" not in answers[1].text


def test_its_person_reads_what_was_said_and_ends_it_where_they_choose_what_they_hear(
    admin, mail, priya
):
    hers = browser_of(priya)
    before = [hers.get(path).text for path in (HEARD, MINE)]
    admin.post(f"{mail}came-back/", SENT)

    during = [hers.get(path).text for path in (HEARD, MINE)]
    answer = hers.post(f"{HEARD}works-again/", {"key": "a"})
    after = [hers.get(path).text for path in (HEARD, MINE)]

    assert (SHOWN in during[0], "You get no mails" in during[0]) == (True, True)
    assert (priya.email in during[1], "came back" in during[1]) == (True, True)
    assert (answer.status_code, answer.headers["Location"]) == (302, HEARD)
    assert [("came back" in page) for page in (*before, *after)] == [False] * 4


def test_of_an_address_that_is_another_one_nothing_is_said(admin, mail, priya):
    admin.post(f"{mail}came-back/", SENT)
    User.objects.filter(pk=priya.pk).update(email="priya@elsewhere.example")

    pages = [browser_of(priya).get(path).text for path in (HEARD, MINE)]

    assert ["came back" in page for page in pages] == [False, False]
    assert "It works again" not in admin.get(mail).text


def test_nobody_ends_what_is_over_and_is_told_so(priya):
    answer = browser_of(priya).post(f"{HEARD}works-again/", {"key": "a"}, follow=True)

    assert "Mails go to this address again already." in answer.text


def test_who_has_no_mail_address_reads_that_they_get_no_mails(priya):
    User.objects.filter(pk=priya.pk).update(email="")

    assert "You have no mail address, so you get no mails." in browser_of(priya).get(HEARD).text


@pytest.mark.parametrize("act", ["came-back", "works-again"])
def test_marking_is_for_admins_alone(mail, priya, act):
    answer = browser_of(priya).post(f"{mail}{act}/", SENT)

    assert (answer.status_code, ReturnedMail.objects.count()) == (403, 0)


@pytest.mark.parametrize("act", ["came-back", "works-again"])
def test_a_mail_that_is_not_there_is_404(admin, act):
    assert admin.post(f"/outbox/9/{act}/", SENT).status_code == 404
