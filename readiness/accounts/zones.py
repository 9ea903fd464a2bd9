"""Time zones by their IANA names, and the field in which one is chosen."""

from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import BaseRenderer
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString


def check_zone(name: str) -> None:
    """Refuse a name that is no time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValidationError(f"{name} is no time zone. Try Europe/Berlin.") from None


@cache
def zone_choices() -> dict[str, str]:
    """The zones to choose from, places and UTC, each with the words for it."""
    names = sorted(name for name in available_timezones() if "/" in name or name == "UTC")
    return {name: name.replace("_", " ") for name in names}


class ZoneSelect(forms.Select):
    """A select of all zones, drawn as Django draws it but for the time: 600 options are one string.

    Django renders a template per option, which takes most of the time of a page.
    """

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list:
        return []

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        around = super().render(name, value, attrs, renderer)
        chosen = f'<option value="{escape(value)}"'
        options = _options().replace(f"{chosen}>", f"{chosen} selected>", 1)
        return SafeString(around.replace("\n</select>", f"{options}\n</select>"))


@cache
def _options() -> str:
    """All options, none of them chosen."""
    return format_html_join("", '\n  <option value="{}">{}</option>\n', zone_choices().items())


class ZoneField(forms.Field):
    """One of the zones."""

    widget = ZoneSelect
    default_error_messages = forms.ChoiceField.default_error_messages

    @property
    def choices(self) -> list[tuple[str, str]]:
        return list(zone_choices().items())

    def validate(self, value: str) -> None:
        super().validate(value)
        if value not in zone_choices():
            raise ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": value},
            )
