"""Time zones by their IANA names."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django.core.exceptions import ValidationError


def check_zone(name: str) -> None:
    """Refuse a name that is no time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValidationError(f"{name} is no time zone. Try Europe/Berlin.") from None


def zone_names() -> list[str]:
    """The zones to choose from: places, and UTC."""
    return sorted(name for name in available_timezones() if "/" in name or name == "UTC")
