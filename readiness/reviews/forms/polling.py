"""What an approver sends who is called in the poll."""

from typing import Any

from django import forms

from readiness.launches.forms.decisions import SignedForm
from readiness.launches.services.decisions import Condition
from readiness.reviews.models.minutes import PollSays


class AnswerForm(SignedForm):
    """GO or HOLD; a GO that signs the decision has its conditions and the seal of the page."""

    says = forms.ChoiceField(
        choices=[(one.value, one.value) for one in PollSays],
        error_messages={
            "required": "Choose GO or HOLD.",
            "invalid_choice": "Choose GO or HOLD.",
        },
    )
    signs = forms.BooleanField(required=False, widget=forms.HiddenInput)
    field_order = ("says",)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        is_hold = said.get("says") == PollSays.HOLD.value
        if is_hold and not said.get("reason", "").strip() and "reason" not in self.errors:
            self.add_error("reason", "Say what holds you.")
        return said

    @property
    def signs_now(self) -> bool:
        """Whether what is sent is a signature under the decision."""
        said = self.cleaned_data
        return said.get("says") == PollSays.GO.value and bool(said.get("signs"))

    @property
    def has_conditions(self) -> bool:
        return self.signs_now and super().has_conditions

    @property
    def said(self) -> dict[str, Any]:
        """What the service is handed."""
        said = self.cleaned_data
        conditions: tuple[Condition, ...] = ()
        if self.has_conditions:
            conditions = self.conditions.conditions()
        return {
            "says": PollSays(said["says"]),
            "reason": said["reason"],
            "signs": said["signs"],
            "seal": said["seal"],
            "conditions": conditions,
        }
