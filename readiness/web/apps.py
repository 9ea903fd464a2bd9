"""What every page shares."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "readiness.web"
    label = "web"

    def ready(self) -> None:
        from django.urls import register_converter

        from readiness.web import receivers  # noqa: F401
        from readiness.web.converters import Id

        register_converter(Id, "id")
