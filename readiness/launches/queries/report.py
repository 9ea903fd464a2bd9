"""A launch as it is handed over: everything that its verdict rests on, in words."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from readiness.audit.models import Subject
from readiness.launches.models import EvidenceLink, Exemption, FactRevision, Launch, SignOff
from readiness.launches.queries.board import Board, Place, board_of
from readiness.launches.queries.card import (
    counts_of,
    glass_said,
    many_na_of,
    na_share_of,
    says,
    shape_of,
)
from readiness.launches.queries.exempting import ENDED, WAITING, fate_of
from readiness.launches.queries.fact_card import summaries_of
from readiness.launches.queries.launch_page import Head, head_of
from readiness.launches.queries.looks import WORDS
from readiness.launches.queries.pinned import SectionRule
from readiness.launches.queries.proofs import titled
from readiness.launches.queries.rows import (
    Extra,
    day_of_month,
    extras_of,
    fallen_because,
    safe_url,
    weekday,
)
from readiness.rules.percent import shown
from readiness.rules.scheme import Aggregate, Measure, Scheme
from readiness.rules.states import State
from readiness.rules.truth import Truth
from readiness.web import locales

ALONE = "its reason alone, as the checklist has it"
MEASURES = {
    Measure.SHARE: "the credit earned as a share of all that can be earned",
    Measure.SUM: "the sum of the credit earned",
    Measure.REQUIRED: "full once every item is met, else nothing",
}


class Signed(NamedTuple):
    """Whose word an item rests on; `counts` says whether it still does."""

    name: str
    seat: str
    at: str
    note: str
    counts: bool
    way: str = ""


class Proof(NamedTuple):
    """One piece of evidence; without a web address it is told by its title alone."""

    title: str
    url: str
    by: str
    at: str


class Excuse(NamedTuple):
    """Why an item need not be done, and who agreed."""

    word: str
    reason: str
    control: str
    asked_by: str
    agreed_by: str
    ends: str


class Entry(NamedTuple):
    """One item, and all that is known of it."""

    ref: str
    title: str
    look: str
    word: str
    is_must_have: bool
    owner: str
    due: str
    why: str
    signed: tuple[Signed, ...]
    proofs: tuple[Proof, ...]
    excuses: tuple[Excuse, ...]
    facts: tuple[str, ...]


class Part(NamedTuple):
    """One section with its items."""

    number: int
    title: str
    goal: str
    checked: int
    counted: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A launch at one moment, and the head of its log then."""

    head: Head
    year: int
    shape: str
    says: str
    band: str
    counts: str
    percent: str
    formula: str
    held: tuple[str, ...]
    glass: str
    parts: tuple[Part, ...]
    digest: str
    at: str
    subject: int
    sequence: int
    hash: str
    na_share: str = ""
    many_na: str = ""


class Papers(NamedTuple):
    """What belongs to the items of a launch, by the item's id."""

    signed: dict[int, list[SignOff]]
    proofs: dict[int, list[Proof]]
    excuses: dict[int, list[Excuse]]
    facts: Mapping[int, Sequence[str]]


@locales.written_for()
def report_of(launch: Launch, now: datetime) -> Report:
    """The launch that `opened` read, as it is now; written plainly, for it leaves the house."""
    subject = Subject.objects.annotate(has_facts=_with_facts()).get(pk=launch.subject_id)
    board, launch.subject = board_of(launch, now), subject
    extras, papers = extras_of(board), _papers(board, has_facts=subject.has_facts)
    verdict, rules = board.verdict, board.content.items
    digest = launch.candidate.digest if launch.candidate else ""
    local = now.astimezone(launch.tzinfo)
    return Report(
        head=head_of(board),
        year=launch.launch_on.year,
        shape=shape_of(verdict.band),
        says=says(verdict.band),
        band=verdict.band.title if verdict.band else "Not assessable",
        counts=counts_of(board),
        percent=verdict.shown,
        formula=formula_of(board.content.scheme),
        held=tuple(f"{rules[key].ref} {rules[key].title}" for key in verdict.holds),
        glass=glass_said(launch),
        parts=tuple(_part(board, section, extras, papers) for section in board.content.sections),
        digest=digest,
        at=f"{_day(local)}, {local:%H:%M} {launch.zone}",
        subject=launch.subject_id,
        sequence=launch.subject.sequence,
        hash=launch.subject.head,
        na_share=na_share_of(board),
        many_na=many_na_of(board),
    )


def formula_of(scheme: Scheme) -> str:
    """How the score is made, and where its verdicts begin."""
    where = "; the weakest section decides" if scheme.aggregate == Aggregate.MIN_OF_SECTIONS else ""
    cuts = [
        f"{band.title} {'from' if band.start_included else 'over'} {shown(band.start, scheme)}"
        for band in scheme.bands
        if band.start is not None
    ]
    return f"Score: {MEASURES[scheme.measure]}{where}. {', '.join([scheme.bands[0].title, *cuts])}."


