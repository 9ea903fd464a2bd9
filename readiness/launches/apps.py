"""Launches: items, sign-offs, evidence, exemptions, verdicts, decisions."""

from django.apps import AppConfig


class LaunchesConfig(AppConfig):
    name = "readiness.launches"
    label = "launches"

    def ready(self) -> None:
        from readiness.launches.queries.mine import badge
        from readiness.web.registry import nav_badge

        nav_badge("mine", badge)
