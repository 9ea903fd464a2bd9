"""A person hears on channels of their own what a mail would say, once, and nothing that acts."""

from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from readiness.accounts.models import Absence, Role, User
from readiness.audit.models import Event
from readiness.audit.services import AlreadyDone
from readiness.notifications.models import Channel, Delivery, Hours, Kind, OwnHook, Preference, Way
from readiness.notifications.queries.preferences import wants
from readiness.notifications.services import calling_people, own_hooks
from readiness.notifications.services.calling_people import call_people
from readiness.notifications.services.delivering import LEASE, deliver_due
from readiness.notifications.services.own_hooks import add_own, remove_own
from readiness.notifications.services.queueing import call_to_reviews
from readiness.notifications.services.reminding import remind
from readiness.notifications.services.subscribing import choose
from readiness.reviews.services.planning import Plan, plan
from readiness.web.refusal import Refused
from tests import make
from tests.notifications.channels import body, header
from tests.notifications.given import MONDAY, owner, owns, swept
from tests.receiving import OK, receiver

pytestmark = pytest.mark.django_db(transaction=True)
BUSY = b"HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy"
GONE = b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"
NOWHERE = "https://hooks.example/T0/secret"


@pytest.fixture(autouse=True)
def _loopback(time_machine, settings, monkeypatch):
    time_machine.move_to(MONDAY, tick=False)
    settings.HOOKS_MAY_REACH = [ip_network("127.0.0.0/8")]
    monkeypatch.setattr(calling_people, "CALL_SECONDS", 0.5)


@pytest.fixture
def launch():
    return make.launch(name="Ads ranking v14", items=4)


@pytest.fixture
def priya(launch) -> User:
    return owner(launch)


def has(person: User, way: Way, url: str = NOWHERE) -> OwnHook:
    return add_own(person, way=way, url=url, key=make.key(), now=MONDAY - timedelta(hours=1))


def mention(launch) -> None:
    make.say(launch, "@Priya can you *rehearse* this?", by=launch.lead, at=MONDAY)


def ends(person: User) -> list[tuple[str, str, str]]:
    """Every delivery: by which channel, how it ended and why."""
    rows = Delivery.objects.filter(recipient=person).order_by("channel", "pk")
    return list(rows.values_list("channel", "state", "because"))


def test_who_is_mentioned_hears_by_mail_and_on_their_channel_the_same(launch, priya):
    with receiver(OK) as there:
        has(priya, Way.SLACK, there.url)
        mention(launch)
        deliver_due(now=MONDAY)
        call_people(now=MONDAY)

    said = body(there)
    assert ends(priya) == [("mail", "sent", ""), ("slack", "sent", "")]
    assert said["text"] == f"{launch.lead.name} mentions you: Ads ranking v14"
    [quote, stands] = said["blocks"][1:]
    assert quote["text"] == {"type": "plain_text", "text": "@Priya can you *rehearse* this?"}
    assert "Delay" in stands["elements"][0]["text"]
    assert "/unsubscribe/" not in there.heard[0].decode()


def test_a_webhook_gets_it_as_data_under_a_name_that_stays_through_all_tries(launch, priya):
    with receiver(BUSY) as there:
        made = has(priya, Way.WEBHOOK, there.url)
        mention(launch)
        call_people(now=MONDAY)
        later = Delivery.objects.get(channel="webhook").not_before
        there.pieces = (OK,)
        call_people(now=later)

    row = Delivery.objects.get(channel="webhook")
    assert (later, row.state, row.attempts) == (MONDAY + timedelta(seconds=10), "sent", 2)
    assert [header(there, "webhook-id", number) for number in range(2)] == [
        f"delivery-{row.pk}-own-{made.pk}"
    ] * 2
    said = body(there)
    assert (said["type"], said["data"]["launch"]["name"]) == ("mentioned", "Ads ranking v14")
    assert said["data"]["lines"] == [{"words": "@Priya can you *rehearse* this?", "url": ""}]


def test_teams_gets_a_card_with_the_lines_of_it(launch, priya):
    with receiver(OK) as there:
        has(priya, Way.TEAMS, there.url)
        mention(launch)
        call_people(now=MONDAY)

    [card] = body(there)["attachments"]
    words = [one["text"] for one in card["content"]["body"] if one["type"] == "TextBlock"]
    assert words[1] == r"@Priya can you \*rehearse\* this?"


def test_each_kind_is_on_or_off_for_each_channel(launch, priya):
    has(priya, Way.SLACK)
    has(priya, Way.TEAMS)
    off = {(Kind.MENTIONED, Channel.MAIL): False, (Kind.MENTIONED, Channel.TEAMS): False}
    choose(priya, off, now=MONDAY)

    mention(launch)

    assert ends(priya) == [("slack", "queued", "")]


