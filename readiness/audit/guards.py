"""What the database refuses: operations for migrations of append-only tables."""

from collections.abc import Callable, Sequence
from functools import partial

from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

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
REDACT = """
CREATE OR REPLACE FUNCTION is_being_redacted(place text, of bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM audit_event e JOIN accounts_user u ON u.id = e.by_id
        WHERE e.transaction = (pg_current_xact_id()::text)::bigint
          AND e.kind = 'event.redacted' AND u.is_site_admin
          AND e.payload -> 'places' @> jsonb_build_array(jsonb_build_array(place, of))
    )
$$;
CREATE OR REPLACE FUNCTION says_less(was jsonb, becomes jsonb) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF was = becomes THEN
        RETURN true;
    ELSIF jsonb_typeof(was) = 'string' THEN
        RETURN becomes = '"[redacted]"';
    ELSIF jsonb_typeof(was) <> jsonb_typeof(becomes) THEN
        RETURN false;
    ELSIF jsonb_typeof(was) = 'object' THEN
        RETURN (SELECT bool_and(says_less(a.value, b.value) IS TRUE)
                FROM jsonb_each(was) a FULL JOIN jsonb_each(becomes) b ON b.key = a.key);
    ELSIF jsonb_typeof(was) = 'array' THEN
        RETURN (SELECT bool_and(says_less(a.value, b.value) IS TRUE)
                FROM jsonb_array_elements(was) WITH ORDINALITY a
                FULL JOIN jsonb_array_elements(becomes) WITH ORDINALITY b
                ON b.ordinality = a.ordinality);
    END IF;
    RETURN false;
END $$;
CREATE OR REPLACE FUNCTION keep_but_redact() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fillable text[] := string_to_array(TG_ARGV[0], ',');
    texts text[] := string_to_array(TG_ARGV[1], ',');
    documents text[] := string_to_array(TG_ARGV[2], ',');
    was jsonb := to_jsonb(OLD);
    becomes jsonb := to_jsonb(NEW);
    name text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    FOR name IN SELECT jsonb_object_keys(becomes) LOOP
        CONTINUE WHEN becomes -> name IS NOT DISTINCT FROM was -> name;
        CONTINUE WHEN name = ANY (fillable) AND was -> name IN ('null'::jsonb, '""'::jsonb);
        CONTINUE WHEN name = ANY (texts)
            AND becomes -> name IN ('null'::jsonb, '"[redacted]"'::jsonb)
            AND is_being_redacted(TG_TABLE_NAME, OLD.id);
        CONTINUE WHEN name = ANY (documents) AND says_less(was -> name, becomes -> name)
            AND is_being_redacted(TG_TABLE_NAME, OLD.id);
        IF TG_ARGV[0] = '' THEN
            RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END IF;
        RAISE EXCEPTION '%.% is written once', TG_TABLE_NAME, name
            USING ERRCODE = 'restrict_violation';
    END LOOP;
    RETURN NEW;
END $$;
"""
GONE = "[redacted]"


class Guarding(migrations.RunPython):
    """Takes the models that are there: Django makes them all anew, and no guard looks at them."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        self.code(to_state.apps, schema_editor)


def append_only(table: str, *, fillable: Sequence[str] = ()) -> Guarding:
    """Nobody changes or removes a row of this table; `fillable` columns turn from empty once.

    Triggers hold for every role, the owner's included; the app's role has not even the right.
    """
    return Guarding(_guard(table, tuple(fillable)), migrations.RunPython.noop)


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


def redactable(
    table: str,
    texts: Sequence[str],
    *,
    fillable: Sequence[str] = (),
    documents: Sequence[str] = (),
) -> Guarding:
    """Beside what `append_only` allows, these texts can be taken out, by redaction alone.

    A redaction is an event of a site admin, in the same transaction, that names the row. The
    app's role gets no right to write to the table: it calls redact_<table>(id, columns), which
    belongs to the owner, and the trigger holds against that as well. `documents` are columns of
    JSON, each redacted by redact_<table>_<column>(id, value): the value must be what stood there,
    but for words that became "[redacted]" in their places.
    """
    return Guarding(
        _redaction(table, tuple(texts), tuple(fillable), tuple(documents)),
        migrations.RunPython.noop,
    )


def _redaction(
    table: str, texts: tuple[str, ...], fillable: tuple[str, ...], documents: tuple[str, ...]
) -> Callable:
    trigger, on = ("filled_once", "UPDATE") if fillable else ("rows_stay", "UPDATE OR DELETE")
    lists = [fillable, texts, documents] if documents else [fillable, texts]
    said = ", ".join(f"'{','.join(one)}'" for one in lists)

    def redaction(apps, schema_editor):  # noqa: ANN001
        role = schema_editor.quote_name(settings.APP_ROLE)
        run = partial(schema_editor.execute, params=None)
        run(REDACT)
        run(
            f"CREATE OR REPLACE TRIGGER {trigger} BEFORE {on} ON {table} FOR EACH ROW "
            f"EXECUTE FUNCTION keep_but_redact({said})"
        )
        run(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")
        taken_out = ", ".join(_taken_out(text) for text in texts)
        functions = {f"redact_{table}": ("texts text[]", taken_out)} if texts else {}
        for column in documents:
            functions[f"redact_{table}_{column}"] = ("becomes jsonb", f"{column} = becomes")
        for name, (takes, written) in functions.items():
            update = f"UPDATE {table} SET {written} WHERE id = row_id"  # noqa: S608
            run(
                f"CREATE OR REPLACE FUNCTION {name}(row_id bigint, {takes}) RETURNS void "
                "LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$ "
                f"{update} $$"
            )
            run(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
            run(f"GRANT EXECUTE ON FUNCTION {name} TO {role}")

    return redaction


def _taken_out(text: str) -> str:
    """How a column is redacted where it is named: a payload goes, words leave a word behind."""
    if text == "payload":
        return "payload = CASE WHEN 'payload' = ANY (texts) THEN NULL ELSE payload END"
    is_there = f"'{text}' = ANY (texts) AND {text} <> ''"
    return f"{text} = CASE WHEN {is_there} THEN '{GONE}' ELSE {text} END"
