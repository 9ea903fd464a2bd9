"""Taking a launch to another stage of its life."""

from typing import Any

from django import forms

from readiness.launches import policies
from readiness.launches.models import Launch
from readiness.launches.models.launches import Stage

LONGEST_REASON = 300


class LifeForm(forms.Form):
    """Where a launch goes from here, and why."""

    to = forms.ChoiceField(
        label="Where it goes",
        widget=forms.RadioSelect(attrs={"class": "choices"}),
        error_messages={
            "required": "Choose where it goes.",
            "invalid_choice": "A launch cannot go there from where it is.",
        },
    )
    because = forms.CharField(
        label="Why",
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text="Everyone who may read the launch reads this.",
    )

    def __init__(self, *sent: Any, launch: Launch) -> None:
        super().__init__(*sent)
        self.launch = launch
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            (to.value, title_of(launch, to)) for to in policies.moves_from(launch)
        ]

    def clean(self) -> dict[str, object]:
        said = super().clean() or self.cleaned_data
        to = said.get("to")
        if to and policies.owes_reason(self.launch, Stage(to)) and not said.get("because"):
            self.add_error("because", "Say why.")
        return said


def title_of(launch: Launch, to: Stage) -> str:
    """What a person does who takes a launch there."""
    if launch.is_over and to is Stage.PREPARING:
        return "Take it up again"
    return {
        Stage.PREPARING: "Back to preparing",
        Stage.IN_REVIEW: "In review",
        Stage.ON_HOLD: "On hold: nobody is reminded",
        Stage.CANCELLED: "Cancel it: its checklist closes",
        Stage.ARCHIVED: "Archive it: it is done, its checklist closes",
    }[to]
