"""A history narrowed by kind, person, item and time, from its address alone."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.http import QueryDict

from readiness.accounts.models import Role
from readiness.audit.kinds import Kind
from readiness.launches.forms.history import HistoryForm
from readiness.launches.models import Progress
from readiness.launches.queries import history as queries
from readiness.launches.queries.events import GROUPS, Wanted, events_for, events_of
from readiness.launches.queries.history import READ
from readiness.launches.services import items as services
from readiness.launches.services.comments import comment
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
EVENT = re.compile(r'id="event-(\d+)"')
HTMX = {"HX-Request": "true"}


@pytest.fixture
def launch():
    """Two people did something of each kind, on two days."""
    team = make.team()
    ann = make.user("Ann Lee", team=team, role=Role.LEAD)
    launch = make.launch(items=3, by=ann, team=team, at=make.NOW - timedelta(days=3))
    bob = make.user("Bob Ray", team=team)
    make.sign(make.item(launch, 1), by=bob)
    item = make.item(launch, 2)
    comment(item, text="Which?", by=ann, key=make.key(), now=make.NOW)
    return launch


@pytest.fixture
def many_events(launch):
    """Thousands of the launch's events, as an installation has them: plans are made for those."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO audit_event (team_id, subject_id, sequence, kind, at, by_id, printed_name,
                                     payload, payload_version, payload_hash, previous, hash)
            SELECT team_id, subject_id, 1000000 + n, kind, at, by_id, printed_name,
                   payload, payload_version, payload_hash, previous, hash
            FROM audit_event, generate_series(1, 3000) n
            WHERE id = (SELECT max(id) FROM audit_event WHERE subject_id = %s)
            """,
            [launch.subject_id],
        )


def told(client, launch, **asked):
    page = client.get(f"/launches/{launch.pk}/history/", asked)
    days = page.context["history"].days
    return page.status_code, [line.did for day in days for line in day.lines]


def test_every_kind_of_event_is_in_one_group():
    listed = [kind for _, kinds in GROUPS.values() for kind in kinds]

    assert sorted(listed) == sorted(Kind)


@pytest.mark.parametrize(
    ("asked", "dids"),
    [
        ({"kind": "checks"}, ["checked"]),
        ({"kind": "comments"}, ["commented on"]),
        ({"kind": "evidence"}, []),
        ({"person": "Bob Ray"}, ["checked"]),
        ({"person": " bob  ray "}, ["checked"]),
        ({"person": "Ann Lee", "since": "2026-11-21"}, ["commented on"]),
        ({"since": "2026-11-23", "until": "2026-11-23"}, ["commented on", "checked"]),
        ({"until": "2026-11-19"}, []),
    ],
)
def test_a_history_tells_what_its_address_asks_for(client, launch, asked, dids):
    client.force_login(launch.lead)

    assert told(client, launch, **asked) == (200, dids)


def test_an_item_has_a_history_of_its_own_also_in_that_of_everything(client, launch):
    client.force_login(launch.lead)
    item = make.item(launch, 2).pk

    assert told(client, launch, item=item) == (200, ["commented on"])
    assert "commented on" in client.get("/history/", {"item": item}).content.decode()


def test_a_check_tells_what_it_did_to_the_verdict_also_where_only_checks_are_asked_for(client):
    launch = make.launch(items=5, signed_off=4)
    client.force_login(launch.lead)

    page = client.get(f"/launches/{launch.pk}/history/", {"kind": "checks"})

    lines = [line.effect for day in page.context["history"].days for line in day.lines]
    assert lines[:2] == ["Verdict from Delay to Extra monitoring, 80%", "Now 60%"]


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ({"kind": "gossip"}, "There is no such kind of change. Choose one of the list."),
        ({"person": "Zoe"}, "Nobody here has this name or mail address."),
        ({"item": "0"}, "There is no such item here. Choose one of the list."),
        ({"since": "2026-13-45"}, "Write a day, like 2026-12-08."),
        ({"until": "0001-01-01"}, "Write a day, like 2026-12-08."),
        ({"since": "2026-11-23", "until": "2026-11-22"}, "This day is before the first one."),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_faulty_question_is_answered_in_words_and_finds_nothing(
    client, launch, asked, answer, headers
):
    client.force_login(launch.lead)

    for path in (f"/launches/{launch.pk}/history/", "/history/"):
        page = client.get(path, asked, headers=headers)

        assert page.status_code == 422
        assert answer in page.content.decode()
        assert "opened the launch" not in page.content.decode()


def test_a_faulty_question_is_answered_in_words_where_days_would_be_appended(client, launch):
    client.force_login(launch.lead)

    page = client.get(f"/launches/{launch.pk}/history/?before=1&kind=nothing", headers=HTMX)

    assert page.status_code == 422
    assert "There is no such kind of change." in page.content.decode()


def test_the_days_of_a_period_are_those_of_the_reader(launch):
    reader = make.everywhere(make.user(zone="Asia/Tokyo"), Role.VIEWER)
    form = HistoryForm(
        QueryDict("since=2026-11-23&until=2026-11-23"), reader=reader, people=None, items=None
    )

    assert form.is_valid()
    assert (form.wanted.since, form.wanted.until) == (
        datetime(2026, 11, 22, 15, tzinfo=UTC),
        datetime(2026, 11, 23, 15, tzinfo=UTC),
    )


def test_what_was_looked_for_stays_on_the_way_to_older_events(client):
    launch = make.launch(items=40, signed_off=40)
    for number in range(1, 21):
        make.link(make.item(launch, number), by=launch.lead)
        item = make.item(launch, number)
        make_progress(item, launch.lead)
    client.force_login(launch.lead)
    path = f"/launches/{launch.pk}/history/?person={launch.lead.name.replace(' ', '+')}"

    page = client.get(path)
    before = page.context["history"].before
    older = client.get(f"{path}&before={before}", headers=HTMX)

    assert f"{path.partition('?')[2]}&amp;before={before}" in page.content.decode()
    assert "<form" not in older.content.decode()
    seen = [int(pk) for one in (page, older) for pk in EVENT.findall(one.content.decode())]
    assert sorted(seen, reverse=True) == seen
    assert len(seen) == len(set(seen)) > 50


def make_progress(item, by):
    services.set_progress(
        item, to=Progress.IN_PROGRESS, by=by, version=item.version, key=make.key(), now=make.NOW
    )


def test_before_and_after_stand_on_the_line(launch):
    ann, item = launch.lead, make.item(launch, 3)
    bob = make.user("Bob", team=launch.team)
    said = {"by": ann, "now": make.NOW}
    was = item.due_on
    services.assign(item, to=ann, version=1, key=make.key(), **said)
    services.assign(item, to=bob, version=2, key=make.key(), **said)
    services.set_due(item, on=make.NOW.date(), version=3, key=make.key(), **said)
    services.set_progress(
        item, to=Progress.BLOCKED, because="a log", version=4, key=make.key(), **said
    )

    page = queries.of_launch(launch, ann, before=None, now=make.NOW, wanted=Wanted(item=item.pk))

    assert [line.change for day in page.days for line in day.lines] == [
        "Blocked, was Not started",
        f"Due Mon 23 Nov, was {was:%a} {was.day} {was:%b}",
        "Owner Bob, was Ann Lee",
        "Owner Ann Lee, was nobody",
    ]


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (Wanted(kinds=frozenset({Kind.TEAM_ADDED})), "event_by_kind"),
        (Wanted(people=(1,)), "audit_event_by_id"),
        (Wanted(item=7), "Index Cond: (subject_id = "),
    ],
)
@pytest.mark.usefixtures("many_events")
def test_what_is_rare_among_all_events_is_found_along_an_index(wanted, index):
    reader = make.everywhere(make.user(), Role.VIEWER)

    plan = events_for(reader, wanted).order_by("-pk").values_list(*READ)[:51].explain()

    assert index in plan
    assert "Seq Scan on audit_event" not in plan


@pytest.mark.usefixtures("many_events")
def test_the_events_of_a_launch_are_found_along_their_index(launch):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")

    plan = events_of(launch, Wanted()).order_by("-pk").values_list(*READ)[:51].explain()

    assert "event_by_subject" in plan
    assert "Sort" not in plan
