"""Pages about oneself, and the doors in and out."""

from django.urls import include, path

from readiness.accounts import views

pages = (
    [
        path("me/", views.preferences, name="preferences"),
        path("me/keys/", views.keys, name="keys"),
    ],
    "accounts",
)

urlpatterns = [path("", include(pages))]
