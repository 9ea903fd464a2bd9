"""The head of a launch in a mail: its name, where it stands now, and when it launches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from readiness.launches.models import Launch
from readiness.launches.queries.facts import Fact, facts_of
from readiness.launches.queries.pinned import pinned
from readiness.rules.scheme import Outcome
from readiness.rules.verdict import Verdict, judge
from readiness.web.locales import number
from readiness.web.templatetags.face import countdown, day

SHAPES = {
    Outcome.NO_GO: ("■", "red"),
    Outcome.CONDITIONAL: ("◆", "amber"),
    Outcome.GO: ("●", "green"),
    Outcome.INFO: ("○", "ink3"),
}


@dataclass(frozen=True, slots=True)
class Head:
    """One launch, as it stands when the mail is written."""

    name: str
    url: str
    shape: str
    tone: str
    verdict: str
    score: str
    launches: str
    held: str


def head_of(launch: Launch, now: datetime, known: Verdict | None = None) -> Head:
    """The head of one launch; `known` is its verdict, where that was just found."""
    verdict = known or verdict_of(launch, facts_of(launch, now), now)
    shape, tone = SHAPES[verdict.outcome] if verdict.band else ("○", "ink3")
    return Head(
        name=launch.name,
        url=settings.BASE_URL + launch.get_absolute_url(),
        shape=shape,
        tone=tone,
        verdict=verdict.band.title if verdict.band else "Nothing to assess",
        score=number(verdict.shown),
        launches=_launches(launch, now),
        held=_held(len(verdict.holds)),
    )


def verdict_of(launch: Launch, facts: Sequence[Fact], now: datetime) -> Verdict:
    return judge([fact.item for fact in facts], pinned(launch.version_id).scheme, now)


def _launches(launch: Launch, now: datetime) -> str:
    """Launches Thu 3 Dec, in 9 days: the date where it is launched."""
    left = (launch.launch_on - launch.day_at(now)).days
    words = "Launches" if left >= 0 else "Was to launch"
    return f"{words} {day(launch.launch_on)}, {countdown(left)}"


def _held(holds: int) -> str:
    return f"Held: {holds} must-have{'' if holds == 1 else 's'} open" if holds else ""
