"""A mail's link opens one item for one person, changes nothing by itself, and works once."""

import re
from datetime import date, timedelta

import pytest

from readiness.accounts.models import User
from readiness.launches.models import EvidenceLink, LaunchItem, SignOff
from readiness.launches.services import items
from readiness.notifications.models import Delivery, Snooze
from readiness.notifications.queries.passes import url_for
from readiness.notifications.services.delivering import deliver_due
from readiness.notifications.services.queueing import queue_digests
from readiness.notifications.services.snoozing import snooze_all, snooze_item, soonest
from readiness.web.refusal import Refused
from tests import make
from tests.notifications.given import MONDAY, Inbox, ended, mail_server, owner, owns, remind

pytestmark = pytest.mark.django_db
THURSDAY = date(2026, 11, 26)


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(MONDAY, tick=False)


@pytest.fixture
def launch():
    return make.launch(name="Support Copilot 2.0", items=4)


@pytest.fixture
def priya(launch) -> User:
    person = owner(launch)
    owns(person, launch, -1)
    return person


@pytest.fixture
def item(launch, priya) -> LaunchItem:
    return LaunchItem.objects.get(owner=priya)


@pytest.fixture
def path(item) -> str:
    return "/" + url_for(item, MONDAY).split("/", 3)[3]


def sent(item: LaunchItem, act: str, **more: object) -> dict:
    return {"act": act, "v": LaunchItem.objects.get(pk=item.pk).version, **more}


def heading(answer) -> str:
    return re.sub("<.*?>", "", re.search("<h1.*?</h1>", answer.text)[0])


def test_opening_it_changes_nothing_however_often_programs_do(client, item, path):
    answers = [client.get(path + more) for more in ("", "?do=later", "?do=not-mine") * 3]

    assert {answer.status_code for answer in answers} == {200}
    assert (SignOff.objects.count(), Snooze.objects.count()) == (0, 0)
    assert LaunchItem.objects.get(pk=item.pk).version == item.version


@pytest.mark.parametrize(
    ("do", "button"), [("", "done"), ("?do=later", "later"), ("?do=not-mine", "not-mine")]
)
def test_the_act_that_was_clicked_in_the_mail_has_the_focus(client, path, do, button):
    page = client.get(path + do).text

    assert re.findall(r'value="([\w-]+)" autofocus', page) == [button]


def test_done_is_one_click_and_says_by_which_door_it_came(client, item, path, priya):
    answer = client.post(path, sent(item, "done"))

    word = SignOff.objects.get()
    assert (heading(answer), word.by, word.via, word.printed_name) == (
        "It is done", priya, "mail", "Priya Raman",
    )  # fmt: skip


def test_a_link_goes_with_it_as_evidence(client, item, path):
    client.post(path, sent(item, "done", url="https://runs.example/7"))

    assert EvidenceLink.objects.get().item == item
    assert SignOff.objects.get().evidence != []


def test_a_bad_link_is_said_and_nothing_typed_is_lost(client, item, path):
    answer = client.post(path, sent(item, "done", url="nowhere at all"))

    assert (answer.status_code, SignOff.objects.count()) == (422, 0)
    assert "Give a web address that starts with https://." in answer.text
    assert 'value="nowhere at all"' in answer.text


def test_it_works_once(client, item, path):
    client.post(path, sent(item, "done"))

    again = client.post(path, sent(item, "done"))

    assert (again.status_code, heading(again)) == (404, "This link is over")
    assert SignOff.objects.count() == 1


def test_it_ends_after_seven_days(client, path, time_machine):
    time_machine.move_to(MONDAY + timedelta(days=7), tick=False)

    assert client.get(path).status_code == 404


