"""What may be sent about a decision: the question, a word with conditions, what was done."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from readiness.accounts.models import User
from readiness.launches.models.decisions import Says, said_of_need
from readiness.launches.services.decisions import Condition, Word

LONGEST, LONGEST_CONDITION, MOST_CONDITIONS = 2_000, 300, 12
RECORDED = "Becomes part of the record. Everyone who may read the launch reads it."


class AskForm(forms.Form):
    """What the lead says with the question."""

    note = forms.CharField(
        label="Anything the approvers should know",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=RECORDED,
    )


class BackForm(forms.Form):
    """Why somebody takes their word back."""

    because = forms.CharField(label="Why", required=False, max_length=LONGEST)


class DoneForm(forms.Form):
    """How an action item was done."""

    note = forms.CharField(
        label="What was done, or where it can be seen",
        max_length=LONGEST,
        error_messages={"required": "Say what was done, or where it can be seen."},
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


class ConditionForm(forms.Form):
    """One condition; it counts when its box is ticked."""

    on = forms.BooleanField(required=False)
    need = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    text = forms.CharField(
        label="Condition",
        required=False,
        max_length=LONGEST_CONDITION,
        widget=forms.TextInput(attrs={"class": "input", "dir": "auto"}),
    )
    owner = forms.ChoiceField(
        label="Owner",
        required=False,
        widget=forms.Select(attrs={"class": "input"}),
        error_messages={"invalid_choice": "Choose one of these people."},
    )
    due_on = forms.DateField(
        label="Until",
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Give a date."},
    )

    def __init__(self, *said: Any, owners: Sequence[User], **more: Any) -> None:
        super().__init__(*said, **more)
        self.people = {str(person.pk): person for person in owners}
        choices = [(pk, person.name) for pk, person in self.people.items()]
        self.fields["owner"].choices = [("", "Nobody yet"), *choices]  # type: ignore[attr-defined]
        for name in ("text", "owner", "due_on"):
            self.fields[name].widget.attrs["aria-label"] = f"{self.fields[name].label}"

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not said.get("on"):
            return said
        missing = {"text": "Say what.", "owner": "Say who.", "due_on": "Say until when."}
        for name, sentence in missing.items():
            if not said.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        return said

    @property
    def need_title(self) -> str:
        return said_of_need(str(self["need"].value() or ""))

    @property
    def condition(self) -> Condition | None:
        said = self.cleaned_data
        if not said.get("on"):
            return None
        return Condition(said["text"], self.people[said["owner"]], said["due_on"], said["need"])


class Conditions(forms.BaseFormSet):
    """The conditions as they were proposed, and as they come back."""

    def conditions(self) -> tuple[Condition, ...]:
        return tuple(one for one in (form.condition for form in self.forms) if one)


ConditionSet = forms.formset_factory(
    ConditionForm,
    formset=Conditions,
    extra=0,
    max_num=MOST_CONDITIONS,
    absolute_max=MOST_CONDITIONS,
    validate_max=True,
)


class SignedForm(forms.Form):
    """A word under which an approver's name stands, with the conditions that it may have."""

    reason = forms.CharField(
        label="Reason",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=RECORDED,
    )
    seal = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    password = forms.CharField(
        label="Your password",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(
        self,
        sent: QueryDict | None,
        *,
        proposed: Iterable[Mapping[str, object]],
        owners: Sequence[User],
        initial: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(sent, initial=dict(initial or {}))
        self.conditions: Any = ConditionSet(
            sent, initial=list(proposed), prefix="c", form_kwargs={"owners": owners}
        )

    def is_valid(self) -> bool:
        """The conditions are looked at only where the word has some."""
        if not super().is_valid():
            return False
        if not self.has_conditions or self.conditions.is_valid():
            return True
        for error in self.conditions.non_form_errors():
            self.add_error(None, error)
        if not self.errors:
            self.add_error(None, "Complete each condition, or untick it.")
        return False

    @property
    def has_conditions(self) -> bool:
        """Whether conditions were sent with it."""
        return f"{self.conditions.prefix}-TOTAL_FORMS" in self.data


class DecideForm(SignedForm):
    """One approver's word."""

    says = forms.ChoiceField(
        choices=[(one.value, one.value) for one in Says if one is not Says.CONFIRM],
        error_messages={
            "required": "Choose what you decide.",
            "invalid_choice": "Choose what you decide.",
        },
    )
    field_order = ("says",)

    @property
    def has_conditions(self) -> bool:
        return self.cleaned_data.get("says") == Says.APPROVE_WITH_CONDITIONS.value

    @property
    def word(self) -> Word:
        said = self.cleaned_data
        conditions = self.conditions.conditions() if self.has_conditions else ()
        return Word(Says(said["says"]), said["reason"], conditions)
