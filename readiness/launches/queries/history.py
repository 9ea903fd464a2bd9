"""What happened, in one launch or everywhere: one line per event, grouped by day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from readiness.accounts.models import User
from readiness.audit.kinds import TEXTS, Kind
from readiness.audit.models import Event
from readiness.launches.models import Comment, Launch, LaunchItem, VerdictSnapshot
from readiness.launches.models.launches import LaunchQuerySet
from readiness.launches.queries.events import EVERYTHING, Wanted, events_for, events_of
from readiness.launches.queries.launch_rows import Person, person_of
from readiness.launches.queries.pinned import Pinned, pinned
from readiness.launches.queries.redactions import Left, left_of
from readiness.launches.queries.rows import weekday
from readiness.launches.queries.sentence import Sentence
from readiness.launches.queries.sentences import SENTENCES, effect_of
from readiness.launches.queries.together import not_undone
from readiness.web.locales import current, number

PAGE = 50
TAKEN_OUT = Sentence("did what nobody can read any more")  # without a redaction: a fault in the log


class Columns(NamedTuple):
    """What is read of an event."""

    pk: int
    kind: str
    at: datetime
    who: str
    payload: dict | None
    sequence: int
    subject: int
    by: int | None
    name: str | None
    email: str | None
    launch: int | None
    launch_name: str | None
    version: int | None

    @property
    def said(self) -> dict:
        """The payload; nothing where it was redacted."""
        return self.payload or {}


READ = (
    "pk", "kind", "at", "printed_name", "payload", "sequence", "subject_id", "by_id", "by__name",
    "by__email", "subject__launch__pk", "subject__launch__name", "subject__launch__version_id",
)  # fmt: skip
Place = tuple[int, int]  # an event's subject, and its number there


@dataclass(frozen=True, slots=True)
class Line:
    """One event: who did it, what to which item, what was said, what it changed, when."""

    pk: int
    person: Person | None
    who: str
    did: str
    item: int | None
    title: str
    then: str
    quote: str
    effect: str
    change: str
    look: str
    redacted: str
    is_redactable: bool
    when: datetime
    at: str
    moment: str
    icon: str
    tone: str
    launch: int | None
    launch_name: str
    may_undo: bool
    minutes: str


@dataclass(frozen=True, slots=True)
class Day:
    """The events of one day of the reader's, the latest first."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class History:
    """One page; `before` is where the earlier ones begin, or 0."""

    days: tuple[Day, ...]
    before: int


NOTHING = History((), 0)
Titles = list[tuple[str, str]]


def launches_with_actors() -> LaunchQuerySet:
    """Launches with the names of who did something in them, and with the ids of their items."""
    acted = Event.objects.filter(by=OuterRef("pk"), subject=OuterRef(OuterRef("subject")))
    people = User.objects.filter(Exists(acted)).order_by("name").values("name")
    items = LaunchItem.objects.filter(launch=OuterRef("pk")).order_by("position")
    return Launch.objects.select_related("lead", "candidate").annotate(
        actors=ArraySubquery(people),
        places=ArraySubquery(items.values(place=JSONObject(key="key", pk="pk"))),
    )


def offers_of(launch: Launch) -> tuple[Titles, Titles]:
    """Who and which items a launch's history may be narrowed to."""
    rules = pinned(launch.version_id).items
    actors: list[str] = launch.actors  # type: ignore[attr-defined]
    places: list[dict] = launch.places  # type: ignore[attr-defined]
    items = [(str(one["pk"]), rules[one["key"]]) for one in places]
    return (
        [(name, name) for name in dict.fromkeys(actors)],
        [(pk, f"{rule.ref} {rule.title}") for pk, rule in items],
    )


def of_launch(
    launch: Launch,
    reader: User,
    *,
    before: int | None,
    now: datetime,
    wanted: Wanted = EVERYTHING,
) -> History:
    """What happened in a launch that the reader may see."""
    return _page(events_of(launch, wanted), reader, before, now, wanted)


def of_everything(
    reader: User, *, before: int | None, now: datetime, wanted: Wanted = EVERYTHING
) -> History:
    """What happened in all launches the reader may see; site admins read every event."""
    return _page(events_for(reader, wanted), reader, before, now, wanted)


def lines_of(
    shown: Sequence[Columns], reader: User, *, is_narrow: bool, is_each: bool = False
) -> list[Line]:
    """The lines of some events, in their order; an effect is said on the line of its cause.

    `is_narrow` says that effects may be missing among them, as nobody asked for their kind;
    `is_each` that an effect has a line of its own as well.
    """
    left = left_of((one.subject, one.sequence) for one in shown if one.payload is None)
    effects, quotes, mine = _effects(shown), _quotes(shown), _undoable(shown, reader)
    if is_narrow:
        effects |= _effects_elsewhere(shown)
    present = set() if is_each else {(one.subject, one.sequence) for one in shown}
    return [
        replace(
            _line(one, reader, effects, quotes, left.get((one.subject, one.sequence))),
            may_undo=one.pk in mine,
        )
        for one in shown
        if not (_is_effect(one) and (one.subject, one.sequence - 1) in present)
    ]


def line_of(event: int, reader: User) -> Line:
    """One event in words, to who may read every event."""
    row = Columns(*Event.objects.values_list(*READ).get(pk=event))
    return lines_of([row], reader, is_narrow=True)[0]


