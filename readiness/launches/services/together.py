"""What may be done to several items at once: each act reads beforehand all that its rows need.

A row is carried out on its own by the steps of the services of one item; it says what was
before, so that the act can be taken back. Words that people typed stand in the events of the
rows alone, where they can be redacted.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from readiness.accounts.models import User
from readiness.launches import policies
from readiness.launches.models import Act, Launch, LaunchItem, Progress, SignOff
from readiness.launches.queries.evidence import linked_to
from readiness.launches.queries.facts import Fact, Word, facts_of_items
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.signing import why_not_theirs
from readiness.launches.services.evidence import Content, add_piece, support
from readiness.launches.services.items import hand_over, say_due, say_progress
from readiness.launches.services.reaffirming import say_again
from readiness.launches.services.signoffs import answer_of, put_down
from readiness.web.refusal import refuse_if

Items = Mapping[int, LaunchItem]
Row = Callable[[LaunchItem], dict[str, Any]]


class Prepared(NamedTuple):
    """What is said of all the items, and what is done to each; a row may raise Refused."""

    said: dict[str, Any]
    row: Row


def checking(launch: Launch, items: Items, *, by: User, now: datetime, note: str = "") -> Prepared:
    """Sign them off; the person's own words that no longer count make way."""
    answer = answer_of(pinned(launch.version_id), "")
    standing, barred = _own_words(items, by, now), why_not_theirs(items.values(), by)

    def check(item: LaunchItem) -> dict[str, Any]:
        refuse_if(policies.signing_off(item) or barred[item.pk])
        put_down(item, answer, standing=standing.get(item.pk), by=by, now=now, note=note)
        return {}

    return Prepared({}, check)


def reaffirming(
    launch: Launch, items: Items, *, by: User, now: datetime, note: str = ""
) -> Prepared:
    """Say "still true" of the person's own words that no longer count."""
    standing, barred = _own_words(items, by, now), why_not_theirs(items.values(), by)

    def affirm(item: LaunchItem) -> dict[str, Any]:
        own, why_not = standing.get(item.pk), barred[item.pk]
        say_again(item, own, not_theirs=why_not, by=by, now=now, note=note)
        return {}

    return Prepared({}, affirm)


def assigning(
    launch: Launch, items: Items, *, by: User, now: datetime, to: User | None
) -> Prepared:
    """Hand them to a person, or to nobody."""
    refuse_if(policies.owning(launch, to))

    def assign(item: LaunchItem) -> dict[str, Any]:
        since = item.owned_since.isoformat() if item.owned_since else ""
        was = {"owner": item.owner_id, "since": since}
        hand_over(item, to=to, by=by, now=now)
        return was

    return Prepared({"owner": to.name if to else ""}, assign)


def dating(launch: Launch, items: Items, *, by: User, now: datetime, on: date | None) -> Prepared:
    """Set their due date by hand; without one they follow the launch date again."""
    refuse_if(policies.due_by(launch, on))

    def set_due(item: LaunchItem) -> dict[str, Any]:
        by_hand = item.due_on if item.due_set_by_hand else None
        say_due(item, on=on, by=by, now=now)
        return {"due": by_hand.isoformat() if by_hand else ""}

    return Prepared({"due": on.isoformat() if on else ""}, set_due)


def progressing(
    launch: Launch, items: Items, *, by: User, now: datetime, to: Progress, because: str = ""
) -> Prepared:
    """Say how the work on them goes; what is checked stays checked."""
    facts = {fact.pk: fact for fact in _facts(items, now)}

    def progress(item: LaunchItem) -> dict[str, Any]:
        is_checked = any(word.counts(now) for word in facts[item.pk].words)
        refuse_if(policies.progressing(is_checked=is_checked))
        was = {"to": item.progress}
        say_progress(item, to=to, by=by, now=now, because=because)
        return was

    return Prepared({"to": to.value}, progress)


def supporting(
    launch: Launch, items: Items, *, by: User, now: datetime, url: str, title: str
) -> Prepared:
    """Link one page that supports them all."""
    revision = add_piece(launch, Content(title, url), by=by, now=now)
    pieces = linked_to(items)

    def add_evidence(item: LaunchItem) -> dict[str, Any]:
        support(item, revision, pieces[item.pk], by=by, now=now)
        return {}

    return Prepared({"evidence": revision.pk}, add_evidence)


def _own_words(items: Items, by: User, now: datetime) -> dict[int, tuple[Word, SignOff]]:
    """What this person signed of the items, by item, and what is left of it."""
    mine = [item.pk for item in items.values() if item.is_signed_by_them]
    signoffs = SignOff.objects.standing().filter(by=by, item__in=mine) if mine else ()
    words = {word.pk: word for fact in _facts(mine, now) for word in fact.words}
    return {one.item_id: (words[one.pk], one) for one in signoffs}


def _facts(pks: Mapping[int, LaunchItem] | list[int], now: datetime) -> list[Fact]:
    return facts_of_items(LaunchItem.objects.filter(pk__in=list(pks)), now)


PREPARE: dict[Act, Callable[..., Prepared]] = {
    Act.DONE: checking,
    Act.REAFFIRM: reaffirming,
    Act.ASSIGN: assigning,
    Act.DUE: dating,
    Act.PROGRESS: progressing,
    Act.EVIDENCE: supporting,
}
