"""Launches: items, sign-offs, evidence, exemptions, verdicts, decisions."""

from django.apps import AppConfig


class LaunchesConfig(AppConfig):
    name = "readiness.launches"
    label = "launches"
