"""Why each item stands where it does: a code, and the reason in words with names and days."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from readiness.launches.models import Exemption, ExemptionKind, SignOff
from readiness.launches.queries.as_of import Past
from readiness.launches.queries.board import Place
from readiness.launches.queries.facts import deciding
from readiness.launches.queries.falling import fallen_because, short_day
from readiness.launches.queries.told import exemptions_at, links_at
from readiness.rules.facets import ANY, Answers, Condition
from readiness.rules.states import State
from readiness.rules.truth import Truth


class Reason(NamedTuple):
    """Why an item is in its state; `more` is what else bears on it: a waiver, an end."""

    code: str
    words: str
    more: tuple[str, ...] = ()


def reason_of(place: Place, past: Past) -> Reason:
    """The reason of one item at the instant of `past`."""
    found = _reason(place, past)
    more = (*_waiver(place, past), *_must_have(place))
    return found._replace(more=(*found.more, *more))


def _reason(place: Place, past: Past) -> Reason:
    state = place.standing.state
    if state is State.NA_BY_FACET:
        said = condition_words(place.rule.applies_when, past.launch.facets)
        return Reason("na_by_facet", f"does not apply: {said}")
    if state in (State.NA_CONFIRMED, State.NA_PROPOSED):
        return _exempt(place, past)
    if state is State.OPEN:
        return _open(place, past)
    word = _word(place, past)
    signed = f"{word.printed_name} signed on {short_day(word.at, past.record)}"
    if state is State.DISPUTED:
        return Reason("disputed", f"an automatic check contradicts what {word.printed_name} signed")
    if state is State.SUPERSEDED:
        parts = past.parts[place.fact.key]
        falls = fallen_because(word, parts, past.record, past.cut)
        code = falls[0].code if falls else "basis"
        said = "; ".join(fall.words for fall in falls) or "what it stood on changed"
        return Reason(f"superseded_{code}", f"superseded: {said}", (signed,))
    if state is State.EXPIRED:
        return Reason("expired", _expired(place, word, past), (signed,))
    if state is State.PROVISIONAL:
        code, said = _missing(place, past)
        return Reason(f"provisional_{code}", f"incomplete: {said}", (signed,))
    title = next(one.title for key, one in past.content.answers.items() if key == word.answer)
    did = "signed_off" if state is State.MET else "in_part"
    words = signed if state is State.MET else f"{word.printed_name} answered “{title}”"
    return Reason(did, words, tuple(_lasts(place, past)))


def condition_words(condition: Condition, answers: Answers) -> str:
    """What the answers say to the facets that a condition names: "feature store is no"."""
    if not isinstance(condition, Mapping):
        return "the answers about the launch say so"
    parts = condition.get(ANY)
    keys = {key for part in (parts if isinstance(parts, list) else [condition]) for key in part}
    said = (f"{key.replace('_', ' ')} is {_answer(answers.get(key))}" for key in sorted(keys))
    return ", ".join(said)


def _answer(said: object) -> str:
    if isinstance(said, bool):
        return "yes" if said else "no"
    if isinstance(said, list):
        return " and ".join(str(one).replace("_", " ") for one in said)
    return "not answered" if said is None else str(said).replace("_", " ")


def _word(place: Place, past: Past) -> SignOff:
    """The sign-off that decides on the item."""
    pk = deciding(place.fact.words, past.at).pk
    return next(one for one in past.record.signoffs[place.fact.pk] if one.pk == pk)


def _expired(place: Place, word: SignOff, past: Past) -> str:
    """It was too old; or of several, too few are left."""
    ends = place.fact.item.expires_at
    day = f" on {short_day(ends, past.record)}" if ends else ""
    days = place.rule.fresh_days
    return f"expired{day}" + (f": a sign-off holds for {days} days" if days else "")


def _missing(place: Place, past: Past) -> tuple[str, str]:
    """What the item requires and does not have."""
    rule, fact = place.rule, place.fact
    if any(one.speaks_for == 0 for one in fact.words):
        return "glass", "a second person has yet to confirm the broken glass"
    there = fact.signed(past.at)
    if there < rule.signatures:
        return "signature", f"{there} of {rule.signatures} signatures are there"
    ends = fact.item.provisional_from
    if ends is not None and ends <= past.at:
        return "evidence", f"its evidence is too old since {short_day(ends, past.record)}"
    needs = rule.needs_evidence or past.content.answers[_word(place, past).answer].needs_evidence
    has_evidence, has_fact = past.has(fact.pk)
    if needs and not has_evidence:
        bare = not any(links_at(past.record, fact.pk, past.cut))
        none = "no evidence is linked"
        return "evidence", none if bare else "none of its evidence is of a kind that it asks for"
    said = "something it requires is missing" if has_fact else "the fact it asks for is missing"
    return "fact", said


def _open(place: Place, past: Past) -> Reason:
    """Nobody's word stands; the last one that was taken back says more."""
    words = past.record.signoffs.get(place.fact.pk, ())
    back = [one for one in words if past.record.is_so(one.withdrawn_at, past.cut, one.item_id)]
    if not back:
        return Reason("open", "nobody signed it off")
    last = max(back, key=_withdrawn)
    because = f": {last.withdrawn_because}" if last.withdrawn_because else ""
    when = short_day(_withdrawn(last), past.record)
    return Reason(
        "open_taken_back", f"{last.printed_name}’s check was taken back on {when}{because}"
    )