def test_it_ends_when_the_item_goes_to_somebody_else_and_does_not_come_back_with_it(
    client, item, path, priya, launch, time_machine
):
    said = {"by": priya, "key": make.key(), "now": MONDAY}
    items.assign(item, to=launch.lead, version=item.version, **said)
    gone = client.get(path).status_code
    time_machine.move_to(MONDAY + timedelta(hours=1), tick=False)
    said = {"by": launch.lead, "key": make.key(), "now": MONDAY + timedelta(hours=1)}
    items.assign(item, to=priya, version=item.version + 1, **said)

    assert (gone, client.get(path).status_code) == (404, 404)


def test_it_ends_when_the_person_leaves(client, path, priya):
    User.objects.filter(pk=priya.pk).update(is_active=False)

    assert client.get(path).status_code == 404


def test_a_made_up_or_altered_token_opens_nothing(client, path):
    token = path.split("/")[2]

    for wrong in ("nothing", token[:-1], token[:5] + "x" + token[6:], token + ":x"):
        assert client.get(f"/a/{wrong}/").status_code == 404


def test_who_may_not_sign_any_more_is_told_so(client, item, path, priya):
    priya.memberships.update(role="viewer")

    answer = client.post(path, sent(item, "done"))

    assert (answer.status_code, SignOff.objects.count()) == (403, 0)
    assert "You no longer have the right to do this in this team." in answer.text


def test_it_opens_one_item_and_not_the_others(client, path, launch):
    other = make.item(launch, 3)
    client.get(path)

    assert client.get(f"/items/{other.pk}/").status_code == 302


def test_a_stale_page_is_told_what_changed_meanwhile(client, item, path, priya):
    old = sent(item, "done")
    said = {"by": priya, "key": make.key(), "now": MONDAY}
    items.set_due(item, on=None, version=item.version, **said)

    answer = client.post(path, old)

    assert (answer.status_code, SignOff.objects.count()) == (409, 0)
    assert 'role="alert"' in answer.text


def test_not_mine_goes_to_the_lead_and_to_nobody_less(client, item, path, launch):
    answer = client.post(path, sent(item, "not-mine"))

    assert heading(answer) == f"It went to {launch.lead.name}"
    assert LaunchItem.objects.get(pk=item.pk).owner == launch.lead


def test_the_lead_has_nobody_to_leave_it_to(client, item, launch):
    said = {"by": launch.lead, "key": make.key(), "now": MONDAY}
    mine = items.assign(item, to=launch.lead, version=item.version, **said)
    path = "/" + url_for(mine, MONDAY).split("/", 3)[3]

    answer = client.post(path, sent(item, "not-mine"))

    assert (answer.status_code, "It is yours as its lead" in answer.text) == (409, True)


def test_later_is_the_day_after_the_next_workday(client, item, path, priya):
    priya.workdays = [1, 2, 5]
    priya.save()

    client.post(path, sent(item, "later"))

    assert Snooze.objects.get().until == soonest(priya, MONDAY) == date(2026, 11, 27)


def test_what_is_snoozed_is_in_no_digest_until_its_day(item, priya):
    snooze_item(item, until=THURSDAY, by=priya, key=make.key(), now=MONDAY)

    for days in range(4):
        remind(MONDAY + timedelta(days=days))

    assert ended() == [("2026-11-26", "sent")]


def test_what_is_snoozed_after_the_digest_was_queued_is_not_in_it(item, priya):
    queue_digests(now=MONDAY)
    snooze_item(item, until=THURSDAY, by=priya, key=make.key(), now=MONDAY)

    deliver_due(now=MONDAY)

    assert ended() == [("2026-11-23", "skipped")]


def test_of_several_items_the_others_are_still_named(launch, priya):
    owns(priya, launch, -1, -2)
    first, second = LaunchItem.objects.filter(owner=priya)
    snooze_item(first, until=THURSDAY, by=priya, key=make.key(), now=MONDAY)

    remind()

    text = Delivery.objects.get().text
    titles = [one.item.title for one in (first, second)]
    assert [title in text for title in titles] == [False, True]


