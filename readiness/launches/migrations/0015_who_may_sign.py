"""Who signs for a duty, what a sign-off re-affirms, and who confirmed one that broke the glass."""

from django.conf import settings
from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    ValidateConstraint,
)
from django.db import migrations, models
from django.db.models import F, Q

from readiness.audit.guards import redactable

WITHDRAWAL = ["withdrawn_at", "withdrawn_by_id", "withdrawn_because"]
CONFIRMATION = ["confirmed_at", "confirmed_by_id"]
RIGHT = f"UPDATE ({', '.join(CONFIRMATION)}) ON launches_signoff"
CHECKS = {
    "a_second_person_confirms": Q(confirmed_by=None) | ~Q(confirmed_by=F("by")),
    "only_broken_glass_is_confirmed": Q(confirmed_at=None, confirmed_by=None)
    | Q(broke_glass=True, confirmed_at__isnull=False, confirmed_by__isnull=False),
    "who_breaks_glass_says_why": Q(broke_glass=False) | ~Q(note=""),
}


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("launches", "0014_exemptions_are_extended"),
    ]

    operations = [
        migrations.CreateModel(
            name="LaunchSigner",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("duty", models.CharField(max_length=64)),
                (
                    "launch",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="signers", to="launches.launch"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("launch", "duty", "person"), name="one_seat_per_signer"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="launch",
            name="broke_glass",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="signoff",
            name="broke_glass",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="signoff",
            name="confirmed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="signoff",
            name="confirmed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=models.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="signoff",
            name="reaffirms",
            field=models.ForeignKey(
                null=True,
                on_delete=models.PROTECT,
                related_name="reaffirmed_by",
                to="launches.signoff",
            ),
        ),
        *(
            AddConstraintNotValid(
                model_name="signoff",
                constraint=models.CheckConstraint(condition=condition, name=name),
            )
            for name, condition in CHECKS.items()
        ),
        *(ValidateConstraint(model_name="signoff", name=name) for name in CHECKS),
        AddIndexConcurrently(
            model_name="signoff",
            index=models.Index(
                fields=["team", "at"],
                condition=Q(broke_glass=True, confirmed_at=None, withdrawn_at=None),
                name="glass_to_confirm",
            ),
        ),
        redactable(
            "launches_signoff",
            ["note", "withdrawn_because"],
            fillable=[*WITHDRAWAL, *CONFIRMATION],
        ),
        migrations.RunSQL(
            f'GRANT {RIGHT} TO "{settings.APP_ROLE}"', f'REVOKE {RIGHT} FROM "{settings.APP_ROLE}"'
        ),
    ]
