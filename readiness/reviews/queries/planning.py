"""What the pages around a review show: the list, the plan, and who can be asked to come."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from readiness.accounts.models import Membership, User
from readiness.accounts.permissions import Action, roles_for
from readiness.launches.models import Launch
from readiness.launches.models.launches import LaunchQuerySet
from readiness.launches.queries.board import Board, Place, board_of
from readiness.launches.queries.guests import chosen_outside, found_outside, guests_of
from readiness.launches.queries.intake import by_name
from readiness.launches.queries.looks import WORDS
from readiness.reviews.models import Invited, Review
from readiness.reviews.models.reviews import ReviewQuerySet, State
from readiness.reviews.queries.agenda import in_order, is_settled, owners_first
from readiness.rules.truth import Truth
from readiness.web import locales

MOST, MOST_LAUNCHES = 50, 200


@dataclass(frozen=True, slots=True)
class When:
    """When a review meets, on the wall there; `yours` where the reader's clock shows another."""

    day: str
    time: str
    zone: str
    yours: str

    @property
    def words(self) -> str:
        return f"{self.day} at {self.time}"


@dataclass(frozen=True, slots=True)
class Row:
    """A review in the list."""

    review: Review
    when: When
    how_far: str
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """The list of reviews."""

    meeting: tuple[Row, ...]
    coming: tuple[Row, ...]
    finished: tuple[Row, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.meeting or self.coming or self.finished)


