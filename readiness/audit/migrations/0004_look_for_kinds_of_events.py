"""Rare kinds of events are found among all that happened without looking at each."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # nobody waits while a large table is indexed

    dependencies = [("audit", "0003_there_is_one_site")]

    operations = [
        AddIndexConcurrently(
            model_name="event",
            index=models.Index(models.F("kind"), models.F("id").desc(), name="event_by_kind"),
        ),
    ]
