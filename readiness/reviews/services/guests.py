"""Guests of a review: its launch lets them in while it needs them, and a day longer."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.audit.kinds import Kind
from readiness.launches.models import Launch
from readiness.launches.queries.guests import outside
from readiness.launches.services import guests
from readiness.launches.services.taking import take_launch
from readiness.reviews.models import Invited, Review
from readiness.reviews.policies import guests as policies
from readiness.reviews.services.taking import record_in, take_review
from readiness.web.refusal import refuse_if


def settle(launch: Launch, *, by: User, now: datetime, new: Iterable[User] = ()) -> None:
    """Let in whom the reviews of a locked launch invite from outside, as long as they need it.

    Who is invited no more is let go. `new` are those whom nobody let in before.
    """
    known = {guest.person_id: guest for guest in launch.guests.select_related("person")}
    people = {pk: guest.person for pk, guest in known.items()} | {one.pk: one for one in new}
    if not people:
        return
    ends = _ends(launch, people, now)
    are_outside = {*outside(launch).filter(pk__in=people).values_list("pk", flat=True)}
    for pk, person in people.items():
        if pk in ends and pk in are_outside:
            guests.let_in(launch, person, until=ends[pk], by=by, now=now)
        elif pk in known and known[pk].until > now:
            guests.let_go(known[pk], launch, by=by, now=now)


@transaction.atomic
def invite(review: Review, *, person: User, by: User, key: str, now: datetime) -> Review:
    """Invite somebody from outside to a review that meets: from this moment they may come in."""
    body = f"invite {person.pk}"
    review = take_review(review, to=Action.REVIEW_PLAN, by=by, key=key, body=body, now=now)
    launch = review.launch = take_launch(review.launch_id)
    is_outside = outside(launch).filter(pk=person.pk).exists()
    is_invited = review.invited.filter(person=person).exists()
    refuse_if(policies.inviting(review, person, is_outside=is_outside, is_invited=is_invited))
    review.invited.create(person=person, by=by, at=now)
    settle(launch, by=by, now=now, new=[person])
    record_in(Kind.REVIEW_INVITED, review, by=by, now=now, person=person.pk, name=person.name)
    return review


@transaction.atomic
def let_go(review: Review, *, person: User, by: User, key: str, now: datetime) -> Review:
    """Take a guest's chair away in a review that began; of a plan one makes another."""
    body = f"let go {person.pk}"
    review = take_review(review, to=Action.REVIEW_PLAN, by=by, key=key, body=body, now=now)
    launch = review.launch = take_launch(review.launch_id)
    is_guest = launch.guests.standing(now).filter(person=person).exists()
    refuse_if(policies.letting_go(review, person, is_guest=is_guest))
    review.invited.filter(person=person).delete()
    settle(launch, by=by, now=now)
    return review


def _ends(launch: Launch, people: Iterable[int], now: datetime) -> dict[int, datetime]:
    """Until when each is needed: by the one of the reviews that invite them that ends last."""
    chairs = Invited.objects.filter(review__launch=launch, person__in=people)
    ends: dict[int, datetime] = {}
    for chair in chairs.select_related("review"):
        until = policies.needed_until(chair.review, now)
        if until and until > max(now, ends.get(chair.person_id, now)):
            ends[chair.person_id] = until
    return ends
