"""What requests to the outbox, and to the page of what one hears, may contain."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.http import QueryDict

from readiness.accounts import policies
from readiness.accounts.models import Absence, User
from readiness.launches.forms.intake import Line, PersonField
from readiness.notifications import models as channels
from readiness.notifications.models.escalations import LONGEST
from readiness.notifications.queries.preferences import Way, ways
from readiness.notifications.topics import TOPICS, Topic
from readiness.notifications.ways import NAMES

LARGEST_ID = 2**63 - 1
MOST_DAYS_OFF = 60
LARGEST_VERSION = 2**31 - 1
NO_DAY = dict.fromkeys(("required", "invalid"), "Write a date, like 2026-12-08.")
DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "input"})


class OutboxForm(forms.Form):
    """Which part of the outbox is asked for."""

    state = forms.CharField(required=False, max_length=8)
    before = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)


class ReturnedForm(forms.Form):
    """That a mail came back, and what the other server said of it."""

    said = Line(
        "What the other server said",
        200,
        "Copy what the mail that came back says, such as 550 no such user.",
    )


class ActForm(forms.Form):
    """What a page that a mail leads to is sent."""

    act = forms.ChoiceField(
        choices=[(name, name) for name in ("done", "later", "not-mine")], widget=forms.HiddenInput
    )
    v = forms.IntegerField(min_value=0, max_value=LARGEST_VERSION, widget=forms.HiddenInput)
    url = forms.URLField(
        label="Evidence",
        required=False,
        max_length=500,
        assume_scheme="https",
        validators=[URLValidator(["http", "https"])],
        error_messages={"invalid": "Give a web address that starts with https://."},
        widget=forms.URLInput(
            attrs={"class": "input", "placeholder": "https://", "autocomplete": "off"}
        ),
    )


class SnoozeForm(forms.Form):
    """Until when somebody wants to hear nothing."""

    until = forms.DateField()


def _address() -> forms.CharField:
    return forms.CharField(
        label="Address",
        max_length=500,
        help_text="The address of the incoming webhook. It is shown to nobody again.",
        error_messages={"required": "Give the address that messages go to."},
        widget=forms.URLInput(attrs={"class": "input mono", "autocomplete": "off"}),
    )


class ChannelForm(forms.Form):
    """A new channel of a team."""

    way = forms.ChoiceField(
        label="What is there",
        choices=[(way.value, NAMES[way]) for way in channels.Way],
        widget=forms.Select(attrs={"class": "input"}),
    )
    name = forms.CharField(
        label="Name",
        max_length=80,
        help_text="How your team calls it, such as #launches.",
        error_messages={"required": "Say how your team calls it."},
        widget=forms.TextInput(attrs={"class": "input", "dir": "auto", "autocomplete": "off"}),
    )
    url = _address()
    topics = forms.MultipleChoiceField(
        label="It hears of",
        choices=[(topic.value, title) for topic, (title, _) in TOPICS.items()],
        initial=[topic.value for topic in Topic if topic is not Topic.CHECKS],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices choices--rows"}),
        error_messages={"required": "Choose at least one."},
    )


class OwnChannelForm(forms.Form):
    """A new channel of one's own."""

    url = _address()
    field_order = ("way", "url")

    def __init__(self, sent: QueryDict | None = None, *, free: Iterable[channels.Way]) -> None:
        super().__init__(sent)
        self.fields["way"] = forms.ChoiceField(
            label="What is there",
            choices=[(way.value, NAMES[way]) for way in free],
            error_messages={"invalid_choice": "Choose one that you do not have yet."},
            widget=forms.Select(attrs={"class": "input"}),
        )
        self.order_fields(self.field_order)


class ChoicesForm(forms.Form):
    """A tick for every kind of message on these ways out; what is not ticked is a no."""

    def __init__(self, sent: QueryDict, channels: Iterable[channels.Channel]) -> None:
        super().__init__(sent)
        self.ways = ways(channels)
        for name in self.ways:
            self.fields[name] = forms.BooleanField(required=False)

    @property
    def chosen(self) -> dict[Way, bool]:
        return {way: self.cleaned_data[name] for name, way in self.ways.items()}


class EscalationForm(forms.Form):
    """Whether, and after how many workdays, others hear of late work."""

    is_on = forms.BooleanField(label="Let leads and approvers hear of late work", required=False)
    lead_after = forms.IntegerField(
        label="The lead of the launch, after workdays", min_value=1, max_value=LONGEST
    )
    approver_after = forms.IntegerField(
        label="Its approvers, after workdays", min_value=1, max_value=LONGEST
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("approver_after", LONGEST) < said.get("lead_after", 1):
            self.add_error("approver_after", "Approvers hear after the lead, or on the same day.")
        return said


class HoursForm(forms.Form):
    """When a person wants to hear nothing."""

    HOURS = (("", "Never"), *((hour, f"{hour:02}:00") for hour in range(24)))

    quiet_from = forms.TypedChoiceField(
        label="Quiet from", choices=HOURS, coerce=int, empty_value=None, required=False
    )
    quiet_until = forms.TypedChoiceField(
        label="Quiet until", choices=HOURS, coerce=int, empty_value=None, required=False
    )
    days_off = forms.CharField(
        label="Days off",
        required=False,
        max_length=2_000,
        help_text="One date a line, as 2026-12-24. No digest comes on these days.",
        widget=forms.Textarea(attrs={"rows": 3, "class": "input", "spellcheck": "false"}),
    )

    def clean_days_off(self) -> list[date]:
        words = self.cleaned_data["days_off"].replace(",", " ").split()
        if len(words) > MOST_DAYS_OFF:
            raise forms.ValidationError(f"Name at most {MOST_DAYS_OFF} days.")
        try:
            return sorted({date.fromisoformat(word) for word in words})
        except ValueError as error:
            raise forms.ValidationError("Write each date as 2026-12-24.") from error

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        begins, ends = said.get("quiet_from"), said.get("quiet_until")
        if (begins is None) != (ends is None):
            self.add_error("quiet_until", "Say both when quiet begins and when it ends.")
        elif begins is not None and begins == ends:
            self.add_error("quiet_until", "Quiet ends at another hour than it begins.")
        return said


class AwayForm(forms.Form):
    """From which day to which a person is away, and who stands in."""

    first_on = forms.DateField(label="First day away", error_messages=NO_DAY, widget=DAY)
    last_on = forms.DateField(label="Last day away", error_messages=NO_DAY, widget=DAY)

    def __init__(
        self, sent: QueryDict | None = None, *, person: User, absence: Absence | None, now: datetime
    ) -> None:
        said: dict[str, Any] = {}
        if absence:
            said = {"first_on": absence.first_on, "last_on": absence.last_on}
            said["stand_in"] = absence.stand_in_id
        super().__init__(sent, initial=said)
        self.person, self.absence, self.now = person, absence, now
        people = list(policies.stand_ins_for(person).order_by("name", "pk"))
        self.fields["stand_in"] = PersonField("Stands in", people, "Nobody", required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if "first_on" in said and "last_on" in said:
            days = said["first_on"], said["last_on"]
            if reason := policies.going_away(self.person, *days, self.now):
                self.add_error("last_on", reason)
        return said


class HolidayForm(forms.Form):
    """A day on which a team does not work."""

    day = forms.DateField(label="Day", error_messages=NO_DAY, widget=DAY)
    name = Line("Name", 80, "Say what day it is, such as New Year.")
