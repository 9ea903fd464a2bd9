"""Items are found by any words of their titles."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False  # nobody waits while a table is indexed

    dependencies = [("checklists", "0003_items_stay_in_their_version")]

    operations = [
        # Others use it too: going back leaves it.
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS pg_trgm", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="item",
            index=GinIndex(fields=["title"], name="item_by_title", opclasses=["gin_trgm_ops"]),
        ),
    ]
