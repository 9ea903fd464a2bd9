"""The page of a launch: the verdict explains itself, and every item is there."""

from datetime import timedelta

import pytest
import time_machine
import yaml
from django.db import connection
from django.test.utils import CaptureQueriesContext

from readiness.accounts.models import Role, Team, User
from readiness.audit.models import Event
from readiness.checklists.document.reading import Document, hash_of
from readiness.checklists.services import publish
from readiness.launches.models import Launch, LaunchItem, Progress
from readiness.launches.queries.pinned import pinned
from readiness.launches.services import items as item_services
from readiness.launches.services.comments import comment
from tests import make
from tests.launches import given
from tests.launches.reading import offers, statements, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]

GENAI = {"genai": False}


@pytest.fixture
def team():
    return make.team("Ads ranking")


@pytest.fixture
def ann(team, client):
    ann = make.user("Ann Ash", team=team, role=Role.LEAD)
    client.force_login(ann)
    return ann


def opened(client, launch, show=""):
    return client.get(launch.get_absolute_url(), {"show": show} if show else {})


def card(client, launch):
    return opened(client, launch).context["page"].card


def test_the_verdict_says_counts_percentage_slack_and_the_way_up(client, team, ann):
    launch = make.launch(team=team, by=ann, signed_off=26, facets=GENAI)
    for place in range(35, 41):
        make.sign(make.item(launch, place), by=ann)

    found = card(client, launch)

    assert (found.shape, found.says) == (
        "monitor",
        "Launch with extra monitoring and quick rollback plan",
    )
    assert found.counts == "32 of 39 applicable items are checked."
    assert found.slack == "Unchecking 1 would drop this to Delay."
    assert (found.number, found.sign) == ("82.1", "%")
    assert found.next_title == "To reach Ready, check 6 more"
    assert found.cuts == (("80", "Extra monitoring from"), ("95", "Ready over"))


@pytest.mark.parametrize(
    ("signed_off", "shape", "shown"),
    [(0, "delay", "0"), (31, "delay", "77.5"), (32, "monitor", "80"), (38, "monitor", "95")],
)
def test_exact_cuts_show_their_own_side(client, team, ann, signed_off, shape, shown):
    launch = make.launch(team=team, by=ann, signed_off=signed_off)

    found = card(client, launch)

    assert (found.shape, found.number, len(found.units)) == (shape, shown, 40)


def test_units_stand_in_the_order_done_in_progress_blocked_not_started(client, team, ann):
    launch = make.launch(team=team, by=ann, items=5, signed_off=1)
    blocked, started = make.item(launch, 2), make.item(launch, 4)
    item_services.set_progress(
        blocked, to=Progress.BLOCKED, because="DP-771", **given.said(blocked, by=ann)
    )
    item_services.set_progress(started, to=Progress.IN_PROGRESS, **given.said(started, by=ann))

    found = card(client, launch)

    assert found.units == ("done", "in_progress", "blocked", "not_started", "not_started")
    assert [(one.look, one.count, one.words) for one in found.legend] == [
        ("done", 1, "Done"),
        ("in_progress", 1, "In progress"),
        ("blocked", 1, "Blocked"),
        ("not_started", 2, "Not started"),
    ]


def test_the_steps_name_owner_and_date_and_say_what_is_late(client, team, ann):
    priya = make.user("Priya Raman", team=team)
    launch = make.launch(
        team=team, by=ann, items=5, signed_off=3, launch_at=make.NOW + timedelta(days=7)
    )
    late, later = make.item(launch, 5), make.item(launch, 4)
    yesterday = (make.NOW - timedelta(days=1)).date()
    item_services.set_due(late, on=yesterday, **given.said(late, by=ann))
    item_services.assign(late, to=priya, **given.said(late, by=ann))
    item_services.set_due(later, on=make.NOW.date(), **given.said(later, by=ann))

    found = card(client, launch)

    steps = [(one.pk, one.due, one.is_late, one.owner.name) for one in found.steps]
    assert steps == [(late.pk, "late", True, priya.name)]
    assert found.next_title == "To reach Extra monitoring, check 1 more"


