"""Structured facts of items, in revisions that stay."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from readiness.audit.guards import append_only, redactable

TABLE = "launches_factrevision"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_sessions_in_view_and_invitations"),
        ("launches", "0016_threads_are_resolved"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FactRevision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fact", models.CharField(max_length=64)),
                ("definition", models.CharField(max_length=16)),
                ("row", models.PositiveIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("payload", models.JSONField(null=True)),
                ("is_removed", models.BooleanField(default=False)),
                ("sha256", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fact_revisions",
                        to="launches.launchitem",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("item", "fact", "row", "number"),
                        name="revisions_of_a_fact_are_numbered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)),
                        name="revisions_of_a_fact_start_at_one",
                    ),
                ],
            },
        ),
        append_only(TABLE),
        redactable(TABLE, ["payload"]),
    ]
