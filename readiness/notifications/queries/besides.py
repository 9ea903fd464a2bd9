"""What a digest tells beside items: what waits for one's word, fell, was said, or meets today."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter

from django.conf import settings
from django.db.models import F, Q, QuerySet

from readiness.accounts.models import Absence, User
from readiness.launches.models import (
    Comment,
    LaunchItem,
    SignOff,
    VerdictSnapshot,
)
from readiness.launches.models.launches import QUIET
from readiness.launches.queries.deciding_waits import decisions_to_take
from readiness.launches.queries.exempting import exemptions_to_agree
from readiness.launches.queries.facts import facts_of_items
from readiness.launches.queries.looks import WORDS, look_of
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.signing_waits import glass_to_confirm, second_signatures
from readiness.notifications.models import Channel, Kind, Preference
from readiness.notifications.queries.before import Before
from readiness.notifications.queries.decided import Notice
from readiness.notifications.queries.seconds import SIGNED, SIGNERS
from readiness.reviews.models import Review
from readiness.reviews.models.reviews import State as ReviewState
from readiness.rules.states import State
from readiness.rules.weighing import weigh
from readiness.web.markdown import plain
from readiness.web.templatetags.face import day

FELL = (State.SUPERSEDED, State.EXPIRED)
STOOD = {State.MET.value, State.PARTIAL.value}
SHOWN, QUOTED = 10, 160
SOURCES = (decisions_to_take, exemptions_to_agree, second_signatures, glass_to_confirm)

# Who may give a second signature, and when the first was given.
SECONDS = f"""
    SELECT signer.id AS signer_id, word.at AS signed_at
    FROM {SIGNED}
    CROSS JOIN LATERAL ({SIGNERS}) signer
    WHERE word.at >= %(now)s - 2 * %(new)s AND launch.stage <> ALL (%(quiet)s)
"""  # noqa: S608
# Who has something new to hear, and when it came: a question about a waiver goes to the lead and
# the approvers; a first signature to who may give the second; a change of what checks stand on
# to whose checks fell by it; a mention to whom it is not told at once.
NEWS = """
    SELECT launch.lead_id AS person_id, asked.asked_at AS happened_at
    FROM launches_exemption asked
    JOIN launches_launchitem item ON item.id = asked.item_id
    JOIN launches_launch launch ON launch.id = item.launch_id
    WHERE asked.agreed_at IS NULL AND asked.closed_at IS NULL
      AND asked.asked_at >= %(now)s - 2 * %(new)s AND asked.asked_by_id <> launch.lead_id
    UNION ALL
    SELECT approver.person_id, asked.asked_at
    FROM launches_exemption asked
    JOIN launches_launchitem item ON item.id = asked.item_id
    JOIN launches_launchapprover approver ON approver.launch_id = item.launch_id
    WHERE asked.agreed_at IS NULL AND asked.closed_at IS NULL
      AND asked.asked_at >= %(now)s - 2 * %(new)s AND asked.asked_by_id <> approver.person_id
    UNION ALL
    SELECT signer_id, signed_at FROM seconds
    UNION ALL
    SELECT word.by_id, event.at
    FROM audit_event event
    JOIN launches_launch launch ON launch.subject_id = event.subject_id
    JOIN launches_launchitem item ON item.launch_id = launch.id
    JOIN launches_signoff word
        ON word.item_id = item.id AND word.withdrawn_at IS NULL AND word.basis <> item.basis
    WHERE event.kind IN ('candidate.proposed', 'config.declared', 'launch.rescheduled')
      AND event.at >= %(now)s - 2 * %(new)s AND launch.stage <> ALL (%(quiet)s)
    UNION ALL
    SELECT said.person_id, said.at
    FROM notifications_preference unwanted
    JOIN launches_commentmention said ON said.person_id = unwanted.person_id
    WHERE unwanted.kind = 'mentioned' AND unwanted.channel = %(channel)s AND NOT unwanted.is_on
      AND said.at >= %(now)s - 2 * %(new)s
"""
MEETING = """
    SELECT FROM reviews_review review
    WHERE review.state = 'planned'
      AND review.starts_at >= person.at AND review.starts_at < person.until
      AND (review.facilitator_id = person.id OR EXISTS (
          SELECT FROM reviews_invited
          WHERE review_id = review.id AND person_id = person.id))