def test_when_all_is_checked_there_is_nothing_left_to_say(client, team, ann):
    launch = make.launch(team=team, by=ann, items=5, signed_off=5)

    found = card(client, launch)

    assert (found.shape, found.number, found.slack) == (
        "ready",
        "100",
        "Unchecking 1 would drop this to Extra monitoring.",
    )
    assert (found.next_title, found.hint, found.steps) == (
        "All 5 items are checked",
        "You’re ready for production.",
        (),
    )


def test_an_open_must_have_holds_the_launch_and_is_named(client, team, ann):
    launch = make.launch(team=team, by=ann, items=6)
    for place in range(2, 7):
        make.sign(make.item(launch, place), by=ann)

    response = opened(client, launch)

    held = response.context["page"].card.held
    assert [one.ref for one in held] == ["1.1"]
    [told] = words(response, "vcard__held")
    title = "Rollback runbook exists and has been rehearsed (not just documented)"
    assert told == f"held: 1 must-have open Nobody can approve while it is. 1.1 {title}"


def test_other_checklists_speak_with_their_own_bands(client, team, ann):
    value = yaml.safe_load((make.LIBRARY / "ml-test-score-2017.yaml").read_bytes())
    version, _ = publish(Document(value, hash_of(value)), now=make.NOW)
    launch = make.launch(team=team, by=ann, version=version)

    response = opened(client, launch)

    lowest = pinned(version.pk).scheme.bands[0]
    found = response.context["page"].card
    assert found.says == (lowest.message or lowest.title)
    assert found.shape == {"info": "not_assessable", "no_go": "delay"}[lowest.outcome.value]
    assert found.cuts == ()
    assert [(one.title, one.credit) for one in response.context["page"].answers] == [
        (answer.title, answer.credit)
        for answer in sorted(pinned(version.pk).answers.values(), key=lambda one: -one.credit)
        if answer.credit
    ]


def test_every_title_stands_as_its_author_wrote_it(client, team, ann):
    launch = make.launch(team=team, by=ann)

    response = opened(client, launch)

    titles = [rule.title for rule in pinned(launch.version_id).items.values()]
    refs = [rule.ref for rule in pinned(launch.version_id).items.values()]
    shown = [text.removeprefix("Must-have") for text in words(response, "item__text")]
    assert shown == titles
    assert words(response, "item__ref") == refs


def test_finished_sections_arrive_folded(client, team, ann):
    launch = make.launch(team=team, by=ann, items=9, signed_off=6)

    response = opened(client, launch)

    found = [(one.title, one.checked, one.counted, one.is_open) for one in sections(response)]
    assert found == [
        ("Rollback & Traffic Control", 6, 6, False),
        ("Observability & Monitoring", 0, 3, True),
    ]
    assert [(one.left, one.tone) for one in sections(response)] == [(0, "green"), (3, "red")]


def sections(response):
    return response.context["page"].sections


def shown(response):
    return [row.ref for section in sections(response) for row in section.rows]


def test_the_list_can_show_what_is_unfinished_or_mine(client, team, ann):
    launch = make.launch(team=team, by=ann, items=9, signed_off=7)
    item = make.item(launch, 2)
    item_services.assign(item, to=ann, **given.said(item, by=ann))

    counts = [(one.title, one.count) for one in opened(client, launch).context["page"].filters]

    assert counts == [("All", 9), ("Unfinished", 2), ("Mine", 1)]
    assert shown(opened(client, launch, "unfinished")) == ["2.2", "2.3"]
    assert shown(opened(client, launch, "mine")) == ["1.2"]
    assert len(shown(opened(client, launch, "nonsense"))) == 9


def test_a_stranger_finds_no_launch(client, team, ann):
    launch = make.launch(team=team, by=ann, items=1)
    client.force_login(make.user("Zoe", team=make.team(), role=Role.LEAD))

    response = opened(client, launch)

    assert response.status_code == 404


def test_a_viewer_reads_and_is_offered_nothing(client, team, ann):
    launch = make.launch(team=team, by=ann, items=1)
    client.force_login(make.user("Vera", team=team, role=Role.VIEWER))

    response = opened(client, launch)

    assert response.status_code == 200
    assert not offers(response, "")
    assert b'id="status-menu"' not in response.content
    assert b"/edit/" not in response.content


