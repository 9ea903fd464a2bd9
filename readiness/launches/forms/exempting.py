"""What may be said about leaving an item out, or about a waiver of it."""

from django import forms

from readiness.launches.forms.items import Change, area, line

LONGEST_REASON = 1000
NOT_A_DAY = {"invalid": "Give a date, as 2026-11-27."}


def day_field(label: str, *, required: bool) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d"),
        error_messages={**NOT_A_DAY, "required": "Choose the last day of the waiver."},
    )


class NaForm(Change):
    """An item does not apply: why, and perhaps until when."""

    reason = forms.CharField(
        max_length=LONGEST_REASON,
        label="Why it does not apply",
        widget=area(),
        error_messages={"required": "Say why it does not apply."},
    )
    until = day_field("Until", required=False)


class WaiverForm(Change):
    """An open item is accepted for a time: why, what makes up for it, until when."""

    reason = forms.CharField(
        max_length=LONGEST_REASON,
        label="Why it can wait",
        widget=area(),
        error_messages={"required": "Say why it can wait."},
    )
    control = forms.CharField(
        max_length=LONGEST_REASON,
        label="What makes up for it meanwhile",
        widget=area(),
        error_messages={"required": "Say what makes up for it meanwhile."},
    )
    until = day_field("Until", required=True)


class TakeBackForm(Change):
    """What was asked for is taken back."""

    because = forms.CharField(max_length=LONGEST_REASON, required=False, label="Why", widget=line())


class AgreeForm(Change):
    """Yes to exactly what was shown."""

    seal = forms.CharField(max_length=64, widget=forms.HiddenInput)


class DeclineForm(Change):
    """No, and why."""

    because = forms.CharField(
        max_length=LONGEST_REASON,
        label="Why not",
        widget=area(),
        error_messages={"required": "Say why not."},
    )
