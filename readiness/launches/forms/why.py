"""The instant that somebody asks about, as an address says it."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

NO_MOMENT = "Write a day and a time, like 2026-12-08T14:02."
YEARS = range(1970, 2101)
LONGEST = 40


class MomentField(forms.CharField):
    """An instant: local to a zone, unless it says how far it is from UTC."""

    def __init__(self, *, zone: ZoneInfo, **said: Any) -> None:
        self.zone = zone
        widget = forms.DateTimeInput(attrs={"type": "datetime-local", "class": "input", "step": 1})
        super().__init__(required=False, widget=widget, **said)

    def clean(self, value: Any) -> datetime | None:
        said = str(value or "").strip()
        if not said:
            return None
        try:
            if len(said) > LONGEST:
                raise ValueError
            at = datetime.fromisoformat(said)
            at = at if at.tzinfo else at.replace(tzinfo=self.zone)
            if at.year not in YEARS:
                raise ValueError
            return at.astimezone(UTC)
        except (ValueError, OverflowError):
            raise forms.ValidationError(NO_MOMENT) from None


class WhyForm(forms.Form):
    """As of when; without an instant, now."""

    def __init__(self, asked: Any, *, zone: ZoneInfo) -> None:
        super().__init__(asked)
        self.fields["at"] = MomentField(label="As of", zone=zone)
