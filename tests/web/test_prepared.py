"""Prepared statements answer what Django's own would."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.forms.models import model_to_dict
from psycopg.types.json import Jsonb

from readiness.accounts.models import User
from readiness.launches.models import Launch
from readiness.web import prepared
from tests import make

pytestmark = pytest.mark.django_db
NAMES = prepared.columns_of(Launch)
READ = f"SELECT {', '.join(NAMES)} FROM launches_launch WHERE id = %(launch)s"


def test_a_row_becomes_the_instance_that_django_would_have_read():
    launch = Launch.objects.get(pk=make.launch(items=2, signed_off=1).pk)

    read = prepared.instance(Launch, NAMES, prepared.row(READ, {"launch": launch.pk}))

    assert model_to_dict(read) == model_to_dict(launch)
    assert (read.pk, read.launch_at, read.sections) == (
        launch.pk,
        launch.launch_at,
        launch.sections,
    )


def test_fields_that_were_left_out_are_read_when_asked_for(django_assert_num_queries):
    launch = make.launch(items=2)
    names = prepared.columns_of(Launch, without=["facets", "sections"])
    sql = f"SELECT {', '.join(names)} FROM launches_launch WHERE id = %s"

    with django_assert_num_queries(2):
        read = prepared.instance(Launch, names, prepared.row(sql, [launch.pk]))
        sections = read.sections

    assert sections == Launch.objects.get(pk=launch.pk).sections
    assert read.get_deferred_fields() == {"facets"}


def test_postgresql_plans_a_statement_once():
    for number in range(3):
        assert prepared.rows("SELECT %s::int + 1", [number]) == [(number + 1,)]

    known = prepared.rows(
        "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s",
        [
            "SELECT $1::int + 1",
        ],
    )
    assert known == [(1,)]
    assert connection.connection.prepare_threshold == 1


def test_postgresql_keeps_the_plan_of_a_statement_from_the_first_time_on():
    for number in range(3):
        prepared.rows("SELECT %s::int + 2", [number])

    planned = prepared.rows(
        "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE %s",
        ["SELECT $1::int + 2"],
    )
    assert planned == [(3, 0)]


def test_what_finds_nothing_says_so():
    assert prepared.row(READ, {"launch": 0}) is None
    assert prepared.rows(READ, {"launch": 0}) == []


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        7,
        2**40,
        -1,
        "it's \\ 100 %",
        Decimal("0.1000"),
        date(2026, 11, 23),
        datetime(2026, 11, 23, 12, 0, 0, 1, tzinfo=UTC),
        [1, 2**40],
        ["a", None],
        Jsonb({"a": [1, None]}),
    ],
    ids=str,
)
def test_a_value_travels_as_through_a_cursor(value):
    sql = "SELECT pg_typeof(v)::text, v FROM (SELECT %s AS v) said"

    with connection.execute_wrapper(lambda execute, *said: execute(*said)):
        through_a_cursor = prepared.rows(sql, [value])

    assert prepared.rows(sql, [value]) == through_a_cursor


def test_names_may_come_twice_and_percent_signs_stand_for_themselves():
    sql = "SELECT %(a)s::int, %(b)s::text, %(a)s::int + 1, 7 %% 4, 'x' LIKE '%%'"

    found = prepared.row(sql, {"b": "b", "a": 1, "unused": 0})

    assert found == (1, "b", 2, 3, True)


def test_a_fault_is_the_one_that_django_would_have_raised():
    with pytest.raises(DataError, match="division by zero"), transaction.atomic():
        prepared.run("SELECT 1 / %s::int", [0])
    with pytest.raises(IntegrityError) as raised, transaction.atomic():
        prepared.run("INSERT INTO accounts_user DEFAULT VALUES", [])

    assert raised.value.__cause__.diag.table_name == "accounts_user"
    assert prepared.row("SELECT 1", []) == (1,)


def test_nothing_is_asked_of_a_transaction_that_is_broken():
    with transaction.atomic():
        transaction.set_rollback(True)

        with pytest.raises(TransactionManagementError):
            prepared.row("SELECT 1", [])


@pytest.mark.django_db(transaction=True)
def test_what_comes_first_in_a_transaction_begins_it():
    person = make.user("Ann")

    with transaction.atomic():
        prepared.run("UPDATE accounts_user SET name = 'Eve' WHERE id = %s", [person.pk])
        transaction.set_rollback(True)

    assert User.objects.get(pk=person.pk).name == "Ann"


def test_a_connection_keeps_only_so_many_statements(monkeypatch):
    monkeypatch.setattr(prepared, "KEPT", 2)
    prepared.PREPARED.pop(connection.connection, None)

    found = [prepared.row(f"SELECT {number}", []) for number in (1, 2, 1, 3, 2, 1)]

    assert found == [(1,), (2,), (1,), (3,), (2,), (1,)]
    assert len(prepared.PREPARED[connection.connection].names) == 2


def test_what_is_known_of_a_connection_outlives_statements_and_not_the_connection():
    prepared.row("SELECT %s::int", [1])
    known = prepared.PREPARED[connection.connection]

    prepared.row("SELECT %s::timestamptz", [datetime(2026, 11, 23, tzinfo=UTC)])

    assert prepared.PREPARED[connection.connection] is known
    assert known.adapting.connection is None
