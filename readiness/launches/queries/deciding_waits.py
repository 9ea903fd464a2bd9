"""Decisions that wait for one person: to give their word, or to confirm an override."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.launches.models import Decision, DecisionSignature, LaunchApprover
from readiness.launches.models.launches import Stage
from readiness.launches.queries.facts import facts_of_many
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.seats import seal_of
from readiness.launches.queries.waits import Wait
from readiness.rules.verdict import judge


def decisions_to_take(user: User, now: datetime) -> Iterable[Wait]:
    """Every round in which this person has a seat and no word on the verdict as it is now."""
    rounds = _rounds(user)
    if not rounds:
        return []
    return [_wait(one, user) for one in rounds if one.pk not in _said(rounds, user, now)]


def _rounds(user: User) -> list[Decision]:
    seated = LaunchApprover.objects.filter(launch=OuterRef("launch"), person=user)
    rounds = Decision.objects.open().without_record().filter(Exists(seated))
    rounds = rounds.filter(launch__stage=Stage.IN_REVIEW.value)
    rounds = rounds.exclude(asked_by=user).exclude(launch__lead=user)
    rounds = rounds.with_permission(user, Action.LAUNCH_DECIDE)
    rounds = rounds.filter(is_permitted=True)  # type: ignore[misc]
    rows = rounds.select_related("launch").prefetch_related("signatures").order_by("asked_at", "pk")
    return list(rows)


def _said(rounds: list[Decision], user: User, now: datetime) -> set[int]:
    """The rounds in which their word stands, on what is still so."""
    said: dict[int, DecisionSignature] = {}
    for one in rounds:
        for word in one.signatures.all():
            if word.withdrawn_at is None and word.by_id == user.pk:
                said[one.pk] = word
    if not said:
        return set()
    launches = {one.pk: one.launch for one in rounds if one.pk in said}
    facts = facts_of_many(launches.values(), now)
    seals = {}
    for pk, launch in launches.items():
        items = [fact.item for fact in facts[launch.pk]]
        seals[pk] = seal_of(launch, judge(items, pinned(launch.version_id).scheme, now))
    return {pk for pk, word in said.items() if word.seal == seals[pk]}


def _wait(decision: Decision, user: User) -> Wait:
    """An override that somebody else proposed is told as such."""
    proposal = next(
        (
            one
            for one in decision.signatures.all()
            if one.against and one.withdrawn_at is None and one.by_id != user.pk
        ),
        None,
    )
    return Wait(
        launch=decision.launch.name,
        item="",
        what="Override to confirm, or to refuse" if proposal else "Decision",
        because=proposal.reason if proposal else decision.note,
        by=proposal.printed_name if proposal else decision.asked_name,
        since=proposal.at if proposal else decision.asked_at,
        link=reverse("launches:decision", args=[decision.launch_id]),
        launch_id=decision.launch_id,
        askers=(decision.asked_by_id, *([proposal.by_id] if proposal else [])),
    )