def test_told_again_by_the_sweep_it_is_told_no_second_time(launch, priya):
    has(priya, Way.SLACK)
    mention(launch)

    assert (swept(), len(ends(priya))) == (0, 2)


def test_what_happened_before_a_channel_was_added_does_not_go_there(launch, priya, monkeypatch):
    monkeypatch.setattr("readiness.notifications.receivers.tell", lambda event, *, now: 0)
    mention(launch)
    add_own(priya, way=Way.SLACK, url=NOWHERE, key=make.key(), now=MONDAY + timedelta(seconds=1))

    swept(MONDAY + timedelta(minutes=1))

    assert ends(priya) == [("mail", "queued", "")]


NONE_HERE = "This person wants none of these here any more, or is no longer here."


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ("off", NONE_HERE),
        ("gone", NONE_HERE),
        ("away", "They are away: the digest of their return says what still waits for them."),
        ("foreign", "They may not see this launch any more."),
        ("removed", "They have no such channel any more."),
    ],
)
def test_what_changes_before_it_goes_counts(launch, priya, change, because):
    has(priya, Way.SLACK)
    mention(launch)
    if change == "off":
        choose(priya, {(Kind.MENTIONED, Channel.SLACK): False}, now=MONDAY)
    elif change == "gone":
        User.objects.filter(pk=priya.pk).update(is_active=False)
    elif change == "away":
        day = MONDAY.date()
        Absence.objects.create(
            person=priya, first_on=day, last_on=day, begins_at=MONDAY - timedelta(hours=9),
            ends_at=MONDAY + timedelta(hours=9),
        )  # fmt: skip
    elif change == "foreign":
        priya.memberships.all().delete()
    else:
        remove_own(priya, way=Way.SLACK, key=make.key(), now=MONDAY)

    call_people(now=MONDAY)

    assert ends(priya)[1] == ("slack", "skipped", because)


def test_it_waits_for_the_end_of_quiet_hours(launch, priya):
    Hours.objects.create(person=priya, quiet_from=8, quiet_until=11)
    has(priya, Way.SLACK)
    mention(launch)

    call_people(now=MONDAY)

    row = Delivery.objects.get(channel="slack")
    assert (row.state, row.not_before, row.attempts) == (
        "queued",
        MONDAY.replace(hour=11, minute=0),
        0,
    )


@pytest.mark.parametrize(
    ("way", "policy", "ended"),
    [
        (Way.SLACK, False, "unknown"),
        (Way.SLACK, True, "queued"),
        (Way.WEBHOOK, False, "queued"),
    ],
)
def test_after_silence_only_who_tells_repeats_is_called_again(
    launch, priya, settings, way, policy, ended
):
    settings.RESENDS_AFTER_SILENCE = policy
    with receiver() as there:
        has(priya, way, there.url)
        mention(launch)
        call_people(now=MONDAY)

    assert Delivery.objects.get(channel=way.value).state == ended


def test_a_worker_that_died_while_it_called_leaves_it_unknown_and_never_doubled(launch, priya):
    with receiver(OK) as there:
        has(priya, Way.SLACK, there.url)
        mention(launch)
        calling_people.claim(MONDAY, calling_people.CALLS)
        Delivery.objects.filter(channel="slack").update(handed_over_at=MONDAY)
        done = [call_people(now=MONDAY + wait) for wait in (LEASE / 2, LEASE)]

    assert (done, len(there.heard)) == ([0, 1], 0)
    assert Delivery.objects.get(channel="slack").state == "unknown"


def test_who_says_gone_is_removed_and_the_log_says_so(launch, priya):
    with receiver(GONE) as there:
        has(priya, Way.SLACK, there.url)
        mention(launch)
        call_people(now=MONDAY)

    told = Event.objects.get(kind="own_channel.removed")
    assert OwnHook.objects.get().removed_at == MONDAY
    assert (told.by, told.payload["is_gone"], told.payload["way"]) == (None, True, "slack")


def test_a_review_that_starts_is_told_on_every_channel(launch, priya):
    lead = make.user("Lea", team=launch.team, role=Role.LEAD)
    to_be = Plan(MONDAY + timedelta(minutes=9), "UTC", 45, facilitator=lead, invited=(priya,))
    plan(launch, to_be, by=lead, key=make.key(), now=MONDAY)
    has(priya, Way.SLACK)
    Delivery.objects.all().delete()

    call_to_reviews(now=MONDAY)

    assert ends(priya) == [("mail", "queued", ""), ("slack", "queued", "")]


