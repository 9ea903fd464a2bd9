"""What every template knows: the theme, the keyboard setting, the counts in the navigation."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from readiness.web.registry import Badges

THEMES = ("system", "light", "dark")


def theme_of(request: HttpRequest) -> str:
    """The theme a person chose, on this device if they are signed out."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return str(user.theme)
    return theme_of_device(request)


def theme_of_device(request: HttpRequest) -> str:
    """The theme last chosen on this device; asks nobody who it is."""
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in THEMES else "system"


def page(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is not None and not user.is_authenticated:
        user = None
    return {
        "theme": theme_of(request),
        "keys_on": user.keys_on if user else True,
        "badges": Badges(user) if user else {},
        "organisation": settings.ORGANISATION,
        "sends_mail": bool(settings.EMAIL_HOST),
    }
