"""Lean statements write what `save()` would write."""

from datetime import timedelta

import pytest
from django.forms.models import model_to_dict

from readiness.launches.models import ConfigEvent, Launch, VerdictSnapshot
from readiness.web import lean, prepared
from tests import make

pytestmark = pytest.mark.django_db


def columns_of(row):
    """Every column as the database has it, but the row's own number."""
    fresh = type(row).objects.get(pk=row.pk)
    names = [field.attname for field in row._meta.concrete_fields if not field.primary_key]
    return {name: getattr(fresh, name) for name in names}


def test_an_inserted_row_is_what_create_would_have_made():
    launch = make.launch(items=2, signed_off=1)
    said = columns_of(launch.snapshots.latest("id"))

    saved = VerdictSnapshot.objects.create(**said)
    pk = lean.insert(VerdictSnapshot, **said)

    assert columns_of(VerdictSnapshot(pk=pk)) == columns_of(saved) == said


def test_a_row_may_be_named_by_itself_or_by_its_number():
    launch = make.launch(items=1)
    said = {"kind": "feature_set", "value": "v2 ' %s \" é", "at": make.NOW}

    by_row = lean.insert(ConfigEvent, launch=launch, by=launch.lead, **said)
    by_number = lean.insert(ConfigEvent, launch_id=launch.pk, by_id=launch.lead_id, **said)

    rows = [columns_of(ConfigEvent(pk=pk)) for pk in (by_row, by_number)]
    assert rows[0] == rows[1] == said | {"launch_id": launch.pk, "by_id": launch.lead_id}


def test_an_update_writes_the_row_and_the_instance_and_nothing_else():
    launch, other = make.launch(items=1), make.launch(items=1)
    before, untouched = columns_of(launch), columns_of(other)
    said = {
        "sections": [{"key": "a", "left": 0}],
        "next_change": make.NOW + timedelta(days=1),
        "score": None,
        "shown": "",
    }

    lean.update(launch, **said)

    assert columns_of(launch) == before | said
    assert columns_of(other) == untouched
    assert {name: getattr(launch, name) for name in said} == said
    assert model_to_dict(launch) == model_to_dict(Launch.objects.get(pk=launch.pk))


def test_two_rows_are_written_in_one_statement(django_assert_num_queries):
    launch = make.launch(items=2, signed_off=1)
    before, kept = columns_of(launch), columns_of(launch.snapshots.latest("id"))

    with django_assert_num_queries(1):
        lean.insert_and_update(VerdictSnapshot, kept, launch, {"name": "Renamed"})

    assert columns_of(launch.snapshots.latest("id")) == kept
    assert launch.snapshots.count() == 3
    assert columns_of(launch) == before | {"name": "Renamed"}
    assert launch.name == "Renamed"


def test_two_rows_may_be_written_by_another_statement(django_assert_num_queries):
    launch = make.launch(items=2, signed_off=1)
    before, kept = columns_of(launch), columns_of(launch.snapshots.latest("id"))

    with django_assert_num_queries(1):
        written = lean.beside(VerdictSnapshot, kept, launch, {"name": "Renamed"})
        found = prepared.row(
            f"WITH {written.sql} SELECT %(said)s::int", {**written.values, "said": 7}
        )

    assert found == (7,)
    assert columns_of(launch.snapshots.latest("id")) == kept
    assert columns_of(launch) == before | {"name": "Renamed"}
    assert launch.name == "Renamed"
