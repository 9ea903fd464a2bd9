"""Keep when others hear of late work, as each team chose."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_teams_say_how_many_approve"),
        ("notifications", "0007_snoozes"),
    ]

    operations = [
        migrations.CreateModel(
            name="EscalationPolicy",
            fields=[
                (
                    "team",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="escalation_policy",
                        serialize=False,
                        to="accounts.team",
                    ),
                ),
                ("is_on", models.BooleanField(default=True)),
                ("lead_after", models.PositiveSmallIntegerField(default=3)),
                ("approver_after", models.PositiveSmallIntegerField(default=7)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lead_after__gte", 1),
                            ("approver_after__gte", models.F("lead_after")),
                            ("approver_after__lte", 60),
                        ),
                        name="approvers_hear_after_the_lead",
                    )
                ],
            },
        ),
    ]
