"""What may be said about several items of a launch at once, each as it was when it was shown."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict

from readiness.accounts.models import User
from readiness.launches.forms.items import (
    LARGEST_VERSION,
    AssignForm,
    DueForm,
    EvidenceForm,
    ProgressForm,
    Sent,
    area,
)
from readiness.launches.models import Act, Progress
from readiness.launches.services.bulk import MOST, Picked

PICKED = re.compile(r"([0-9]{1,18})\.([0-9]{1,10})")
UNREADABLE = "The selection cannot be read: an item comes without its version. Select again."
WAYS = [
    (Progress.IN_PROGRESS.value, "In progress"),
    (Progress.NOT_STARTED.value, "Not started"),
    (Progress.BLOCKED.value, "Blocked"),
]


class PickedField(forms.Field):
    """Items with the version of each, as "7.3"; several may come in one value."""

    widget = forms.MultipleHiddenInput
    default_error_messages = {"required": "Select at least one item."}

    def to_python(self, value: Sequence[str] | None) -> tuple[Picked, ...]:
        pairs = pairs_in(value or ())
        if len(pairs) > MOST:
            raise ValidationError(f"Select at most {MOST} items at a time.")
        picked = tuple(_picked(pair) for pair in pairs)
        if len({one.item for one in picked}) < len(picked):
            raise ValidationError("An item is selected twice, in two versions. Select again.")
        return picked


def pairs_in(values: Iterable[str]) -> list[str]:
    """Each item once, as it was sent; a section sends all of its own in one value."""
    return list(dict.fromkeys(pair for one in values for pair in one.split()))


def numbers_in(values: Iterable[str]) -> list[int]:
    """The items among what was sent, as far as it can be read."""
    found = map(PICKED.fullmatch, pairs_in(values)[:MOST])
    return [int(one[1]) for one in found if one]


def _picked(pair: str) -> Picked:
    found = PICKED.fullmatch(pair)
    if found is None or int(found[2]) > LARGEST_VERSION:
        raise ValidationError(UNREADABLE)
    return Picked(int(found[1]), int(found[2]))


class Together(Sent):
    """One thing said of several items. The versions stand with the items."""

    items = PickedField()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields.pop("v", None)

    @property
    def said(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class CheckTogether(Together):
    """The items are met."""

    note = forms.CharField(max_length=2000, required=False, label="Note", widget=area())


class ReaffirmTogether(CheckTogether):
    """What one signed of the items is still true."""


class AssignTogether(Together, AssignForm):
    """Who does the items."""


class DueTogether(Together, DueForm):
    """When the items are due."""


class ProgressTogether(Together, ProgressForm):
    """How the work on the items goes."""

    to = forms.TypedChoiceField(
        choices=WAYS,
        coerce=Progress,
        label="How the work goes",
        initial=Progress.IN_PROGRESS.value,
        widget=forms.RadioSelect,
    )
    field_order = ["to", "because"]


class EvidenceTogether(Together, EvidenceForm):
    """A page that supports the items."""


FORMS: dict[Act, type[Together]] = {
    Act.DONE: CheckTogether,
    Act.REAFFIRM: ReaffirmTogether,
    Act.ASSIGN: AssignTogether,
    Act.DUE: DueTogether,
    Act.PROGRESS: ProgressTogether,
    Act.EVIDENCE: EvidenceTogether,
}


def form_of(
    act: Act,
    owners: "QuerySet[User]",
    *,
    sent: QueryDict | None = None,
    initial: dict[str, Any] | None = None,
) -> Together:
    """The form of an act; an owner is one of `owners`."""
    form = FORMS[act](sent, initial=initial, auto_id="bulk_%s")
    if isinstance(form, AssignTogether):
        to = form.fields["to"]
        to.queryset, to.label = owners, "Owner"  # type: ignore[attr-defined]
        to.widget.attrs["class"] = "input"
    return form
