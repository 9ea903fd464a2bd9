"""Find the sign-offs of an item that stand, without those that were withdrawn.

An item that was often checked and taken back was read with all its past, on every page of its
launch. The new index begins with the key, so that the key's own goes: a sign-off writes to as
many as before.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

KEPT_WITH_KEY = "launches_signoff_item_id_01d9bc4a"


class Migration(migrations.Migration):
    atomic = False  # nobody waits while a large table is indexed

    dependencies = [("launches", "0026_find_what_somebody_leads_by_its_date")]

    operations = [
        AddIndexConcurrently(
            model_name="signoff",
            index=models.Index(fields=["item", "withdrawn_at"], name="signoff_by_item"),
        ),
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {KEPT_WITH_KEY}",
                    f"CREATE INDEX CONCURRENTLY {KEPT_WITH_KEY} ON launches_signoff (item_id)",
                )
            ],
            [
                migrations.AlterField(
                    model_name="signoff",
                    name="item",
                    field=models.ForeignKey(
                        to="launches.launchitem",
                        on_delete=models.PROTECT,
                        related_name="signoffs",
                        db_index=False,
                    ),
                )
            ],
        ),
    ]