def _withdrawn(one: SignOff) -> datetime:
    return one.withdrawn_at or one.at


def _exempt(place: Place, past: Past) -> Reason:
    """Left out as not applicable, or proposed to be."""
    found = [one for one in exemptions_at(past.record, place.fact.pk, past.cut)
             if one.kind == ExemptionKind.NA.value]  # fmt: skip
    agreed = [one for one in found if past.record.is_so(one.agreed_at, past.cut, one.item_id)]
    if place.standing.state is State.NA_CONFIRMED and agreed:
        one = agreed[-1]
        ends = (f"until {short_day(one.ends_at, past.record)}",) if one.ends_at else ()
        by = one.agreed_by.name if one.agreed_by else one.asked_by.name
        when = short_day(one.agreed_at or one.asked_at, past.record)
        return Reason("na_confirmed", f"not applicable: {one.reason}; {by} agreed on {when}", ends)
    said = f"; asked by {found[-1].asked_by.name}: {found[-1].reason}" if found else ""
    return Reason("na_proposed", f"proposed as not applicable, nobody agreed yet{said}")


def _waiver(place: Place, past: Past) -> Iterator[str]:
    """Under which waiver an item is, or what it waits for."""
    if place.standing.state is State.MET:
        return
    for one in exemptions_at(past.record, place.fact.pk, past.cut):
        if one.kind == ExemptionKind.WAIVER.value:
            yield _waiver_words(one, past)


def _waiver_words(one: Exemption, past: Past) -> str:
    ends = f"until {short_day(one.ends_at, past.record)}" if one.ends_at else ""
    if not past.record.is_so(one.agreed_at, past.cut, one.item_id):
        return f"a waiver is asked for by {one.asked_by.name}, nobody agreed yet"
    by = f", agreed by {one.agreed_by.name}" if one.agreed_by else ""
    if one.ends_at and one.ends_at <= past.at:
        return f"its waiver ended on {short_day(one.ends_at, past.record)}"
    return f"waived {ends}{by}: {one.reason}"


def _must_have(place: Place) -> Iterator[str]:
    if place.standing.holds:
        unknown = place.fact.item.blocker is Truth.UNKNOWN
        why = ", as a question about the launch is not answered" if unknown else ""
        yield f"must-have: holds the launch{why}"


def _lasts(place: Place, past: Past) -> Iterator[str]:
    """Until when what counts now does so."""
    ends = [one for one in (place.fact.item.expires_at, place.fact.item.provisional_from) if one]
    if ends:
        yield f"holds until {short_day(min(ends), past.record)}"
