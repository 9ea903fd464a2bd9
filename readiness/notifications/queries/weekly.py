"""An approver's week: decisions that wait, launches of the next 14 days, and what changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from readiness.accounts.models import User
from readiness.launches.models import Decision, Launch, VerdictSnapshot
from readiness.launches.models.launches import QUIET
from readiness.launches.queries.deciding_waits import decisions_to_take
from readiness.launches.queries.deciding_words import TITLES
from readiness.launches.queries.facts import facts_of_many
from readiness.launches.queries.launch_rows import title_of
from readiness.launches.queries.pinned import pinned
from readiness.notifications.queries.heads import SHAPES, Head, head_of, verdict_of
from readiness.rules.scheme import Outcome
from readiness.rules.verdict import SectionTally, Verdict
from readiness.web.locales import number

SOON, WEEK = timedelta(days=14), timedelta(days=7)
LISTED = 20
AMBER = Decimal("0.8")


@dataclass(frozen=True, slots=True)
class Tile:
    """One section: how many of its items are left, and how that is."""

    title: str
    left: int
    tone: str


@dataclass(frozen=True, slots=True)
class Coming:
    """A launch of the next 14 days."""

    head: Head
    delta: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A launch that waits for the person's decision."""

    head: Head
    url: str


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one launch within the week."""

    shape: str
    tone: str
    name: str
    what: str


@dataclass(frozen=True, slots=True)
class Week:
    """All that one weekly digest says."""

    waiting: tuple[Waiting, ...]
    coming: tuple[Coming, ...]
    unlisted: int
    changes: tuple[Change, ...]
    delayed: int

    @property
    def names(self) -> list[str]:
        """The launches it is about, what waits first."""
        waiting = [one.head.name for one in self.waiting]
        return list(dict.fromkeys(waiting + [one.head.name for one in self.coming]))

    @property
    def headline(self) -> str:
        count = len(self.waiting)
        if count:
            return "1 decision waits for you" if count == 1 else f"{count} decisions wait for you"
        coming = len(self.coming) + self.unlisted
        if coming:
            return f"{coming} launch{'' if coming == 1 else 'es'} in the next 14 days"
        return "What changed in a week"

    @property
    def warning(self) -> str:
        one = "1 launch" if self.delayed == 1 else f"{self.delayed} launches"
        return f"{one} would be delayed today" if self.delayed else ""


def week_of(person: User, now: datetime) -> Week | None:
    """What an approver should know this week; None when that is nothing."""
    seated = Launch.objects.visible_to(person).filter(approvers__person=person)
    seated = seated.exclude(stage__in=QUIET)
    links = {wait.link for wait in decisions_to_take(person, now)}
    soon = Q(launch_at__gte=now, launch_at__lt=now + SOON)
    found = list(seated.filter(soon).order_by("launch_at", "pk"))
    asked = [one for one in seated.filter(decisions__outcome="").distinct() if _page(one) in links]
    asked.sort(key=lambda one: (one.launch_at, one.pk))
    listed = {one.pk: one for one in (*asked, *found[:LISTED])}
    facts = facts_of_many(listed.values(), now)
    verdicts = {pk: verdict_of(one, facts[pk], now) for pk, one in listed.items()}
    before = _before(found[:LISTED], now - WEEK)
    changes = tuple(_changes(seated, now))[:LISTED]
    if not (asked or found or changes):
        return None
    return Week(
        waiting=tuple(
            Waiting(head_of(one, now, verdicts[one.pk]), settings.BASE_URL + _page(one))
            for one in asked
        ),
        coming=tuple(
            Coming(
                head_of(one, now, verdicts[one.pk]),
                _delta(one, before),
                _tiles(one, verdicts[one.pk]),
            )
            for one in found[:LISTED]
        ),
        unlisted=max(0, len(found) - LISTED),
        changes=changes,
        delayed=seated.filter(outcome=Outcome.NO_GO.value).count(),
    )


def _page(launch: Launch) -> str:
    return reverse("launches:decision", args=[launch.pk])


def _tiles(launch: Launch, verdict: Verdict) -> tuple[Tile, ...]:
    """A tile for each section that counts anything."""
    titles = {one.key: one.title for one in pinned(launch.version_id).sections}
    tallies = (one for one in verdict.sections if one.counted)
    return tuple(Tile(titles[one.key], one.left, _tone(one)) for one in tallies)


def _tone(section: SectionTally) -> str:
    if not section.left:
        return "green"
    return "amber" if section.score is not None and section.score >= AMBER else "red"


def _before(launches: Iterable[Launch], at: datetime) -> dict[int, VerdictSnapshot]:
    """The verdict that stood on each of these launches then."""
    then = VerdictSnapshot.objects.filter(launch__in=launches, at__lte=at)
    last = then.order_by("launch", "-at", "-pk").distinct("launch")
    return {one.launch_id: one for one in last.defer("states", "sections")}


def _delta(launch: Launch, before: Mapping[int, VerdictSnapshot]) -> str:
    """Up 7.4 in a week: in points of a hundred."""
    was = before.get(launch.pk)
    if was is None or was.score is None or launch.score is None:
        return ""
    points = (100 * (launch.score - was.score)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    if not points:
        return ""
    shown = number(f"{abs(points).normalize():f}")
    return f"{'up' if points > 0 else 'down'} {shown} in a week"


def _changes(seated: Iterable[Launch], now: datetime) -> Iterable[Change]:
    """Verdicts that became others, decisions that were made, and those that ended."""
    since = now - WEEK
    launches = {one.pk: one for one in seated}
    before = _before(launches.values(), since)
    for pk, launch in launches.items():
        was = before.get(pk)
        if was is not None and was.verdict != launch.verdict:
            yield _change(launch, _moved(launch, was))
    news = Q(decided_at__gte=since) | Q(voided_at__gte=since)
    decided = Decision.objects.without_record().filter(news, launch__in=launches)
    for one in decided.exclude(outcome="withdrawn").order_by("decided_at", "pk"):
        ended = f"is approved no longer. {one.voided_because}" if one.voided_at else ""
        yield _change(launches[one.launch_id], ended or f"was {TITLES[one.outcome].lower()}")


def _moved(launch: Launch, was: VerdictSnapshot) -> str:
    becomes = title_of(launch.version_id, launch.verdict)
    shown = f", {number(was.shown)} to {number(launch.shown)}" if was.shown else ""
    return f"became {becomes}{shown}"


def _change(launch: Launch, what: str) -> Change:
    outcome = launch.outcome in {one.value for one in Outcome}
    shape, tone = SHAPES[Outcome(launch.outcome)] if outcome else ("○", "ink3")
    return Change(shape, tone, launch.name, what)
