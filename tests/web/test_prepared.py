"""Prepared statements answer what Django's own would."""

import pytest
from django.db import connection
from django.forms.models import model_to_dict

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


def test_what_finds_nothing_says_so():
    assert prepared.row(READ, {"launch": 0}) is None
    assert prepared.rows(READ, {"launch": 0}) == []
