"""The rows of a launch: what each shows, in words made before a template runs."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce, JSONObject

from readiness.accounts.models import User
from readiness.launches.models import (
    Comment,
    EvidenceLink,
    Exemption,
    ExemptionKind,
    LaunchItem,
    SignOff,
)
from readiness.launches.queries.board import Board, Place
from readiness.launches.queries.facts import Word
from readiness.launches.queries.looks import WORDS
from readiness.rules.states import State
from readiness.rules.truth import Truth

SOON_DAYS = 4
NOTE_LENGTH = 140
WEB = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Extra:
    """What a row shows of an item beside what the rule knows of it."""

    owner: User | None
    blocked_because: str
    links: int
    link_title: str
    link_url: str
    comments: int
    words: dict[int, dict]
    exemptions: dict[str, dict]


class Row(NamedTuple):
    """All that one row shows; two equal rows are the same bytes, for every reader."""

    pk: int
    version: int
    look: str
    word: str
    ref: str
    head: str
    tail: str
    is_must_have: bool
    note: str
    link_title: str
    link_url: str
    more_links: int
    comments: int
    due: str
    due_tone: str
    owner: str
    initials: str
    hue: int
    signoff: int


def extras_of(board: Board, pks: Collection[int] | None = None) -> dict[int, Extra]:
    """What the rows of a launch show, or only some of them, in one statement."""
    links = EvidenceLink.objects.filter(item=OuterRef("pk"), removed_at=None).order_by("-pk")
    said = JSONObject(title="revision__title", url="revision__url")
    words = SignOff.objects.standing().filter(item=OuterRef("pk")).order_by("pk")
    exempt = Exemption.objects.filter(item=OuterRef("pk"), closed_at=None).order_by("pk")
    talk = Comment.objects.filter(item=OuterRef("pk")).order_by().values("item")
    items = LaunchItem.objects.filter(launch=board.launch)
    if pks is not None:
        items = items.filter(pk__in=pks)
    rows = items.annotate(
        link=Subquery(links.values(said=said)[:1]),
        said=ArraySubquery(
            words.values(said=JSONObject(pk="pk", note="note", by="printed_name"))
        ),
        exempt=ArraySubquery(
            exempt.values(said=JSONObject(kind="kind", reason="reason", by="agreed_by__name"))
        ),
        talk=Coalesce(
            Subquery(talk.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0
        ),
    ).values_list(
        "pk", "owner_id", "owner__name", "owner__email", "blocked_because", "evidence",
        "link", "said", "exempt", "talk",
    )  # fmt: skip
    return {
        pk: Extra(
            owner=User(pk=owner, name=name, email=email) if owner else None,
            blocked_because=because,
            links=len(evidence),
            link_title=link["title"] if link else "",
            link_url=safe_url(link["url"]) if link else "",
            comments=talk,
            words={one["pk"]: one for one in said},
            exemptions={one["kind"]: one for one in exempt},
        )
        for pk, owner, name, email, because, evidence, link, said, exempt, talk in rows
    }


def row_of(board: Board, place: Place, extra: Extra) -> Row:
    """The row of one item."""
    fact, owner = place.fact, extra.owner
    head, tail = split_title(place.rule.title)
    due, tone = due_words(board, place)
    word = deciding_word(board, place)
    return Row(
        pk=fact.pk,
        version=fact.version,
        look=place.look,
        word=WORDS[place.look],
        ref=place.rule.ref,
        head=head,
        tail=tail,
        is_must_have=fact.item.blocker is not Truth.NO,
        note=shortened(note_of(board, place, extra)),
        link_title=extra.link_title,
        link_url=extra.link_url,
        more_links=max(0, extra.links - 1),
        comments=extra.comments,
        due=due,
        due_tone=tone,
        owner=owner.name if owner else "",
        initials=owner.initials if owner else "",
        hue=owner.hue if owner else 0,
        signoff=word.pk if word and word.counts(board.now) else 0,
    )


def deciding_word(board: Board, place: Place) -> Word | None:
    """The sign-off an item rests on: the latest that counts, else the latest."""
    words = place.fact.words
    return next((one for one in words if one.counts(board.now)), words[0] if words else None)


def split_title(title: str) -> tuple[str, str]:
    """A title and its bracketed tail; together, with the space between, they are the title."""
    at = title.rfind(" (")
    return (title[:at], title[at + 1 :]) if at > 0 and title.endswith(")") else (title, "")


def due_words(board: Board, place: Place) -> tuple[str, str]:
    """When an item is due, as its row says it, and how pressing that is."""
    due, look = place.fact.item.due_on, place.look
    if look == "waived":
        until = place.fact.item.waiver_until
        return (f"to {day_of_month(until.astimezone(board.launch.tzinfo))}" if until else ""), ""
    if due is None or look in ("done", "na"):
        return "", ""
    days = (due - board.today).days
    if days < 0:
        return f"{-days} day{'' if days == -1 else 's'} late", "late"
    return weekday(due), "soon" if days < SOON_DAYS else ""


def note_of(board: Board, place: Place, extra: Extra) -> str:
    """What there is to say beside the shape: why it waits, what fell, what was noted."""
    word = deciding_word(board, place)
    said = extra.words.get(word.pk) if word else None
    by = said["by"] if said else "someone"
    na = extra.exemptions.get(ExemptionKind.NA.value)
    waiver = extra.exemptions.get(ExemptionKind.WAIVER.value)
    fallen = {
        State.SUPERSEDED: f"Out of date: what {by} checked has changed since.",
        State.EXPIRED: f"Expired: {by} checked this too long ago.",
        State.DISPUTED: f"Disputed: an automatic check contradicts {by}.",
        State.PROVISIONAL: "Incomplete: " + what_lacks(board, place, extra),
    }.get(place.standing.state, "")
    if place.standing.state is State.NA_BY_FACET:
        return "Not applicable to this launch, by the answers about it."
    if place.look == "na" and na:
        return f"Not applicable: {na['reason']}" + (f" Agreed by {na['by']}." if na["by"] else "")
    if place.look == "na_proposed" and na:
        return f"Proposed as not applicable: {na['reason']}"
    if place.look == "waived" and waiver:
        return f"Waived until {due_words(board, place)[0][3:]}: {waiver['reason']}"
    if place.look == "blocked":
        return " ".join(filter(None, [fallen, extra.blocked_because]))
    if fallen:
        return fallen
    return said["note"] if said else ""


def what_lacks(board: Board, place: Place, extra: Extra) -> str:
    """What a check still needs before it counts."""
    counting = sum(word.counts(board.now) for word in place.fact.words)
    if counting < place.rule.signatures:
        return f"{counting} of {place.rule.signatures} signatures."
    return "the check needs evidence." if not extra.links else "something it requires is missing."


def safe_url(url: str) -> str:
    """An address a reader may be led to: the web, and nothing that runs."""
    return url if url.lower().startswith(WEB) else ""


def shortened(text: str) -> str:
    return text if len(text) <= NOTE_LENGTH else f"{text[: NOTE_LENGTH - 1].rstrip()}…"


def weekday(on: date) -> str:
    return f"{on:%a} {on.day} {on:%b}"


def day_of_month(on: date) -> str:
    return f"{on.day} {on:%b}"
