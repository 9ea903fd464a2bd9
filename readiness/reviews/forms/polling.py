"""What an approver sends who is called in the poll."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from readiness.accounts.models import User
from readiness.launches.forms.decisions import LONGEST, RECORDED, ConditionSet
from readiness.launches.services.decisions import Condition
from readiness.reviews.models.minutes import PollSays


class AnswerForm(forms.Form):
    """GO or HOLD; a GO that signs the decision has its conditions and the seal of the page."""

    says = forms.ChoiceField(
        choices=[(one.value, one.value) for one in PollSays],
        error_messages={
            "required": "Choose GO or HOLD.",
            "invalid_choice": "Choose GO or HOLD.",
        },
    )
    reason = forms.CharField(
        label="Reason",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=RECORDED,
    )
    signs = forms.BooleanField(required=False, widget=forms.HiddenInput)
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
    ) -> None:
        super().__init__(sent)
        self.conditions: Any = ConditionSet(
            sent, initial=list(proposed), prefix="c", form_kwargs={"owners": owners}
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        is_hold = said.get("says") == PollSays.HOLD.value
        if is_hold and not said.get("reason", "").strip() and "reason" not in self.errors:
            self.add_error("reason", "Say what holds you.")
        return said

    def is_valid(self) -> bool:
        """The conditions are looked at only where the GO has some."""
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
    def signs_now(self) -> bool:
        """Whether what is sent is a signature under the decision."""
        said = self.cleaned_data
        return said.get("says") == PollSays.GO.value and bool(said.get("signs"))

    @property
    def has_conditions(self) -> bool:
        return self.signs_now and f"{self.conditions.prefix}-TOTAL_FORMS" in self.data

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
