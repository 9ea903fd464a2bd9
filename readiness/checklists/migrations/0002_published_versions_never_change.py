"""A published version and everything that stands in it refuse every change.

The search path is fixed: a temporary table named like one of these would otherwise
be asked in its place. The version is locked before its status is read, so that a row
cannot slip into a draft while it is being published.
"""

from django.db import migrations

PARTS = ["facet", "duty", "answer", "band", "section", "item"]

FUNCTION = """
CREATE FUNCTION published_versions_never_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    is_frozen boolean;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        is_frozen := EXISTS (SELECT FROM checklists_version WHERE status = 'published');
    ELSIF TG_TABLE_NAME = 'checklists_checklist' THEN
        is_frozen := EXISTS (
            SELECT FROM checklists_version WHERE checklist_id = OLD.id AND status = 'published'
        );
    ELSIF TG_TABLE_NAME = 'checklists_version' THEN
        is_frozen := CASE TG_OP WHEN 'INSERT' THEN NEW.status ELSE OLD.status END = 'published';
    ELSE
        SELECT bool_or(status = 'published') INTO is_frozen FROM (
            SELECT status FROM checklists_version
            WHERE id = CASE TG_OP WHEN 'INSERT' THEN NEW.version_id ELSE OLD.version_id END
               OR id = CASE TG_OP WHEN 'DELETE' THEN OLD.version_id ELSE NEW.version_id END
            FOR SHARE
        ) AS locked;
    END IF;
    IF is_frozen THEN
        RAISE EXCEPTION 'published_versions_never_change: % on % refused', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""

GUARD = """
CREATE TRIGGER published_versions_never_change
    BEFORE {changes} ON {table} FOR EACH ROW
    EXECUTE FUNCTION published_versions_never_change();
CREATE TRIGGER published_versions_are_never_emptied
    BEFORE TRUNCATE ON {table} FOR EACH STATEMENT
    EXECUTE FUNCTION published_versions_never_change();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER published_versions_never_change;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER published_versions_are_never_emptied;
"""

RELEASE = """
DROP TRIGGER published_versions_never_change ON {table};
DROP TRIGGER published_versions_are_never_emptied ON {table};
"""


def guard(table: str, changes: str = "INSERT OR UPDATE OR DELETE") -> migrations.RunSQL:
    return migrations.RunSQL(
        GUARD.format(table=table, changes=changes), RELEASE.format(table=table)
    )


class Migration(migrations.Migration):
    dependencies = [("checklists", "0001_checklists_and_their_versions")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION published_versions_never_change()"),
        guard("checklists_checklist", "UPDATE OR DELETE"),
        guard("checklists_version"),
        *(guard(f"checklists_{part}") for part in PARTS),
    ]
