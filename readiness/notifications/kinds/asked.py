"""Somebody's word is asked for: to decide, to agree, or to confirm."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from django.urls import reverse

from readiness.accounts.models import User
from readiness.accounts.permissions import Action, roles_for
from readiness.audit.kinds import Kind as Happened
from readiness.audit.models import Event
from readiness.launches.models import Exemption, Launch
from readiness.launches.queries.deciding_waits import decisions_to_take
from readiness.launches.queries.exempting import exemptions_to_agree
from readiness.launches.queries.mentions import readers_of
from readiness.launches.queries.seats import seats_of
from readiness.launches.queries.signing_waits import glass_to_confirm
from readiness.launches.queries.waits import Wait
from readiness.notifications.kinds.message import Message, News
from readiness.notifications.models import Delivery, Kind
from readiness.notifications.queries.concerned import leaders_of
from readiness.notifications.queries.standing_in import Seat, hearers_for, wait_for_absent

ANSWERED = "Their word is not asked for any more."


class Question(NamedTuple):
    """Where what is asked waits, on which page, and what the asking is called."""

    waits: Callable[[User, datetime], Iterable[Wait]]
    page: Callable[[Event, Launch], str]
    headline: str
    label: str


def _decision(event: Event, launch: Launch) -> str:
    return reverse("launches:decision", args=[launch.pk])


def _exemption(event: Event, launch: Launch) -> str:
    return reverse("launches:exemption", args=[event.said.get("exemption", 0)])


def _item(event: Event, launch: Launch) -> str:
    return reverse("launches:item", args=[event.said.get("item", 0)])


QUESTIONS = {
    Happened.DECISION_ASKED: Question(
        decisions_to_take, _decision, "{} asks for your decision", "Decide"
    ),
    Happened.DECISION_SIGNED: Question(
        decisions_to_take, _decision, "{} proposes an override", "Confirm or refuse"
    ),
    Happened.EXEMPTION_PROPOSED: Question(
        exemptions_to_agree, _exemption, "{} asks you to agree", "Look at it"
    ),
    Happened.GLASS_BROKEN: Question(glass_to_confirm, _item, "{} signed alone", "Look at it"),
}


def recipients(event: Event, launch: Launch) -> Collection[int]:
    """Whose word is asked for, and who hears in the place of those who are away."""
    asked = {*_asked(event, launch)}
    return asked | hearers_for(asked, launch, asker=event.by_id, now=event.at)


def _asked(event: Event, launch: Launch) -> Collection[int]:
    if event.kind == Happened.DECISION_ASKED:
        return [person.pk for person in seats_of(launch, event.by_id)]
    if event.kind == Happened.DECISION_SIGNED:
        return [one.pk for one in seats_of(launch, None)] if event.said.get("against") else ()
    if event.kind == Happened.EXEMPTION_PROPOSED:
        waiting = Exemption.objects.waiting().filter(pk=event.said.get("exemption", 0))
        return _nearest(launch, Action.EXEMPTION_AGREE, event) if waiting.exists() else ()
    return _nearest(launch, Action.GLASS_CONFIRM, event)


def _nearest(launch: Launch, action: Action, event: Event) -> Collection[int]:
    """The lead and the approvers who may, but for who asks; where none can, who else may."""
    leaders = User.objects.filter(pk__in=leaders_of(launch) - {event.by_id}, is_active=True)
    near = [person.pk for person in leaders if action in launch.acts_of(person)]
    if near:
        return near
    held = readers_of(launch).filter(
        memberships__role__in=roles_for(action), memberships__team=launch.team_id
    )
    return set(held.values_list("pk", flat=True))


def letter(delivery: Delivery, launch: Launch, person: User, now: datetime) -> Message | str:
    event = delivery.event
    question = QUESTIONS[Happened(event.kind)] if event else None
    if event is None or question is None:
        return ANSWERED
    page = question.page(event, launch)
    wait = next((one for one in question.waits(person, now) if one.link == page), None)
    if wait is None:
        found = wait_for_absent(person, launch, page, now)
        return _for_absent(*found, launch) if found else ANSWERED
    return Message(
        subject=f"{wait.what}: {launch.name}",
        headline=question.headline.format(wait.by),
        text=f"{wait.what}: {wait.item}." if wait.item else f"{wait.what}.",
        quote=wait.because,
        url=page,
        label=question.label,
    )


def _for_absent(wait: Wait, seat: Seat, launch: Launch) -> Message:
    """For who hears in the place of somebody: they act by their own roles, or find who can."""
    name, role = seat.absent.name, "lead this launch" if seat.is_led else "stand in"
    return Message(
        subject=f"{wait.what}, for {name}: {launch.name}",
        headline=f"{wait.by} waits for {name}",
        text=f"{wait.what}: {wait.item}. {seat}." if wait.item else f"{wait.what}. {seat}.",
        quote=wait.because,
        url=wait.link,
        label="Look at it",
        more={"why": f"{name} is away, and you {role}"},
    )


ASKED = News(
    kind=Kind.ASKED,
    why="your word is asked for",
    events=frozenset(QUESTIONS),
    recipients=recipients,
    letter=letter,
)
