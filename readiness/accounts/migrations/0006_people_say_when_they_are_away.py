"""Keep when people are away, and who stands in for them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_teams_say_how_many_approve"),
    ]

    operations = [
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="absence",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("first_on", models.DateField()),
                ("last_on", models.DateField()),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "stand_in",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="standing_in_for",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["ends_at"], name="absence_by_end")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("begins_at__lt", models.F("ends_at"))),
                        name="who_goes_away_comes_back",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stand_in", None),
                            models.Q(("stand_in", models.F("person")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_stands_in_for_themselves",
                    ),
                ],
            },
        ),
    ]
