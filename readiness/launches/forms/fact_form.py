"""The form of a fact, made from its definition: the right input for each field, lines for lists."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.datastructures import MultiValueDict

from readiness.rules.facts.definitions import Field, FieldType
from readiness.rules.facts.looking import Finding
from readiness.rules.facts.values import MOST_LINES, Unreadable, Values, read, typed
from readiness.web.forms import whole_number

People = Sequence[tuple[int, str]]
Sent = MultiValueDict[str, Any]
LONG = 300
YES_NO = [("", "–"), ("yes", "Yes"), ("no", "No")]
PLAIN: dict[FieldType, dict[str, str]] = {
    FieldType.DECIMAL: {"inputmode": "decimal"},
    FieldType.INTEGER: {"inputmode": "numeric"},
    FieldType.DATE: {"type": "date"},
    FieldType.DATETIME: {"type": "datetime-local"},
    FieldType.DURATION: {"placeholder": "5m, 2h, 14d"},
    FieldType.URL: {"type": "url", "placeholder": "https://"},
}


class FactField(forms.CharField):
    """One field of a fact; what was typed is read by its definition, never guessed."""

    def __init__(self, asks: Field, zone: ZoneInfo, people: People) -> None:
        label = f"{asks.label} ({asks.unit})" if asks.unit else asks.label
        widget = _widget(asks, people)
        super().__init__(required=False, label=label, help_text=asks.help, widget=widget)
        self.asks, self.zone = asks, zone
        self.people = {person for person, _ in people}

    def clean(self, value: Any) -> Any:
        text = ",".join(value) if isinstance(value, list) else super().clean(value)
        try:
            found = read(self.asks, text, self.zone)
        except Unreadable as problem:
            raise forms.ValidationError(str(problem)) from None
        if FieldType.USER in (self.asks.type, self.asks.of):
            named = found if isinstance(found, list) else [found]
            if not {one for one in named if one is not None} <= self.people:
                raise forms.ValidationError("Choose one of the people who are offered.")
        return found


@dataclass(frozen=True, slots=True)
class Part:
    """One field of the form, or the lines of a list of records."""

    field: Field
    bound: forms.BoundField | None = None
    lines: tuple[tuple[forms.BoundField, ...], ...] = ()

    @property
    def is_wide(self) -> bool:
        return self.field.longest > LONG or self.field.type is FieldType.LIST


class FactForm(forms.Form):
    """A row of a fact; a list of records is a count and as many lines."""

    def __init__(
        self,
        sent: Sent | None = None,
        *,
        asks: Sequence[Field],
        zone: ZoneInfo,
        people: People,
        values: Values,
        typed_in: Sent | None = None,
    ) -> None:
        """Bound to what was sent; else showing `values`, or what somebody began to type in."""
        self.asks = tuple(field for field in asks if not field.computed)
        self.zone, self.kept = zone, values
        shown = _as_typed(self.asks, values, zone) if typed_in is None else _flat(typed_in)
        super().__init__(sent, initial=shown)
        source = sent if sent is not None else shown
        self.counts = {
            field.key: _count(source, field) for field in self.asks if field.holds_records
        }
        for name, field in self._flat():
            self.fields[name] = FactField(field, zone, people)

    def _flat(self) -> Iterator[tuple[str, Field]]:
        for field in self.asks:
            if not field.holds_records:
                yield field.key, field
            for line in range(self.counts.get(field.key, 0)):
                yield from ((_name(field, line, one), one) for one in field.record)

    @property
    def parts(self) -> list[Part]:
        """The form from top to bottom."""
        return [
            Part(field, lines=tuple(self._lines(field)))
            if field.holds_records
            else Part(field, self[field.key])
            for field in self.asks
        ]

    def _lines(self, field: Field) -> Iterator[tuple[forms.BoundField, ...]]:
        for line in range(self.counts[field.key]):
            yield tuple(self[_name(field, line, one)] for one in field.record)

    def said(self) -> dict[str, Any]:
        """What can be read of the form; lines in which nothing was said are left out.

        What was not touched stays as it was kept, to the second.
        """
        found = dict(self.cleaned_data)
        for name in self.fields.keys() - self.errors.keys():
            if name in self.kept and not self.has_changed_text(name):
                found[name] = self.kept[name]
        for field in self.asks:
            if field.holds_records:
                found[field.key] = [self._record(field, line) for line in self._said_lines(field)]
        return {field.key: found.get(field.key) for field in self.asks}

    def has_changed_text(self, name: str) -> bool:
        shown = _as_typed(self.asks, self.kept, self.zone).get(name, "")
        return bool(self[name].data != shown)

    def _record(self, field: Field, line: int) -> dict[str, Any]:
        return {one.key: self.cleaned_data.get(_name(field, line, one)) for one in field.record}

    def _said_lines(self, field: Field) -> list[int]:
        """The lines in which anything was typed."""
        lines = range(self.counts[field.key])
        return [
            line
            for line in lines
            if any((self[_name(field, line, one)].data or "").strip() for one in field.record)
        ]

    def show(self, errors: Sequence[Finding]) -> None:
        """Put what the rules refuse beside the fields it is about."""
        for one in errors:
            self.add_error(self._place(one.field), one.says)

    def _place(self, path: str) -> str | None:
        """The name of the field that a rule speaks of: `stages.2.share` counts said lines."""
        key, *rest = path.split(".")
        if len(rest) == 2:
            field = next(one for one in self.asks if one.key == key)
            key = f"{key}-{self._said_lines(field)[int(rest[0])]}-{rest[1]}"
        return key if key in self.fields else None


def more_lines(sent: Sent, key: str, asks: Sequence[Field]) -> Sent:
    """What was typed, with one more line in a list."""
    field, typed_in = _list_named(key, asks), sent.copy()
    if field:
        typed_in[f"{key}-count"] = str(min(_count(sent, field) + 1, MOST_LINES))
    return typed_in


def fewer_lines(sent: Sent, said: str, asks: Sequence[Field]) -> Sent:
    """What was typed, without one line of a list: `stages-2` names the third."""
    key, _, number = said.rpartition("-")
    field, typed_in = _list_named(key, asks), sent.copy()
    if not field:
        return typed_in
    count, gone = _count(sent, field), whole_number(number, digits=2)
    for line in range(gone, count):
        for one in field.record:
            typed_in[_name(field, line, one)] = sent.get(_name(field, line + 1, one), "")
    typed_in[f"{key}-count"] = str(max(0, count - 1))
    return typed_in


def _flat(sent: Sent) -> dict[str, Any]:
    """What was sent as initial values: one text, or several."""
    return {name: said if len(said) > 1 else said[-1] for name, said in sent.lists() if said}


def _list_named(key: str, asks: Sequence[Field]) -> Field | None:
    return next((one for one in asks if one.key == key and one.holds_records), None)


def _name(field: Field, line: int, one: Field) -> str:
    return f"{field.key}-{line}-{one.key}"


def _count(source: Mapping[str, Any], field: Field) -> int:
    """How many lines a list has: a needed one shows at least one."""
    count = whole_number(str(source.get(f"{field.key}-count", "")), digits=2)
    return max(min(count, MOST_LINES), 1 if field.required else 0)


def _as_typed(asks: Sequence[Field], values: Values, zone: ZoneInfo) -> dict[str, Any]:
    """Values as the inputs of the form show them."""
    shown: dict[str, Any] = {}
    for field in asks:
        value = values.get(field.key)
        if field.holds_records:
            shown[f"{field.key}-count"] = str(len(value or []))
            for line, record in enumerate(value or []):
                for one in field.record:
                    shown[_name(field, line, one)] = typed(one, record.get(one.key), zone)
        elif field.of is FieldType.USER:
            shown[field.key] = [str(person) for person in value or []]
        else:
            shown[field.key] = typed(field, value, zone)
    return shown


def _widget(asks: Field, people: People) -> forms.Widget:
    """The input that fits what a field holds."""
    if asks.type is FieldType.ENUM:
        return forms.Select(choices=[("", "Choose"), *asks.options.items()])
    if asks.type is FieldType.BOOLEAN:
        return forms.Select(choices=YES_NO)
    if asks.type is FieldType.USER:
        return forms.Select(choices=[("", "Choose a person"), *people])
    if asks.of is FieldType.USER:
        return forms.CheckboxSelectMultiple(choices=people, attrs={"class": "choices"})
    if asks.of is FieldType.TEXT or (asks.type is FieldType.TEXT and asks.longest > LONG):
        return forms.Textarea(attrs={"rows": 2, "dir": "auto"})
    attributes = {"autocomplete": "off", "dir": "auto", **PLAIN.get(asks.type, {})}
    return forms.TextInput(attrs=attributes)
