"""Values of fields: read from what was typed, kept as plain JSON, and given back exactly."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from readiness.rules.facts import durations
from readiness.rules.facts.definitions import Field, FieldType

Value = Any
Values = Mapping[str, Value]
MOST_LINES = 50
NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,12})?", re.ASCII)
WHOLE = re.compile(r"[+-]?\d{1,12}", re.ASCII)
YEARS = range(2000, 2101)
WEB = ("http", "https")


class Unreadable(ValueError):  # noqa: N818
    """What was typed is no value of the field; the message says what to write instead."""


def read(field: Field, text: str, zone: ZoneInfo) -> Value:
    """The value that a text means in a field; None where nothing was typed."""
    text = text.strip()
    if not text:
        return [] if field.type is FieldType.LIST else None
    if field.type is FieldType.LIST:
        return _list(field, text, zone)
    return _scalar(field.type, field, text, zone)


def _scalar(type_: FieldType, field: Field, text: str, zone: ZoneInfo) -> Value:
    if type_ is FieldType.ENUM:
        return _choice(field, text)
    if type_ is FieldType.TEXT:
        return _text(field, text)
    if type_ is FieldType.DATETIME:
        return _moment(text, zone)
    return READERS[type_](text)


def _text(field: Field, text: str) -> str:
    if len(text) > field.longest:
        raise Unreadable(f"Use at most {field.longest} characters. This has {len(text)}.")
    if any(not one.isprintable() and one not in "\n\r\t" for one in text):
        raise Unreadable("This holds a character that cannot be shown.")
    return text.replace("\r\n", "\n")


def _choice(field: Field, text: str) -> str:
    if text not in field.options:
        raise Unreadable("Choose one of what is offered.")
    return text


def _list(field: Field, text: str, zone: ZoneInfo) -> list[Value]:
    """Texts stand on lines of their own, anything else may also be parted by commas or spaces."""
    is_text = field.of is FieldType.TEXT
    parts = text.splitlines() if is_text else re.split(r"[\s,;]+", text)
    said = [part.strip(" %") if not is_text else part.strip() for part in parts]
    if len(said) > MOST_LINES:
        raise Unreadable(f"Name at most {MOST_LINES}.")
    assert field.of is not None
    return [_scalar(field.of, field, one, zone) for one in said if one]


def _decimal(text: str) -> Decimal:
    if not NUMBER.fullmatch(text):
        raise Unreadable("Write a number with a point, like 2.5.")
    return Decimal(text)


def _integer(text: str) -> int:
    if not WHOLE.fullmatch(text):
        raise Unreadable("Write a whole number.")
    return int(text)


def _boolean(text: str) -> bool:
    if text not in ("yes", "no"):
        raise Unreadable("Choose yes or no.")
    return text == "yes"


def _date(text: str) -> date:
    try:
        on = date.fromisoformat(text)
    except ValueError:
        raise Unreadable("Write a date, like 2026-12-08.") from None
    _in_our_time(on)
    return on


def _moment(text: str, zone: ZoneInfo) -> datetime:
    """A time on the clocks of a zone, or one with an offset of its own; kept in UTC."""
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable("Write a day and a time, like 2026-12-08 10:00.") from None
    _in_our_time(said)
    if said.tzinfo:
        return said.astimezone(UTC)
    at = said.replace(tzinfo=zone).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != said:
        raise Unreadable(f"Clocks in {zone.key} jump over this time. Choose another.")
    return at


def _in_our_time(said: date) -> None:
    if said.year not in YEARS:
        raise Unreadable(f"Choose a day between {YEARS[0]} and {YEARS[-1]}.")


def _duration(text: str) -> int:
    try:
        return durations.duration_of(text)
    except ValueError as problem:
        raise Unreadable(str(problem)) from None


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        is_web = parts.scheme in WEB and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_web = False
    if not is_web or any(one.isspace() or not one.isprintable() for one in text):
        raise Unreadable("Give a web address that starts with https:// or http://.")
    if len(text) > 1000:
        raise Unreadable("Use at most 1000 characters.")
    return text


READERS: dict[FieldType, Callable[[str], Value]] = {
    FieldType.DECIMAL: _decimal,
    FieldType.INTEGER: _integer,
    FieldType.BOOLEAN: _boolean,
    FieldType.DATE: _date,
    FieldType.DURATION: _duration,
    FieldType.URL: _url,
    FieldType.USER: _integer,
}


def number(value: Decimal | int) -> str:
    """A number in a sentence: no noughts after the point that say nothing."""
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def typed(field: Field, value: Value, zone: ZoneInfo) -> str:
    """A value as the input of its field holds it: read again, it is the same value."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(value) if field.of is FieldType.TEXT else ", ".join(map(number, value))
    if field.type is FieldType.BOOLEAN:
        return "yes" if value else "no"
    if field.type is FieldType.DURATION:
        return durations.typed(value)
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%dT%H:%M}"
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else str(value)


def as_json(value: Value) -> Any:
    """A value as it is kept: decimals and times as text, nothing as a float."""
    if isinstance(value, Mapping):
        return {key: as_json(one) for key, one in value.items()}
    if isinstance(value, list):
        return [as_json(one) for one in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value


def from_json(field: Field, kept: Any) -> Value:
    """The value that was kept."""
    if kept is None:
        return [] if field.type is FieldType.LIST else None
    if field.record:
        return [values_of(field.record, one) for one in kept]
    if field.type is FieldType.LIST:
        assert field.of is not None
        return [_back(field.of, one) for one in kept]
    return _back(field.type, kept)


def _back(type_: FieldType, kept: Any) -> Value:
    if type_ is FieldType.DECIMAL:
        return Decimal(kept)
    if type_ is FieldType.DATE:
        return date.fromisoformat(kept)
    return datetime.fromisoformat(kept) if type_ is FieldType.DATETIME else kept


def values_of(fields: tuple[Field, ...], kept: Mapping[str, Any]) -> dict[str, Value]:
    """Every field of a row that was kept; what was never said is None."""
    return {field.key: from_json(field, kept.get(field.key)) for field in fields}


def kept_of(fields: tuple[Field, ...], values: Values) -> dict[str, Any]:
    """A row as it is kept; what says nothing is left out."""
    found = {}
    for field in fields:
        value = values.get(field.key)
        if field.record:
            value = [kept_of(field.record, one) for one in value or []]
        if value not in (None, []):
            found[field.key] = as_json(value)
    return found
