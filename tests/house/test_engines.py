"""The zero-setup engines: durable, private, with two roles, and runnable as root."""

import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis

from readiness.embedded import postgres
from readiness.embedded.engines import Engines, make_private, socket_folder
from readiness.embedded.processes import Trouble
from tests.house.living import left_after

ASKED = """
SELECT current_setting('fsync'), current_setting('synchronous_commit'),
       current_setting('listen_addresses'),
       (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
       (SELECT datdba::regrole::text FROM pg_database WHERE datname = current_database())
"""


@pytest.fixture
def engines(tmp_path):
    engines = Engines(tmp_path / "state")
    yield engines
    engines.stop()


def test_what_was_committed_survives_and_the_application_owns_nothing(engines):
    addresses = engines.start()
    with psycopg.connect(addresses["READINESS_OWNER_DATABASE_URL"]) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 1 AS one")
    redis.Redis.from_url(addresses["READINESS_REDIS_URL"]).set("kept", "too")
    engines.stop()

    addresses = engines.start()

    with psycopg.connect(addresses["READINESS_OWNER_DATABASE_URL"]) as owner:
        assert owner.execute("TABLE kept").fetchone() == (1,)
    with psycopg.connect(addresses["READINESS_DATABASE_URL"]) as app:
        assert app.execute(ASKED).fetchone() == ("on", "on", "", False, "readiness_owner")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("TABLE kept")
    valkey = redis.Redis.from_url(addresses["READINESS_REDIS_URL"])
    assert valkey.get("kept") == b"too"
    assert valkey.config_get("appendonly", "maxmemory-policy") == {
        "appendonly": "yes",
        "maxmemory-policy": "noeviction",
    }


@pytest.mark.parametrize("refused", [0, 1], ids=["as it comes", "without user namespaces"])
def test_root_runs_postgresql_below_a_folder_that_only_root_may_enter(
    refused, tmp_path, monkeypatch
):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    ways = list(postgres.ways_for_root())[refused:]
    monkeypatch.setattr(postgres, "ways_for_root", lambda: iter(ways))
    engines = Engines(closed / "state")

    addresses = engines.start()

    try:
        with psycopg.connect(addresses["READINESS_DATABASE_URL"]) as app:
            assert app.execute("SELECT 1").fetchone() == (1,)
    finally:
        engines.stop()


def test_a_killed_parent_takes_both_engines_with_it(tmp_path):
    program = (
        "import pathlib, time; from readiness.embedded.engines import Engines; "
        f"print(Engines(pathlib.Path({str(tmp_path / 'state')!r})).start(), flush=True); "
        "time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert b"READINESS_REDIS_URL" in parent.stdout.readline()

    parent.send_signal(signal.SIGKILL)
    parent.wait()

    assert left_after(tmp_path, seconds=10) == []


def test_a_long_path_gets_a_short_folder_for_its_sockets(tmp_path):
    deep = tmp_path / ("a" * 60) / ("b" * 60)

    short, plain = socket_folder(deep), socket_folder(Path("/srv/readiness"))

    assert len(str(short)) <= 80
    assert socket_folder(deep) == short
    assert plain == Path("/srv/readiness/run")


def test_a_socket_folder_laid_out_by_somebody_else_is_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(Trouble, match="belongs to somebody else"):
        make_private(tmp_path / "run")
