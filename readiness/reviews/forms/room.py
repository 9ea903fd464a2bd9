"""What may be sent from the room of a review."""

from typing import Any

from django import forms
from django.http import QueryDict

from readiness.accounts.models import User
from readiness.launches.forms.exempting import LONGEST_REASON, day_field
from readiness.launches.forms.items import LARGEST_VERSION, Change, Sent, area, line
from readiness.launches.models import Launch
from readiness.launches.queries.guests import outside
from readiness.launches.queries.item_page import workers_of
from readiness.reviews.forms.planning import NO_GUEST
from readiness.reviews.models.room import Device, Outcome, Signal
from readiness.reviews.services.deciding import Said

LARGEST_ID = 2**63 - 1
LONGEST_NOTE, LONGEST_QUESTION = 300, 200
PARK = "park"
SIGNALS = {
    "agree": (Signal.AGREE, True),
    "question": (Signal.QUESTION, True),
    "no-agree": (Signal.AGREE, False),
    "no-question": (Signal.QUESTION, False),
}
# The fields that each way to decide asks for, by the name that its service knows them under.
ASKED = {
    Outcome.DONE.value: {},
    Outcome.NOT_DONE.value: {"note": "note", "owner": "owner", "due": "due_on"},
    Outcome.NA.value: {"na_reason": "note", "na_until": "until"},
    Outcome.WAIVE.value: {"waive_reason": "note", "control": "control", "until": "until"},
    PARK: {"why": "note"},
}
ASKED_ABOUT = {name for asked in ASKED.values() for name in asked}
CHOOSE = "Choose one of the five."


class DecideForm(Change):
    """What the room says of an item: one of five, each with its own questions."""

    use_required_attribute = False

    outcome = forms.ChoiceField(
        choices=[(one, one) for one in ASKED],
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    note = forms.CharField(
        max_length=LONGEST_NOTE,
        label="What has to happen",
        widget=area(),
        error_messages={"required": "Say what has to happen."},
    )
    owner = forms.ModelChoiceField(
        User.objects.none(),
        label="Owner",
        empty_label=None,
        widget=forms.Select(attrs={"class": "input"}),
        error_messages={
            "required": "Choose who does it.",
            "invalid_choice": "Choose one of the people who are offered.",
        },
    )
    due = day_field("Due", required=True)
    na_reason = forms.CharField(
        max_length=LONGEST_REASON,
        label="Why it does not apply",
        widget=area(),
        error_messages={"required": "Say why it does not apply."},
    )
    na_until = day_field("Until", required=False)
    waive_reason = forms.CharField(
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
    why = forms.CharField(
        max_length=LONGEST_NOTE,
        label="Why it waits",
        widget=line(placeholder="Such as: storage cost unclear"),
        error_messages={"required": "Say why it is parked."},
    )

    def __init__(self, *args: Any, launch: Launch, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "decide-%s", **kwargs})
        self.fields["owner"].queryset = workers_of(launch)  # type: ignore[attr-defined]
        self.fields["due"].error_messages["required"] = "Choose until when."
        for name in ("note", "na_reason", "waive_reason", "control", "why"):
            self.fields[name].widget.attrs["dir"] = "auto"

    def clean(self) -> dict[str, Any]:
        """What the way that was chosen does not ask for is not looked at."""
        said = super().clean() or self.cleaned_data
        for name in ASKED_ABOUT - set(ASKED.get(said.get("outcome", ""), ())):
            self.errors.pop(name, None)
        return said

    @property
    def is_parking(self) -> bool:
        """Whether the item is put off rather than decided."""
        return self.cleaned_data["outcome"] == PARK

    @property
    def what(self) -> Said:
        """What the room says of the item: only what the way that was chosen asks for."""
        said, outcome = self.cleaned_data, self.cleaned_data["outcome"]
        asked = {word: said[name] for name, word in ASKED[outcome].items() if said.get(name)}
        return Said(Outcome(outcome), **asked)


class AgreeForm(Change):
    """Yes to exactly what was shown, on the spot."""

    exemption = forms.IntegerField(min_value=1, max_value=LARGEST_ID)
    seal = forms.CharField(max_length=64)


class ParkForm(Sent):
    """An item is put off, and why."""

    because = forms.CharField(
        max_length=LONGEST_NOTE, error_messages={"required": "Say why it is parked."}
    )


class UnparkForm(Sent):
    """An item is put back in its place."""


class TurnForm(Sent):
    """What the driver does from the place where the page shows the room."""

    turn = forms.IntegerField(min_value=0, max_value=LARGEST_VERSION)


class MoveForm(TurnForm):
    """The room goes to another item."""

    item = forms.IntegerField(min_value=1, max_value=LARGEST_ID)


class SeatForm(TurnForm):
    """The wheel goes to somebody else, or is taken where nobody holds it."""

    to = forms.ModelChoiceField(User.objects.filter(is_active=True), required=False)
    take = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not said.get("to") and not said.get("take"):
            raise forms.ValidationError("Choose who drives.")
        return said


class GuestForm(Sent):
    """A guest who is let go."""

    person = forms.ModelChoiceField(
        User.objects.filter(is_guest=True),
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose a guest."),
    )


class InviteForm(Sent):
    """Somebody from outside who is asked to come in."""

    def __init__(self, sent: QueryDict, *, launch: Launch) -> None:
        super().__init__(sent)
        self.fields["person"] = forms.ModelChoiceField(
            outside(launch),
            error_messages=dict.fromkeys(("required", "invalid_choice"), NO_GUEST),
        )


class PulseForm(forms.Form):
    """A short signal about an item, or that it is taken back."""

    item = forms.IntegerField(min_value=1, max_value=LARGEST_ID)
    signal = forms.ChoiceField(choices=[(one, one) for one in SIGNALS])
    text = forms.CharField(max_length=LONGEST_QUESTION, required=False)

    @property
    def what(self) -> tuple[Signal, bool]:
        """Which signal, and whether it is on from now."""
        return SIGNALS[self.cleaned_data["signal"]]


class HereForm(forms.Form):
    """Still there: with which device, looking at what."""

    device = forms.TypedChoiceField(
        choices=[(one.value, one.value) for one in Device], coerce=Device
    )
    item = forms.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)
    follows = forms.BooleanField(required=False)


class CodeForm(forms.Form):
    """The short code, as somebody typed it."""

    code = forms.CharField(
        max_length=12,
        label="Code",
        widget=line(autocapitalize="characters", spellcheck="false", inputmode="text"),
        error_messages={"required": "Type the code that the wall shows."},
    )

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).replace(" ", "").replace("-", "").upper()
