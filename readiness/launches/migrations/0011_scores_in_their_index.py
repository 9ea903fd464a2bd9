"""The index of snapshots holds their scores: the chart and the lines of 14 days read it alone."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # nobody waits while a large table is indexed

    dependencies = [("launches", "0010_secrets_can_be_redacted")]

    operations = [
        AddIndexConcurrently(
            model_name="verdictsnapshot",
            index=models.Index(
                fields=["launch", "-at", "-id"], include=["score"], name="snapshot_scores_by_launch"
            ),
        ),
        RemoveIndexConcurrently(model_name="verdictsnapshot", name="snapshot_by_launch"),
    ]
