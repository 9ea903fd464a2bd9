"""What the database refuses, whoever asks: the application by rights, the owner by triggers."""

from datetime import timedelta

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from readiness.launches.models import ConfigEvent, Exemption, Launch, SignOff
from readiness.launches.services.comments import comment
from tests import database, make

APPENDED = {
    "audit_event": "kind = 'other'",
    "audit_actkey": "key = 'other'",
    "launches_signoff": "note = 'Other'",
    "launches_exemption": "reason = 'Other'",
    "launches_verdictsnapshot": "verdict = 'other'",
    "launches_candidate": "version = 'other'",
    "launches_configevent": "value = 'other'",
    "launches_evidencerevision": "title = 'Other'",
    "launches_evidencelink": "added_at = now()",
    "launches_commentrevision": "text = 'Other'",
    "launches_factrevision": "fact = 'other'",
}
FILLED_LATER = {"audit_actkey", "launches_signoff", "launches_exemption", "launches_evidencelink"}
LATER = make.NOW + timedelta(hours=1)


def attempts(table: str) -> list[str]:
    return [
        f"UPDATE {table} SET {APPENDED[table]}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
    ]


def a_launch_with_a_row_of_everything() -> Launch:
    launch = make.launch(items=5, signed_off=1)
    item, lead = make.item(launch, 2), launch.lead
    make.link(item, by=lead)
    comment(item, text="Hm.", by=lead, key=make.key(), now=make.NOW)
    ConfigEvent.objects.create(launch=launch, kind="team", value="Ads", at=make.NOW, by=lead)
    exempt(launch)
    make.fact(make.item(launch, 2), by=lead, flag_ref="ads/ranker")
    return launch


def exempt(launch: Launch, **said: object) -> Exemption:
    who = {"team": launch.team, "item": make.item(launch, 3), "asked_by": launch.lead}
    what = {"kind": "na", "reason": "It does not apply.", "asked_at": make.NOW}
    return Exemption.objects.create(**who | what | said)


def as_application(statement: str, *values: object) -> str:
    """Why the database refuses this to the application; "" when it does not."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError as problem:
        return str(problem).splitlines()[0]
    return ""


@pytest.mark.django_db
@pytest.mark.parametrize("table", APPENDED)
def test_the_application_has_no_right_to_change_remove_or_empty(table):
    found = [as_application(statement) for statement in attempts(table)]

    assert found == [f"permission denied for table {table}"] * 3


@pytest.mark.django_db(transaction=True)
def test_the_owner_is_refused_by_triggers():
    a_launch_with_a_row_of_everything()
    address, found = database.owner_address(connection.settings_dict["NAME"]), {}

    with psycopg.connect(address, autocommit=True) as owner:
        for table in APPENDED:
            for statement in attempts(table):
                with pytest.raises(psycopg.Error) as problem:
                    owner.execute(statement)
                found.setdefault(table, []).append(str(problem.value).splitlines()[0])

    for table, change in APPENDED.items():
        stays, once = f"{table} is append-only", f"{table}.{change.split()[0]} is written once"
        assert found[table] == [once if table in FILLED_LATER else stays, stays, stays]


@pytest.mark.django_db
def test_every_guard_holds_for_replicas_too():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text, tgenabled FROM pg_trigger"
            " WHERE tgname IN ('rows_stay', 'table_stays', 'filled_once')"
        )
        found = dict(cursor.fetchall())

    assert {table: found.get(table) for table in APPENDED} == dict.fromkeys(APPENDED, "A")


@pytest.mark.django_db
def test_a_withdrawal_fills_its_own_columns_once_and_never_again():
    launch = make.launch(items=5, signed_off=1)
    words, lead = SignOff.objects.all(), launch.lead

    words.update(withdrawn_at=LATER, withdrawn_by=lead, withdrawn_because="No.")

    for change in (
        {"withdrawn_at": make.NOW},
        {"withdrawn_at": None, "withdrawn_by": None},
        {"withdrawn_because": "Other"},
        {"withdrawn_because": ""},
    ):
        name = next(iter(change))
        with (
            pytest.raises(IntegrityError, match=rf"launches_signoff\.{name}\w* is written once"),
            transaction.atomic(),
        ):
            words.update(**change)
    kept = words.values_list("withdrawn_at", "withdrawn_by", "withdrawn_because").get()
    assert kept == (LATER, lead.pk, "No.")


@pytest.mark.django_db
def test_an_exemption_is_agreed_to_once():
    launch = make.launch(items=5)
    ann, bob = make.user("Ann", team=launch.team), make.user("Bob", team=launch.team)
    exempt(launch, agreed_by=ann, agreed_at=make.NOW)

    with (
        pytest.raises(IntegrityError, match=r"launches_exemption\.agreed_by_id is written once"),
        transaction.atomic(),
    ):
        Exemption.objects.update(agreed_by=bob)


@pytest.mark.django_db
def test_nobody_agrees_to_what_they_asked_for():
    launch = make.launch(items=5)

    with pytest.raises(IntegrityError, match="an_asker_never_agrees"), transaction.atomic():
        exempt(launch, agreed_by=launch.lead, agreed_at=make.NOW)


@pytest.mark.django_db
def test_every_waiver_ends():
    launch = make.launch(items=5)

    with pytest.raises(IntegrityError, match="every_waiver_ends"), transaction.atomic():
        exempt(launch, kind="waiver")


@pytest.mark.django_db
def test_an_item_has_one_standing_exemption_of_a_kind():
    launch = make.launch(items=5)
    exempt(launch)

    exempt(launch, kind="waiver", ends_at=LATER)
    with (
        pytest.raises(IntegrityError, match="one_standing_exemption_per_kind"),
        transaction.atomic(),
    ):
        exempt(launch)


@pytest.mark.django_db
def test_the_application_owns_nothing_and_is_no_superuser():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls,"
            " (SELECT count(*) FROM pg_class WHERE relowner = pg_roles.oid)"
            " FROM pg_roles WHERE rolname = current_user"
        )
        found = cursor.fetchone()

    assert found == ("readiness_app", False, False, False, False, False, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("ALTER TABLE audit_event DISABLE TRIGGER ALL", "must be owner of table audit_event"),
        ("DROP TRIGGER rows_stay ON audit_event", "must be owner of relation audit_event"),
        (
            "SET session_replication_role = replica",
            'permission denied to set parameter "session_replication_role"',
        ),
        ("SET ROLE readiness_owner", 'permission denied to set role "readiness_owner"'),
        ("CREATE TABLE mine ()", "permission denied for schema public"),
    ],
)
def test_the_application_cannot_step_around_the_guards(statement, problem):
    found = as_application(statement)

    assert found == problem
