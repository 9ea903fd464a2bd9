"""The addresses of pages about oneself."""

from django.urls import path

from readiness.launches.views import oneself

app_name = "accounts"

urlpatterns = [
    path("me/", oneself.preferences, name="preferences"),
    path("me/keys/", oneself.keys, name="keys"),
]
