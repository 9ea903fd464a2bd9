"""Find what goes to channels of people past all the mails that wait."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # nobody waits while a large table is indexed

    dependencies = [("notifications", "0011_people_have_channels_of_their_own")]

    operations = [
        AddIndexConcurrently(
            model_name="delivery",
            index=models.Index(
                fields=["not_before", "id"],
                condition=models.Q(("state__in", ("queued", "sending")))
                & ~models.Q(("channel", "mail")),
                name="delivery_to_call",
            ),
        ),
    ]
