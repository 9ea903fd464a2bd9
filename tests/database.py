"""Test databases: migrated once as the owner, cloned per worker, emptied between tests."""

import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg
import redis
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

CLEANER = "cleaning up after tests"

# One at a time: a template cannot be cloned while somebody is connected to it.
LOCK = "SELECT pg_advisory_lock(hashtext('readiness tests'))"

# What migrations wrote is kept aside, in a schema the application cannot see.
REMEMBER = """
DO $$
DECLARE
    home regclass;
    filled boolean;
BEGIN
    CREATE SCHEMA pristine;
    FOR home IN
        SELECT oid FROM pg_class
         WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
           AND relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', home) INTO filled;
        IF filled THEN
            EXECUTE format('CREATE TABLE pristine.%s AS TABLE %1$s', home);
        END IF;
    END LOOP;
END $$
"""

# Append-only tables refuse this to their owner too: the guards step aside for this one
# transaction and come back as they were. DELETE, not TRUNCATE: for few rows it is faster.
CLEAN = """
DO $$
DECLARE
    home regclass;
    guard record;
    is_filled boolean;
    filled regclass[] := '{}';
BEGIN
    SET LOCAL lock_timeout = '10s';
    FOR home IN
        SELECT oid FROM pg_class
         WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
           AND relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', home) INTO is_filled;
        IF is_filled THEN
            filled := filled || home;
        END IF;
    END LOOP;
    CREATE TEMPORARY TABLE guards ON COMMIT DROP AS
        SELECT tgrelid::regclass AS home, tgname AS name,
               CASE tgenabled WHEN 'A' THEN 'ALWAYS' ELSE '' END AS always
          FROM pg_trigger
         WHERE NOT tgisinternal AND tgenabled <> 'D' AND tgrelid = ANY (filled);
    FOR guard IN SELECT DISTINCT guards.home FROM guards LOOP
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', guard.home);
    END LOOP;
    FOREACH home IN ARRAY filled LOOP
        EXECUTE format('DELETE FROM %s', home);
    END LOOP;
    SET CONSTRAINTS ALL IMMEDIATE;
    FOR guard IN SELECT * FROM guards LOOP
        EXECUTE format('ALTER TABLE %s ENABLE %s TRIGGER %I',
                       guard.home, guard.always, guard.name);
    END LOOP;
    FOR home IN SELECT oid FROM pg_class WHERE relnamespace = 'pristine'::regnamespace
    LOOP
        EXECUTE format('INSERT INTO public.%I SELECT * FROM %s',
                       (SELECT relname FROM pg_class WHERE oid = home), home);
    END LOOP;
END $$
"""


def address(variable: str, name: str) -> str:
    """The same server and role as the variable says, another database."""
    parts = urlsplit(os.environ[variable])
    return urlunsplit(parts._replace(path=f"/{name}"))


def owner_address(name: str) -> str:
    return address("READINESS_OWNER_DATABASE_URL", name)


def base_name() -> str:
    """The database that the addresses name; the tests only ever work beside it."""
    return conninfo_to_dict(os.environ["READINESS_OWNER_DATABASE_URL"])["dbname"]


def template_name() -> str:
    """The database that was migrated and nothing else, for others to be cloned from."""
    return f"test_{base_name()}_template"


def create() -> str:
    """Make this worker's database, point both aliases at it, and return its name."""
    base = base_name()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    template, name = template_name(), f"test_{base}_{worker}"
    with psycopg.connect(owner_address(base), autocommit=True) as owner:
        owner.execute(LOCK)
        if fingerprint() != mark_of(owner, template):
            make_template(owner, template)
        remake(owner, name, template=template)
    point_at(name)
    return name


def make_template(owner: psycopg.Connection, template: str) -> None:
    """Migrate once; the mark comes last, so that half a template is never taken for a whole."""
    remake(owner, template)
    point_at(template)
    call_command("migrate", database="owner", verbosity=0)
    connections.close_all()
    with psycopg.connect(owner_address(template), autocommit=True) as inside:
        inside.execute(REMEMBER)
    mark = sql.SQL("COMMENT ON DATABASE {} IS {}")
    owner.execute(mark.format(sql.Identifier(template), sql.Literal(fingerprint())))


def remake(owner: psycopg.Connection, name: str, *, template: str = "template1") -> None:
    home = sql.Identifier(name)
    owner.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(home))
    owner.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(home, sql.Identifier(template)))


def mark_of(owner: psycopg.Connection, template: str) -> str | None:
    asked = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    found = owner.execute(asked, [template]).fetchone()
    return found[0] if found else None


def fingerprint() -> str:
    """What the template depends on: the migrations, what they import from us, and Django."""
    migrations = [sys.modules[known.__module__] for known in disk_migrations()]
    lent = [getattr(value, "__module__", "") for one in migrations for value in vars(one).values()]
    helpers = [sys.modules[name] for name in set(lent) if str(name).startswith("readiness.")]
    digest = hashlib.sha256(f"{django.VERSION} {settings.APP_ROLE} {REMEMBER}".encode())
    for file in sorted({module.__file__ for module in [*migrations, *helpers]}):
        digest.update(Path(file).read_bytes())
    return digest.hexdigest()


def disk_migrations() -> list[type]:
    return [type(found) for found in MigrationLoader(None).disk_migrations.values()]


def point_at(name: str) -> None:
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


@contextmanager
def cleaner(name: str) -> Iterator[Callable[[], None]]:
    """What empties every table, as the owner: the application itself may not.

    It stays connected. A new connection learns every table and plans every statement anew, which
    costs more than the work itself.
    """
    address = owner_address(name)
    with psycopg.connect(address, autocommit=True, application_name=CLEANER) as owner:

        def clean() -> None:
            owner.execute(CLEAN)

        yield clean


def clean(name: str) -> None:
    """Empty every table once."""
    with cleaner(name) as clean_up:
        clean_up()


def drop(name: str) -> None:
    """Remove the database; one that a thread still holds is left for the next run to remove."""
    connections.close_all()
    with psycopg.connect(owner_address(base_name()), autocommit=True) as owner:
        try:
            owner.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        except psycopg.errors.ObjectInUse:
            return


def flush_valkey() -> None:
    valkey_at(settings.REDIS_URL).flushdb()


@cache
def valkey_at(url: str) -> redis.Redis:
    """Stays connected: to come in costs ten times what it costs to flush."""
    return redis.Redis.from_url(url)
