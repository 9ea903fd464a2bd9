"""Pages that belong to no room."""

from django.urls import path

from readiness.web import views

app_name = "web"
urlpatterns = [
    path("theme/", views.theme, name="theme"),
    path("palette/", views.palette, name="palette"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
]