def test_all_can_be_snoozed_at_once(launch, priya):
    owns(priya, launch, -1, -2)
    snooze_all(until=THURSDAY, by=priya, key=make.key(), now=MONDAY)

    remind()
    remind(MONDAY + timedelta(days=3))

    assert ended() == [("2026-11-26", "sent")]


@pytest.mark.parametrize("days", [-1, 0, 31])
def test_a_day_that_is_over_or_far_away_is_refused(item, priya, days):
    until = MONDAY.date() + timedelta(days=days)

    with pytest.raises(Refused, match="after today, and within the next 30 days"):
        snooze_item(item, until=until, by=priya, key=make.key(), now=MONDAY)


def test_only_the_owner_snoozes(item, launch):
    with pytest.raises(Refused, match="who owns an item"):
        snooze_item(item, until=THURSDAY, by=launch.lead, key=make.key(), now=MONDAY)


@pytest.mark.django_db(transaction=True)
def test_the_links_are_in_both_parts_of_the_mail_and_not_in_the_outbox(client, priya, settings):
    inbox = Inbox()
    with mail_server(settings, inbox):
        remind()

    links = [
        {*re.findall(r'http://localhost:\d+(/a/[^/\s"]+/)', part.get_content())}
        for part in inbox.mails[0].iter_parts()
    ]
    kept = Delivery.objects.get()
    assert (links[0], len(links[0])) == (links[1], 1)
    assert client.get(links[0].pop()).status_code == 200
    assert [re.findall("/a/.*?/", part)[:1] for part in (kept.text, kept.html)] == [["/a/…/"]] * 2


def test_the_owner_puts_an_item_off_on_its_page_and_takes_it_back(client, item, priya):
    client.force_login(priya)
    page = client.get(f"/items/{item.pk}/").text
    client.post(f"/items/{item.pk}/snooze/", {"until": "2026-11-26", "key": "one"})
    listed = client.get("/me/snooze/").text

    client.post("/me/snooze/wake/", {"snooze": Snooze.objects.get().pk, "key": "two"})

    assert (f"/items/{item.pk}/snooze/" in page, "Support Copilot 2.0" in listed) == (True, True)
    assert Snooze.objects.count() == 0


def test_it_is_put_off_again_for_longer_wherever_that_is_offered(client, item, priya):
    client.force_login(priya)
    pages = ["/mine/", f"/items/{item.pk}/", f"/items/{item.pk}/"]
    offered = rf'action="/items/{item.pk}/snooze/".*?name="key" value="(.*?)"'

    for page, until in zip(pages, ["2026-11-25", "2026-11-27", "2026-11-30"], strict=True):
        [key] = re.findall(offered, client.get(page).text, re.DOTALL)
        sent = {"until": until, "key": key, "next": page}
        assert client.post(f"/items/{item.pk}/snooze/", sent).url == page

    assert Snooze.objects.get().until.isoformat() == "2026-11-30"


def test_nobody_else_is_offered_to_put_it_off(client, item, launch):
    client.force_login(launch.lead)

    page = client.get(f"/items/{item.pk}/").text
    client.post(f"/items/{item.pk}/snooze/", {"until": "2026-11-26", "key": "one"})

    assert (f"/items/{item.pk}/snooze/" in page, Snooze.objects.count()) == (False, 0)


@pytest.mark.parametrize("until", ["", "soon", "2026-11-23", "2027-11-23"])
def test_a_day_that_makes_no_sense_is_said_on_the_page(client, priya, until):
    client.force_login(priya)

    answer = client.post("/me/snooze/", {"until": until, "key": "one"}, follow=True)

    assert "Choose a day after today, and within the next 30 days." in answer.text


def test_somebody_elses_snooze_is_not_there(client, item, priya, launch):
    snooze = snooze_item(item, until=THURSDAY, by=priya, key=make.key(), now=MONDAY)
    client.force_login(launch.lead)

    said = {"snooze": snooze.pk, "key": "one"}
    answer = client.post("/me/snooze/wake/", said, follow=True)

    assert "You hear of it again already." in answer.text
    assert Snooze.objects.count() == 1
