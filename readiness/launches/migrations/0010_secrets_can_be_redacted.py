"""What people wrote can be taken out by a redaction, and by nothing else."""

from django.db import migrations

from readiness.audit.guards import redactable

WITHDRAWAL = ["withdrawn_at", "withdrawn_by_id", "withdrawn_because"]
AGREEMENT = ["agreed_at", "agreed_by_id", "closed_at", "closed_by_id", "closed_because"]


class Migration(migrations.Migration):
    dependencies = [
        ("launches", "0009_badges_under_a_link"),
        ("audit", "0006_secrets_can_be_redacted"),
    ]
    operations = [
        redactable("launches_signoff", ["note", "withdrawn_because"], fillable=WITHDRAWAL),
        redactable(
            "launches_exemption",
            ["reason", "compensating_control", "closed_because"],
            fillable=AGREEMENT,
        ),
        redactable("launches_evidencerevision", ["title", "url", "body"]),
        redactable("launches_commentrevision", ["text"]),
    ]
