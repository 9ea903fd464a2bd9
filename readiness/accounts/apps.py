"""Accounts: people, teams, roles."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "readiness.accounts"
    label = "accounts"

    def ready(self) -> None:
        from readiness.accounts import receivers  # noqa: F401
        from readiness.accounts.palette import entries
        from readiness.accounts.watching import people_behind
        from readiness.web.live.registry import sessions_known_by
        from readiness.web.registry import palette_source

        palette_source("accounts", entries)
        sessions_known_by(people_behind)
