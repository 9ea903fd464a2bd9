"""Items are found by any words of their titles."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently, TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False  # nobody waits while a table is indexed

    dependencies = [("checklists", "0003_items_stay_in_their_version")]

    operations = [
        TrigramExtension(),
        AddIndexConcurrently(
            model_name="item",
            index=GinIndex(fields=["title"], name="item_by_title", opclasses=["gin_trgm_ops"]),
        ),
    ]
