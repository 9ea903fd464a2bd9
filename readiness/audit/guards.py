"""What the database refuses: operations for migrations of append-only tables."""

from collections.abc import Callable, Sequence

from django.conf import settings
from django.db import migrations

REFUSE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""
FILL_ONCE = """
CREATE OR REPLACE FUNCTION fill_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fillable text[] := TG_ARGV;
    was jsonb := to_jsonb(OLD);
    becomes jsonb := to_jsonb(NEW);
    name text;
BEGIN
    FOR name IN SELECT jsonb_object_keys(becomes) LOOP
        IF becomes -> name IS DISTINCT FROM was -> name
           AND (NOT name = ANY (fillable) OR was -> name NOT IN ('null'::jsonb, '""'::jsonb)) THEN
            RAISE EXCEPTION '%.% is written once', TG_TABLE_NAME, name
                USING ERRCODE = 'restrict_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
"""


def append_only(table: str, *, fillable: Sequence[str] = ()) -> migrations.RunPython:
    """Nobody changes or removes a row of this table; `fillable` columns turn from empty once.

    Triggers hold for every role, the owner's included; the app's role has not even the right.
    """
    return migrations.RunPython(_guard(table, tuple(fillable)), migrations.RunPython.noop)


def _guard(table: str, fillable: tuple[str, ...]) -> Callable:
    def guard(apps, schema_editor):  # noqa: ANN001
        role = schema_editor.quote_name(settings.APP_ROLE)
        run = schema_editor.execute
        run(REFUSE + FILL_ONCE, params=None)
        refused = "DELETE" if fillable else "UPDATE OR DELETE"
        run(
            f"CREATE TRIGGER rows_stay BEFORE {refused} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        run(
            f"CREATE TRIGGER table_stays BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        run(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}")
        triggers = ["rows_stay", "table_stays"]
        if fillable:
            names = ", ".join(f"'{name}'" for name in fillable)
            run(
                f"CREATE TRIGGER filled_once BEFORE UPDATE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION fill_once({names})"
            )
            run(f"GRANT UPDATE ({', '.join(fillable)}) ON {table} TO {role}")
            triggers.append("filled_once")
        for trigger in triggers:
            run(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")

    return guard
