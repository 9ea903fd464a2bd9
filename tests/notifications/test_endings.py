"""Owners hear of a waiver that ends: a week before, the day before, on the last day; once each."""

from datetime import date, datetime, timedelta
from html import escape

import pytest
from django.db import connection, transaction

from readiness.accounts.models import Role, User
from readiness.launches.models import Exemption, LaunchItem, Stage
from readiness.launches.services import exemptions
from readiness.notifications.models import Delivery
from readiness.notifications.queries.due import DUE, due_owners, parameters
from readiness.rules.truth import Truth
from tests import make
from tests.launches.exempting import agree, ask
from tests.launches.given import said
from tests.notifications.given import BEFORE, MONDAY, ended, remind

pytestmark = pytest.mark.django_db(transaction=True)
EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]
LAST: date = (MONDAY + timedelta(days=20)).date()


def waived(*, is_must_have: bool = False, until: date = LAST, **fields: object):
    """A waived item of Priya's, who gets mails every day, and who agreed to it."""
    launch = make.launch(items=5, name="Ads ranking v14", launch_at=MONDAY + timedelta(days=60))
    LaunchItem.objects.filter(launch=launch).update(blocker=Truth.NO.value, owner=None)
    priya = make.user("Priya Raman", team=launch.team, workdays=EVERY_DAY, **fields)
    amara = make.user("Amara Okafor", team=launch.team, role=Role.APPROVER)
    item = make.item(launch, 5)
    LaunchItem.objects.filter(pk=item.pk).update(
        owner=priya,
        owned_since=BEFORE,
        due_on=None,
        blocker=(Truth.YES if is_must_have else Truth.NO).value,
    )
    return agree(ask(item, by=priya, until=until), by=amara), priya, amara


def told(person: User, first: datetime, days: int) -> dict[str, str]:
    """What the digests of these days say of waivers, by the day."""
    found = {}
    for number in range(days):
        remind(first + timedelta(days=number))
    digests = Delivery.objects.filter(recipient=person, kind="digest", state="sent")
    for mail in digests.order_by("window"):
        found[mail.window] = next(line for line in mail.text.split("\n") if "waiver end" in line)
    return found


def test_the_owner_hears_a_week_before_the_day_before_and_on_the_last_day_and_never_again():
    _, priya, _ = waived()

    found = told(priya, MONDAY, 24)

    assert list(found) == ["2026-12-06", "2026-12-12", "2026-12-13"]
    assert set(found.values()) == {"Good morning, Priya. 1 waiver ends."}


def test_it_says_which_waiver_of_which_item_ends_and_what_happens_then():
    waiver, priya, _ = waived(is_must_have=True)

    remind(MONDAY + timedelta(days=13))

    mail = Delivery.objects.get(recipient=priya, kind="digest")
    title = make.item(waiver.item.launch, 5).item.title
    for words in (
        title,
        "Its waiver ends in 7 days, Sun 13 Dec.",
        "From then on the item is open and holds the launch again, unless it is done.",
        f"/items/{waiver.item_id}/",
    ):
        assert words in mail.text
        assert escape(words) in mail.html
    assert mail.subject == "1 waiver ends: Ads ranking v14"


def test_a_second_beat_and_a_second_digest_say_nothing_twice():
    _, priya, _ = waived()
    day = MONDAY + timedelta(days=13)

    remind(day)
    remind(day + timedelta(hours=1))
    remind(day + timedelta(days=1))

    assert ended(priya) == [("2026-12-06", "sent")]


def test_who_works_on_weekdays_hears_on_the_next_what_began_meanwhile():
    _, priya, _ = waived()
    priya.workdays = [1, 2, 3, 4, 5]
    priya.save()

    found = told(priya, MONDAY, 24)

    assert list(found) == ["2026-12-07", "2026-12-14"]
    assert "Its waiver ended yesterday, Sun 13 Dec." in Delivery.objects.latest("pk").text


def test_a_waiver_that_was_agreed_to_late_is_told_at_once():
    _, priya, _ = waived(until=(MONDAY + timedelta(days=4)).date())

    found = told(priya, MONDAY, 7)

    assert list(found) == ["2026-11-24", "2026-11-26", "2026-11-27"]


def test_without_an_owner_the_lead_of_the_launch_hears():
    waiver, priya, _ = waived()
    LaunchItem.objects.filter(pk=waiver.item_id).update(owner=None, owned_since=None)
    lead = waiver.item.launch.lead

    remind(MONDAY + timedelta(days=14))

    assert (ended(priya), ended(lead)) == ([], [("2026-12-07", "sent")])


def test_nobody_hears_of_a_waiver_that_was_closed_or_extended_or_of_a_launch_on_hold():
    taken_back, priya, _ = waived()
    exemptions.withdraw(taken_back, **said(taken_back.item, by=priya))
    extended, jonas, amara = waived()
    agree(ask(extended.item, by=jonas, until=LAST + timedelta(days=30)), by=amara)
    held, mei, _ = waived()
    held.item.launch.stage = Stage.ON_HOLD.value
    held.item.launch.save()

    found = due_owners(MONDAY + timedelta(days=13))

    assert [one for one in found if one.person in {priya.pk, jonas.pk, mei.pk}] == []


def test_the_mail_says_that_a_longer_one_waits():
    waiver, priya, _ = waived()
    ask(waiver.item, by=priya, until=LAST + timedelta(days=30))

    remind(MONDAY + timedelta(days=13))

    mail = Delivery.objects.get(recipient=priya, kind="digest")
    assert "A longer one waits for somebody to agree." in mail.text


def test_what_is_done_meanwhile_needs_no_waiver_and_no_mail():
    waiver, priya, _ = waived()
    make.sign(waiver.item, by=priya)

    remind(MONDAY + timedelta(days=13))

    assert Exemption.objects.get(pk=waiver.pk).closed_at is None
    assert ended(priya) == [("2026-12-06", "skipped")]


def test_items_are_looked_up_for_the_waivers_that_end_and_never_read_as_a_whole():
    waived()
    unasked = "SET LOCAL enable_nestloop = off; SET LOCAL enable_seqscan = off"

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(unasked)
        cursor.execute(f"EXPLAIN {DUE}", parameters(MONDAY))
        plan = "\n".join(row[0] for row in cursor.fetchall())

    ending = plan[plan.index("CTE ending") : plan.index("CTE seconds")]
    assert "Index Cond: (id = launches_exemption.item_id)" in ending
    assert ending.count(" on launches_launchitem ") == 1
