"""Accounts: people, teams, roles."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "readiness.accounts"
    label = "accounts"

    def ready(self) -> None:
        from readiness.accounts import receivers  # noqa: F401
