"""An upgrade, rehearsed: what an earlier release wrote, migrated while people use it, and proven.

`backups/` holds what `manage.py demo` and `pg_dump` of that release made, compressed: a
checklist of 40 items and three launches with weeks of work. A release that changes tables adds
its own.
"""

import json
import lzma
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import IsolationLevel

from readiness.audit import chain
from readiness.embedded.dumps import load
from tests.house.beside import lines_of, manage

pytestmark = pytest.mark.django_db(transaction=True)
BACKUPS = sorted((Path(__file__).parent / "backups").glob("*.dump.xz"))
LONGEST_WAIT = 1.5
OPEN = """
SELECT l.id, l.subject_id, l.team_id, i.id, i.key, u.id, u.name
FROM launches_launch l JOIN accounts_user u ON u.id = l.lead_id
JOIN LATERAL (
    SELECT id, key FROM launches_launchitem WHERE launch_id = l.id AND progress = 'not_started'
    ORDER BY id LIMIT 1
) i ON true
ORDER BY l.id LIMIT 1
"""
LOCK = "SELECT id FROM launches_launch WHERE id = %s FOR NO KEY UPDATE"
BEGIN_WORK = """
UPDATE launches_launchitem
SET progress = 'in_progress', version = version + 1, changed_at = %s, changed_by_id = %s
WHERE id = %s
"""
APPEND = """
WITH link AS (
    UPDATE audit_subject
    SET sequence = sequence + 1,
        head = encode(sha256(convert_to(
            head || ':' || sequence + 1 || ':' || %(statement)s::text, 'UTF8')), 'hex')
    WHERE id = %(subject)s
    RETURNING new.sequence AS sequence, old.head AS previous, new.head AS hash
)
INSERT INTO audit_event (
    team_id, subject_id, sequence, kind, at, by_id, printed_name, payload, payload_version,
    payload_hash, previous, hash)
SELECT %(team)s::bigint, %(subject)s, sequence, %(kind)s, %(at)s, %(by)s::bigint, %(name)s,
       %(payload)s::jsonb, %(version)s, %(payload_hash)s, previous, hash
FROM link
"""


def begin_work(door: psycopg.Connection) -> None:
    """What the earlier release did when somebody began work on an item, in its statements."""
    launch, subject, team, item, key, by, name = door.execute(OPEN).fetchone()
    now = datetime.now(UTC)
    payload = {"item": item, "key": key, "to": "in_progress", "was": "not_started", "because": ""}
    said = {"subject": subject, "team": team, "kind": "item.progressed", "at": now, "by": by}
    hashed = chain.payload_hash(payload)
    statement = chain.statement_of(
        **said, printed_name=name, payload_version=1, payload_hash=hashed
    )
    with door.transaction():
        door.execute(LOCK, [launch])
        door.execute(BEGIN_WORK, [now, by, item])
        more = {"name": name, "payload": json.dumps(payload), "version": 1}
        door.execute(APPEND, said | more | {"statement": statement, "payload_hash": hashed})


def use(url: str, done: threading.Event) -> tuple[int, float]:
    """Work on one item after the other: how many, and how long the slowest took."""
    count, slowest = 0, 0.0
    with psycopg.connect(url, autocommit=True) as door:
        door.isolation_level = IsolationLevel.READ_COMMITTED
        while not done.is_set() and door.execute(OPEN).fetchone():
            began = time.perf_counter()
            begin_work(door)
            count, slowest = count + 1, max(slowest, time.perf_counter() - began)
            time.sleep(0.1)
    return count, slowest


@pytest.mark.parametrize("backup", BACKUPS, ids=lambda file: file.name)
def test_an_earlier_release_is_upgraded_while_people_use_it_and_nothing_differs(
    empty, backup, tmp_path
):
    dump, heads, done = tmp_path / "dump", tmp_path / "heads", threading.Event()
    dump.write_bytes(lzma.decompress(backup.read_bytes()))
    load(empty["READINESS_OWNER_DATABASE_URL"], dump)
    heads.write_text(manage(empty, "audit", "heads").stdout)
    chains = [line.split(":") for line in heads.read_text().splitlines()]
    events = sum(int(sequence) for _, sequence, _ in chains)

    with ThreadPoolExecutor() as pool:
        people = pool.submit(use, empty["READINESS_DATABASE_URL"], done)
        said = list(lines_of(empty, "migrate", "--database", "owner"))
        done.set()
    judged = manage(empty, "judge", "--check")
    verified = manage(empty, "audit", "verify", "--heads-file", str(heads))

    count, slowest = people.result()
    assert said[-1].endswith("... OK\n"), said[-1]
    assert (count > 0, slowest < LONGEST_WAIT) == (True, True), (count, slowest)
    assert (judged.returncode, judged.stdout + judged.stderr) == (
        0, "Every stored verdict equals its recomputation.\n",
    )  # fmt: skip
    assert verified.returncode == 0, verified.stdout
    assert f"{events + count} events in {len(chains)} chains, none changed." in verified.stdout
