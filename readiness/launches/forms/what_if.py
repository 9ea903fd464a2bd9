"""What is supposed, as an address says it: the address is all there is."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from readiness.checklists.models import Facet
from readiness.launches.forms.facets import PREFIX, FacetsForm
from readiness.launches.forms.history import day_field
from readiness.launches.forms.why import MomentField
from readiness.launches.models import Launch
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.what_if import AS_IS, CHOICES, Supposed, choices_for, kinds_of

IS = "is-"
ASKED = "facets"
FURTHEST = timedelta(days=3660)
NO_KIND = "Nothing in this checklist stands on that. Choose one of the list."
PAST = "That is past: ask why instead, it tells any launch as it was."
TOO_FAR = "That is too far away. Choose a day within ten years."


class WhatIfForm(forms.Form):
    """The launch date, the instant, what changes; and a choice for each item."""

    def __init__(
        self, asked: QueryDict, *, launch: Launch, questions: Iterable[Facet], now: datetime
    ) -> None:
        super().__init__(asked)
        self.asked, self.launch, self.now = asked, launch, now
        self.chosen: dict[str, str] = {}
        self.content = pinned(launch.version_id)
        self.fields["launch_on"] = day_field("Launch date")
        self.fields["at"] = MomentField(label="Seen on", zone=launch.tzinfo)
        kinds = [(kind, kind.replace("_", " ")) for kind in kinds_of(self.content)]
        self.fields["changed"] = forms.MultipleChoiceField(
            label="As if changed",
            required=False,
            choices=kinds,
            widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"}),
            error_messages={"invalid_choice": NO_KIND},
        )
        is_asked = ASKED in asked or any(name.startswith(PREFIX) for name in asked)
        self.facets = FacetsForm(
            asked if is_asked else None, questions=questions, answers=launch.facets
        )
        self.is_asked = is_asked

    def clean_launch_on(self) -> date | None:
        day = self.cleaned_data["launch_on"]
        if day and abs(day - self.now.date()) > FURTHEST:
            raise forms.ValidationError(TOO_FAR)
        return None if day == self.launch.launch_on else day

    def clean_at(self) -> datetime | None:
        at = self.cleaned_data["at"]
        if at and at - self.now > FURTHEST:
            raise forms.ValidationError(TOO_FAR)
        if at and at < self.now - timedelta(minutes=1):
            raise forms.ValidationError(PAST)
        return at if at and at > self.now else None

    def clean(self) -> dict[str, Any] | None:
        found = super().clean()
        if not self.facets_are_valid:
            self.add_error(None, "One of the answers is none that this checklist offers.")
        for name in self.asked:
            if name.startswith(IS) and (problem := self._choose(name)):
                self.add_error(None, problem)
        return found

    @property
    def facets_are_valid(self) -> bool:
        return not self.is_asked or self.facets.is_valid()

    @property
    def supposed(self) -> Supposed:
        """What is supposed, as far as it could be read."""
        said = self.cleaned_data
        return Supposed(
            items=self.chosen,
            answers=self._answers(),
            launch_on=said.get("launch_on"),
            changed=tuple(said.get("changed") or ()),
            at=said.get("at"),
        )

    @property
    def at_typed(self) -> str:
        """The instant as its field shows it, where the launch is."""
        at = self.supposed.at
        return at.astimezone(self.launch.tzinfo).replace(tzinfo=None).isoformat() if at else ""

    def address(self, **more: str) -> str:
        """The query that says the same, and no more; `more` supposes further items."""
        supposed, pairs = self.supposed, []
        choices = {**supposed.items, **more}
        pairs += [(f"{IS}{key}", choices[key]) for key in self.content.items if key in choices]
        if supposed.answers is not None:
            pairs.append((ASKED, "1"))
            pairs += [
                (name, value)
                for name in self.facets.fields
                for value in self.asked.getlist(name)
                if value
            ]
        if supposed.launch_on:
            pairs.append(("launch_on", supposed.launch_on.isoformat()))
        pairs += [("changed", kind) for kind in supposed.changed]
        if supposed.at:
            pairs.append(("at", self.at_typed))
        return urlencode(pairs)

    def _answers(self) -> dict[str, Any] | None:
        """The answers, where they are others than the launch's."""
        if not self.is_asked or not self.facets.is_valid():
            return None
        return None if self.facets.answers == self.launch.facets else self.facets.answers

    def _choose(self, name: str) -> str:
        """Take what is supposed of one item; or say why not."""
        key, choice = name.removeprefix(IS), self.asked[name]
        rule = self.content.items.get(key)
        if rule is None:
            return f"This checklist has no item “{key[:64]}”. It was left out."
        if choice not in CHOICES:
            return f"“{choice[:20]}” cannot be supposed of {rule.ref}. It was left as it is."
        if choice not in choices_for(rule):
            return f"{rule.ref} must not be left out as not applicable. It was left as it is."
        if choice != AS_IS:
            self.chosen[key] = choice
        return ""
