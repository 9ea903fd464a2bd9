"""Streams behind a real uvicorn and a real Valkey: what reaches whom, and what does not."""

import re

import pytest
from django.db import connection

from readiness import clock
from readiness.accounts.models import Role
from readiness.launches.models import Act, LaunchItem
from readiness.launches.services.bulk import Picked, change_together
from readiness.reviews.streams.fragments import with_version
from readiness.reviews.streams.launch import parts_of, shown_now
from readiness.web.live.publishing import now
from tests import make, stage
from tests.database import CLEANER
from tests.launches.given import at_once
from tests.reviews.streaming import Event, Reader, reader, until

QUIET = 0.4
VERSIONED = re.compile(r"(<\w+) data-v=\d+(?= (?!data-status))")
FEED, BESIDE = r'ul [^>]*id="feed', r'span [^>]*id="?(?:tile|tally|left)'
PARTS = re.compile(rf"(?=<(?:li class=item |section |summary |{FEED}|{BESIDE}))")


@pytest.fixture
def ann():
    return make.user("Ann Ash", team=make.team(), role=Role.LEAD)


@pytest.fixture
def launch(ann):
    return make.launch(team=ann.memberships.get().team, by=ann, items=5, at=clock.now())


def reading(streams, person, path) -> Reader:
    """A page that is current, of a stream that knows what there is."""
    found = reader(streams, person, path, since=now()).current()
    until(streams.knows_all)
    return found


def of(launch) -> str:
    return f"/live/launches/{launch.pk}/"


def parts_now(launch) -> dict[str, str]:
    return parts_of(shown_now(launch.pk))


def tick(launch, person, position: int = 1) -> LaunchItem:
    item = make.item(launch, position)
    make.sign(item, by=person, at=clock.now())
    return item


def test_a_tick_reaches_who_has_the_launch_open(streams, ann, launch):
    page = reading(streams, ann, of(launch))

    item = tick(launch, ann)
    event = page.event()

    assert event.name == "html"
    ids = re.findall(r"<(?:li|section|summary|span|ul)\b[^>]*? id=\"?([\w-]+)", event.data)
    section = launch.version.sections.first().key
    expected = {f"item-{item.pk}", "verdict", f"head-{section}", f"tile-{section}", "feed"}
    assert set(ids) == expected | {"tally", "left"}
    assert page.events(QUIET) == []


def test_what_is_sent_is_what_the_page_shows(streams, ann, launch, client):
    client.force_login(ann)
    tick(launch, ann, 2)

    page = client.get(f"/launches/{launch.pk}/").content.decode()
    parts = parts_now(launch)

    assert [key for key, part in parts.items() if part not in page] == []


@pytest.mark.django_db
def test_what_a_tick_changes_is_found_by_five_statements(launch, django_assert_num_queries):
    with django_assert_num_queries(5):
        shown_now(launch.pk)


def test_a_part_says_how_far_the_log_was_and_a_row_its_own_version():
    assert with_version("<li class=item id=item-1 data-v=3 data-status=done>a</li>", 9) == (
        "<li class=item id=item-1 data-v=3 data-status=done>a</li>"
    )
    assert with_version('<ul id="feed"><li data-v=1></ul>', 9) == (
        '<ul data-v=9 id="feed"><li data-v=1></ul>'
    )


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"verb": "POST"}, 405),
        ({"verb": "HEAD"}, 405),
        ({"more": {"Host": "elsewhere.example"}}, 400),
        ({"more": {"Origin": "https://elsewhere.example"}}, 403),
        ({"more": {"Sec-Fetch-Site": "cross-site"}}, 403),
        ({"path": "/live/launches/0/"}, 404),
        ({"path": "/live/launches/99999999/"}, 404),
        ({"path": "/live/launches/99999999999999999999/"}, 404),
        ({"path": "/live/elsewhere/"}, 404),
        ({"session": ""}, 401),
        ({"session": "a" * 32}, 401),
        ({"session": "%00"}, 401),
        ({}, 200),
    ],
)
def test_the_door_lets_in_who_may_and_nobody_else(streams, ann, launch, change, status):
    asked = {"path": of(launch), "session": stage.session_of(ann)} | change

    answer = Reader(streams, **asked)

    assert answer.status == status
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["cache-control"].startswith("no-store")
    assert (answer.headers.get("allow") == "GET") == (status == 405)


def test_a_stranger_and_nobody_are_answered_alike(streams, ann, launch):
    stranger = make.user(team=make.team())

    answers = [
        Reader(streams, path, stage.session_of(stranger))
        for path in (of(launch), "/live/launches/99999999/")
    ]

    assert {(one.status, one._block()) for one in answers} == {(404, None)}
    assert streams.readers == 0


