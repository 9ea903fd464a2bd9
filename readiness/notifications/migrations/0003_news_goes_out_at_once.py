"""News goes out at once, as people prefer; a reader of the log remembers how far it has come."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What happened before is no news.
BEGIN_HERE = """
INSERT INTO notifications_reader (name, transaction, event)
VALUES ('at once', pg_current_xact_id()::text::bigint, 0)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_teams_say_how_many_approve"),
        ("audit", "0006_secrets_can_be_redacted"),
        ("notifications", "0002_invitations_go_out"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Preference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
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
                        ],
                        max_length=16,
                    ),
                ),
                ("channel", models.CharField(choices=[("mail", "mail")], max_length=16)),
                ("is_on", models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name="Reader",
            fields=[
                ("name", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("transaction", models.BigIntegerField()),
                ("event", models.BigIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name="delivery",
            name="event",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deliveries",
                to="audit.event",
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
                ],
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="preference",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="message_preferences",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.UniqueConstraint(
                fields=("person", "kind", "channel"),
                name="one_preference_per_person_kind_and_channel",
            ),
        ),
        migrations.RunSQL(BEGIN_HERE, migrations.RunSQL.noop),
    ]
