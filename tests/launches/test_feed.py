"""The latest events of a launch, however long it has gone on."""

import pytest
from django.db import connection

from readiness.audit.kinds import Kind
from readiness.audit.services import record
from readiness.launches.queries import feed
from readiness.launches.queries.board import board_of
from readiness.web import prepared
from tests import make

pytestmark = pytest.mark.django_db
PREPARE = "PREPARE latest (bigint) AS " + feed.LAST.replace("%(subject)s", "$1")


@pytest.fixture
def launch():
    ann = make.user("Ann")
    launch = make.launch(items=2)
    for number in range(40):
        item = make.item(launch, number % 2 + 1)
        said = {"item": item.pk, "key": item.key, "answer": "done", "note": str(number)}
        record(Kind.ITEM_SIGNED_OFF, subject=launch.subject, by=ann, at=make.NOW, **said)
    return launch


def notes(lines) -> list[str]:
    return [line.said.quote for line in lines]


def test_the_last_five_are_told_the_latest_first(launch):
    board = board_of(launch, make.NOW)
    item = make.item(launch, 1)

    [as_json] = prepared.row(feed.AS_JSON, {"subject": launch.subject_id})

    assert notes(feed.latest(board)) == ["39", "38", "37", "36", "35"]
    assert notes(feed.latest(board, item.pk)) == ["38", "36", "34", "32", "30"]
    assert feed.lines_of(board, feed.asked_latest(launch.pk).read()) == feed.latest(board)
    assert notes(feed.lines_in(board, as_json)) == notes(feed.latest(board))


def test_no_more_events_are_read_than_are_told(launch):
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE audit_event")
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(PREPARE)
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF) EXECUTE latest ({launch.subject_id})")
        plan = "\n".join(line for (line,) in cursor)
        cursor.execute("DEALLOCATE latest")

    assert "using event_by_subject on audit_event (actual" in plan
    assert "rows=40" not in plan
