"""Published rows never change: not for the application, not for the owner of the tables."""

from datetime import UTC, datetime

import psycopg
import pytest
from django.db import IntegrityError, connection, connections, transaction

from readiness.audit.services import new_subject
from readiness.checklists import services
from readiness.checklists.models import Checklist, Item, Section, Status, Version
from tests.checklists.given import small

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PARTS = ["facet", "duty", "answer", "band", "section", "item"]
CHANGES = [
    *(f"UPDATE checklists_{part} SET title = 'Other'" for part in PARTS),
    *(f"DELETE FROM checklists_{part}" for part in PARTS),
    "UPDATE checklists_version SET title = 'Other'",
    "UPDATE checklists_version SET status = 'draft', published_at = NULL",
    "DELETE FROM checklists_version",
    "UPDATE checklists_checklist SET key = 'other'",
    "DELETE FROM checklists_checklist",
    (
        "INSERT INTO checklists_duty (version_id, key, title, position)"
        " SELECT id, 'new', 'New', 99 FROM checklists_version"
    ),
    (
        "INSERT INTO checklists_section (version_id, key, title, goal, position)"
        " SELECT id, 'new', 'New', '', 99 FROM checklists_version"
    ),
]
EMPTYINGS = [f"TRUNCATE checklists_{name} CASCADE" for name in ["checklist", "version", *PARTS]]
FACT = "published_versions_never_change"


def draft(number: str = "2.0.0") -> Version:
    """A draft with one section and one item."""
    checklist, _ = Checklist.objects.get_or_create(
        key="drafted", defaults={"subject": new_subject("checklist")}
    )
    major, minor, patch = number.split(".")
    version = Version.objects.create(
        checklist=checklist,
        number=number,
        major=major,
        minor=minor,
        patch=patch,
        title="Drafted",
        measure="share",
        aggregate="whole",
    )
    section = Section.objects.create(version=version, key="one", title="One", position=1)
    Item.objects.create(
        version=version,
        section=section,
        key="item",
        title="Item",
        position=1,
        ref="1.1",
        na_allowed=True,
    )
    return version


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES)
def test_the_application_cannot_change_a_published_row(change):
    services.publish(small(), now=NOW)

    with pytest.raises(IntegrityError, match=FACT), connection.cursor() as cursor:
        cursor.execute(change)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_owner_of_the_tables_cannot_change_or_empty_them_either():
    services.publish(small(), now=NOW)

    for change in [*CHANGES, *EMPTYINGS]:
        with (
            pytest.raises(IntegrityError, match=FACT),
            transaction.atomic(using="owner"),
            connections["owner"].cursor() as owner,
        ):
            owner.execute(change)


@pytest.mark.django_db
def test_a_row_cannot_move_into_a_published_version_or_out_of_it():
    published, _ = services.publish(small(), now=NOW)
    item = draft().items.get()

    with pytest.raises(IntegrityError, match=FACT), transaction.atomic():
        Item.objects.filter(pk=item.pk).update(version=published)
    with pytest.raises(IntegrityError, match=FACT), transaction.atomic():
        published.items.update(version=item.version)


@pytest.mark.django_db
def test_a_temporary_table_does_not_pass_for_the_real_one():
    services.publish(small(), now=NOW)

    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE checklists_version (id bigint, status text)")
        with pytest.raises(IntegrityError, match=FACT):
            cursor.execute("UPDATE checklists_item SET title = 'Other'")


@pytest.mark.django_db
def test_a_version_is_never_published_at_birth():
    version = draft()
    version.pk, version.number, version.patch = None, "2.0.1", 1
    version.status, version.published_at = Status.PUBLISHED.value, NOW

    with pytest.raises(IntegrityError, match=FACT):
        version.save(force_insert=True)


@pytest.mark.django_db
def test_a_draft_can_be_changed_and_thrown_away():
    version = draft()

    version.items.update(title="Other")
    version.sections.update(goal="Other")
    version.delete()

    assert (Version.objects.count(), Item.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_nothing_slips_into_a_version_while_it_is_being_published():
    version = draft()
    address = connection.get_connection_params()
    address = {key: address[key] for key in ("dbname", "user", "host") if key in address}

    with transaction.atomic(), psycopg.connect(**address) as other:
        Version.objects.filter(pk=version.pk).update(status="published", published_at=NOW)
        other.execute("SET lock_timeout = '100ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute("UPDATE checklists_item SET title = 'Other'")


@pytest.mark.django_db
def test_an_item_stays_in_the_version_of_its_section():
    mine, other = draft("2.0.0"), draft("3.0.0")

    mine.items.update(section=other.sections.get())

    with pytest.raises(IntegrityError, match="item_shares_its_version_with_its_section"):
        check_now()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("columns", "fact"),
    [
        ({"number": "9.9.9"}, "version_number_is_its_parts"),
        ({"status": "published"}, "published_versions_have_a_time"),
        ({"published_at": NOW}, "published_versions_have_a_time"),
        ({"weight_unit": 0}, "units_are_positive"),
        ({"measure": "luck"}, "version_measure_is_known"),
        ({"status": "retired"}, "version_status_is_known|published_versions_have_a_time"),
        ({"blockers": "maybe"}, "version_blockers_is_known"),
        ({"na_counts_as": "open"}, "version_na_counts_as_is_known"),
    ],
)
def test_the_database_knows_what_a_version_may_hold(columns, fact):
    version = draft()

    with pytest.raises(IntegrityError, match=fact):
        Version.objects.filter(pk=version.pk).update(**columns)


@pytest.mark.django_db
def test_a_number_is_given_once_in_a_checklist():
    version = draft()
    version.pk = None

    with pytest.raises(IntegrityError, match="one_version_per_number"):
        version.save(force_insert=True)


def check_now() -> None:
    """Check what is otherwise checked at commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
