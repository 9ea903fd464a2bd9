"""What a reminder says."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from readiness import clock
from readiness.accounts.models import User
from readiness.launches.models import Launch, LaunchItem
from readiness.notifications.models import Delivery
from readiness.notifications.queries.digest import digest_of
from readiness.notifications.queries.owned import open_items_of
from readiness.notifications.queries.passes import without_passes
from tests import make
from tests.launches.intakes import edited
from tests.notifications.given import (
    BEFORE,
    MONDAY,
    Inbox,
    ended,
    mail_server,
    owner,
    owns,
    remind,
)

pytestmark = pytest.mark.django_db(transaction=True)
LAUNCH_AT = datetime(2026, 12, 3, 12, tzinfo=UTC)


def sent() -> Delivery:
    return Delivery.objects.get()


def test_a_mail_is_received_in_text_and_html_with_the_links_that_let_people_out(settings):
    launch = make.launch(name="Support Copilot 2.0", launch_at=LAUNCH_AT)
    priya = owner(launch)
    late, *_ = owns(priya, launch, -4, 2)
    inbox = Inbox()

    with mail_server(settings, inbox):
        remind()

    assert inbox.to == [priya.email]
    mail = inbox.mails[0]
    assert mail["Subject"] == "1 late, 1 due this week: Support Copilot 2.0"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].startswith(f"<{settings.BASE_URL}/unsubscribe/")
    assert mail["Message-ID"] == sent().message_id
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    title = launch.items.first().item.title
    for part in mail.iter_parts():
        said = part.get_content()
        for words in ("Good morning, Priya.", title, "4 days late", f"/items/{late}/"):
            assert words in said


def test_the_text_part_says_the_same_in_plain_lines(settings):
    launch = make.launch(items=4, signed_off=3, name="Ads ranking v14", launch_at=LAUNCH_AT)
    priya = owner(launch)
    last = make.item(launch, 4)
    LaunchItem.objects.filter(pk=last.pk).update(owner=priya, due_on=MONDAY.date())

    remind()

    head, foot = without_passes(sent().text).split("-- \n")
    assert head == (
        "Good morning, Priya. 1 due this week.\n"
        "\n"
        "It is enough to move Ads ranking v14\n"
        "from Delay to Ready.\n"
        "\n"
        "\n"
        "ADS RANKING V14\n"
        "Delay, 75%. Launches Thu 3 Dec, in 10 days.\n"
        "\n"
        f"  [ ] {last.item.title}\n"
        "      Due today\n"
        f"      {settings.BASE_URL}/items/{last.pk}/\n"
        f"      Done, later or not mine: {settings.BASE_URL}/a/…/\n"
        "\n"
        f"Your items: {settings.BASE_URL}/mine/\n"
        "\n"
    )
    assert foot.startswith("You get this on workdays at 09:00 when something of yours is due.\n")


def test_the_most_urgent_launch_comes_first_and_its_first_items_are_the_lever():
    team = make.team()
    copilot = make.launch(team=team, signed_off=30, name="Support Copilot 2.0")
    ads = make.launch(team=team, signed_off=35, name="Ads ranking v14")
    priya = owner(copilot)
    for launch, dues in ((ads, (2, 3)), (copilot, (-4, 1, 3))):
        undone = list(launch.items.all()[36 : 36 + len(dues)])
        for item, days in zip(undone, dues, strict=True):
            LaunchItem.objects.filter(pk=item.pk).update(
                owner=priya, due_on=(MONDAY + timedelta(days=days)).date()
            )

    remind()

    digest = digest_of(sent(), MONDAY)
    assert sent().subject == "1 late, 4 due this week: Support Copilot 2.0, Ads ranking v14"
    assert [group.head.name for group in digest.groups] == [
        "Support Copilot 2.0",
        "Ads ranking v14",
    ]
    assert [(group.head.shape, group.head.score) for group in digest.groups] == [
        ("■", "75%"),
        ("◆", "87.5%"),
    ]
    assert "The first two are enough to move <b" in sent().html
    assert (digest.lever.launch, digest.lever.was, digest.lever.becomes) == (
        "Support Copilot 2.0",
        "Delay",
        "Extra monitoring",
    )


def test_a_launch_that_moved_since_the_digest_before_says_from_when_to_when_and_why():
    launch = make.launch(launch_at=LAUNCH_AT)
    owns(owner(launch), launch, -1)
    for hours, days, why in ((200, 1, "Long ago."), (9, 2, "Late data."), (8, 7, "Legal.")):
        at = MONDAY - timedelta(hours=hours)
        edited(launch, why, at=at, launch_at=LAUNCH_AT + timedelta(days=days))

    remind()

    said = "Moved from Fri 4 Dec to Thu 10 Dec: Legal."
    assert said in sent().text
    assert said in sent().html
    assert "Late data." not in sent().text


def test_a_digest_of_many_items_is_cut():
    launch = make.launch(items=40)
    priya = owner(launch)
    owns(priya, launch, *[-1] * 40)

    remind()

    assert sent().html.count(">Mark done<") == 20
    assert "And 20 more." in sent().text
    assert "All 40 of your items: " in sent().text


def test_times_are_the_recipients_and_the_launch_date_is_the_launchs():
    launch = make.launch(zone="Asia/Tokyo", launch_at=datetime(2026, 12, 3, 20, tzinfo=UTC))
    kim = owner(launch, "Kim", zone="America/Los_Angeles")
    owns(kim, launch, -1)
    at_nine_there = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)

    remind(at_nine_there)

    assert "Good morning, Kim." in sent().text
    assert "Launches Fri 4 Dec, in 10 days" in sent().text


@pytest.mark.parametrize("name", ["نور الهدى", "🦊 Fox", 'O\'Brien, "Bo" <x@y>', "Zoë " * 5])
def test_names_of_every_kind_arrive_whole(settings, name):
    launch = make.launch(items=3, name=f"Ranker {name}"[:120])
    person = make.user("plain", team=launch.team)
    person.name = name
    person.save()
    owns(person, launch, -1)
    inbox = Inbox()

    with mail_server(settings, inbox):
        remind()

    assert inbox.mails[0]["To"].addresses[0].display_name.split() == name.split()
    assert inbox.mails[0]["Subject"].startswith("1 late: Ranker")


def test_a_line_break_in_a_launch_name_adds_no_header(settings):
    launch = make.launch(items=3)
    Launch.objects.update(name="Ranker\r\nBcc: everyone@example.test")
    owns(owner(launch), launch, -1)
    inbox = Inbox()

    with mail_server(settings, inbox):
        remind()

    assert len(inbox.to) == 1
    assert inbox.mails[0]["Bcc"] is None
    assert inbox.mails[0]["Subject"] == "1 late: Ranker Bcc: everyone@example.test"


def test_a_line_break_in_a_persons_name_is_refused(settings):
    launch = make.launch(items=3)
    person = owner(launch)
    person.name = "Priya\nBcc: everyone@example.test"
    person.save()
    owns(person, launch, -1)
    inbox = Inbox()

    with mail_server(settings, inbox):
        remind()

    assert (inbox.mails, ended()) == ([], [("2026-11-23", "failed")])


def test_what_people_typed_is_shown_and_never_run():
    launch = make.launch(items=3, name="<script>alert(1)</script>")
    owns(owner(launch), launch, -1)

    remind()

    assert "<script>" not in sent().html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in sent().html


def test_a_digest_names_what_its_reader_may_see_whoever_they_are_now():
    launch, tomorrow = make.launch(items=5), clock.now() + timedelta(days=1)
    readers = {
        "member": owner(launch),
        "guest": make.let_in(launch, make.user(), until=tomorrow),
        "site admin": make.user(is_site_admin=True),
        "stranger": make.user(),
    }
    for item, person in zip(launch.items.all(), readers.values(), strict=False):
        LaunchItem.objects.filter(pk=item.pk).update(owner=person, due_on=MONDAY.date())

    def named() -> list[str]:
        items = {
            name: open_items_of(User.objects.get(pk=one.pk), MONDAY.date(), BEFORE, MONDAY, MONDAY)
            for name, one in readers.items()
        }
        return [name for name, owned in items.items() if owned]

    today = named()
    with time_machine.travel(tomorrow + timedelta(seconds=1)):
        later = named()

    assert today == ["member", "guest", "site admin"]
    assert later == ["member", "site admin"]


def test_a_digest_costs_the_same_statements_for_one_item_and_for_forty(django_assert_num_queries):
    launch = make.launch(items=40)
    one, many = owner(launch, "One"), owner(launch, "Many")
    owns(many, launch, *[-1] * 40)
    owns(one, launch, -1)
    remind()

    for person in (one, many):
        delivery = Delivery.objects.select_related("recipient").get(recipient=person)
        with django_assert_num_queries(5):
            digest_of(delivery, MONDAY)
