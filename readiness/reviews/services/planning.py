"""Planning a review of a launch, changing the plan, and cancelling it."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.audit.kinds import Kind
from readiness.audit.services import once
from readiness.launches.models import Launch
from readiness.launches.queries.board import board_of
from readiness.launches.services.taking import take_launch
from readiness.reviews.models import AgendaItem, Invited, Review
from readiness.reviews.models.reviews import State
from readiness.reviews.policies import planning as policies
from readiness.reviews.policies.guests import letting_in
from readiness.reviews.policies.words import NO_LONGER
from readiness.reviews.queries.agenda import in_order, numbered, owners_first
from readiness.reviews.services import guests
from readiness.reviews.services.taking import record_in, take_review
from readiness.web.refusal import NotPermitted, NotVisible, Refused, refuse_if

# What is read aloud and typed on a phone: no letter that looks or sounds like another.
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Plan:
    """When a review meets, who is asked to come, and what it is to look at.

    `guests` come from outside the team. `items` are the ids of the items that were picked; None
    is all that applies.
    """

    starts_at: datetime
    zone: str
    length_minutes: int
    facilitator: User
    invited: tuple[User, ...] = ()
    guests: tuple[User, ...] = ()
    items: tuple[int, ...] | None = None
    is_invited_first: bool = False
    wants_poll: bool = False

    @property
    def people(self) -> dict[int, User]:
        """All who are asked to come: the facilitator is."""
        return {one.pk: one for one in (self.facilitator, *self.invited, *self.guests)}

    @property
    def body(self) -> str:
        people, items = sorted(self.people), sorted(self.items) if self.items else self.items
        when = f"{self.starts_at.isoformat()} {self.zone} {self.length_minutes}"
        return f"{when} {self.facilitator.pk} {people} {items} {self._wishes}"

    @property
    def _wishes(self) -> str:
        return f"{self.is_invited_first} {self.wants_poll}"

    @property
    def columns(self) -> dict[str, Any]:
        return {
            "starts_at": self.starts_at,
            "zone": self.zone,
            "length_minutes": self.length_minutes,
            "facilitator": self.facilitator,
            "is_invited_first": self.is_invited_first,
            "wants_poll": self.wants_poll,
        }


@transaction.atomic
def plan(launch: Launch, to_be: Plan, *, by: User, key: str, now: datetime) -> Review:
    """Plan a review of a launch, and invite people to it."""
    launch = take_launch(launch.pk)
    body = f"plan a review of launch {launch.pk} {to_be.body}"
    claim = once(key, by=by, body=body, at=now)
    _permit(launch, by)
    refuse_if(policies.planning(launch) or policies.meeting_at(to_be.starts_at, now))
    _check(launch, to_be)
    last = launch.reviews.aggregate(last=Max("number"))["last"] or 0
    review = Review.objects.create(
        team_id=launch.team_id,
        launch=launch,
        number=last + 1,
        code=_free_code(),
        planned_at=now,
        planned_by=by,
        **to_be.columns,
    )
    Invited.objects.bulk_create(
        Invited(review=review, person=person, by=by, at=now) for person in to_be.people.values()
    )
    _pick(review, launch, to_be.items, now)
    guests.settle(launch, by=by, now=now, new=to_be.guests)
    record_in(
        Kind.REVIEW_PLANNED,
        review,
        by=by,
        now=now,
        starts_at=review.starts_at.isoformat(),
        zone=review.zone,
        minutes=review.length_minutes,
        facilitator=to_be.facilitator.name,
        invited=sorted(to_be.people),
    )
    claim.outcome = str(review.pk)
    claim.save(update_fields=["outcome"])
    return review


@transaction.atomic
def change(
    review: Review, to_be: Plan, *, edition: int, by: User, key: str, now: datetime
) -> Review:
    """Change the plan of a review that has not begun; the invited hear of it."""
    body = f"change {edition} {to_be.body}"
    review = take_review(review, to=Action.REVIEW_PLAN, by=by, key=key, body=body, now=now)
    launch = take_launch(review.launch_id)
    review.launch = launch
    refuse_if(policies.changing(review, edition) or policies.planning(launch))
    if to_be.starts_at != review.starts_at:
        refuse_if(policies.meeting_at(to_be.starts_at, now))
    _check(launch, to_be)
    changes = _changes(review, to_be)
    people = _invite(review, to_be, by=by, now=now)
    review.agenda.all().delete()
    for name, value in to_be.columns.items():
        setattr(review, name, value)
    _pick(review, launch, to_be.items, now)
    review.edition += 1
    review.invitation += 1
    review.save()
    guests.settle(launch, by=by, now=now, new=to_be.guests)
    said = {"changes": changes, "zone": review.zone, **people}
    record_in(Kind.REVIEW_CHANGED, review, by=by, now=now, **said)
    return review


@transaction.atomic
def cancel(review: Review, *, because: str, by: User, key: str, now: datetime) -> Review:
    """Call a review off before it begins; the invited hear of it, and why."""
    body = f"cancel {because}"
    review = take_review(review, to=Action.REVIEW_PLAN, by=by, key=key, body=body, now=now)
    refuse_if(policies.cancelling(review, because))
    review.state = State.CANCELLED.value
    review.cancelled_because = because.strip()
    review.edition += 1
    review.invitation += 1
    review.save()
    review.launch = take_launch(review.launch_id)
    guests.settle(review.launch, by=by, now=now)
    record_in(Kind.REVIEW_CANCELLED, review, by=by, now=now, because=review.cancelled_because)
    return review


def _permit(launch: Launch, by: User) -> None:
    """Refuse who may not plan a review of this launch, or may not even see it."""
    rows = Launch.objects.visible_to(by).with_permission(by, Action.REVIEW_PLAN)
    may = rows.filter(pk=launch.pk).values_list("is_permitted", flat=True).first()  # type: ignore[misc]
    if may is None:
        raise NotVisible(NO_LONGER)
    if not may:
        raise NotPermitted(NO_LONGER)


def _check(launch: Launch, to_be: Plan) -> None:
    refuse_if(policies.lasting(to_be.length_minutes))
    refuse_if(policies.facilitating(launch, to_be.facilitator))
    refuse_if(policies.inviting(launch, (to_be.facilitator, *to_be.invited)))
    refuse_if(letting_in(to_be.guests))


def _pick(review: Review, launch: Launch, items: tuple[int, ...] | None, now: datetime) -> None:
    """Write down which items were picked; without a choice the agenda is made at the start."""
    if items is None:
        return
    if not items:
        raise Refused("Pick an item, or look at all of them.")
    places = in_order(board_of(launch, now), chosen=set(items), first=owners_first(review))
    if len(places) != len(set(items)):
        raise Refused("This is not an item of this launch.")
    AgendaItem.objects.bulk_create(numbered(review, places))


def _invite(review: Review, to_be: Plan, *, by: User, now: datetime) -> dict[str, list[int]]:
    """Bring the chairs up to the plan; who was added and who was left out."""
    was, becomes = {*review.invited.values_list("person", flat=True)}, to_be.people
    added, left_out = sorted(becomes.keys() - was), sorted(was - becomes.keys())
    review.invited.filter(person__in=left_out).delete()
    Invited.objects.bulk_create(Invited(review=review, person_id=pk, by=by, at=now) for pk in added)
    return {"added": added, "left_out": left_out}


def _changes(review: Review, to_be: Plan) -> dict[str, list[object]]:
    """What becomes another, with what it was; people by their names."""
    pairs: dict[str, tuple[object, object]] = {
        "starts_at": (review.starts_at.isoformat(), to_be.starts_at.isoformat()),
        "zone": (review.zone, to_be.zone),
        "minutes": (review.length_minutes, to_be.length_minutes),
        "facilitator": (review.facilitator.name, to_be.facilitator.name),
    }
    if review.starts_at == to_be.starts_at:
        del pairs["starts_at"]
    return {name: [*pair] for name, pair in pairs.items() if pair[0] != pair[1]}


def _free_code() -> str:
    """A short code by which people in the room find the review; it lets nobody in by itself."""
    while True:
        code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
        if not Review.objects.filter(code=code).exists():
            return code
