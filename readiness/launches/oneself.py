"""The addresses of pages about oneself."""

from django.urls import path

from readiness.launches.views import addresses, oneself

app_name = "accounts"

urlpatterns = [
    path("me/", oneself.preferences, name="preferences"),
    path("me/address/", addresses.address, name="address"),
    path("me/address/<str:token>/", addresses.confirm_address, name="address-confirm"),
    path("me/keys/", oneself.keys, name="keys"),
]