@dataclass(frozen=True, slots=True)
class Chairs:
    """Who may facilitate, who may be invited, and who is proposed; and guests to choose from."""

    drivers: tuple[User, ...]
    people: tuple[User, ...]
    proposed: tuple[User, ...]
    guests: tuple[User, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """An item as it would come in the agenda."""

    pk: int
    ref: str
    title: str
    look: str
    word: str
    is_must_have: bool
    is_settled: bool


@dataclass(frozen=True, slots=True)
class Section:
    """The items of one section, in the order of the agenda."""

    title: str
    points: tuple[Point, ...]

    @property
    def left(self) -> int:
        return sum(not one.is_settled for one in self.points)


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A review that has not begun, or never will."""

    review: Review
    when: When
    invited: tuple[User, ...]
    guests: frozenset[int]
    sections: tuple[Section, ...]
    is_invited: bool
    may_plan: bool
    may_drive: bool
    is_picked: bool

    @property
    def items(self) -> int:
        return sum(len(one.points) for one in self.sections)

    @property
    def left(self) -> int:
        return sum(one.left for one in self.sections)

    @property
    def is_cancelled(self) -> bool:
        return self.review.state == State.CANCELLED.value


def reviews_with_people() -> ReviewQuerySet:
    """Reviews with what their plan and their calendar file say."""
    return Review.objects.select_related(
        "launch__team", "launch__subject", "facilitator", "planned_by", "driver"
    )


def launches_to_review() -> LaunchQuerySet:
    """Launches with what planning a review of them asks for."""
    return Launch.objects.select_related("team", "lead", "subject")


def plannable_by(person: User) -> list[Launch]:
    """The running launches that this person may plan a review of, the next first."""
    may = launches_to_review().running().with_permission(person, Action.REVIEW_PLAN)
    return list(may.filter(is_permitted=True).order_by("launch_at", "pk")[:MOST_LAUNCHES])  # type: ignore[misc]


def listed(reader: User, launch: Launch | None, now: datetime) -> Listed:
    """The reviews this person may see: those that meet, the next first, the latest finished."""
    seen = (
        reviews_with_people()
        .visible_to(reader)
        .annotate(
            is_mine=Exists(Invited.objects.filter(review=OuterRef("pk"), person=reader.pk)),
            size=Coalesce(Count("agenda"), 0),
            decided=Count("agenda", filter=~Q(agenda__outcome="")),
        )
    )
    if launch:
        seen = seen.filter(launch=launch)
    meeting = seen.meeting().order_by("started_at", "pk")[:MOST]
    coming = seen.filter(state=State.PLANNED.value).order_by("starts_at", "pk")[:MOST]
    finished = seen.filter(state=State.FINISHED.value).order_by("-finished_at", "-pk")[:MOST]
    return Listed(
        tuple(_met(one, reader) for one in meeting),
        tuple(_coming(one, reader, now) for one in coming),
        tuple(_met(one, reader) for one in finished),
    )


def chairs_of(launch: Launch, *, guests: Iterable[int] = (), words: str = "") -> Chairs:
    """People who may see the launch, and of them its owners and approvers to be asked first.

    Of all others only those of these numbers, and some whose names or addresses have the words.
    """
    held = Membership.objects.filter(
        Q(team=launch.team_id) | Q(team=None), person__is_active=True
    ).select_related("person")
    sees, drives = roles_for(Action.LAUNCH_VIEW), roles_for(Action.REVIEW_DRIVE)
    people, drivers = {launch.lead}, {launch.lead}
    for one in held:
        people |= {one.person} if one.role in sees else set()
        drivers |= {one.person} if one.role in drives else set()
    concerned = {launch.lead_id, *launch.items.values_list("owner", flat=True)}
    concerned |= {*launch.approvers.values_list("person", flat=True)}
    proposed = {one for one in people if one.pk in concerned}
    chosen = {*chosen_outside(launch, guests), *found_outside(launch, words)}
    return Chairs(by_name(drivers), by_name(people), by_name(proposed), by_name(chosen))


def plan_page(review: Review, reader: User, now: datetime) -> PlanPage:
    """The plan of a review as it stands, with the agenda as it would be now."""
    launch = review.launch
    chosen = {*review.agenda.values_list("item", flat=True)}
    invited = tuple(
        one.person
        for one in review.invited.select_related("person").order_by("person__name", "person")
    )
    acts = launch.acts_of(reader)
    first = owners_first(review)
    board = board_of(launch, now)
    return PlanPage(
        review=review,
        when=when_of(review, reader),
        invited=invited,
        guests=frozenset(guests_of(launch, now).values_list("person", flat=True)),
        sections=sections_of(board, in_order(board, chosen=chosen or None, first=first)),
        is_invited=reader in invited,
        may_plan=Action.REVIEW_PLAN in acts,
        may_drive=Action.REVIEW_DRIVE in acts,
        is_picked=bool(chosen),
    )


def sections_of(board: Board, places: Sequence[Place]) -> tuple[Section, ...]:
    """Items under the titles of their sections, as pages show them."""
    titles = {one.key: one.title for one in board.content.sections}
    grouped: dict[str, list[Point]] = {}
    for place in places:
        grouped.setdefault(titles[place.rule.section], []).append(_point(place))
    return tuple(Section(title, tuple(points)) for title, points in grouped.items())


def pickable(launch: Launch, now: datetime) -> tuple[Section, ...]:
    """What a planner may pick from: all that applies, in the order of a review."""
    board = board_of(launch, now)
    return sections_of(board, in_order(board))


def when_of(review: Review, reader: User) -> When:
    """Day and time in the review's zone, and in the reader's where that differs."""
    there, here = (review.starts_at.astimezone(zone) for zone in (review.tzinfo, reader.tzinfo))
    yours = ""
    if there.replace(tzinfo=None) != here.replace(tzinfo=None):
        is_other_day = there.date() != here.date()
        yours = (
            f"{locales.weekday(here.date())} at {here:%H:%M}" if is_other_day else f"{here:%H:%M}"
        )
    zone = review.zone.replace("_", " ")
    return When(locales.weekday(there.date()), f"{there:%H:%M}", zone, yours)


def _point(place: Place) -> Point:
    return Point(
        pk=place.fact.pk,
        ref=place.rule.ref,
        title=place.rule.title,
        look=place.look,
        word=WORDS[place.look],
        is_must_have=place.fact.item.blocker is not Truth.NO,
        is_settled=is_settled(place),
    )


def _met(review: Review, reader: User) -> Row:
    size, decided = review.size, review.decided  # type: ignore[attr-defined]
    return Row(review, when_of(review, reader), f"{decided} of {size} decided")


def _coming(review: Review, reader: User, now: datetime) -> Row:
    size = review.size  # type: ignore[attr-defined]
    picked = f"{size} item{'' if size == 1 else 's'} picked" if size else ""
    return Row(review, when_of(review, reader), picked, is_late=review.starts_at < now)
