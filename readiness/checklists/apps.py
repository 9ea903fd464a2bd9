"""The room of the checklists."""

from django.apps import AppConfig


class ChecklistsConfig(AppConfig):
    name = "readiness.checklists"
    label = "checklists"

    def ready(self) -> None:
        from readiness.checklists.palette import entries
        from readiness.web.registry import palette_source

        palette_source("checklists", entries)
