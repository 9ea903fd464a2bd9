"""The two database roles: the owner migrates, the app's role reads and writes."""

from django.conf import settings
from django.db import migrations


def grant(apps, schema_editor):
    """Give the app's role what is here, and what the owner makes later."""
    role = schema_editor.quote_name(settings.APP_ROLE)
    schema_editor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
    for privileges, things in (
        ("SELECT, INSERT, UPDATE, DELETE", "TABLES"),
        ("USAGE, SELECT", "SEQUENCES"),
    ):
        schema_editor.execute(f"GRANT {privileges} ON ALL {things} IN SCHEMA public TO {role}")
        schema_editor.execute(
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {privileges} ON {things} TO {role}"
        )


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
