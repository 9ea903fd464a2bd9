"""The text of an event can be taken out, with its hash kept, by a redaction and nothing else."""

from django.db import migrations, models

from readiness.audit.guards import redactable


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_teams_have_chains")]
    operations = [
        migrations.AlterField(
            model_name="event", name="payload", field=models.JSONField(null=True)
        ),
        redactable("audit_event", ["payload"]),
    ]
