"""Events and keys of carried-out forms are appended, never changed."""

from django.db import migrations

from readiness.audit.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        append_only("audit_event"),
        append_only("audit_actkey", fillable=["outcome"]),
    ]
