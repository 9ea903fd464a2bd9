"""What people do on every page."""

from typing import Any


def choose_theme(user: Any, theme: str) -> None:
    """Remember the theme for the person, wherever they sign in."""
    user.theme = theme
    user.save(update_fields=["theme"])
