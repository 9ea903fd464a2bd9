"""Launches: items, sign-offs, evidence, exemptions, verdicts, decisions."""

from django.apps import AppConfig


class LaunchesConfig(AppConfig):
    name = "readiness.launches"
    label = "launches"

    def ready(self) -> None:
        from readiness.accounts.permissions import guests_known_by
        from readiness.launches.queries.guests import let_in_to
        from readiness.launches.queries.mine import badge
        from readiness.launches.queries.palette import entries
        from readiness.web.registry import nav_badge, palette_source

        guests_known_by(let_in_to)
        nav_badge("mine", badge)
        palette_source("launches", entries)
