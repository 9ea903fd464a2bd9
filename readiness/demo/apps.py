"""A company worth looking at, made through the services."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "readiness.demo"
    label = "demo"