def _part(board: Board, section: SectionRule, extras: dict[int, Extra], papers: Papers) -> Part:
    places = [one for one in board.places.values() if one.rule.section == section.key]
    counted = [one for one in places if one.is_counted]
    return Part(
        number=section.number,
        title=section.title,
        goal=section.goal,
        checked=sum(one.look == "done" for one in counted),
        counted=len(counted),
        entries=tuple(_entry(board, one, extras[one.fact.pk], papers) for one in places),
    )


def _entry(board: Board, place: Place, extra: Extra, papers: Papers) -> Entry:
    fact, due = place.fact, place.fact.item.due_on
    signed = papers.signed[fact.pk]
    counting = {word.pk for word in fact.words if word.counts(board.now)}
    return Entry(
        ref=place.rule.ref,
        title=place.rule.title,
        look=place.look,
        word=WORDS[place.look],
        is_must_have=fact.item.blocker is not Truth.NO,
        owner=extra.owner.name if extra.owner else "",
        due=weekday(due) if due else "",
        why=_why(board, place, extra, signed[0].printed_name if signed else "someone"),
        signed=tuple(_signed(board, one, counts=one.pk in counting) for one in signed),
        proofs=tuple(papers.proofs[fact.pk]),
        excuses=tuple(papers.excuses[fact.pk]),
        facts=tuple(papers.facts.get(fact.pk, ())),
    )


def _why(board: Board, place: Place, extra: Extra, by: str) -> str:
    """Why the item does not count as it was checked, or waits."""
    if place.standing.state is State.NA_BY_FACET:
        return "Not applicable to this launch, by the answers about it."
    waits = extra.blocked_because if place.look == "blocked" else ""
    return " ".join(filter(None, [fallen_because(board, place, extra, by), waits]))


def _signed(board: Board, signoff: SignOff, *, counts: bool) -> Signed:
    at = signoff.at.astimezone(board.launch.tzinfo)
    when = f"{_day(at)}, {at:%H:%M}"
    return Signed(signoff.printed_name, signoff.seat, when, signoff.note, counts, _way(signoff))


def _way(signoff: SignOff) -> str:
    """In which way it was signed, where that was not the ordinary one."""
    if signoff.broke_glass:
        confirmed = signoff.confirmed_by
        by = f"confirmed by {confirmed.name}" if confirmed else "confirmed by nobody yet"
        return f"alone, past the signing policy, {by}"
    return "again, as still true" if signoff.reaffirms_id else ""


def _papers(board: Board, *, has_facts: bool) -> Papers:
    """Sign-offs that stand, evidence that is linked, and exemptions that hold or are asked for."""
    launch = board.launch
    facts = summaries_of(launch, board.now) if has_facts else {}
    papers = Papers(defaultdict(list), defaultdict(list), defaultdict(list), facts)
    standing = SignOff.objects.standing().filter(item__launch=launch).order_by("-at", "-pk")
    for signoff in standing.select_related("confirmed_by"):
        papers.signed[signoff.item_id].append(signoff)
    links = EvidenceLink.objects.filter(item__launch=launch, removed_at=None).order_by("pk")
    for link in links.select_related("revision", "added_by"):
        revision, at = link.revision, link.added_at.astimezone(launch.tzinfo)
        proof = Proof(titled(revision), safe_url(revision.url), link.added_by.name, _day(at))
        papers.proofs[link.item_id].append(proof)
    exemptions = Exemption.objects.filter(item__launch=launch, closed_at=None).order_by("pk")
    for one in exemptions.select_related("asked_by", "agreed_by"):
        papers.excuses[one.item_id].append(_excuse(board, one))
    return papers


def _excuse(board: Board, exemption: Exemption) -> Excuse:
    ends, fate = exemption.ends_at, fate_of(exemption, board.now)
    name = "Waiver" if exemption.is_waiver else "Not applicable"
    alone = ALONE if exemption.agreed_at else ""
    return Excuse(
        word={WAITING: f"{name}, asked for", ENDED: f"{name}, ended"}.get(fate, name),
        reason=exemption.reason,
        control=exemption.compensating_control,
        asked_by=exemption.asked_by.name,
        agreed_by=exemption.agreed_by.name if exemption.agreed_by else alone,
        ends=_day(board.launch.last_day_before(ends)) if ends else "",
    )


def _with_facts() -> Exists:
    """Whether any item of a log's launch has a fact to tell."""
    return Exists(FactRevision.objects.filter(item__launch__subject=OuterRef("pk")))


def _day(at: date) -> str:
    return f"{day_of_month(at)} {at.year}"
