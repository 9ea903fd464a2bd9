"""Find the windows in which somebody is to roll back, and has yet to accept it."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.fields.json import KeyTransform

OWNERSHIP = models.Q(("fact", "rollback_ownership"))


class Migration(migrations.Migration):
    atomic = False  # nobody waits while a large table is indexed

    dependencies = [("launches", "0019_what_evidence_is_worth")]

    operations = [
        AddIndexConcurrently(
            model_name="factrevision",
            index=models.Index(
                KeyTransform(seat, "payload"),
                condition=OWNERSHIP,
                name=f"fact_by_rollback_{seat}",
            ),
        )
        for seat in ("owner", "deputy")
    ]
