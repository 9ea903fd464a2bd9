"""Look at a person once a day, when their hour for mails has come."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # nobody waits while people are indexed

    dependencies = [("accounts", "0007_guests_are_known")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="next_hour_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        AddIndexConcurrently(
            model_name="user",
            index=models.Index(
                fields=["next_hour_at"],
                condition=models.Q(("is_active", True)),
                name="person_by_next_hour",
            ),
        ),
        AddIndexConcurrently(
            model_name="invitation",
            index=models.Index(
                fields=["ends_at"],
                condition=models.Q(("revoked_at", None)),
                name="invitation_not_revoked",
            ),
        ),
    ]
