"""The rows of a launch: what each shows, in words made before a template runs."""

from collections.abc import Collection, Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from readiness.launches.models import ExemptionKind
from readiness.launches.queries.board import Board, Place
from readiness.launches.queries.faces import Face, face_of
from readiness.launches.queries.facts import Word
from readiness.launches.queries.looks import WORDS
from readiness.launches.queries.row_reasons import reasons_of
from readiness.rules.states import State, is_before
from readiness.rules.truth import Truth
from readiness.web import locales, prepared

SOON_DAYS = 4
ENDED, WAITS, STANDS = range(3)  # of several exemptions of a kind the last of these speaks
NOTE_LENGTH = 140
WORDS_KEPT = 1_024
WEB = ("http://", "https://")

# One row per item, standing sign-off and exemption. Who agreed is looked up where somebody did:
# few people are read from the first to the last, and that for every row.
EXTRAS = """
SELECT i.id, u.name, u.email, i.blocked_because, cardinality(i.evidence), r.title, r.url,
       (SELECT count(*) FROM launches_comment c WHERE c.item_id = i.id),
       s.id, s.note, s.printed_name, e.kind, e.reason,
       CASE WHEN e.agreed_by_id IS NOT NULL
            THEN (SELECT a.name FROM accounts_user a WHERE a.id = e.agreed_by_id) END,
       e.agreed_at IS NULL, e.ends_at
FROM launches_launchitem i
LEFT JOIN accounts_user u ON u.id = i.owner_id
LEFT JOIN launches_signoff s ON s.item_id = i.id AND s.withdrawn_at IS NULL
LEFT JOIN launches_exemption e ON e.item_id = i.id AND e.closed_at IS NULL
LEFT JOIN LATERAL (
    SELECT v.title, v.url
    FROM launches_evidencelink l JOIN launches_evidencerevision v ON v.id = l.revision_id
    WHERE i.evidence <> '{}' AND l.item_id = i.id AND l.removed_at IS NULL
    ORDER BY l.id DESC LIMIT 1
) r ON true
WHERE i.launch_id = %(launch)s
"""
SOME_EXTRAS = f"{EXTRAS} AND i.id = ANY(%(items)s::bigint[])"


class Said(NamedTuple):
    """What somebody noted, or gave as a reason; nobody may have agreed yet."""

    text: str
    by: str


class Extra(NamedTuple):
    """What a row shows of an item beside what the rule knows of it."""

    owner: Face | None
    blocked_because: str
    links: int
    link_title: str
    link_url: str
    comments: int
    words: dict[int, Said]
    exemptions: dict[str, Said]
    reason: str = ""


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

    @property
    def note_says_it(self) -> bool:
        """Whether the note begins with where the item stands: "Waived until 8 Dec: ..."."""
        return bool(self.note) and self.look in ("waived", "na_proposed")


def extras_of(board: Board, pks: Collection[int] | None = None) -> dict[int, Extra]:
    """What the rows of a launch show, or only some of them, in one statement."""
    if pks is None:
        rows = prepared.rows(EXTRAS, {"launch": board.launch.pk})
    else:
        rows = prepared.rows(SOME_EXTRAS, {"launch": board.launch.pk, "items": list(pks)})
    return extras_in(board, rows)


def asked_extras_of(pk: int) -> prepared.Answer[list[tuple]]:
    """What the rows of a launch show, asked for and not yet read."""
    return prepared.ask(EXTRAS, {"launch": pk}, list)


def extras_in(board: Board, rows: Iterable[tuple]) -> dict[int, Extra]:
    """What such rows say."""
    extras: dict[int, Extra] = {}
    ranks: dict[tuple[int, str], int] = {}
    for pk, name, email, because, links, title, url, comments, *said in rows:
        signoff, note, signed_by, kind, reason, agreed_by, waits, ends_at = said
        if pk not in extras:
            owner = face_of(name, email) if email is not None else None
            link = title or "", safe_url(url or "")
            extras[pk] = Extra(owner, because, links, *link, comments, {}, {})
        if signoff:
            extras[pk].words[signoff] = Said(note, signed_by)
        if kind:
            rank = WAITS if waits else STANDS if is_before(board.now, ends_at) else ENDED
            if rank >= ranks.get((pk, kind), WAITS if agreed_by is None else ENDED):
                ranks[pk, kind] = rank
                extras[pk].exemptions[kind] = Said(reason, agreed_by or "")
    for pk, because in reasons_of(board, _asked_for(board, extras)).items():
        extras[pk] = extras[pk]._replace(reason=because)
    return extras


