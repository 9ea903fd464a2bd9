"""Audit: what happened."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "readiness.audit"
    label = "audit"
