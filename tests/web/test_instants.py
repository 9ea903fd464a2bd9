"""Instants come from the database as Django reads them, only sooner."""

from datetime import UTC, datetime

import pytest
from django.db import DataError, connection

from readiness.web import prepared
from readiness.web.instants import InstantLoader

pytestmark = pytest.mark.django_db
INSTANTS = [
    "2026-11-23 04:05:06+00",
    "2026-11-23 04:05:06.5+00",
    "2026-11-23 04:05:06.000007+00",
    "0001-01-01 00:00:00+00",
    "9999-12-31 23:59:59.999999+00",
]


@pytest.mark.parametrize("text", INSTANTS)
def test_an_instant_is_what_it_says_by_either_way(text):
    said = datetime.fromisoformat(text)

    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [text])
        by_django = cursor.fetchone()
    by_us = prepared.row("SELECT %s::timestamptz", [text])

    assert by_django == by_us == (said,)
    assert by_us[0].tzinfo is UTC


def test_every_connection_reads_them_so():
    connection.ensure_connection()

    [oid] = prepared.row("SELECT 'timestamptz'::regtype::oid::int", [])

    assert connection.connection.adapters.get_loader(oid, 0) is InstantLoader


def test_what_no_calendar_holds_is_refused_as_before():
    with pytest.raises(DataError, match="too large"):
        prepared.row("SELECT 'infinity'::timestamptz", [])
