"""Evidence and comments are found by any words of theirs."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Concat


class Migration(migrations.Migration):
    atomic = False  # nobody waits while a large table is indexed

    dependencies = [("launches", "0007_saved_views")]

    operations = [
        AddIndexConcurrently(
            model_name="evidencerevision",
            index=GinIndex(
                OpClass(
                    Concat("title", models.Value(" "), "url", output_field=models.TextField()),
                    name="gin_trgm_ops",
                ),
                name="evidence_by_title_and_url",
            ),
        ),
        AddIndexConcurrently(
            model_name="comment",
            index=GinIndex(fields=["text"], name="comment_by_text", opclasses=["gin_trgm_ops"]),
        ),
    ]