def test_a_reader_after_next_change_is_right_before_the_job_ran(client, team, ann):
    launch = make.launch(team=team, by=ann, items=40, signed_off=40)
    before = card(client, launch)
    stored = given.stored(launch)

    with time_machine.travel(launch.next_change + timedelta(seconds=1), tick=False):
        client.force_login(ann)
        after = card(client, launch)

    fallen = sum(rule.fresh_days is not None for rule in pinned(launch.version_id).items.values())
    assert before.counts == "40 of 40 items are checked."
    assert fallen
    assert after.counts != before.counts
    assert "expired" in after.units
    assert given.stored(launch) == stored


def test_looking_changes_nothing(client, team, ann):
    launch = make.launch(team=team, by=ann, items=5, signed_off=2)
    before = (given.stored(launch), list(LaunchItem.objects.values()), Event.objects.count())

    with CaptureQueriesContext(connection) as captured:
        opened(client, launch)
        client.get(make.item(launch).get_absolute_url())

    assert {one["sql"].split()[0] for one in captured} == {"SELECT"}
    assert before == (
        given.stored(launch),
        list(LaunchItem.objects.values()),
        Event.objects.count(),
    )


@pytest.mark.parametrize("items", [5, 40])
def test_the_page_costs_six_statements_however_many_items_there_are(client, team, ann, items):
    launch = make.launch(team=team, by=ann, items=items, signed_off=items - 1)
    make.link(make.item(launch, 1), by=ann)

    found = statements(client, launch.get_absolute_url())

    # The person; the launch and rights, what the rule needs, what rows show, the latest, the badge.
    assert len(found) == 6


CHANGES = [
    (Launch, {"name": "Renamed"}),
    (Launch, {"purpose": "Ranks what is shown first."}),
    (Launch, {"launch_at": make.NOW + timedelta(days=321)}),
    (Launch, {"stage": "archived"}),
    (Team, {"name": "Renamed"}),
    (User, {"name": "Renamed Person"}),
    (LaunchItem, {"due_on": make.NOW.date()}),
]


@pytest.mark.parametrize(("model", "change"), CHANGES)
def test_what_changed_is_on_the_page_when_it_is_opened_again(client, team, ann, model, change):
    launch = make.launch(team=team, by=ann, lead=ann, items=3)
    before = [between_the_bars(opened(client, launch)) for _ in range(2)]

    model.objects.update(**change)

    after = between_the_bars(opened(client, launch))
    assert before[0] == before[1] != after


def test_readers_who_may_do_the_same_are_shown_the_same(client, team, ann):
    launch = make.launch(team=team, by=ann, items=3)
    mine = between_the_bars(opened(client, launch))

    client.force_login(make.user("Bo Birch", team=team, role=Role.LEAD))
    theirs = between_the_bars(opened(client, launch))
    client.force_login(make.user("Cy", team=team, role=Role.LEAD, keys_on=False))
    without_keys = between_the_bars(opened(client, launch))

    assert mine == theirs != without_keys


def between_the_bars(response):
    return response.content.decode().partition('id="page"')[2].partition("</main>")[0]


def test_a_full_page_stays_below_sixty_kilobytes(client, team, ann):
    people = [make.user(f"Person{n} Longername", team=team) for n in range(6)]
    launch = make.launch(team=team, by=ann)
    for place, item in enumerate(launch.items.select_related("launch", "item")):
        owner = people[place % 6]
        item_services.assign(item, to=owner, **given.said(item, by=ann))
        make.link(item, by=ann, url=f"https://runs.example/dashboards/ads-ranking/{place}")
        comment(item, text="Looks good.", by=ann, key=make.key(), now=make.NOW)
        if place % 2:
            make.sign(item, by=ann, note="Looked at the run of Tuesday with the on-call.")

    response = opened(client, launch)

    assert len(response.content) <= 60 * 1024


def test_names_in_any_script_stand_as_text(client, team, ann):
    name = "مُصنِّف الإعلانات 🚀 <script>alert(1)</script>"
    launch = make.launch(team=team, by=ann, items=1, name=name)

    response = opened(client, launch)

    assert response.context["page"].launch.name == name
    assert b"<script>alert" not in response.content
    assert "مُصنِّف الإعلانات 🚀 &lt;script&gt;" in response.content.decode()
