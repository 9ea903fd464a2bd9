"""Count what went to a domain within the last minute without reading all that ever went."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    atomic = False  # nobody waits while a large table is indexed

    dependencies = [("notifications", "0013_mails_that_came_back")]

    operations = [
        AddIndexConcurrently(
            model_name="delivery",
            index=models.Index(
                Lower(
                    models.Func(
                        "address", models.Value("@"), models.Value(-1), function="split_part"
                    )
                ),
                models.F("handed_over_at"),
                condition=models.Q(("channel", "mail"), ("handed_over_at__isnull", False)),
                name="delivery_by_domain",
            ),
        ),
    ]
