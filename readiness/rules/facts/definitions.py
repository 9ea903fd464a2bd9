"""What a fact is made of: its fields with their types and units, and its rules by level."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

LONGEST_TEXT = 300
LONGEST_URL = 1000
UNITS = {"percent": "%"}


class FieldType(StrEnum):
    """What a field holds."""

    TEXT = "text"
    URL = "url"
    DECIMAL = "decimal"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    ENUM = "enum"
    DATE = "date"
    DATETIME = "datetime"
    DURATION = "duration"
    USER = "user"
    LIST = "list"


class Level(StrEnum):
    """What a broken rule does: refuse to save, keep the fact from counting, or only say so."""

    ERROR = "error"
    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Field:
    """One field; a list holds scalars `of` a type, or records with a `record` of fields."""

    key: str
    label: str
    type: FieldType
    unit: str
    help: str
    required: bool
    computed: bool
    default: Any
    options: Mapping[str, str]
    longest: int
    of: FieldType | None
    record: tuple["Field", ...]
    row: str

    @property
    def holds_records(self) -> bool:
        return bool(self.record)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: the name of its function, and what it asks or warns of in words."""

    level: Level
    check: str
    says: str


@dataclass(frozen=True, slots=True)
class FactType:
    """One fact; of `many` rows, `row` is what one is called and `whole` is said of all."""

    key: str
    title: str
    version: str
    many: bool
    row: str
    newest_by: str
    fields: tuple[Field, ...]
    whole: tuple[Field, ...]
    rules: tuple[Rule, ...]

    def fields_of(self, number: int) -> tuple[Field, ...]:
        """The fields of a row; number 0 is what is said of all rows together."""
        return self.fields if number else self.whole

    @property
    def typed(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if not field.computed)


def fact_type_of(key: str, said: Mapping[str, Any], version: str) -> FactType:
    """A definition as a file says it."""
    return FactType(
        key=key,
        title=said["title"],
        version=version,
        many=said.get("many", False),
        row=said.get("row", "row"),
        newest_by=said.get("newest_by", ""),
        fields=_fields(said["fields"]),
        whole=_fields(said.get("whole", {})),
        rules=tuple(
            Rule(Level(one["level"]), one["check"], one["says"].strip()) for one in said["rules"]
        ),
    )


def _fields(said: Mapping[str, Mapping[str, Any]]) -> tuple[Field, ...]:
    return tuple(_field(key, one) for key, one in said.items())


def _field(key: str, said: Mapping[str, Any]) -> Field:
    type_, of = FieldType(said["type"]), said.get("of")
    longest = LONGEST_URL if type_ is FieldType.URL else LONGEST_TEXT
    return Field(
        key=key,
        label=said["label"],
        type=type_,
        unit=UNITS.get(said.get("unit", ""), said.get("unit", "")),
        help=said.get("help", ""),
        required=said.get("required", False),
        computed=said.get("computed", False),
        default=said.get("default"),
        options=said.get("options", {}),
        longest=said.get("max", longest),
        of=FieldType(of) if isinstance(of, str) else None,
        record=_fields(of) if isinstance(of, Mapping) else (),
        row=said.get("row", "row"),
    )
