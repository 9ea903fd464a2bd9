"""Find other launches of a model version by its name, while people work."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("launches", "0011_scores_in_their_index")]

    operations = [
        AddIndexConcurrently(
            model_name="candidate",
            index=models.Index(Upper("name"), Upper("version"), name="candidate_by_model_version"),
        ),
    ]