def _page(
    events: "QuerySet[Event]", reader: User, before: int | None, now: datetime, wanted: Wanted
) -> History:
    if before:
        events = events.filter(pk__lt=before)
    rows = events.order_by("-pk").values_list(*READ)[: PAGE + 1]
    found = [Columns(*row) for row in rows]
    shown = found[:PAGE]
    today = now.astimezone(reader.tzinfo)
    days: dict[str, list[Line]] = {}
    for line in lines_of(shown, reader, is_narrow=wanted.is_narrow):
        days.setdefault(_day(line.when, today), []).append(line)
    return History(
        days=tuple(Day(title, tuple(lines)) for title, lines in days.items()),
        before=shown[-1].pk if len(found) > PAGE else 0,
    )


def _is_effect(one: Columns) -> bool:
    """Whether it is a verdict that somebody's act changed; that act is the event before it."""
    is_told = one.payload is not None
    return is_told and one.kind == Kind.VERDICT_CHANGED.value and one.by is not None


def _effects(shown: Sequence[Columns]) -> dict[Place, str]:
    """What events did to the verdict, or else to the score, by the place of their cause."""
    scores = VerdictSnapshot.objects.filter(
        launch__in={one.launch for one in shown if one.launch},
        sequence__in={one.sequence for one in shown},
    ).values_list("launch__subject_id", "sequence", "shown")
    effects = {
        (subject, place): f"Now {number(score)}" for subject, place, score in scores if score
    }
    for one in shown:
        if _is_effect(one):
            said = effect_of(one.said, _content(one))
            effects[one.subject, one.sequence - 1] = said[0].upper() + said[1:]
            effects.pop((one.subject, one.sequence), None)
    return effects


def _effects_elsewhere(shown: Sequence[Columns]) -> dict[Place, str]:
    """The changes of the verdict that these events caused, where they are not among them."""
    causes = {(one.subject, one.sequence) for one in shown}
    cause = Event.objects.filter(
        pk__in=[one.pk for one in shown],
        subject=OuterRef("subject"),
        sequence=OuterRef("sequence") - 1,
    )
    rows = (
        Event.objects.filter(Exists(cause), kind=Kind.VERDICT_CHANGED.value, by__isnull=False)
        .filter(subject__in={subject for subject, _ in causes})
        .filter(sequence__in={place + 1 for _, place in causes})
    )
    effects = {}
    for row in rows.values_list(*READ):
        one = Columns(*row)
        said = effect_of(one.said, _content(one))
        effects[one.subject, one.sequence - 1] = said[0].upper() + said[1:]
    return effects


def _quotes(shown: Sequence[Columns]) -> dict[int, str]:
    """The texts of the comments among the events."""
    pks = [
        one.payload["comment"]
        for one in shown
        if one.payload and one.kind == Kind.COMMENT_WRITTEN.value
    ]
    return dict(Comment.objects.filter(pk__in=pks).values_list("pk", "text")) if pks else {}


def _undoable(shown: Sequence[Columns], reader: User) -> set[int]:
    """The reader's own acts on several items that they have not taken back."""
    kind = Kind.ITEMS_CHANGED_TOGETHER.value
    acts = {one.pk: one for one in shown if one.kind == kind and one.by == reader.pk}
    return not_undone(reader, [pk for pk, one in acts.items() if "undoes" not in one.said])


def _line(
    one: Columns,
    reader: User,
    effects: Mapping[Place, str],
    quotes: Mapping[int, str],
    left: Left | None,
) -> Line:
    content = _content(one)
    told = left.rest if left else one.payload or {}
    said = SENTENCES[Kind(one.kind)](told, content) if told else TAKEN_OUT
    rule = content.items.get(told.get("key", "")) if content else None
    at = one.at.astimezone(reader.tzinfo)
    is_of_time = one.by is None and one.kind == Kind.VERDICT_CHANGED.value
    return Line(
        pk=one.pk,
        person=person_of(one.name, one.email) if one.name and one.email else None,
        who=one.who,
        did=said.did,
        item=told.get("item") if said.is_about_item else None,
        title=f"{rule.ref} {rule.title}" if rule and said.is_about_item else "",
        then="as time passed" if is_of_time else said.then,
        quote="" if left else quotes.get(told.get("comment", 0), said.quote),
        effect=effects.get((one.subject, one.sequence), ""),
        change=said.change,
        look=said.look,
        redacted=left.says if left else "",
        is_redactable=one.payload is not None and one.kind in [*TEXTS],
        when=at,
        at=f"{at:%H:%M}",
        moment=one.at.isoformat(timespec="seconds"),
        icon=said.icon,
        tone=said.tone,
        launch=one.launch,
        launch_name=one.launch_name or "",
        may_undo=False,
        minutes=said.minutes,
    )


def _content(one: Columns) -> Pinned | None:
    """What the checklist of the event's launch says now."""
    if one.version is None:
        return None
    return pinned(one.version)


def _day(at: datetime, now: datetime) -> str:
    """Today, Tue 24 Nov; Yesterday, Mon 23 Nov; Fri 20 Nov; Wed 31 Dec 2025."""
    days = (now.date() - at.date()).days
    name = weekday(at.date()) if at.year == now.year else current().in_full(at.date())
    return {0: f"Today, {name}", 1: f"Yesterday, {name}"}.get(days, name)
