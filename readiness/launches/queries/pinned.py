"""What a launch's pinned version says, read once per process: published versions never change."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from functools import lru_cache

from readiness.checklists.models import Item, NaNeeds, SigningRule, Version
from readiness.checklists.queries import facets_of, scheme_of
from readiness.rules.facets import Condition, Facet
from readiness.rules.scheme import Scheme
from readiness.rules.states import FULL


@dataclass(frozen=True, slots=True)
class Signing:
    """Who signs an item off, how many of them, and whether a word is re-affirmed in one step."""

    rule: SigningRule
    duty: str = ""
    signatures: int = 1
    may_reaffirm: bool = True

    @property
    def bars_owner(self) -> bool:
        """Whether the word of who owns the item does not count."""
        return self.rule in (SigningRule.PEER, SigningRule.INDEPENDENT)


@dataclass(frozen=True, slots=True)
class ItemRule:
    """One item of the version, as the rule and the services need it."""

    pk: int
    key: str
    ref: str
    title: str
    section: str
    position: int
    duty: str
    weight: Fraction
    na_allowed: bool
    na_max_days: int | None
    needs_evidence: bool
    needs_fact: bool
    fact: str
    evidence_kinds: tuple[str, ...]
    evidence_max_age: timedelta | None
    signing: Signing
    fresh_days: int | None
    due_days: int | None
    applies_when: Condition
    blocker: Condition
    invalidated_by: tuple[str, ...]
    text: str

    @property
    def signatures(self) -> int:
        """How many people must sign before the item counts."""
        return self.signing.signatures


@dataclass(frozen=True, slots=True)
class AnswerRule:
    """One answer of the version."""

    key: str
    title: str
    credit: Fraction
    credit_units: int
    needs_evidence: bool


@dataclass(frozen=True, slots=True)
class SectionRule:
    """One section of the version."""

    key: str
    title: str
    goal: str
    number: int


@dataclass(frozen=True, slots=True)
class Pinned:
    """A published version; `unit` is what one item of weight 1 in full earns in SQL."""

    scheme: Scheme
    facets: Mapping[str, Facet]
    sections: tuple[SectionRule, ...]
    items: Mapping[str, ItemRule]
    answers: Mapping[str, AnswerRule]
    unit: int
    na_needs_two: bool
    waiver_max_days: int
    approver_quorum: int | None

    @property
    def full_answer(self) -> AnswerRule:
        """The answer that means done."""
        return max(self.answers.values(), key=lambda answer: answer.credit)


@lru_cache(maxsize=64)
def pinned(pk: int) -> Pinned:
    """The content of the published version with this id."""
    version = Version.objects.published().get(pk=pk)
    sections = [
        SectionRule(section.key, section.title, section.goal, number)
        for number, section in enumerate(version.sections.order_by("position"), start=1)
    ]
    items = version.items.select_related("section", "duty").order_by("position")
    answers = [
        AnswerRule(a.key, a.title, a.share, a.credit_units, a.needs_evidence)
        for a in version.answers.order_by("position")
    ]
    return Pinned(
        scheme=scheme_of(version),
        facets=facets_of(version),
        sections=tuple(sections),
        items={item.key: _item_rule(item, version) for item in items},
        answers={answer.key: answer for answer in answers},
        unit=version.weight_unit * version.credit_unit,
        na_needs_two=version.na_needs == NaNeeds.SECOND_PERSON.value,
        waiver_max_days=version.waiver_max_days,
        approver_quorum=version.approver_quorum,
    )


def _item_rule(item: Item, version: Version) -> ItemRule:
    return ItemRule(
        pk=item.pk,
        key=item.key,
        ref=item.ref,
        title=item.title,
        section=item.section.key,
        position=item.position,
        duty=item.duty.key if item.duty else "",
        weight=FULL if item.weight == "1" else Fraction(item.weight),
        na_allowed=item.na_allowed,
        na_max_days=item.na_max_days,
        needs_evidence="evidence" in item.requires,
        needs_fact="fact" in item.requires,
        fact=item.fact,
        evidence_kinds=tuple(item.evidence_kinds),
        evidence_max_age=_days(item.evidence_max_age_days),
        signing=_signing(item if item.signing_rule else version),
        fresh_days=item.fresh_days,
        due_days=item.due_days_before_launch,
        applies_when=item.applies_when,
        blocker=item.blocker,
        invalidated_by=tuple(item.invalidated_by),
        text=_text_hash(item),
    )


def _signing(said_by: Item | Version) -> Signing:
    """The policy of an item that says one, else of its version."""
    rule = SigningRule(said_by.signing_rule)
    signatures = {SigningRule.TWO_PERSONS: 2, SigningRule.ROLE_QUORUM: said_by.signing_quorum}
    return Signing(rule, said_by.signing_duty, signatures.get(rule) or 1, said_by.signing_reaffirm)


def _days(number: int | None) -> timedelta | None:
    return None if number is None else timedelta(days=number)


def _text_hash(item: Item) -> str:
    """The item's text and policy: what a sign-off read.

    What few items say is added only where it is said, so that the others keep their hash.
    """
    said: list[object] = [
        item.title, item.guidance, item.requires, item.evidence_kinds, item.signing_rule,
    ]  # fmt: skip
    more = {"duty": item.signing_duty, "fact": item.fact if "fact" in item.requires else ""}
    more["quorum"] = item.signing_quorum if item.signing_rule == SigningRule.ROLE_QUORUM else None
    more["age"] = item.evidence_max_age_days
    said += [[name, value] for name, value in more.items() if value]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
