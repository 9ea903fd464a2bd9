"""Evidence as pages show it: what it says, where it comes from, and what it is worth."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.safestring import SafeString

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.launches.models import (
    EvidenceKind,
    EvidenceLink,
    EvidenceRevision,
    Launch,
    LaunchItem,
    SignOff,
)
from readiness.launches.queries.facts import facts_of_items
from readiness.launches.queries.pinned import ItemRule, Pinned, pinned
from readiness.launches.queries.rows import safe_url, weekday
from readiness.rules.support import ends_at
from readiness.web.markdown import drawn, plain

KINDS = {
    EvidenceKind.LINK.value: "Link",
    EvidenceKind.NOTE.value: "Note",
    EvidenceKind.METRIC.value: "Metric",
    EvidenceKind.CI_RUN.value: "CI run",
}
ONE = {
    EvidenceKind.LINK.value: "a link",
    EvidenceKind.NOTE.value: "a note",
    EvidenceKind.METRIC.value: "a metric",
    EvidenceKind.CI_RUN.value: "a CI run",
}
ICONS = {
    EvidenceKind.LINK.value: "paperclip",
    EvidenceKind.NOTE.value: "file-text",
    EvidenceKind.METRIC.value: "chart-line",
    EvidenceKind.CI_RUN.value: "git-pull-request",
}
TEAM = "team"
NEW = [*KINDS.items()]
CHOICES = [*NEW, (TEAM, "From the team")]
SOURCES = {"page": "Entered by hand"}
TONES = {"passed": "green", "failed": "red", "cancelled": "grey", "running": "blue"}
EXCERPT, SHORT = 90, 12
LATEST = (
    EvidenceRevision.objects.filter(evidence=OuterRef("evidence"))
    .order_by("-number")
    .values("number")[:1]
)


@dataclass(frozen=True, slots=True)
class Proof:
    """One revision of a piece of evidence."""

    revision: EvidenceRevision
    kind: str
    icon: str
    url: str
    summary: str
    tone: str

    @property
    def html(self) -> SafeString:
        """The text of a note."""
        is_note = self.revision.kind == EvidenceKind.NOTE.value
        return drawn(self.revision.body) if is_note else SafeString("")

    @property
    def short_hash(self) -> str:
        return self.revision.sha256[:SHORT]

    @property
    def source(self) -> str:
        return SOURCES.get(self.revision.source, self.revision.source)


@dataclass(frozen=True, slots=True)
class Link:
    """A piece of evidence on an item; `origin` is the other launch it comes from, if it does."""

    pk: int
    proof: Proof
    by: User
    at: datetime
    latest: int
    origin: Launch | None
    origin_name: str
    warning: str

    @property
    def title(self) -> str:
        return self.proof.revision.title

    @property
    def url(self) -> str:
        return self.proof.url

    @property
    def revision(self) -> EvidenceRevision:
        return self.proof.revision


@dataclass(frozen=True, slots=True)
class Use:
    """An item that a piece of evidence supports, and whose sign-offs stand on it there."""

    link: EvidenceLink
    item: LaunchItem
    title: str
    ref: str
    falls: tuple[str, ...]
    refused: str
    is_here: bool

    @property
    def value(self) -> str:
        """The item as a form sends it, in the version that was looked at."""
        return f"{self.item.pk}.{self.item.version}"


def proof_of(revision: EvidenceRevision) -> Proof:
    facts = revision.facts
    return Proof(
        revision=revision,
        kind=KINDS.get(revision.kind, revision.kind),
        icon=ICONS.get(revision.kind, "paperclip"),
        url=safe_url(revision.url),
        summary=_summary(revision, facts),
        tone=TONES.get(facts.get("status", ""), ""),
    )


def _summary(revision: EvidenceRevision, facts: dict[str, str]) -> str:
    """What it says in one line."""
    match revision.kind:
        case EvidenceKind.METRIC.value if facts:
            value = " ".join(filter(None, [facts["value"], facts.get("unit", "")]))
            target = f"target {facts['target']}" if facts.get("target") else ""
            return ", ".join(filter(None, [value, facts.get("window", ""), target]))
        case EvidenceKind.CI_RUN.value if facts:
            return f"{facts['status'].capitalize()}, commit {facts['commit'][:SHORT]}"
        case EvidenceKind.NOTE.value:
            return plain(revision.body, EXCERPT)
    return revision.url.partition("://")[2].rstrip("/")


def titled(revision: EvidenceRevision) -> str:
    """The title, and what a metric, a CI run or a note says beside it."""
    if revision.kind == EvidenceKind.LINK.value:
        return revision.title
    summary = proof_of(revision).summary
    return f"{revision.title} ({summary})" if summary else revision.title


def links_of(item: LaunchItem, rule: ItemRule, *, reader: User, now: datetime) -> list[Link]:
    """What supports an item now, the newest first."""
    links = _links().filter(item=item, removed_at=None).order_by("-pk")
    found = list(links)
    seen = _seen_origins(found, item.launch_id, reader)
    return [_link(one, item, rule, seen, now) for one in found]


def link_of(link: EvidenceLink, *, reader: User, now: datetime) -> Link:
    """One piece as it supports, or supported, its item."""
    found = _links().get(pk=link.pk)
    item = link.item
    rule = pinned(item.launch.version_id).items[item.key]
    return _link(found, item, rule, _seen_origins([found], item.launch_id, reader), now)


def _links() -> "QuerySet[EvidenceLink]":
    whom = ("revision__author", "added_by", "evidence__launch")
    return EvidenceLink.objects.select_related(*whom).annotate(latest=Subquery(LATEST))


def _seen_origins(links: Iterable[EvidenceLink], here: int, reader: User) -> set[int]:
    """Of the other launches that evidence comes from, those that the reader may read."""
    others = {link.evidence.launch_id for link in links} - {here}
    if not others:
        return set()
    seen = Launch.objects.visible_to(reader).filter(pk__in=others)
    return set(seen.values_list("pk", flat=True))


def _link(
    link: EvidenceLink, item: LaunchItem, rule: ItemRule, seen: Collection[int], now: datetime
) -> Link:
    origin = link.evidence.launch
    is_other = origin.pk != item.launch_id
    is_seen = is_other and origin.pk in seen
    return Link(
        pk=link.pk,
        proof=proof_of(link.revision),
        by=link.added_by,
        at=link.added_at,
        latest=link.latest,  # type: ignore[attr-defined]
        origin=origin if is_seen else None,
        origin_name=(origin.name if is_seen else "another launch") if is_other else "",
        warning=_warning(link.revision, item.launch, rule, now),
    )


def _warning(revision: EvidenceRevision, launch: Launch, rule: ItemRule, now: datetime) -> str:
    """Why a piece supports its item no more, or does not at all."""
    if rule.evidence_kinds and revision.kind not in rule.evidence_kinds:
        return f"This item asks for {kinds_in_words(rule.evidence_kinds)}"
    end = ends_at(revision.piece, rule.evidence_max_age)
    if end is None or now < end:
        return ""
    if end == revision.expires_at:
        return f"Expired after {weekday(launch.last_day_before(end))}"
    return f"Too old since {weekday(launch.day_at(end))}"


def kinds_in_words(kinds: Sequence[str]) -> str:
    """Such as "a link, a metric or a CI run"."""
    *first, last = (ONE[kind] for kind in kinds)
    return f"{', '.join(first)} or {last}" if first else last


def asked_of(rule: ItemRule, *, needed: bool) -> str:
    """What evidence an item asks for, in words: "a metric or a CI run, at most 30 days old"."""
    kinds = kinds_in_words(rule.evidence_kinds) if rule.evidence_kinds else ""
    if rule.evidence_max_age is None:
        return kinds or ("evidence" if needed else "")
    days = rule.evidence_max_age.days
    return f"{kinds or 'evidence'}, at most {days} day{'' if days == 1 else 's'} old"


def is_needed(rule: ItemRule, content: Pinned) -> bool:
    """Whether done counts with evidence alone: the item requires it, or the answer does."""
    return rule.needs_evidence or content.full_answer.needs_evidence


def history_of(link: EvidenceLink) -> list[Proof]:
    """Every revision of a piece of evidence, the latest first."""
    revisions = link.evidence.revisions.select_related("author").order_by("-number")
    return [proof_of(one) for one in revisions]


def uses_of(link: EvidenceLink, *, reader: User, now: datetime) -> list[Use]:
    """The items that a piece supports now, in launches that the reader may read.

    Each says whose sign-offs count there and stand on the piece: they would fall with another
    revision in its place.
    """
    standing = EvidenceLink.objects.filter(evidence=link.evidence_id, removed_at=None)
    items = LaunchItem.objects.visible_to(reader).with_permission(reader, Action.ITEM_WORK)
    found = {
        item.pk: item
        for item in items.filter(pk__in=standing.values("item")).select_related("launch", "item")
    }
    links = [one for one in standing.order_by("pk") if one.item_id in found]
    falls = _falls(links, found.values(), now)
    uses = [_use(one, found[one.item_id], falls, link.item_id) for one in links]
    return sorted(uses, key=lambda use: not use.is_here)


def _use(link: EvidenceLink, item: LaunchItem, falls: dict[int, list[str]], here: int) -> Use:
    refused = "" if item.is_permitted else "You do not work on this launch."
    return Use(
        link=link,
        item=item,
        title=item.item.title,
        ref=item.item.ref,
        falls=tuple(falls.get(item.pk, ())),
        refused="This launch is over." if item.launch.is_over else refused,
        is_here=item.pk == here,
    )


def _falls(
    links: Sequence[EvidenceLink], items: Iterable[LaunchItem], now: datetime
) -> dict[int, list[str]]:
    """By item the names of those whose sign-offs count there and stand on the linked revision."""
    chosen = LaunchItem.objects.filter(pk__in=[item.pk for item in items])
    counting = {
        word.pk: fact.pk
        for fact in facts_of_items(chosen, now)
        for word in fact.words
        if word.counts(now)
    }
    revisions = {link.item_id: link.revision_id for link in links}
    falls: dict[int, list[str]] = {}
    for signoff in SignOff.objects.filter(pk__in=counting).order_by("at"):
        if revisions.get(signoff.item_id) in signoff.evidence:
            falls.setdefault(signoff.item_id, []).append(signoff.printed_name)
    return falls
