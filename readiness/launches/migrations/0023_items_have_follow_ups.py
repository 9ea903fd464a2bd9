"""What somebody owes comes from a decision, or is the follow-up of an item."""

import django.db.models.deletion
from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    ValidateConstraint,
)
from django.db import migrations, models
from django.db.models import Q

ORIGIN = "a_decision_or_an_item_asks_for_it"


class Migration(migrations.Migration):
    atomic = False  # nobody waits while rows are indexed and checked

    dependencies = [("launches", "0022_only_indexes_that_are_asked")]

    operations = [
        migrations.AddField(
            model_name="actionitem",
            name="item",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="follow_ups",
                to="launches.launchitem",
            ),
        ),
        migrations.AlterField(
            model_name="actionitem",
            name="decision",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="action_items",
                to="launches.decision",
            ),
        ),
        AddIndexConcurrently(
            model_name="actionitem",
            index=models.Index(
                fields=["item"],
                condition=Q(done_at=None, item__isnull=False),
                name="open_follow_up_by_item",
            ),
        ),
        AddConstraintNotValid(
            model_name="actionitem",
            constraint=models.CheckConstraint(
                condition=Q(decision__isnull=False, item=None)
                | Q(decision=None, item__isnull=False),
                name=ORIGIN,
            ),
        ),
        ValidateConstraint(model_name="actionitem", name=ORIGIN),
    ]
