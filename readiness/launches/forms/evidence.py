"""What may be said of evidence: a page, a note, a metric, a CI run; and which of it is used."""

import re
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.core.validators import RegexValidator, URLValidator

from readiness.launches.forms.bulk import PickedField
from readiness.launches.forms.items import NOT_WEB, WEB, Change, Sent, line
from readiness.launches.models import EvidenceKind, Launch
from readiness.launches.models.evidence import canonical
from readiness.launches.services.evidence import Content

COMMIT = RegexValidator(
    re.compile(r"[0-9a-fA-F]{7,64}\Z"), "Give the commit as 7 to 64 hex digits."
)
STATUSES = [("passed", "Passed"), ("failed", "Failed"), ("cancelled", "Cancelled")]
LONGEST_NOTE = 20_000
AT = "%Y-%m-%dT%H:%M"


def address(label: str, *, required: bool) -> forms.CharField:
    return forms.CharField(
        max_length=1000,
        required=required,
        label=label,
        widget=forms.URLInput(attrs={"class": "input", "placeholder": "https://"}),
        validators=[URLValidator(schemes=WEB, message=NOT_WEB)],
    )


def moment(label: str) -> forms.DateTimeField:
    return forms.DateTimeField(
        required=False,
        label=label,
        input_formats=[AT, "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "class": "input"}, format=AT),
        error_messages={"invalid": "Give a day and a time, as 2026-11-27 14:30."},
    )


class Said(forms.Form):
    """What a piece of evidence says; days and times are those of the launch's zone."""

    kind: ClassVar[EvidenceKind]
    facts: ClassVar[tuple[str, ...]] = ()

    expires_on = forms.DateField(
        required=False,
        label="Use it until",
        widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Give a date, as 2026-11-27."},
    )

    def __init__(self, *args: Any, launch: Launch, **more: Any) -> None:
        super().__init__(*args, **{"auto_id": "ev-%s", **more})
        self.launch = launch

    @property
    def content(self) -> Content:
        """The revision that the service is to write."""
        said = self.cleaned_data
        until, captured = said.get("expires_on"), said.get("captured_at")
        return Content(
            title=said["title"],
            url=said.get("url", ""),
            kind=self.kind,
            body=self.body,
            captured_at=self._in_zone(captured) if captured else None,
            expires_at=self.launch.end_of(until) if until else None,
        )

    @property
    def body(self) -> str:
        if not self.facts:
            return str(self.cleaned_data.get("text", ""))
        return canonical({name: str(self.cleaned_data[name]) for name in self.facts})

    def _in_zone(self, at: datetime) -> datetime:
        return at.replace(tzinfo=self.launch.tzinfo).astimezone(UTC)


class LinkSaid(Said):
    """A page on the web, named after its host unless it gets a title."""

    kind = EvidenceKind.LINK
    url = address("Web address", required=True)
    title = forms.CharField(max_length=160, required=False, label="Title", widget=line(dir="auto"))
    field_order = ["url", "title", "expires_on"]

    def clean(self) -> dict[str, object]:
        said = super().clean() or self.cleaned_data
        return {**said, "title": said.get("title") or _host(said)}


class NoteSaid(Said):
    """A text, in Markdown."""

    kind = EvidenceKind.NOTE
    title = forms.CharField(max_length=160, label="Title", widget=line(dir="auto"))
    text = forms.CharField(
        max_length=LONGEST_NOTE,
        label="Note",
        help_text="Markdown: **bold**, lists, tables, `code`. Images are not shown.",
        widget=forms.Textarea(attrs={"rows": 6, "class": "input", "dir": "auto"}),
    )
    field_order = ["title", "text", "expires_on"]


class MetricSaid(Said):
    """A number that was measured: it is kept to the digit, as it was typed."""

    kind = EvidenceKind.METRIC
    facts = ("value", "unit", "window", "target")
    title = forms.CharField(
        max_length=160, label="Name", widget=line(placeholder="p99 latency at peak")
    )
    value = forms.DecimalField(
        max_digits=40,
        decimal_places=20,
        label="Value",
        widget=line(inputmode="decimal"),
        error_messages={"invalid": "Give a number, as 1.7 or 180."},
    )
    unit = forms.CharField(max_length=32, required=False, label="Unit", widget=line())
    window = forms.CharField(
        max_length=80, required=False, label="Measured over", widget=line(placeholder="30 min")
    )
    target = forms.CharField(
        max_length=80, required=False, label="Target", widget=line(placeholder="at most 200 ms")
    )
    url = address("Web address", required=False)
    captured_at = moment("Measured at")
    field_order = ["title", "value", "unit", "window", "target", "url", "captured_at", "expires_on"]

    def clean_value(self) -> str:
        """The number in one way of writing it, without a power of ten; every digit stays."""
        return format(self.cleaned_data["value"], "f")


class RunSaid(Said):
    """A run of a pipeline."""

    kind = EvidenceKind.CI_RUN
    facts = ("commit", "status")
    url = address("Web address of the run", required=True)
    title = forms.CharField(
        max_length=160, required=False, label="Title", widget=line(placeholder="Load test, nightly")
    )
    commit = forms.CharField(
        max_length=64, label="Commit", widget=line(spellcheck="false"), validators=[COMMIT]
    )
    status = forms.ChoiceField(
        choices=STATUSES, label="How it ended", widget=forms.Select(attrs={"class": "input"})
    )
    captured_at = moment("Ran at")
    field_order = ["url", "title", "commit", "status", "captured_at", "expires_on"]

    def clean(self) -> dict[str, object]:
        said = super().clean() or self.cleaned_data
        return {**said, "title": said.get("title") or _host(said)}

    def clean_commit(self) -> str:
        return str(self.cleaned_data["commit"]).lower()


def _host(said: dict[str, Any]) -> str:
    return (urlsplit(str(said.get("url", ""))).hostname or "")[:160]


class Adding(Said, Change):
    """Something that supports an item from now on."""

    @property
    def said(self) -> dict[str, Any]:
        content = self.content
        return {
            "version": self.cleaned_data["v"],
            "key": self.cleaned_data["key"],
            **{name: getattr(content, name) for name in Content.__slots__},
        }


class Revising(Said, Sent):
    """What a piece of evidence says from now on, and on which items."""

    items = PickedField(
        error_messages={"required": "Choose at least one item that the new revision stands for."}
    )

    @property
    def said(self) -> dict[str, Any]:
        items = tuple((one.item, one.version) for one in self.cleaned_data["items"])
        return {"key": self.cleaned_data["key"], "items": items, "content": self.content}


class AddLink(LinkSaid, Adding):
    """A page supports the item."""


class AddNote(NoteSaid, Adding):
    """A text supports the item."""


class AddMetric(MetricSaid, Adding):
    """A number supports the item."""


class AddRun(RunSaid, Adding):
    """A run of a pipeline supports the item."""


class ReviseLink(LinkSaid, Revising):
    """The page is another one, or has another name."""


class ReviseNote(NoteSaid, Revising):
    """The text says something else."""


class ReviseMetric(MetricSaid, Revising):
    """It was measured again."""


class ReviseRun(RunSaid, Revising):
    """It ran again."""


ADDING: dict[EvidenceKind, type[Adding]] = {
    one.kind: one for one in (AddLink, AddNote, AddMetric, AddRun)
}
REVISING: dict[EvidenceKind, type[Revising]] = {
    one.kind: one for one in (ReviseLink, ReviseNote, ReviseMetric, ReviseRun)
}


def kind_of(said: str) -> EvidenceKind:
    """The kind a form or an address names; a link where it names none that there is."""
    return next((kind for kind in EvidenceKind if kind.value == said), EvidenceKind.LINK)


class UseForm(Change):
    """What the team has already supports the item too."""

    revision = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)


class WordsForm(forms.Form):
    """What the evidence of the team is looked through for."""

    q = forms.CharField(max_length=120, required=False, label="Search what the team has")
