"""A backup is restored into an empty database, and proves itself."""

from pathlib import Path

import psycopg
import pytest
from django.db import connections

from readiness.accounts.models import Role
from readiness.embedded.dumps import dump
from tests import make
from tests.house.beside import addresses, manage

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_backed_up_comes_back_and_is_proven(empty, tmp_path):
    launch = make.launch(items=5, signed_off=3, name="Ads ranking v14 🚀")
    make.user("Vic", team=launch.team, role=Role.VIEWER)
    file = tmp_path / "readiness.dump"
    here = addresses(str(connections["default"].settings_dict["NAME"]))

    backup = manage(here, "backup", str(file))
    restored = manage(empty, "restore", str(file))

    assert backup.returncode == 0, backup.stderr
    assert restored.returncode == 0, restored.stderr
    assert "Every stored verdict equals its recomputation." in restored.stdout
    assert "none changed." in restored.stdout
    assert file.stat().st_mode & 0o077 == 0
    with psycopg.connect(empty["READINESS_DATABASE_URL"]) as door:
        found = door.execute("SELECT name, checked, counted FROM launches_launch").fetchall()
    assert found == [("Ads ranking v14 🚀", 3, 5)]
    again = manage(empty, "restore", str(file))
    assert again.returncode == 1
    assert "This database has tables. Restore into an empty one." in again.stderr


def test_a_backup_of_a_tampered_log_does_not_pass(empty, tmp_path):
    launch = make.launch(items=2, signed_off=1)
    file = tmp_path / "readiness.dump"
    here = addresses(str(connections["default"].settings_dict["NAME"]))
    manage(here, "backup", str(file))
    subject, sequence = launch.subject_id, launch.subject.events.count()
    Path(f"{file}.heads").write_text(f"{subject}:{sequence}:{'0' * 64}\n")

    restored = manage(empty, "restore", str(file))

    assert restored.returncode == 1
    assert f"event {sequence} is not the one noted earlier" in restored.stdout


def test_a_password_in_the_address_is_used_and_never_shown(tmp_path):
    launch = make.launch(items=2)
    here = addresses(str(connections["default"].settings_dict["NAME"]))
    file, owner = tmp_path / "readiness.dump", "READINESS_OWNER_DATABASE_URL"
    url = here[owner].replace("readiness_owner@", "readiness_owner:s%40cret%3A%2F4711@")
    elsewhere = url.replace("?", "_that_is_not_here?")

    backup = manage(here | {owner: url}, "backup", str(file))
    lost = manage(here | {owner: elsewhere}, "backup", str(tmp_path / "lost.dump"))

    assert (backup.returncode, file.stat().st_size > 0) == (0, True), backup.stderr
    assert f"{launch.subject_id}:" in Path(f"{file}.heads").read_text()
    assert (lost.returncode, "_that_is_not_here" in lost.stderr) == (1, True)
    said = backup.stdout + backup.stderr + lost.stdout + lost.stderr
    assert [word for word in ("s@cret:/4711", "s%40cret", "4711") if word in said] == []


def test_programs_get_the_password_where_ps_does_not_look(tmp_path, monkeypatch):
    program = tmp_path / "pg_dump"
    program.write_text(
        f'#!/bin/sh\necho "$*" > {tmp_path}/words\necho "$PGPASSWORD" > {tmp_path}/told\n'
    )
    program.chmod(0o700)
    monkeypatch.setattr("readiness.embedded.dumps.postgres_folder", lambda: tmp_path)

    dump("postgresql://owner:s%40cret@db.example/readiness", tmp_path / "readiness.dump")

    assert "s%40cret" not in (tmp_path / "words").read_text()
    assert "--dbname=postgresql://owner@db.example/readiness" in (tmp_path / "words").read_text()
    assert (tmp_path / "told").read_text() == "s@cret\n"


def test_no_file_is_overwritten(tmp_path):
    file = tmp_path / "readiness.dump"
    file.write_text("mine")

    backup = manage({}, "backup", str(file))

    assert (backup.returncode, file.read_text()) == (1, "mine")
    assert "is there already" in backup.stderr
