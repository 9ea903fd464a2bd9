"""Drop indexes that begin another one: every act wrote to both."""

from django.conf import settings
from django.db import migrations, models

DOUBLE = [
    ("actkey", "person", "3d6e8826", settings.AUTH_USER_MODEL, {}),
    ("event", "subject", "fe112bba", "audit.subject", {"related_name": "events"}),
    ("event", "team", "f31b464a", "accounts.team", {"null": True}),
]


def without_index(
    model: str, name: str, mark: str, to: str, more: dict
) -> migrations.SeparateDatabaseAndState:
    """The key stays a key: only its index goes."""
    index = f"audit_{model}_{name}_id_{mark}"
    field = models.ForeignKey(
        to, models.PROTECT, **{"related_name": "+", "db_index": False, **more}
    )
    return migrations.SeparateDatabaseAndState(
        [
            migrations.RunSQL(
                f"DROP INDEX CONCURRENTLY IF EXISTS {index}",
                f"CREATE INDEX CONCURRENTLY {index} ON audit_{model} ({name}_id)",
            )
        ],
        [migrations.AlterField(model_name=model, name=name, field=field)],
    )


class Migration(migrations.Migration):
    atomic = False  # nobody waits while an index goes

    dependencies = [
        ("audit", "0006_secrets_can_be_redacted"),
        ("accounts", "0005_teams_say_how_many_approve"),
    ]

    operations = [without_index(*one) for one in DOUBLE]
