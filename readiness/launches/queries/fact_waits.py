"""Who is named to roll a launch back, and has yet to accept it."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from readiness.accounts.models import User
from readiness.accounts.permissions import Action, grants
from readiness.launches.models import FactRevision
from readiness.launches.models.fact_revisions import OWNERSHIP
from readiness.launches.models.launches import OVER
from readiness.launches.policies.facts import accepting
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.waits import Wait


def duties_to_accept(user: User, now: datetime) -> Iterator[Wait]:
    """Windows in which this person is to roll back, or stands in, and has not accepted."""
    later = FactRevision.objects.filter(
        item=OuterRef("item"), fact=OWNERSHIP, row=OuterRef("row"), number__gt=OuterRef("number")
    )
    named = (
        FactRevision.objects.filter(Q(payload__owner=user.pk) | Q(payload__deputy=user.pk))
        .filter(~Exists(later), fact=OWNERSHIP)
        .filter(grants(user, Action.ITEM_WORK, lead="item__launch__lead"))
        .exclude(item__launch__stage__in=OVER)
        .select_related("item__launch", "author")
    )
    for one in named:
        if accepting(one.payload or {}, user):
            continue
        rule = pinned(one.item.launch.version_id).items[one.item.key]
        yield Wait(
            launch=one.item.launch.name,
            item=f"{rule.ref} {rule.title}",
            what="Rollback to accept",
            because="",
            by=one.author.name,
            since=one.at,
            link=reverse("launches:fact", args=[one.item_id]),
            launch_id=one.item.launch_id,
            askers=(one.author_id,),
        )
