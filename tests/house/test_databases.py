"""The test databases themselves: who works in them, and what a test leaves behind."""

from datetime import UTC, datetime

import psycopg
import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction

from readiness.accounts.models import Team
from readiness.audit.kinds import Kind
from readiness.audit.models import Event
from readiness.audit.services import new_subject, record
from tests import database

GUARDS = """
SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger
 WHERE NOT tgisinternal ORDER BY 1, 2
"""


def guards() -> list[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(GUARDS)
        return cursor.fetchall()


@pytest.mark.django_db
def test_tests_work_as_the_application_which_owns_nothing():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, pg_has_role(current_user, tableowner, 'member')"
            " FROM pg_tables WHERE tablename = 'accounts_session'"
        )
        found = cursor.fetchone()

    assert found == ("readiness_app", False)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE accounts_session")


@pytest.mark.django_db(transaction=True)
def test_cleaning_up_empties_append_only_tables_and_leaves_their_guards_standing():
    name = connection.settings_dict["NAME"]
    Team.objects.create(name="Ads", slug="ads")
    at = datetime(2026, 1, 2, tzinfo=UTC)
    record(Kind.TEAM_ADDED, subject=new_subject("team"), by=None, at=at)
    before = guards()

    database.clean(name)

    assert (Team.objects.count(), Event.objects.count()) == (0, 0)
    assert guards() == before
    owner = psycopg.connect(database.owner_address(name))
    with owner, pytest.raises(psycopg.Error, match="append-only"):
        owner.execute("TRUNCATE audit_event")


@pytest.mark.parametrize("turn", ["first", "second"])
@pytest.mark.django_db
def test_each_test_finds_an_empty_cache(turn):
    found = cache.get("left-by-the-other-turn")

    cache.set("left-by-the-other-turn", turn)

    assert found is None
