"""Migrations say by their names what they do, and each room's run in one line."""

import re
import sys
from pathlib import Path

from django.db.migrations.loader import MigrationLoader


def ours() -> dict[tuple[str, str], object]:
    found = MigrationLoader(None).disk_migrations
    return {key: one for key, one in found.items() if type(one).__module__.startswith("readiness")}


def test_each_is_named_after_what_it_does():
    nameless = re.compile(
        r"^\d{4}_(auto|alter|rename|remove|delete)_\w*|.*_\d{8}_\d{4}$|.*_and_more$"
    )

    assert [key for key in ours() if nameless.match(key[1])] == []


def test_no_two_of_a_room_come_at_the_same_place():
    places = [(room, name[:4]) for room, name in ours()]

    assert sorted(places) == sorted(set(places))


def test_none_names_an_enum_that_may_change_tomorrow():
    leaks = {key: re.findall(r"readiness[\w.]*\[", source_of(one)) for key, one in ours().items()}

    assert {key: found for key, found in leaks.items() if found} == {}


def source_of(migration: object) -> str:
    return Path(sys.modules[type(migration).__module__].__file__).read_text()
