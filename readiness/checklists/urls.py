"""Where checklists are read."""

from django.urls import path

from readiness.checklists import views

app_name = "checklists"

urlpatterns = [
    path("checklists/", views.catalogue, name="list"),
    path("checklists/<id:pk>/", views.version, name="version"),
]
