"""The checklist's questions about a launch. No answer is an answer too: unknown."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from readiness.checklists.models import Facet
from readiness.rules.facets import FacetKind

PREFIX = "facet_"
YES, NO, UNANSWERED = "yes", "no", ""
NOT_YET = (UNANSWERED, "Not answered yet")
NOT_OFFERED = {"invalid_choice": "Choose one of the answers that are offered."}


class FacetsForm(forms.Form):
    """One field per question; an unanswered one never removes an item."""

    def __init__(
        self,
        sent: QueryDict | None = None,
        *,
        questions: Iterable[Facet],
        answers: Mapping[str, object] | None = None,
        kept: QueryDict | None = None,
    ) -> None:
        super().__init__(sent)
        self.questions = list(questions)
        for facet in self.questions:
            name = field_name(facet)
            self.fields[name] = field_for(facet)
            self.initial[name] = as_typed((answers or {}).get(facet.key))
            if kept is not None and name in kept:
                widget = self.fields[name].widget
                self.initial[name] = widget.value_from_datadict(kept, {}, name)

    @property
    def answers(self) -> dict[str, Any]:
        """What was answered, as the rules read it."""
        found = {facet.key: self.cleaned_data[field_name(facet)] for facet in self.questions}
        return {key: answer for key, answer in found.items() if answer not in (None, "", [])}


def field_name(facet: Facet) -> str:
    return f"{PREFIX}{facet.key}"


def field_for(facet: Facet) -> forms.Field:
    """Radio buttons with "Not answered yet" among them; for several answers, boxes to tick."""
    offered = [(option, option.replace("_", " ")) for option in facet.options]
    shared: dict[str, Any] = {
        "label": facet.title,
        "required": False,
        "error_messages": NOT_OFFERED,
    }
    if facet.kind == FacetKind.MULTI_CHOICE.value:
        return forms.MultipleChoiceField(
            choices=offered,
            widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"}),
            help_text="Tick all that apply. With none ticked it is not answered yet.",
            **shared,
        )
    if facet.kind == FacetKind.CHOICE.value:
        return forms.ChoiceField(
            choices=[*offered, NOT_YET],
            widget=forms.RadioSelect(attrs={"class": "choices"}),
            **shared,
        )
    return forms.TypedChoiceField(
        choices=[(YES, "Yes"), (NO, "No"), NOT_YET],
        coerce=is_yes,
        empty_value=None,
        widget=forms.RadioSelect(attrs={"class": "choices"}),
        **shared,
    )


def typed(questions: Iterable[Facet], answers: Mapping[str, object]) -> dict[str, object]:
    """Answers as the fields of the questions hold them."""
    return {field_name(one): as_typed(answers.get(one.key)) for one in questions}


def is_yes(said: str) -> bool:
    return said == YES


def as_typed(answer: object) -> object:
    """An answer as its field shows it."""
    if isinstance(answer, bool):
        return YES if answer else NO
    return answer or UNANSWERED
