"""What every page shares."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "readiness.web"
    label = "web"

    def ready(self) -> None:
        from django.urls import register_converter

        import readiness.celery  # noqa: F401  # else tasks sent from pages look for another broker
        from readiness.web import receivers  # noqa: F401
        from readiness.web.converters import Id
        from readiness.web.palette import commands
        from readiness.web.registry import palette_source

        register_converter(Id, "id")
        palette_source("web", commands)