def test_open_streams_hold_no_connection_to_the_database(streams, ann, launch, settings):
    settings.STREAMS_PER_PERSON = 50
    pages = [reader(streams, ann, of(launch), since=now()) for _ in range(30)]
    until(lambda: streams.readers == 30 and streams.knows_all())

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend' AND application_name <> %s",
            [CLEANER],
        )
        [others] = cursor.fetchone()
    for page in pages:
        page.close()

    assert others == 0
    until(lambda: streams.readers == 0)
    assert streams.hub.channels == streams.hub.by_key == streams.hub.of_person == {}


def test_who_was_away_and_missed_something_loads_the_page_again_once(streams, ann, launch):
    page = reading(streams, ann, of(launch))
    page.close()
    until(lambda: streams.readers == 0)
    tick(launch, ann)
    until(lambda: streams.hub.notices)

    again = reader(streams, ann, of(launch), since=int(page.last))

    assert [one.name for one in again.events(QUIET)] == ["refresh"]


def test_who_was_away_and_missed_nothing_loads_nothing(streams, ann, launch):
    page = reading(streams, ann, of(launch))
    page.close()
    until(lambda: streams.readers == 0)

    again = reader(streams, ann, of(launch), since=int(page.last))

    assert again.events(QUIET) == []


def test_what_others_were_sent_meanwhile_is_made_good(streams, ann, launch):
    page, other = reading(streams, ann, of(launch)), reading(streams, ann, of(launch))
    page.close()
    until(lambda: streams.readers == 1)
    tick(launch, ann)
    sent = other.event()

    again = reader(streams, ann, of(launch), since=int(page.last))

    assert again.events(QUIET) == [sent]


def test_who_does_not_say_since_when_loads_the_page_again(streams, ann, launch):
    page = reader(streams, ann, of(launch))

    assert [one.name for one in page.events(QUIET)] == ["refresh"]


def test_one_act_on_several_items_is_one_event(streams, ann, launch):
    page = reading(streams, ann, of(launch))
    items = [Picked(item.pk, item.version) for item in launch.items.all()]

    change_together(
        launch, act=Act.DONE, items=items, by=ann, key=make.key(), now=clock.now(), note=""
    )
    [event] = page.events(QUIET)

    assert event.name == "html"
    assert {f"id=item-{item.pk} " in event.data for item in launch.items.all()} == {True}


def test_nothing_is_missing_after_eight_people_wrote_at_once(streams):
    ann = make.user("Ann Ash", team=make.team(), role=Role.LEAD)
    team = ann.memberships.get().team
    launch = make.launch(team=team, by=ann, at=clock.now())
    people = [make.user(team=team) for _ in range(8)]
    page = reading(streams, ann, of(launch))

    def write(number: int):
        return lambda: [tick(launch, people[number], n) for n in range(number + 1, 41, 8)]

    at_once(*[write(number) for number in range(8)])
    shown = shown_by(page.events(1.0))

    assert shown["tally"] == '<span class="n" id="tally">40/40</span>'
    expected = {k: v for k, v in parts_now(launch).items() if k != "feed"}
    assert {key: shown.get(key) for key in expected} == expected


def shown_by(events: list[Event]) -> dict[str, str]:
    """What a page shows after these events, by the id of the part."""
    shown: dict[str, str] = {}
    for event in events:
        assert event.name == "html"
        found = PARTS.split(event.data)
        for part in filter(None, found):
            key = re.search(r"id=\"?([\w-]+)", part)[1]
            shown[key] = part if key.startswith("item-") else VERSIONED.sub(r"\1", part, count=1)
    return shown


def test_the_list_tells_each_reader_of_the_launches_they_see(streams, ann, launch):
    stranger, everywhere = make.user(team=make.team()), make.everywhere(make.user(), Role.AUDITOR)
    theirs = make.launch(team=launch.team, by=ann, lead=ann, items=5, at=clock.now())
    theirs.lead = stranger
    theirs.save()
    pages = {one: reading(streams, one, "/live/portfolio/") for one in (ann, stranger, everywhere)}

    tick(launch, ann)
    tick(theirs, ann)
    seen = {
        one: {
            int(pk)
            for event in page.events(QUIET)
            for pk in re.findall(r'id="launch-(\d+)', event.data)
        }
        for one, page in pages.items()
    }

    both = {launch.pk, theirs.pk}
    assert seen == {ann: both, stranger: {theirs.pk}, everywhere: both}


def test_a_person_reads_so_many_streams_and_no_more(streams, ann, launch, settings):
    settings.STREAMS_PER_PERSON = 2
    pages = [reader(streams, ann, of(launch)) for _ in range(3)]

    assert [page.status for page in pages] == [200, 200, 503]
    assert pages[2].headers["retry-after"] == "30"
