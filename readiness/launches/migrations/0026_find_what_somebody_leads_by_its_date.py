"""Find the launches somebody leads by their date, in the place of all that they lead.

Who leads many was asked for all of them, or for all launches near that date, on every dashboard.
The new index begins with the key, so that the key's own goes: a launch writes to as many as before.
"""

from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

KEPT_WITH_KEY = "launches_launch_lead_id_e1754aa4"


class Migration(migrations.Migration):
    atomic = False  # nobody waits while a large table is indexed

    dependencies = [("launches", "0025_launches_are_pinned")]

    operations = [
        AddIndexConcurrently(
            model_name="launch",
            index=models.Index(fields=["lead", "launch_at", "id"], name="launch_by_lead"),
        ),
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {KEPT_WITH_KEY}",
                    f"CREATE INDEX CONCURRENTLY {KEPT_WITH_KEY} ON launches_launch (lead_id)",
                )
            ],
            [
                migrations.AlterField(
                    model_name="launch",
                    name="lead",
                    field=models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        models.PROTECT,
                        related_name="led_launches",
                        db_index=False,
                    ),
                )
            ],
        ),
    ]
