"""What may be said about an item: each form is about one item as it was when it was shown."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.validators import URLValidator
from django.http import QueryDict

from readiness.accounts.models import User
from readiness.launches.models import Progress
from readiness.web.forms import LONGEST_KEY, new_key

LARGEST_VERSION = 2**31 - 1
TYPED = (forms.Textarea, forms.widgets.Input)
WEB = ["http", "https"]
NOT_WEB = "Give a web address that starts with https:// or http://."


def area(rows: int = 2) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "class": "input"})


def line(**attributes: str) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "input", "autocomplete": "off", **attributes})


class Sent(forms.Form):
    """A form that is carried out once."""

    key = forms.CharField(max_length=LONGEST_KEY, widget=forms.HiddenInput)

    @property
    def said(self) -> dict[str, Any]:
        """What the service is asked to do, in its own words."""
        return dict(self.cleaned_data)

    @property
    def has_words(self) -> bool:
        """Whether somebody typed something into it."""
        return any(
            str(bound.data or "").strip()
            for bound in self
            if isinstance(bound.field.widget, TYPED) and not bound.is_hidden
        )

    def again(self, **about: object) -> "Sent":
        """The same with all that was typed, to be sent anew, about what is so now."""
        anew = {"key": new_key(), **about}
        self.data = {name: self.data[name] for name in self.data} | anew
        return self


class Change(Sent):
    """A change of an item, made from the version the person saw."""

    v = forms.IntegerField(min_value=0, max_value=LARGEST_VERSION, widget=forms.HiddenInput)

    @property
    def said(self) -> dict[str, Any]:
        return in_words(super().said)


def in_words(cleaned: dict[str, Any]) -> dict[str, Any]:
    return {"version": cleaned.pop("v"), **cleaned}


class SignOffForm(Change):
    """An item is met; the answer that earns most unless another is named."""

    answer = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    note = forms.CharField(max_length=2000, required=False, label="Note", widget=area())

    @classmethod
    def at_once(cls, sent: QueryDict) -> dict[str, Any] | None:
        """What a valid form says, by its own fields; nothing where something is wrong with it.

        To make the form takes four times as long, and most are never drawn.
        """
        fields = cls.base_fields.items()
        try:
            return in_words(
                {
                    name: field.clean(field.widget.value_from_datadict(sent, {}, name))
                    for name, field in fields
                }
            )
        except forms.ValidationError:
            return None


class ProgressForm(Change):
    """How the work goes; what is blocked says what it waits for."""

    to = forms.TypedChoiceField(
        choices=[(one.value, one.value) for one in Progress],
        coerce=Progress,
        widget=forms.HiddenInput,
    )
    because = forms.CharField(
        max_length=300, required=False, label="What it waits for", widget=line()
    )

    def clean(self) -> dict[str, object]:
        said = super().clean() or self.cleaned_data
        is_blocked = said.get("to") == Progress.BLOCKED.value
        if is_blocked and not said.get("because") and "because" not in self.errors:
            self.add_error("because", "Say what it waits for.")
        return said


class WithdrawForm(ProgressForm):
    """A sign-off is taken back; perhaps with how the work goes instead."""

    to = forms.TypedChoiceField(
        choices=[("", ""), *((one.value, one.value) for one in Progress)],
        coerce=Progress,
        empty_value=None,
        required=False,
        widget=forms.HiddenInput,
    )
    because = forms.CharField(max_length=300, required=False, label="Reason", widget=line())

    @property
    def said(self) -> dict[str, Any]:
        said = super().said
        return {"progress": said.pop("to"), **said}


class AssignForm(Change):
    """Who does the item; nobody is an answer too."""

    to = forms.ModelChoiceField(
        User.objects.filter(is_active=True),
        required=False,
        empty_label="Nobody",
        error_messages={"invalid_choice": "Choose one of the people who are offered."},
    )


class DueForm(Change):
    """When the item is due; without a date it follows the launch."""

    on = forms.DateField(
        required=False,
        label="Due",
        widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Give a date, as 2026-11-27."},
    )


class EvidenceForm(Change):
    """A page that supports the item, named after its host unless it gets a title."""

    url = forms.CharField(
        max_length=1000,
        label="Web address",
        widget=forms.URLInput(attrs={"class": "input", "placeholder": "https://"}),
        validators=[URLValidator(schemes=WEB, message=NOT_WEB)],
    )
    title = forms.CharField(max_length=160, required=False, label="Title", widget=line())

    def clean(self) -> dict[str, object]:
        said = super().clean() or self.cleaned_data
        host = urlsplit(str(said.get("url", ""))).hostname or ""
        return {**said, "title": said.get("title") or host[:160]}


class RemoveForm(Change):
    """A piece of evidence is taken off the item."""
