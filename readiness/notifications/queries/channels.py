"""The channels of a team outside, and what became of each call."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.urls import reverse

from readiness.accounts.models import Team, User
from readiness.audit.kinds import Kind
from readiness.launches.models import Launch
from readiness.notifications.models import UNSENT, Call, Hook, Way
from readiness.notifications.queries.outbox import LOOKS, moment
from readiness.notifications.topics import TOPICS, Topic
from readiness.notifications.ways import NAMES

PAGE = 50


@dataclass(frozen=True, slots=True)
class Channel:
    """A hook as its team sees it: never its whole address."""

    pk: int
    name: str
    way: str
    server: str
    topics: tuple[str, ...]
    made: str
    is_removed: bool
    shape: str
    word: str


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call: what it told, how it ended, and whether it can be told again."""

    pk: int
    shape: str
    word: str
    what: str
    launch: str
    url: str
    because: str
    at: str
    stamp: str
    tries: int
    is_replayable: bool


@dataclass(frozen=True, slots=True)
class Log:
    """One page of calls; `older` is the id below which the next page begins."""

    rows: tuple[CallRow, ...]
    older: int | None


def channels_of(team: Team, reader: User) -> list[Channel]:
    """Those that are not removed, each with how its last call ended."""
    hooks = Hook.objects.filter(team=team, removed_at=None).order_by("name", "pk")
    return [channel_of(hook, reader) for hook in hooks]


def channel_of(hook: Hook, reader: User) -> Channel:
    last = hook.calls.order_by("-pk").first()
    shape, word = LOOKS[last.state] if last else ("not_started", "Not called yet")
    return Channel(
        pk=hook.pk,
        name=hook.name,
        way=NAMES[Way(hook.way)],
        server=urlsplit(hook.url).hostname or "",
        topics=tuple(TOPICS[Topic(topic)][0] for topic in hook.topics),
        made=moment(hook.made_at, reader),
        is_removed=hook.removed_at is not None,
        shape=shape,
        word=word,
    )


def log_of(hook: Hook, reader: User, *, before: int | None) -> Log:
    """The calls of a hook, the latest first; `before` goes on where a page ended."""
    found = hook.calls.select_related("event").order_by("-pk")
    if before is not None:
        found = found.filter(pk__lt=before)
    calls = list(found[: PAGE + 1])
    subjects = {call.event.subject_id for call in calls if call.event}
    launches = {one.subject_id: one for one in Launch.objects.filter(subject__in=subjects)}
    rows = tuple(
        _row(call, launches.get(call.event.subject_id) if call.event else None, reader)
        for call in calls[:PAGE]
    )
    return Log(rows, older=calls[PAGE - 1].pk if len(calls) > PAGE else None)


def _row(call: Call, launch: Launch | None, reader: User) -> CallRow:
    shape, word = LOOKS[call.state]
    again = f", round {call.round}" if call.round > 1 else ""
    return CallRow(
        pk=call.pk,
        shape=shape,
        word=word,
        what=f"{_said(call)}{again}",
        launch=launch.name if launch else "",
        url=reverse("launches:history", args=[launch.pk]) if launch else "",
        because=call.because,
        at=moment(call.queued_at, reader),
        stamp=call.queued_at.isoformat(),
        tries=call.attempts,
        is_replayable=call.event is not None and call.state not in UNSENT,
    )


def _said(call: Call) -> str:
    """The kind of event in words: "Decision taken"."""
    if call.event is None:
        return "Test"
    return Kind(call.event.kind).value.replace(".", " ").replace("_", " ").capitalize()