def owned_by(name: str, email: str) -> Extra:
    """What is known of an item of which nothing was asked but whose it is."""
    return Extra(face_of(name, email), "", 0, "", "", 0, {}, {})


def _asked_for(board: Board, extras: Collection[int]) -> list[Place]:
    return [place for place in board.places.values() if place.fact.pk in extras]


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
        note=shortened(note_of(board, place, extra, word)),
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


@lru_cache(maxsize=WORDS_KEPT)
def split_title(title: str) -> tuple[str, str]:
    """A title and its bracketed tail; together, with the space between, they are the title."""
    at = title.rfind(" (")
    return (title[:at], title[at + 1 :]) if at > 0 and title.endswith(")") else (title, "")


def due_words(board: Board, place: Place) -> tuple[str, str]:
    """When an item is due, as its row says it, and how pressing that is."""
    due, look = place.fact.item.due_on, place.look
    if look == "waived":
        until = place.fact.item.waiver_until
        return (f"to {day_of_month(board.launch.last_day_before(until))}" if until else ""), ""
    if due is None or look in ("done", "na"):
        return "", ""
    return _pressing(due, board.today, locales.current())


@lru_cache(maxsize=WORDS_KEPT)
def _pressing(due: date, today: date, locale: locales.Locale) -> tuple[str, str]:
    days = (due - today).days
    if days < 0:
        return f"{-days} day{'' if days == -1 else 's'} late", "late"
    return locale.weekday(due), "soon" if days < SOON_DAYS else ""


def note_of(board: Board, place: Place, extra: Extra, word: Word | None) -> str:
    """What there is to say beside the shape: why it waits, what fell, what was noted."""
    look, said = place.look, extra.words.get(word.pk) if word else None
    if place.standing.state is State.NA_BY_FACET:
        return "Not applicable to this launch, by the answers about it."
    if exempt := extra.exemptions:
        na = exempt.get(ExemptionKind.NA.value)
        waiver = exempt.get(ExemptionKind.WAIVER.value)
        if look == "na" and na:
            return f"Not applicable: {na.text}" + (f" Agreed by {na.by}." if na.by else "")
        if look == "na_proposed" and na:
            return f"Proposed as not applicable: {na.text}"
        if look == "waived" and waiver:
            return f"Waived until {due_words(board, place)[0][3:]}: {waiver.text}"
    fallen = fallen_because(board, place, extra, said.by if said else "someone")
    if look == "blocked":
        return " ".join(filter(None, [fallen, extra.blocked_because]))
    if word and said and word.speaks_for > 1 and not fallen:
        return f"{said.by} broke the glass: {said.text}"
    return fallen or (said.text if said else "") or _asked(extra)


def _asked(extra: Extra) -> str:
    """What waits for somebody to agree to it."""
    words = {ExemptionKind.NA.value: "Proposed as not applicable"}
    return "; ".join(
        f"{words.get(kind, 'Waiver asked for')}: {said.text}"
        for kind, said in extra.exemptions.items()
        if not said.by
    )


def fallen_because(board: Board, place: Place, extra: Extra, by: str) -> str:
    """Why what somebody checked does not count, if it does not."""
    match place.standing.state:
        case State.SUPERSEDED:
            return f"Out of date: {extra.reason or f'what {by} checked has changed since'}."
        case State.EXPIRED:
            return f"Expired: {by} checked this too long ago."
        case State.DISPUTED:
            return f"Disputed: an automatic check contradicts {by}."
        case State.PROVISIONAL:
            return f"Incomplete: {what_lacks(board, place, extra)}"
    return ""


def what_lacks(board: Board, place: Place, extra: Extra) -> str:
    """What a check still needs before it counts."""
    counting = place.fact.signed(board.now)
    if counting < place.rule.signatures:
        alone = [one for one in place.fact.words if one.is_on_basis and not one.speaks_for]
        if alone:
            by = extra.words[alone[0].pk].by if alone[0].pk in extra.words else "somebody"
            return f"{by} broke the glass and signed alone. A second person has to confirm it."
        return extra.reason or f"{counting} of {place.rule.signatures} signatures."
    return "the check needs evidence." if not extra.links else "something it requires is missing."


def safe_url(url: str) -> str:
    """An address a reader may be led to: the web, and nothing that runs."""
    return url if url.lower().startswith(WEB) else ""


def shortened(text: str) -> str:
    return text if len(text) <= NOTE_LENGTH else f"{text[: NOTE_LENGTH - 1].rstrip()}…"


def weekday(on: date) -> str:
    return locales.weekday(on)


def day_of_month(on: date) -> str:
    return locales.day(on)
