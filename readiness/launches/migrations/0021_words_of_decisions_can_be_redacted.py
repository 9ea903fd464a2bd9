"""What people wrote in deciding can be taken out by a redaction, and by nothing else."""

from django.db import migrations

from readiness.audit.guards import redactable

DECIDING = [
    "outcome", "decided_at", "against", "verdict", "shown", "holds", "candidate_id", "version_id",
    "snapshot_id", "record", "record_hash", "voided_at", "voided_by_id", "voided_because",
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("launches", "0020_find_who_rolls_back")]
    operations = [
        redactable(
            "launches_decision",
            ["note", "voided_because"],
            fillable=DECIDING,
            documents=["record"],
        ),
        redactable(
            "launches_decisionsignature",
            ["reason", "withdrawn_because"],
            fillable=["withdrawn_at", "withdrawn_because"],
            documents=["conditions"],
        ),
    ]
