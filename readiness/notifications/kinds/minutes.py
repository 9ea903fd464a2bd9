"""A review is finished: what it came to, for all who were invited or came."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from readiness.accounts.models import User
from readiness.audit.kinds import Kind as Happened
from readiness.audit.models import Event
from readiness.launches.models import Launch
from readiness.notifications.kinds.message import Message, News
from readiness.notifications.models import Delivery, Kind
from readiness.notifications.queries.heads import SHAPES
from readiness.reviews.models import Invited, Minutes
from readiness.reviews.queries.minutes_text import Part, Shown, shown_of
from readiness.rules.scheme import Outcome
from readiness.web.locales import number

GONE = "There are no such minutes."
LISTED = 12  # of each kind; the page has them all


def recipients(event: Event, launch: Launch) -> Collection[int]:
    """Who was invited; who joined has a chair, too."""
    invited = Invited.objects.filter(review=event.said.get("review", 0), review__launch=launch)
    return {*invited.values_list("person", flat=True)}


def letter(delivery: Delivery, launch: Launch, person: User, now: datetime) -> Message | str:
    said = delivery.event.said if delivery.event else {}
    kept = Minutes.objects.filter(review=said.get("review", 0), review__launch=launch)
    minutes = kept.select_related("review__launch").filter(number=said.get("minutes", 0)).first()
    if minutes is None:
        return GONE
    shown = shown_of(minutes)
    after = shown.content["after"]
    to = f", {number(after['shown'])}" if after["shown"] else ""
    return Message(
        subject=f"Minutes: {launch.name} is at {after['title']}{to}",
        headline=f"Minutes of {shown.title.lower()}",
        text=f"{shown.day}, {shown.length}, {shown.was_late}. {shown.between}.",
        url=reverse("reviews:minutes", args=[minutes.review_id]) + f"?number={minutes.number}",
        label="Read the minutes",
        template="notifications/minutes",
        more={
            "verdicts": [_verdict("Before", shown.content["before"]), _verdict("After", after)],
            "stats": shown.stats,
            "mine": [one for one in shown.follow_ups if one["owner_id"] == person.pk],
            "parts": _parts(shown, person),
            "home": settings.BASE_URL,
        },
    )


def _verdict(name: str, one: Part) -> Part:
    """A verdict with its glyph, as heads of mails have it."""
    outcome = _outcome(one)
    shape, tone = SHAPES[outcome] if outcome else ("○", "ink3")
    counts = f"{one['checked']} of {one['counted']}"
    return {
        "name": name, "shape": shape, "tone": tone, "verdict": one["title"],
        "score": number(one["shown"]), "counts": counts, "reach": one.get("reach", ""),
    }  # fmt: skip


def _outcome(one: Part) -> Outcome | None:
    known = {outcome.value: outcome for outcome in Outcome}
    return known.get(one.get("outcome", ""))


def _parts(shown: Shown, person: User) -> list[tuple[str, list[tuple[str, str]]]]:
    """What is listed, a title each: the number and the words of every line."""
    content = shown.content
    owed = [one for one in shown.follow_ups if one["owner_id"] != person.pk]
    parts: list[tuple[str, Iterable[Part], str]] = [
        ("Follow-ups of others", owed, "{text} ({owner}, {due})"),
        ("Checked", content["checked"], "{title}"),
        ("Done, not checked yet", shown.short, "{title}. {shown_as}"),
        ("Undone", content["undone"], "{title}. {shown_as}"),
        ("Waivers and N/A", shown.waivers, "{title}: {word}, {said}"),
        ("Parked", content["parked"], "{title}: {because}"),
    ]
    lines = [
        (title, [(one["ref"], words.format(**one)) for one in rows]) for title, rows, words in parts
    ]
    lines.append(("Go/no-go poll", [("", _call(one)) for one in shown.calls]))
    return [(title, rows[:LISTED]) for title, rows in lines if rows]


def _call(one: Part) -> str:
    reason = f": {one['reason']}" if one["reason"] else ""
    return f"{one['name']}: {one['word']}{reason}"


MINUTES = News(
    kind=Kind.MINUTES,
    why="you were invited to this review",
    events=frozenset({Happened.REVIEW_FINISHED}),
    recipients=recipients,
    letter=letter,
)
