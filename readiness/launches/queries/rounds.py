"""The rounds of deciding on a launch, and where each of them stands in a line."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet
from django.urls import reverse

from readiness.accounts.models import User
from readiness.launches.models import Decision, Launch
from readiness.launches.queries.deciding_words import ICONS, TITLES, TONES
from readiness.launches.queries.seats import seats_of
from readiness.web import locales
from readiness.web.templatetags.face import since


class Line(NamedTuple):
    """What became of a round, or that it is open; `url` leads to all of it."""

    icon: str
    tone: str
    says: str
    ago: str
    moment: str
    url: str


def rounds_of(launch: Launch) -> QuerySet[Decision]:
    """With all signatures, the latest first."""
    rounds = launch.decisions.without_record().order_by("-number")
    return rounds.prefetch_related("signatures")


def lines_of(launch: Launch, reader: User, now: datetime) -> tuple[Line, ...]:
    """Every round of a launch, the latest first: a GO that ended says both."""
    return tuple(_lines(launch, now.astimezone(reader.tzinfo)))


def _lines(launch: Launch, now: datetime) -> Iterable[Line]:
    for one in rounds_of(launch):
        record = one.get_absolute_url()
        if one.voided_at:
            yield _line("triangle-alert", "red", "The GO ended", one.voided_at, now, record)
        if one.decided_at is None:
            page = reverse("launches:decision", args=[launch.pk])
            yield _line("clock", "", _waiting(launch, one), one.asked_at, now, page, "asked ")
            continue
        at = f" at {locales.number(one.shown)}" if one.shown else ""
        override = ", an override" if one.is_override else ""
        yield _line(
            ICONS.get(one.outcome, "check"),
            TONES.get(one.outcome, ""),
            f"{TITLES[one.outcome]}{at}{override}",
            one.decided_at,
            now,
            record if one.record_hash else "",
        )


def _waiting(launch: Launch, asked: Decision) -> str:
    """The one approver who has said nothing yet is named."""
    spoke = {word.by_id for word in asked.signatures.all() if word.withdrawn_at is None}
    silent = [one for one in seats_of(launch, asked.asked_by_id) if one.pk not in spoke]
    return f"Waiting for {silent[0].name}" if len(silent) == 1 else "Waiting for a decision"


def _line(
    icon: str, tone: str, says: str, at: datetime, now: datetime, url: str, before: str = ""
) -> Line:
    local = at.astimezone(now.tzinfo)
    return Line(icon, tone, says, before + since(local, now), at.isoformat(), url)
