"""What the address of a history may ask for; what it says wrong is answered in words."""

from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.db.models import Q
from django.http import QueryDict

from readiness.accounts.models import User
from readiness.launches.queries.events import GROUPS, Wanted

NO_KIND = "There is no such kind of change. Choose one of the list."
NO_ITEM = "There is no such item here. Choose one of the list."
NO_DAY = "Write a day, like 2026-12-08."
NOBODY = "Nobody here has this name or mail address."
BACKWARDS = "This day is before the first one."
YEARS = range(1970, 2101)
Titles = list[tuple[str, str]]


def day_field(label: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label,
        required=False,
        widget=widget,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": NO_DAY},
    )


class HistoryForm(forms.Form):
    """Which part of a history somebody looks for; a launch offers its people and its items."""

    kind = forms.ChoiceField(
        label="Kind of change",
        required=False,
        choices=[("", "Everything"), *((key, title) for key, (title, _) in GROUPS.items())],
        widget=forms.Select(attrs={"class": "input"}),
        error_messages={"invalid_choice": NO_KIND},
    )
    person = forms.CharField(label="Person", required=False, max_length=254)
    item = forms.IntegerField(
        label="Item",
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(["invalid", "min_value", "max_value"], NO_ITEM),
    )
    since = day_field("From")
    until = day_field("To")

    def __init__(
        self, asked: QueryDict, *, reader: User, people: Titles | None, items: Titles | None
    ) -> None:
        super().__init__(asked, use_required_attribute=False)
        self.reader, self.wanted = reader, Wanted()
        self.fields["person"].widget = forms.TextInput(
            attrs={"class": "input", "autocomplete": "off", "placeholder": "Name or mail"}
        )
        if people is not None:
            self.fields["person"].widget = forms.Select(
                attrs={"class": "input"}, choices=[("", "Everyone"), *people]
            )
        if items is not None:
            self.fields["item"] = forms.TypedChoiceField(
                label="Item",
                required=False,
                coerce=int,
                empty_value=None,
                choices=[("", "All items"), *items],
                widget=forms.Select(attrs={"class": "input"}),
                error_messages={"invalid_choice": NO_ITEM},
            )

    def clean_since(self) -> date | None:
        return _of_our_time(self.cleaned_data["since"])

    def clean_until(self) -> date | None:
        return _of_our_time(self.cleaned_data["until"])

    def clean_person(self) -> tuple[int, ...] | None:
        """Who is called so; several people may be."""
        said = " ".join(self.cleaned_data["person"].split())
        if not said:
            return None
        called = User.objects.filter(Q(name__iexact=said) | Q(email__iexact=said))
        found = tuple(called.order_by("pk").values_list("pk", flat=True)[:20])
        if not found:
            raise forms.ValidationError(NOBODY)
        return found

    def clean(self) -> dict[str, Any]:
        said = cast("dict[str, Any]", super().clean())
        since, until = said.get("since"), said.get("until")
        if since and until and until < since:
            self.add_error("until", BACKWARDS)
        group = GROUPS.get(said.get("kind", ""))
        words = {name: self.data.get(name, "").strip() for name in self.fields}
        self.wanted = Wanted(
            kinds=group[1] if group else frozenset(),
            people=said.get("person"),
            item=said.get("item"),
            since=self._begin_of(since) if since else None,
            until=self._begin_of(until + timedelta(days=1)) if until else None,
            words={name: value for name, value in words.items() if value},
        )
        return said

    def _begin_of(self, day: date) -> datetime:
        """When the day begins where the reader is."""
        return datetime.combine(day, time(), tzinfo=self.reader.tzinfo)


def _of_our_time(day: date | None) -> date | None:
    if day and day.year not in YEARS:
        raise forms.ValidationError(NO_DAY)
    return day
