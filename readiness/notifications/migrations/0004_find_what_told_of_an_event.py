"""Find what was sent because of an event."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # nobody waits while a large table is indexed

    dependencies = [("notifications", "0003_news_goes_out_at_once")]

    operations = [
        AddIndexConcurrently(
            model_name="delivery",
            index=models.Index(
                fields=["event"],
                condition=models.Q(("event__isnull", False)),
                name="delivery_by_event",
            ),
        ),
    ]
