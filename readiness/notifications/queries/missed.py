"""What somebody would have heard at once, had they been there: for the digest of their return.

Who stands in hears of verdicts, so that these are told to who had nobody; invitations and minutes
reach nobody else. Each is the letter of its kind as of now, so that what is over is not told.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from readiness.accounts.models import Absence, User
from readiness.audit.models import Event
from readiness.launches.models import Launch
from readiness.launches.models.launches import QUIET
from readiness.notifications.kinds import BY_KIND
from readiness.notifications.kinds.decided import DECIDED
from readiness.notifications.kinds.message import Message, News
from readiness.notifications.models import Channel, Delivery, Kind, State
from readiness.notifications.queries.besides import Section, section
from readiness.notifications.queries.decided import Notice
from readiness.notifications.queries.preferences import wants
from readiness.reviews.models import Review
from readiness.reviews.models.reviews import State as ReviewState
from readiness.web import locales
from readiness.web.templatetags.face import day


class Missed(NamedTuple):
    """An event that a person did not hear of at once, and what there is to say of it now."""

    event: Event
    launch: Launch
    message: Message


@dataclass(frozen=True, slots=True)
class Returning:
    """A person and the absence they come out of, as a digest tells of it on its channel.

    No digest told yet of what was new from `since` on.
    """

    person: User
    away: Absence
    digest: Delivery
    since: datetime
    now: datetime

    def missed(self, kind: Kind, about: Q) -> Iterator[Missed]:
        """What they did not hear of that kind, of these launches; what happened first, first."""
        news = BY_KIND[kind.value]
        if not wants(self.person, kind, Channel(self.digest.channel)):
            return
        launches = Launch.objects.visible_to(self.person).filter(about).select_related("subject")
        by_subject = {one.subject_id: one for one in launches.distinct()}
        for event in self._untold(news, by_subject):
            launch = by_subject[event.subject_id]
            if self.person.pk in news.recipients(event, launch):
                mail = Delivery(kind=kind.value, recipient=self.person, event=event)
                message = news.letter(mail, launch, self.person, self.now)
                if isinstance(message, Message):
                    yield Missed(event, launch, message)

    def _untold(self, news: News, subjects: dict[int, Launch]) -> QuerySet[Event]:
        """Events of while they were away, or whose mail would have come then, that none told."""
        mails = Delivery.objects.filter(
            recipient=self.person, kind=news.kind.value, channel=self.digest.channel
        )
        away = (max(self.since, self.away.begins_at), self.away.ends_at)
        held_back = mails.filter(state=State.SKIPPED.value, settled_at__range=away)
        then = Q(at__gte=away[0], at__lt=away[1]) | Q(pk__in=held_back.values("event"))
        told = mails.filter(event=OuterRef("pk")).exclude(state=State.SKIPPED.value)
        events = Event.objects.filter(then, ~Exists(told), subject__in=subjects)
        events = events.filter(kind__in=[one.value for one in news.events])
        return events.exclude(by=self.person).select_related("subject__launch").order_by("pk")


def sections_of_return(
    person: User, digest: Delivery, *, since: datetime, until: datetime, now: datetime
) -> tuple[Section, ...]:
    """What pressed while they were away and is so still; an empty section is left out."""
    back = Returning(person, Absence.objects.get(person=person), digest, since, now)
    sections = (
        section("Reviews to come", "{} review{s} to come", _invitations(back, until)),
        section("Verdicts that dropped", "{} verdict{s} dropped", _drops(back)),
        section("Minutes of reviews", "minutes of {} review{s}", _minutes(back)),
    )
    return tuple(one for one in sections if one.notices)


def _invitations(back: Returning, until: datetime) -> Iterator[Notice]:
    """Reviews after today that they do not know of, or not as they will be."""
    coming = Review.objects.filter(invited__person=back.person, starts_at__gte=until)
    coming = coming.filter(state__in=[ReviewState.PLANNED.value, ReviewState.CANCELLED.value])
    reviews = coming.in_bulk()
    told = set()
    for one in back.missed(Kind.REVIEW_INVITED, Q(reviews__in=reviews)):
        review = reviews.get(one.event.said["review"])
        if review is None or review.pk in told or _is_unheard_of(review, back.away):
            continue
        told.add(review.pk)
        begins = review.starts_at.astimezone(back.person.tzinfo)
        yield _notice(
            one,
            f"{locales.weekday(begins.date())} at {begins:%H:%M}, {review.length_minutes} minutes",
            " ".join(one.message.points) or one.message.quote,
        )


def _is_unheard_of(review: Review, away: Absence) -> bool:
    """Whether it was planned and called off again, all while they were away."""
    return review.state == ReviewState.CANCELLED.value and review.planned_at >= away.begins_at


def _drops(back: Returning) -> Iterator[Notice]:
    """Of each launch the deepest fall that it did not rise from, but what a GO ended by."""
    if back.away.stand_in_id:
        return
    mine = Q(lead=back.person) | Q(approvers__person=back.person)
    drops = list(back.missed(Kind.VERDICT_DROPPED, mine & ~Q(stage__in=QUIET)))
    told, ended = set(), _acts_that_ended_a_go(drops)
    for one in drops:
        act = one.event.transaction, one.event.subject_id
        if one.launch.pk not in told and act not in ended:
            told.add(one.launch.pk)
            words = f"{one.message.text} {'; '.join(one.message.points)}"
            yield _notice(one, day(one.event.at.astimezone(back.person.tzinfo)), words.strip())


def _acts_that_ended_a_go(drops: Sequence[Missed]) -> set[tuple[int, int]]:
    """In which of these acts a decision ended, too, and of what: of that digests tell anyway."""
    ended = Event.objects.filter(
        transaction__in=[one.event.transaction for one in drops],
        subject__in=[one.event.subject_id for one in drops],
        kind__in=[one.value for one in DECIDED.events],
    )
    return set(ended.values_list("transaction", "subject"))


def _minutes(back: Returning) -> Iterator[Notice]:
    """Of a review that was opened again the last ones."""
    attended = Q(reviews__invited__person=back.person)
    last = {one.event.said["review"]: one for one in back.missed(Kind.MINUTES, attended)}
    for one in last.values():
        when = day(one.event.at.astimezone(back.person.tzinfo))
        yield _notice(one, when, one.message.text)


def _notice(one: Missed, due: str, then: str) -> Notice:
    return Notice(
        title=one.message.headline,
        launch=one.launch.name,
        due=due,
        then=then,
        url=settings.BASE_URL + one.message.url,
        label="Look",
    )
