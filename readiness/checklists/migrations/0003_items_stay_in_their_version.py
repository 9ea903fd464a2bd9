"""An item's section and duty stand in the item's own version."""

from django.db import migrations

KEEP_TOGETHER = """
ALTER TABLE checklists_{part} ADD CONSTRAINT {part}_is_known_with_its_version
    UNIQUE (id, version_id);
ALTER TABLE checklists_item ADD CONSTRAINT item_shares_its_version_with_its_{part}
    FOREIGN KEY ({part}_id, version_id) REFERENCES checklists_{part} (id, version_id)
    DEFERRABLE INITIALLY DEFERRED;
"""

LET_GO = """
ALTER TABLE checklists_item DROP CONSTRAINT item_shares_its_version_with_its_{part};
ALTER TABLE checklists_{part} DROP CONSTRAINT {part}_is_known_with_its_version;
"""


class Migration(migrations.Migration):
    dependencies = [("checklists", "0002_published_versions_never_change")]

    operations = [
        migrations.RunSQL(KEEP_TOGETHER.format(part=part), LET_GO.format(part=part))
        for part in ("section", "duty")
    ]
