"""An exemption that stands may wait beside one that is to take its place, and is found by its end."""

from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    ValidateConstraint,
)
from django.db import migrations, models
from django.db.models import ExpressionWrapper, F, Q

NAME = "one_standing_exemption_per_kind_and_one_that_waits"
FORMER = "one_standing_exemption_per_kind"


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("launches", "0013_what_items_lack")]

    operations = [
        migrations.AddField(
            model_name="launchitem",
            name="na_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="exemption",
            name="extends",
            field=models.ForeignKey(
                null=True,
                on_delete=models.PROTECT,
                related_name="extended_by",
                to="launches.exemption",
            ),
        ),
        AddConstraintNotValid(
            model_name="exemption",
            constraint=models.CheckConstraint(
                condition=~Q(kind="waiver") | Q(agreed_at=None) | Q(agreed_by__isnull=False),
                name="a_waiver_has_an_approver",
            ),
        ),
        ValidateConstraint(model_name="exemption", name="a_waiver_has_an_approver"),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"CREATE UNIQUE INDEX CONCURRENTLY {NAME} ON launches_exemption "
                    "(item_id, kind, (agreed_at IS NULL)) WHERE closed_at IS NULL",
                    f"DROP INDEX CONCURRENTLY {NAME}",
                ),
                migrations.RunSQL(
                    f"DROP INDEX CONCURRENTLY {FORMER}",
                    f"CREATE UNIQUE INDEX CONCURRENTLY {FORMER} ON launches_exemption "
                    "(item_id, kind) WHERE closed_at IS NULL",
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="exemption",
                    constraint=models.UniqueConstraint(
                        F("item"),
                        F("kind"),
                        ExpressionWrapper(Q(agreed_at=None), output_field=models.BooleanField()),
                        condition=Q(closed_at=None),
                        name=NAME,
                    ),
                ),
                migrations.RemoveConstraint(model_name="exemption", name=FORMER),
            ],
        ),
        AddIndexConcurrently(
            model_name="exemption",
            index=models.Index(
                fields=["team", "asked_at"],
                condition=Q(agreed_at=None, closed_at=None),
                name="exemption_that_waits",
            ),
        ),
        AddIndexConcurrently(
            model_name="exemption",
            index=models.Index(
                fields=["ends_at"],
                condition=Q(kind="waiver", agreed_at__isnull=False, closed_at=None),
                name="waiver_by_end",
            ),
        ),
    ]