"""


@dataclass(frozen=True, slots=True)
class Section:
    """Notices of one sort, as many as a mail has room for, with how many there are in words."""

    title: str
    counted: str
    notices: tuple[Notice, ...]
    unlisted: int = 0


def sections_of(
    person: User,
    there: Before,
    *,
    at: datetime,
    until: datetime,
    now: datetime,
    told: Collection[str] = (),
) -> tuple[Section, ...]:
    """All of it that there may be, what presses most first; an empty section is left out.

    `told` are the pages of questions that the digest names already.
    """
    reviews = _reviews(person, at, until) if there.has_reviews else ()
    waiting = _waiting(person, now, told) if there.has_waits else ()
    fell = _fell(person, there.since, at, now) if there.has_fallen else ()
    said = _mentions(person, there.since, at) if there.has_mentions else ()
    sections = (
        section("Reviews today", "{} review{s} today", reviews),
        section("Waits for your word", "{} wait{v} for your word", waiting),
        section("Checks of yours that fell", "{} check{s} fell", fell),
        section("Mentions", "{} mention{s}", said),
    )
    return tuple(one for one in sections if one.notices)


def section(title: str, counted: str, notices: Iterable[Notice]) -> Section:
    """A section, with how many there are in words."""
    found = tuple(notices)
    s, v = ("", "s") if len(found) == 1 else ("s", "")
    return cut(title, counted.format(len(found), s=s, v=v), found)


def cut(title: str, counted: str, notices: Sequence[Notice]) -> Section:
    """As many of them as a mail has room for."""
    return Section(title, counted, tuple(notices[:SHOWN]), unlisted=len(notices[SHOWN:]))


def _meeting(person: User, at: datetime, until: datetime) -> QuerySet[Review]:
    theirs = Q(facilitator=person) | Q(invited__person=person)
    planned = Review.objects.filter(theirs, state=ReviewState.PLANNED.value)
    return planned.filter(starts_at__gte=at, starts_at__lt=until).distinct()


def _reviews(person: User, at: datetime, until: datetime) -> Iterator[Notice]:
    found = _meeting(person, at, until).visible_to(person)  # type: ignore[attr-defined]
    for one in found.select_related("launch").order_by("starts_at", "pk"):
        begins = one.starts_at.astimezone(person.tzinfo)
        yield Notice(
            title=str(one),
            launch=one.launch.name,
            due=f"At {begins:%H:%M}, {one.length_minutes} minutes",
            then="",
            url=settings.BASE_URL + one.get_absolute_url(),
            label="Look",
        )


def _waiting(person: User, now: datetime, told: Collection[str]) -> Iterator[Notice]:
    """What waits longest first; each until it is answered."""
    waits = [wait for source in SOURCES for wait in source(person, now)]
    untold = (one for one in waits if settings.BASE_URL + one.link not in told)
    for wait in sorted(untold, key=attrgetter("since")):
        asked = f"Asked by {wait.by} on {day(wait.since.astimezone(person.tzinfo))}"
        yield Notice(
            title=f"{wait.what}: {wait.item}" if wait.item else wait.what,
            launch=wait.launch,
            due=asked,
            then=plain(wait.because, QUOTED),
            url=settings.BASE_URL + wait.link,
            label="Look",
        )


def _fallen(person: User, at: datetime) -> QuerySet[SignOff]:
    """Standing words of a person that the ground moved under, or that ran out."""
    moved = ~Q(basis=F("item__basis")) | Q(expires_at__lte=at)
    words = SignOff.objects.standing().filter(moved, by=person)
    return words.exclude(item__launch__stage__in=QUIET)


def _fell(person: User, since: datetime, at: datetime, now: datetime) -> Iterator[Notice]:
    """The items whose check counted before the digest before, and counts no more."""
    words = _fallen(person, at).values("item")
    items = LaunchItem.objects.filter(pk__in=words).visible_to(person)
    rows = {row.pk: row for row in items.select_related("launch").order_by("launch", "position")}
    if not rows:
        return
    stood = _stood({row.launch_id for row in rows.values()}, since)
    for fact in facts_of_items(LaunchItem.objects.filter(pk__in=rows), now):
        row, version = rows[fact.pk], pinned(rows[fact.pk].launch.version_id)
        standing = weigh([fact.item], version.scheme, now)[0]
        if standing.state not in FELL or stood.get((row.launch_id, fact.key)) not in STOOD:
            continue
        yield Notice(
            title=version.items[fact.key].title,
            launch=row.launch.name,
            due=WORDS[look_of(fact, standing, version.items[fact.key].signatures, now)],
            then="",
            url=settings.BASE_URL + row.get_absolute_url(),
            label="Open item",
        )


def _stood(launches: set[int], since: datetime) -> dict[tuple[int, str], str]:
    """How each item of these launches stood then, as it was kept."""
    then = VerdictSnapshot.objects.filter(launch__in=launches, at__lt=since)
    last = then.order_by("launch", "-at", "-pk").distinct("launch")
    kept = last.values_list("launch", "states")
    return {(launch, key): state for launch, states in kept for key, state in states.items()}


def _mentions(person: User, since: datetime, at: datetime) -> Iterator[Notice]:
    """Where they were mentioned; nothing that was told at once, as it is to who is there."""
    off = {"kind": Kind.MENTIONED.value, "channel": Channel.MAIL.value, "is_on": False}
    if not Preference.objects.filter(person=person, **off).exists():
        away = Absence.objects.filter(person=person, begins_at__lt=at, ends_at__gt=since).first()
        if away is None:
            return
        since, at = max(since, away.begins_at), min(at, away.ends_at)
    said = Comment.objects.visible_to(person).select_related("by", "launch")
    new = {"mentions__person": person, "mentions__at__gte": since, "mentions__at__lt": at}
    for one in said.filter(**new).order_by("at", "pk"):
        yield Notice(
            title=f"{one.by.name} mentions you",
            launch=one.launch.name,
            due=day(one.at.astimezone(person.tzinfo)),
            then=plain(one.text, QUOTED),
            url=settings.BASE_URL + one.get_absolute_url(),
            label="Answer",
        )


def until_of(person: User, today: date) -> datetime:
    """The end of a person's day."""
    return datetime.combine(today + timedelta(days=1), datetime.min.time(), person.tzinfo)
