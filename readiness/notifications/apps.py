"""Notifications: what goes out."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "readiness.notifications"
    label = "notifications"

    def ready(self) -> None:
        from readiness.notifications import receivers  # noqa: F401
        from readiness.notifications.palette import entries
        from readiness.web.registry import palette_source

        palette_source("notifications", entries)
