"""Saving views: names for what people look for, their own or for a team."""

from datetime import datetime
from typing import Any

from django.db import transaction

from readiness.accounts.models import Team, User
from readiness.audit.kinds import Kind
from readiness.audit.people import take_team
from readiness.audit.services import record, site_subject
from readiness.launches import policies
from readiness.launches.models import SavedView
from readiness.launches.queries.views import tidy
from readiness.web.refusal import Refused, refuse_if

MOST = 50  # of one person, and of one team


@transaction.atomic
def save_view(name: str, *, query: str, team: Team | None, by: User, now: datetime) -> SavedView:
    """Name a query string; the same name again stands for the new one."""
    owner = User if team is None else Team
    owner.objects.select_for_update(no_key=True).get(pk=by.pk if team is None else team.pk)
    refuse_if(policies.keeping_views(by, team))
    place = {"team": None, "person": by} if team is None else {"team": team}
    kept = SavedView.objects.filter(**place)
    known = kept.filter(name__iexact=name).first()
    if known is None and kept.count() >= MOST:
        raise Refused(f"There are {MOST} views already: remove one first.")
    view = known or SavedView(team=team, person=by)
    view.name, view.query, view.saved_at = name, tidy(query), now
    view.save()
    _tell(Kind.VIEW_SAVED, view, by=by, now=now, query=view.query)
    return view


@transaction.atomic
def rename_view(view: SavedView, *, name: str, by: User, now: datetime) -> SavedView:
    """Give a view another name, that no other of the same owner has."""
    view = _taken(view, by)
    others = SavedView.objects.filter(name__iexact=name).exclude(pk=view.pk)
    place = {"team": view.team_id} if view.team_id else {"team": None, "person": view.person_id}
    if others.filter(**place).exists():
        raise Refused(f"There is a view “{name}” already.")
    was, view.name = view.name, name
    view.save(update_fields=["name"])
    _tell(Kind.VIEW_RENAMED, view, by=by, now=now, was=was)
    return view


@transaction.atomic
def remove_view(view: SavedView, *, by: User, now: datetime) -> None:
    """Forget the name; what it stood for can be looked for as before."""
    view = _taken(view, by)
    _tell(Kind.VIEW_REMOVED, view, by=by, now=now)
    view.delete()


def _tell(kind: Kind, view: SavedView, *, by: User, now: datetime, **said: Any) -> None:
    """Write it down where it belongs: in the team's chain, or among what is one's own."""
    record(
        kind,
        subject=take_team(view.team) if view.team else site_subject(),
        team=view.team,
        by=by,
        at=now,
        view=view.pk,
        name=view.name,
        team_name=view.team.name if view.team else "",
        **said,
    )


def _taken(view: SavedView, by: User) -> SavedView:
    """The view, locked, for somebody who may change it."""
    taken = (
        SavedView.objects.select_for_update(of=("self",))
        .select_related("team")
        .filter(pk=view.pk)
        .first()
    )
    if taken is None:
        raise Refused("Somebody removed this view meanwhile.")
    if taken.team_id is None and taken.person_id != by.pk:
        raise Refused("This view is somebody else’s.")
    refuse_if(policies.keeping_views(by, taken.team))
    return taken
