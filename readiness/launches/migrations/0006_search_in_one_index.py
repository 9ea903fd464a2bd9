"""Names and models are searched as one text: all words of a search are found in one walk."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Concat


class Migration(migrations.Migration):
    atomic = False  # nobody waits while a large table is indexed

    dependencies = [("launches", "0005_count_running_launches")]

    operations = [
        AddIndexConcurrently(
            model_name="launch",
            index=GinIndex(
                OpClass(Concat("name", models.Value(" "), "model"), name="gin_trgm_ops"),
                name="launch_by_name_and_model",
            ),
        ),
        RemoveIndexConcurrently(model_name="launch", name="launch_by_words"),
    ]
