"""Words in minutes can be redacted, and nothing else of them."""

from django.db import migrations

from readiness.audit.guards import redactable


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_reviews"), ("audit", "0006_secrets_can_be_redacted")]
    operations = [redactable("reviews_minutes", [], documents=["content"])]
