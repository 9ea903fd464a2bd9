"""What requests to the outbox, and to the page of what one hears, may contain."""

from typing import Any

from django import forms
from django.core.validators import URLValidator

from readiness.notifications import models as channels
from readiness.notifications.models.escalations import LONGEST
from readiness.notifications.queries.preferences import Way, ways
from readiness.notifications.topics import TOPICS, Topic
from readiness.notifications.ways import NAMES

LARGEST_ID = 2**63 - 1
LARGEST_VERSION = 2**31 - 1


class OutboxForm(forms.Form):
    """Which part of the outbox is asked for."""

    state = forms.CharField(required=False, max_length=8)
    before = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)


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
    url = forms.CharField(
        label="Address",
        max_length=500,
        help_text="The address of the incoming webhook. It is shown to nobody again.",
        error_messages={"required": "Give the address that messages go to."},
        widget=forms.URLInput(attrs={"class": "input mono", "autocomplete": "off"}),
    )
    topics = forms.MultipleChoiceField(
        label="It hears of",
        choices=[(topic.value, title) for topic, (title, _) in TOPICS.items()],
        initial=[topic.value for topic in Topic if topic is not Topic.CHECKS],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices choices--rows"}),
        error_messages={"required": "Choose at least one."},
    )


class ChoicesForm(forms.Form):
    """A tick for every kind of message and way out; what is not ticked is a no."""

    def __init__(self, *said: Any, **more: Any) -> None:
        super().__init__(*said, **more)
        for name in ways():
            self.fields[name] = forms.BooleanField(required=False)

    @property
    def chosen(self) -> dict[Way, bool]:
        return {way: self.cleaned_data[name] for name, way in ways().items()}


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
