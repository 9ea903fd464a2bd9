"""The index by verdict holds running launches only: they are counted without looking at each."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # nobody waits while a large table is indexed

    dependencies = [("launches", "0004_sort_and_find_sooner")]

    operations = [
        AddIndexConcurrently(
            model_name="launch",
            index=models.Index(
                fields=["team", "verdict", "launch_at", "id"],
                condition=~models.Q(stage__in=("cancelled", "archived")),
                name="running_by_team_and_verdict",
            ),
        ),
        RemoveIndexConcurrently(model_name="launch", name="launch_by_team_and_verdict"),
    ]
