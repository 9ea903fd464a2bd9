"""Mails whose words are hard: line breaks in names, other scripts, and far too much of all."""

import re
from email.message import EmailMessage

import pytest

from readiness.accounts.models import User
from readiness.launches.models import Launch, LaunchItem
from readiness.notifications.models import Delivery
from readiness.notifications.services.delivering import deliver_due
from readiness.notifications.services.letters import Letter, letter_of, mime_of
from readiness.notifications.services.queueing import queue_digests
from tests import make
from tests.notifications.given import BEFORE, MONDAY, Inbox, mail_server, owner, owns, remind

pytestmark = pytest.mark.django_db(transaction=True)
BREAK = "Priya\r\nBcc: everybody@example.test\r\n\r\nHello"
RIGHT_TO_LEFT = "פריה رامان"
NAMES = [
    "Ranker\r\nBcc: everybody@example.test",
    "Ranker\nX-Evil: 1\n\nbody",
    "Ranker\x0b\x0c\x1c\x85\u2028Bcc: everybody@example.test",
    "נורה النموذج \u202egnp.exe",
    "𝔵" * 120,
    '<b>Ranker</b> & "Co", <everybody@example.test>',
]


@pytest.fixture
def launch() -> Launch:
    return make.launch(items=5)


@pytest.fixture
def priya(launch) -> User:
    person = owner(launch)
    owns(person, launch, -1, -2)
    return person


def mail_of(settings) -> EmailMessage:
    """What a real mail server got, once it was read again."""
    inbox = Inbox()
    with mail_server(settings, inbox):
        remind()
    [mail] = inbox.mails
    return mail


@pytest.mark.parametrize("name", NAMES)
def test_no_name_of_a_launch_makes_a_header_of_its_own(launch, priya, settings, name):
    Launch.objects.filter(pk=launch.pk).update(name=name)

    mail = mail_of(settings)

    assert sorted(mail.keys()) == sorted(
        ["Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe",
         "List-Unsubscribe-Post", "MIME-Version", "Content-Type"]
    )  # fmt: skip
    assert mail["Subject"] == f"2 late: {' '.join(name.split())}"[:160] or "…" in mail["Subject"]
    assert "<b>Ranker" not in mail.get_body(["html"]).get_content()


def test_a_line_break_in_a_persons_name_sends_nothing_and_says_why(priya, settings):
    User.objects.filter(pk=priya.pk).update(name=BREAK)
    inbox = Inbox()

    with mail_server(settings, inbox):
        remind()

    mail = Delivery.objects.get()
    assert (inbox.mails, mail.state) == ([], "failed")
    assert mail.because.startswith("ValueError: ")


@pytest.mark.parametrize("breaking", ["a\r\nBcc: b@example.test", "a\nb", "a\rb"])
def test_a_line_break_in_a_subject_is_no_mail(priya, breaking):
    queue_digests(now=MONDAY)
    letter = Letter(subject=breaking, text="", html="")

    with pytest.raises(ValueError, match="linefeed"):
        mime_of(Delivery.objects.get(), letter, MONDAY)


def test_names_in_other_scripts_arrive_as_they_are_written(launch, priya, settings):
    User.objects.filter(pk=priya.pk).update(name=RIGHT_TO_LEFT)
    Launch.objects.filter(pk=launch.pk).update(name="מודל الدردشة")

    mail = mail_of(settings)

    assert mail["To"].addresses[0].display_name == RIGHT_TO_LEFT
    assert mail["Subject"] == "2 late: מודל الدردشة"
    html = mail.get_body(["html"]).get_content()
    assert re.search(r'<[^>]*dir="auto"[^>]*>מודל الدردشة<', html)
    assert re.search(r'<h1[^>]*dir="auto"[^>]*>[^<]*פריה', html)


def test_a_very_long_name_is_folded_and_read_as_one(priya, settings):
    User.objects.filter(pk=priya.pk).update(name="Wolfeschlegelsteinhausen " * 4)

    mail = mail_of(settings)

    raw = mail.as_bytes()
    assert max(len(line) for line in raw.split(b"\n\n", 1)[0].splitlines()) < 998
    assert mail["To"].addresses[0].addr_spec == priya.email


def test_a_digest_of_500_items_lists_the_first_and_counts_the_rest(priya):
    for _ in range(13):
        launch = make.launch(team=priya.memberships.get().team, items=40)
        LaunchItem.objects.filter(launch=launch).update(
            owner=priya, owned_since=BEFORE, due_on=BEFORE.date()
        )
    late = LaunchItem.objects.filter(owner=priya).exclude(applies="no").count()
    queue_digests(now=MONDAY)

    letter = letter_of(Delivery.objects.get(), MONDAY)

    assert isinstance(letter, Letter)
    assert late > 500
    assert letter.subject.startswith(f"{late} late: ")
    assert letter.html.count(">Mark done<") == 20
    assert f"{late - 20} more" in letter.html
    assert len(mime_of(Delivery.objects.get(), letter, MONDAY)) < 102_000  # mail programs cut there


def test_stripped_of_its_styles_a_mail_still_reads_from_top_to_bottom(launch, priya):
    queue_digests(now=MONDAY)
    deliver_due(now=MONDAY)

    html = Delivery.objects.get().html
    body = re.sub(r"(?s)<(style|head)\b.*?</\1>", "", html)
    words = " ".join(re.sub("<[^>]+>", " ", body).split())
    order = [launch.name, make.item(launch, 2).item.title.split("(")[0].strip(), "Mark done"]
    words = words[words.index("Good morning") :]
    places = [words.index(word) for word in order]
    assert places == sorted(places)
