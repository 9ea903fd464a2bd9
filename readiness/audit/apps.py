"""Audit: what happened."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "readiness.audit"
    label = "audit"

    def ready(self) -> None:
        from readiness.audit import receivers  # noqa: F401
