"""Let people hear on channels of their own."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_an_hour_comes_for_each_person"),
        ("notifications", "0010_teams_name_their_holidays"),
    ]

    operations = [
        migrations.CreateModel(
            name="OwnHook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[("slack", "slack"), ("teams", "teams"), ("webhook", "webhook")],
                        max_length=8,
                    ),
                ),
                ("url", models.CharField(max_length=500)),
                ("secret", models.CharField(blank=True, max_length=80)),
                ("made_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="own_hooks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at", None)),
                        fields=("person", "way"),
                        name="one_standing_hook_per_person_and_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("way", "webhook"), models.Q(("secret", ""), _negated=True)),
                            models.Q(models.Q(("way", "webhook"), _negated=True), ("secret", "")),
                            _connector="OR",
                        ),
                        name="a_webhook_of_ones_own_has_a_secret",
                    ),
                ],
            },
        ),
        migrations.AlterField(
            model_name="delivery",
            name="channel",
            field=models.CharField(
                choices=[
                    ("mail", "mail"),
                    ("slack", "slack"),
                    ("teams", "teams"),
                    ("webhook", "webhook"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="kind",
            field=models.CharField(
                choices=[
                    ("digest", "digest"),
                    ("invitation", "invitation"),
                    ("mentioned", "mentioned"),
                    ("asked", "asked"),
                    ("decided", "decided"),
                    ("verdict_dropped", "verdict_dropped"),
                    ("reopened", "reopened"),
                    ("review_invited", "review_invited"),
                    ("review_starting", "review_starting"),
                    ("minutes", "minutes"),
                    ("weekly", "weekly"),
                    ("escalation", "escalation"),
                    ("test", "test"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="preference",
            name="channel",
            field=models.CharField(
                choices=[
                    ("mail", "mail"),
                    ("slack", "slack"),
                    ("teams", "teams"),
                    ("webhook", "webhook"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="preference",
            name="kind",
            field=models.CharField(
                choices=[
                    ("digest", "digest"),
                    ("invitation", "invitation"),
                    ("mentioned", "mentioned"),
                    ("asked", "asked"),
                    ("decided", "decided"),
                    ("verdict_dropped", "verdict_dropped"),
                    ("reopened", "reopened"),
                    ("review_invited", "review_invited"),
                    ("review_starting", "review_starting"),
                    ("minutes", "minutes"),
                    ("weekly", "weekly"),
                    ("escalation", "escalation"),
                    ("test", "test"),
                ],
                max_length=16,
            ),
        ),
    ]
