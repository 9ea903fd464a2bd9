"""Keep only indexes that something asks: a sign-off wrote to sixteen that nothing did.

They were unasked, or began another one. Without the one on who changed an item last, a change
of an item leaves its other indexes alone.
"""

from django.conf import settings
from django.db import migrations, models

USER, TEAM, CANDIDATE = settings.AUTH_USER_MODEL, "accounts.team", "launches.candidate"
UNASKED = [
    ("launch", "candidate", "a1972404", CANDIDATE, {"null": True}),
    ("launch", "opened_by", "2e32fcce", USER, {}),
    ("launch", "team", "d320dda2", TEAM, {"related_name": "launches"}),
    ("launchitem", "changed_by", "92ee04ae", USER, {}),
    ("launchitem", "launch", "8aa5c653", "launches.launch", {"related_name": "items"}),
    ("signoff", "by", "2fc71b79", USER, {"related_name": "signoffs"}),
    ("signoff", "candidate", "be9f9329", CANDIDATE, {"null": True}),
    ("signoff", "checklist_item", "77284984", "checklists.item", {}),
    ("signoff", "confirmed_by", "79b1079f", USER, {"null": True}),
    (
        "signoff", "reaffirms", "edb949a5", "launches.signoff",
        {"null": True, "related_name": "reaffirmed_by"},
    ),
    ("signoff", "team", "16f94a08", TEAM, {}),
    ("signoff", "withdrawn_by", "7136e0c1", USER, {"null": True}),
    ("verdictsnapshot", "candidate", "3bc74653", CANDIDATE, {"null": True}),
    ("verdictsnapshot", "launch", "7276ef46", "launches.launch", {"related_name": "snapshots"}),
    ("verdictsnapshot", "team", "642b9f55", TEAM, {}),
    ("verdictsnapshot", "version", "b340986a", "checklists.version", {}),
]  # fmt: skip


def without_index(
    model: str, name: str, mark: str, to: str, more: dict
) -> migrations.SeparateDatabaseAndState:
    """The key stays a key: only its index goes."""
    index = f"launches_{model}_{name}_id_{mark}"
    field = models.ForeignKey(
        to, models.PROTECT, **{"related_name": "+", "db_index": False, **more}
    )
    return migrations.SeparateDatabaseAndState(
        [
            migrations.RunSQL(
                f"DROP INDEX CONCURRENTLY IF EXISTS {index}",
                f"CREATE INDEX CONCURRENTLY {index} ON launches_{model} ({name}_id)",
            )
        ],
        [migrations.AlterField(model_name=model, name=name, field=field)],
    )


class Migration(migrations.Migration):
    atomic = False  # nobody waits while an index goes

    dependencies = [
        ("launches", "0021_words_of_decisions_can_be_redacted"),
        ("accounts", "0005_teams_say_how_many_approve"),
        ("checklists", "0006_how_many_approve"),
    ]

    operations = [without_index(*one) for one in UNASKED]
