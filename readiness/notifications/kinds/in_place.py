"""News that reaches who stands in, too, in the place of who is away."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from readiness.accounts.absences import absent_among
from readiness.accounts.models import User
from readiness.audit.models import Event
from readiness.launches.models import Launch
from readiness.notifications.kinds.message import Message, News
from readiness.notifications.models import Delivery
from readiness.notifications.queries.standing_in import hearers_for


def heard_in_place(news: News) -> News:
    """The same news; who stands in for somebody it concerns is told for whom."""

    def recipients(event: Event, launch: Launch) -> Collection[int]:
        whom = {*news.recipients(event, launch)}
        return whom | hearers_for(whom, launch, asker=event.by_id, now=event.at)

    def letter(delivery: Delivery, launch: Launch, person: User, now: datetime) -> Message | str:
        message = news.letter(delivery, launch, person, now)
        if isinstance(message, str) or delivery.event is None:
            return message
        whom = {*news.recipients(delivery.event, launch)}
        absent = [one for one in absent_among(whom - {person.pk}, now) if one.hearer == person.pk]
        if person.pk in whom or not absent:
            return message
        names = " and ".join(one.name for one in absent)
        why = f"{names} {'is' if len(absent) == 1 else 'are'} away, and you stand in"
        said = f"For {', and for '.join(map(str, absent))}."
        return replace(
            message, text=f"{message.text} {said}".strip(), more={**message.more, "why": why}
        )

    return replace(news, recipients=recipients, letter=letter)
