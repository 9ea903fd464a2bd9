"""Statements that are written once: what they find, and that PostgreSQL keeps them."""

import pytest
from django.db import connection

from readiness.launches.models import Launch
from readiness.web.statements import Statement
from tests import make

pytestmark = pytest.mark.django_db
NAME = "a-name"


def test_what_readers_ask_takes_the_places_of_the_stand_ins():
    for name, model in (("50% {}'s", "100% {}"), ("other", "100% {}"), ("50% {}'s", "")):
        make.launch(items=1, name=name, model=model)
    rows = Launch.objects.filter(name=NAME, model="100% {}").values_list("name", "model")

    statement = Statement.of(rows, {NAME})

    assert statement.stand_ins == (NAME,)
    assert statement.run({NAME: "50% {}'s"}) == [("50% {}'s", "100% {}")]
    assert statement.run({NAME: "nobody's"}) == []


def test_a_statement_around_others_has_their_stand_ins_in_their_order():
    version = make.checklist(1)
    first, second = (make.launch(version=version, name=name) for name in ("first", "second"))
    by_name, by_pk = (
        Launch.objects.filter(**{by: one}) for by, one in (("name", NAME), ("pk", -1))
    )

    both = Statement.around(
        "({}) UNION ALL ({})",
        Statement.of(by_pk.values_list("name"), {-1}),
        Statement.of(by_name.values_list("name"), {NAME}),
    )

    assert both.run({-1: second.pk, NAME: first.name}) == [("second",), ("first",)]


def test_postgresql_keeps_a_statement_that_runs_again():
    statement = Statement.of(Launch.objects.filter(name=NAME).values_list("pk"), {NAME})

    for name in ("one", "two", "three"):
        statement.run({NAME: name})

    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        kept = [text for (text,) in cursor]
    assert kept.count(statement.sql.replace("%s", "$1")) == 1


def test_a_statement_is_planned_anew_where_a_value_decides_on_the_way():
    rows = Launch.objects.filter(name=NAME).values_list("pk")
    launch = make.launch(items=1)

    statement = Statement.of(rows, {NAME}, telling={NAME})

    assert not Statement.around("({})", statement).is_kept
    assert [statement.run({NAME: name}) for name in (launch.name, "nobody's")] == [
        [(launch.pk,)],
        [],
    ]


def test_what_a_change_of_an_item_always_writes_stands_in_no_index():
    written = {"version", "changed_at", "changed_by_id", "basis", "evidence", "progress"}

    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT a.attname FROM pg_index x
            JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = ANY(x.indkey)
            WHERE x.indrelid = 'launches_launchitem'::regclass""")
        indexed = {name for (name,) in cursor}

    assert written & indexed == set()
