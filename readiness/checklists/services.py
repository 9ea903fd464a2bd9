"""What people do with checklists: publish a version of one."""

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction
from functools import partial
from math import lcm
from typing import Any

from django.db import transaction

from readiness.accounts.models import User
from readiness.audit.kinds import Kind
from readiness.audit.services import new_subject, record
from readiness.checklists import policies
from readiness.checklists.document.reading import Document
from readiness.checklists.document.sense import items_of, rational
from readiness.checklists.models import (
    Answer,
    Band,
    Checklist,
    Duty,
    Facet,
    Item,
    Section,
    SigningRule,
    Status,
    Version,
)
from readiness.rules.scheme import Scheme
from readiness.web.refusal import refuse_if


@transaction.atomic
def publish(document: Document, *, now: datetime, by: User | None = None) -> tuple[Version, bool]:
    """Publish a version of a checklist; the flag says whether it is new.

    What is published already is left alone and returned. The checklist is locked first, so
    that two who publish at once do so in turn.
    """
    about = document.value["template"]
    checklist = _checklist(about["key"])
    known = checklist.versions.filter(number=about["version"]).first()
    if known:
        refuse_if(policies.publishing_again(known, document.content))
        return known, False
    version = _draft(checklist, document)
    _write_parts(version, document.value)
    version.status = Status.PUBLISHED.value
    version.published_at, version.published_by = now, by
    version.save(update_fields=["status", "published_at", "published_by"])
    record(
        Kind.CHECKLIST_PUBLISHED,
        subject=checklist.subject,
        by=by,
        at=now,
        checklist=checklist.key,
        version=version.number,
        title=version.title,
        items=version.items.count(),
        content=version.content,
    )
    return version, True


def _checklist(key: str) -> Checklist:
    """The checklist of this key, locked; a new one begins a chain of events."""
    chain: dict[str, Any] = {"subject": partial(new_subject, "checklist")}
    Checklist.objects.get_or_create(key=key, defaults=chain)
    locked = Checklist.objects.select_for_update(of=["self"], no_key=True)
    return locked.select_related("subject").get(key=key)


def _draft(checklist: Checklist, document: Document) -> Version:
    value = document.value
    about, scoring = value["template"], value["scoring"]
    source = about.get("source", {})
    major, minor, patch = (int(part) for part in about["version"].split("."))
    return Version.objects.create(
        checklist=checklist,
        number=about["version"],
        major=major,
        minor=minor,
        patch=patch,
        content=document.content,
        **{key: about[key] for key in ("title", "purpose", "language", "licence")},
        how_to_use=about.get("how_to_use", ""),
        **{f"source_{key}": text for key, text in source.items()},
        measure=scoring["measure"],
        aggregate=scoring["aggregate"],
        empty_section=scoring.get("empty_section", Scheme().empty_section.value),
        weight_unit=_unit(item.get("weight", "1") for _, item in items_of(value)),
        credit_unit=_unit(answer["credit"] for answer in value["answers"]),
        **_policies(value["policy"]),
    )


def _policies(policy: dict[str, Any]) -> dict[str, Any]:
    """The policies a file names; the rest keep the defaults of the rules."""
    default = Scheme()
    kept = (
        "blockers", "na_counts_as", "na_needs", "waiver_counts_as", "waiver_max_days",
        "approver_quorum",
    )  # fmt: skip
    return {
        **{key: policy[key] for key in kept if key in policy},
        **_signing(policy.get("signing", {"rule": SigningRule.ANYONE.value})),
        "na_review_share": str(rational(policy.get("na_review_share", "1/4"))),
        "conditional_needs": policy.get("conditional_needs", list(default.conditional_needs)),
    }


def _signing(signing: dict[str, Any]) -> dict[str, Any]:
    return {
        "signing_rule": signing["rule"],
        "signing_duty": signing.get("role", ""),
        "signing_quorum": signing.get(
            "quorum", 2 if signing["rule"] == SigningRule.TWO_PERSONS else 1
        ),
        "signing_reaffirm": signing.get("reaffirm", True),
    }


def _unit(numbers: Iterable[str]) -> int:
    """The least whole number that turns each of these into whole numbers."""
    return lcm(*(rational(number).denominator for number in numbers))


def _write_parts(version: Version, value: dict[str, Any]) -> None:
    Facet.objects.bulk_create(
        Facet(
            version=version,
            position=position,
            key=facet["key"],
            title=facet["title"],
            kind=facet["type"],
            options=facet.get("options", []),
        )
        for position, facet in enumerate(value["facets"], 1)
    )
    Answer.objects.bulk_create(
        Answer(
            version=version,
            position=position,
            key=answer["key"],
            title=answer["title"],
            **_in_units("credit", rational(answer["credit"]), version.credit_unit),
            needs_evidence=answer.get("needs_evidence", False),
        )
        for position, answer in enumerate(value["answers"], 1)
    )
    Band.objects.bulk_create(
        Band(
            version=version,
            position=position,
            key=band["key"],
            title=band["title"],
            outcome=band["outcome"],
            start=str(rational(band["from"])) if "from" in band else "",
            start_included=band.get("from_included", True),
            message=band.get("message", ""),
        )
        for position, band in enumerate(value["scoring"]["bands"], 1)
    )
    _write_items(version, value)


def _write_items(version: Version, value: dict[str, Any]) -> None:
    duties = Duty.objects.bulk_create(
        Duty(version=version, position=position, key=key, title=title)
        for position, (key, title) in enumerate(value["roles"].items(), 1)
    )
    sections = Section.objects.bulk_create(
        Section(
            version=version,
            position=position,
            key=section["key"],
            title=section["title"],
            goal=section.get("goal", ""),
        )
        for position, section in enumerate(value["sections"], 1)
    )
    by_key = {duty.key: duty for duty in duties}
    Item.objects.bulk_create(
        Item(
            version=version,
            section=sections[path[1]],
            position=position,
            ref=f"{path[1] + 1}.{path[3] + 1}",
            duty=by_key.get(item.get("owner_role")),
            **_item(item, version.weight_unit),
        )
        for position, (path, item) in enumerate(items_of(value), 1)
    )


def _item(item: dict[str, Any], weight_unit: int) -> dict[str, Any]:
    """The columns of an item that stand in the file under their own names, and the rest."""
    texts = ("key", "title", "guidance", "fact", "reference")
    lists = ("evidence", "involves", "invalidated_by", "requires", "checks")
    others = ("applies_when", "blocker", "na_max_days", "due_days_before_launch", "fresh_days")
    accepted = item.get("evidence_policy", {})
    return {
        **{key: item.get(key, "") for key in texts},
        **{key: item.get(key, []) for key in lists},
        **{key: item.get(key) for key in others},
        "na_allowed": item["na_allowed"],
        **_in_units("weight", rational(item.get("weight", "1")), weight_unit),
        "evidence_kinds": accepted.get("kinds", []),
        "evidence_max_age_days": accepted.get("max_age_days"),
        **(_signing(item["signing"]) if "signing" in item else {}),
    }


def _in_units(name: str, number: Fraction, unit: int) -> dict[str, Any]:
    """A number as exact text and as a whole number of its version's units."""
    return {name: str(number), f"{name}_units": int(number * unit)}
