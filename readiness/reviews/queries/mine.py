"""The reviews that somebody is to come to."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from readiness.accounts.models import User
from readiness.launches.queries.meetings import Meeting
from readiness.reviews.models import Invited, Review
from readiness.reviews.models.reviews import MEETING, State
from readiness.web import locales

SHOWN = 5
FORGOTTEN = timedelta(days=1)  # nobody began it, and nobody will


def meetings_of(person: User, now: datetime) -> tuple[Meeting, ...]:
    """Those that meet and those to come, to which they are invited or which they facilitate."""
    invited = Invited.objects.filter(review=OuterRef("pk"), person=person)
    mine = Review.objects.visible_to(person).filter(Q(facilitator=person) | Exists(invited))
    planned = Q(state=State.PLANNED.value, starts_at__gt=now - FORGOTTEN)
    there = mine.filter(Q(state__in=MEETING) | planned).select_related("launch")
    return tuple(_meeting(one, person) for one in there.order_by("starts_at", "pk")[:SHOWN])


def _meeting(review: Review, person: User) -> Meeting:
    here = review.starts_at.astimezone(person.tzinfo)
    is_now = review.state in MEETING
    when = "now" if is_now else f"{locales.weekday(here.date())} at {here:%H:%M}"
    return Meeting(review.launch.name, review.get_absolute_url(), when, is_now)
