"""Sign-offs, exemptions, evidence and snapshots are never deleted or rewritten."""

from django.db import migrations

from readiness.audit.guards import append_only

WITHDRAWAL = ["withdrawn_at", "withdrawn_by_id", "withdrawn_because"]
AGREEMENT = ["agreed_at", "agreed_by_id", "closed_at", "closed_by_id", "closed_because"]


class Migration(migrations.Migration):
    dependencies = [("launches", "0001_initial"), ("audit", "0002_append_only")]
    operations = [
        append_only("launches_signoff", fillable=WITHDRAWAL),
        append_only("launches_exemption", fillable=AGREEMENT),
        append_only("launches_verdictsnapshot"),
        append_only("launches_candidate"),
        append_only("launches_configevent"),
        append_only("launches_evidencerevision"),
        append_only("launches_evidencelink", fillable=["removed_at", "removed_by_id"]),
        append_only("launches_commentrevision"),
        migrations.RunSQL(
            "ALTER TABLE launches_launchitem SET (fillfactor = 85);"
            "ALTER TABLE launches_launch SET (fillfactor = 85);"
            "ALTER TABLE audit_subject SET (fillfactor = 85);",
            migrations.RunSQL.noop,
        ),
    ]
