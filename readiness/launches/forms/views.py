"""What may be said of a saved view."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from readiness.accounts.models import Team, User
from readiness.accounts.permissions import Action, grants
from readiness.launches.models import SavedView
from readiness.launches.models.views import LONGEST_QUERY

LONGEST_NAME = 60


def name_field(label: str = "Name") -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "input", "autocomplete": "off"})
    return forms.CharField(label=label, max_length=LONGEST_NAME, widget=widget)


class SaveViewForm(forms.Form):
    """A name for a query string, for oneself or for a team."""

    name = name_field()
    team = forms.ModelChoiceField(
        Team.objects.none(), label="Who sees it", required=False, empty_label="Only me",
        widget=forms.Select(attrs={"class": "input"}),
    )  # fmt: skip
    query = forms.CharField(
        max_length=LONGEST_QUERY, required=False, widget=forms.HiddenInput, strip=True
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams_with_views(by)  # type: ignore[attr-defined]


class ViewForm(forms.Form):
    """One of the views a person may change."""

    view = forms.ModelChoiceField(
        SavedView.objects.none(),
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": "This view is no longer there, or not yours to change."},
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["view"].queryset = views_to_change(by)  # type: ignore[attr-defined]


class RenameViewForm(ViewForm):
    name = name_field("New name")


def teams_with_views(by: User) -> "QuerySet[Team]":
    """The teams a person may keep views for."""
    return Team.objects.filter(grants(by, Action.LAUNCH_OPEN, team="pk", lead="")).order_by("name")


def views_to_change(by: User) -> "QuerySet[SavedView]":
    """One's own, and those of the teams one works in."""
    views = SavedView.objects.filter(
        Q(team=None, person=by) | Q(team__in=teams_with_views(by).order_by())
    )
    return views.select_related("team").order_by("team__name", "name")