def test_the_digest_comes_on_a_channel_when_it_is_wanted_there_without_links_that_act(
    launch, priya
):
    owns(priya, launch, -1, 1)
    with receiver(OK) as there:
        has(priya, Way.SLACK, there.url)
        before = wants(priya, Kind.DIGEST, Channel.SLACK)
        wanted = {(Kind.DIGEST, Channel.SLACK): True, (Kind.DIGEST, Channel.MAIL): False}
        choose(priya, wanted, now=MONDAY)
        remind(now=MONDAY)
        remind(now=MONDAY)
        call_people(now=MONDAY)

    item = launch.items.select_related("item")[0]
    said = body(there)
    assert (before, ends(priya)) == (False, [("slack", "sent", "")])
    assert said["text"] == "1 late, 1 due this week: Ads ranking v14"
    assert f"{item.item.title}: 1 day late (Ads ranking v14)" in said["blocks"][1]["text"]["text"]
    assert "/a/" not in there.heard[0].decode()


def test_a_digest_on_a_channel_waits_for_a_yes_and_for_the_channel(launch, priya):
    owns(priya, launch, -1)
    Preference.objects.create(person=priya, kind="digest", channel="slack", is_on=True)
    has(priya, Way.TEAMS)

    remind(now=MONDAY)

    assert ends(priya) == [("mail", "queued", "")]


def test_a_test_says_that_nothing_happened_even_to_somebody_away_and_in_quiet(priya):
    Hours.objects.create(person=priya, quiet_from=8, quiet_until=11)
    with receiver(OK) as there:
        has(priya, Way.WEBHOOK, there.url)
        own_hooks.test_own(priya, way=Way.WEBHOOK, key=make.key(), now=MONDAY)
        with pytest.raises(Refused, match="on its way already"):
            own_hooks.test_own(priya, way=Way.WEBHOOK, key=make.key(), now=MONDAY)
        call_people(now=MONDAY)

    assert ends(priya) == [("webhook", "sent", "")]
    assert body(there)["type"] == "test"


@pytest.mark.parametrize("url", ["", "ftp://hooks.example/", "https://me:secret@hooks.example/"])
def test_what_is_no_address_is_refused_in_words(priya, url):
    with pytest.raises(Refused, match="https://"):
        has(priya, Way.SLACK, url)


def test_of_each_way_there_is_one_and_a_form_sent_twice_adds_one(priya):
    key = make.key()
    said = {"way": Way.SLACK, "url": NOWHERE, "now": MONDAY}
    add_own(priya, key=key, **said)

    with pytest.raises(AlreadyDone):
        add_own(priya, key=key, **said)
    with pytest.raises(Refused, match="You have Slack already"):
        add_own(priya, key=make.key(), **said)
    with pytest.raises(IntegrityError, match="one_standing_hook_per_person_and_way"):
        OwnHook.objects.create(person=priya, way="slack", url=NOWHERE, made_at=MONDAY)


def test_what_is_not_there_is_neither_removed_nor_tried(priya):
    said = {"way": Way.SLACK, "now": MONDAY}

    for act in (remove_own, own_hooks.test_own):
        with pytest.raises(Refused, match="You removed this channel already"):
            act(priya, key=make.key(), **said)


def test_adding_and_removing_is_in_the_log_without_the_address(priya):
    has(priya, Way.SLACK)
    remove_own(priya, way=Way.SLACK, key=make.key(), now=MONDAY)

    events = Event.objects.filter(kind__startswith="own_channel.").order_by("pk")
    assert [(one.kind, one.by, "secret" in str(one.payload)) for one in events] == [
        ("own_channel.added", priya, False),
        ("own_channel.removed", priya, False),
    ]


def test_an_address_inside_the_network_is_told_nothing_and_the_row_says_why(
    launch, priya, settings
):
    settings.HOOKS_MAY_REACH = []
    has(priya, Way.SLACK, "https://localhost/")
    mention(launch)

    call_people(now=MONDAY)

    channel, state, because = ends(priya)[1]
    assert (channel, state, "inside a network" in because) == ("slack", "failed", True)


def test_channels_add_no_statement_to_telling_and_the_ways_out_are_those_of_hooks(launch, priya):
    for way in Way:
        has(priya, way)

    with CaptureQueriesContext(connection) as asked:
        mention(launch)

    listening = [one["sql"] for one in asked if "notifications_ownhook" in one["sql"]]
    assert (len(listening), len(ends(priya))) == (1, 4)
    assert {*Channel} - {Channel.MAIL} == {Channel(way.value) for way in Way}
