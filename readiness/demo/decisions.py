"""What approvers of the demo decided: one of each kind, some of it waiting for the reader."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from readiness.accounts.models import User
from readiness.launches.models import ActionItem, Decision, DecisionSignature, Launch
from readiness.launches.models.decisions import Says
from readiness.launches.queries.board import board_of
from readiness.launches.queries.seats import seal_of
from readiness.launches.services import actions, decisions, signoffs
from readiness.launches.services.decisions import Condition, Word

AMARA, LUCAS = "Amara Okafor", "Lucas Moreau"
People = Mapping[str, User]


def tell_decisions(people: People, now: datetime) -> None:
    """Play every kind of decision, in the last three days."""
    _approved(people, now)
    _with_conditions(people, now)
    _sent_back_and_decided_again(people, now)
    _voided(people, now)
    _overridden(people, now)
    _waiting_for_amara(people, now)


def _approved(people: People, now: datetime) -> None:
    launch = _launch("Ads quality classifier v3")
    _ask(launch, "All 40 are checked.", now - timedelta(hours=26))
    _both_approve(launch, people, now - timedelta(hours=25))


def _with_conditions(people: People, now: datetime) -> None:
    """Its first condition is done, its second is late."""
    launch, at = _launch("Search re-ranker v7"), now - timedelta(hours=40)
    _ask(launch, "Three are left, none of them can hurt on the first day.", at)
    _both_approve(launch, people, at + timedelta(hours=1))
    first = ActionItem.objects.filter(launch=launch).exclude(need="quick_rollback_plan")[0]
    said: dict[str, Any] = {"by": first.owner, "key": str(uuid4()), "now": now - timedelta(hours=5)}
    actions.finish(first, note="The board is watched from 06:00 to 22:00, in three shifts.", **said)


def _sent_back_and_decided_again(people: People, now: datetime) -> None:
    launch = _launch("Homepage two-tower personalization")
    _ask(launch, "It launches tomorrow.", now - timedelta(hours=60))
    reason = "Nobody says who watches the costs on the first day. Come back with a name."
    _say(launch, people[AMARA], Word(Says.SEND_BACK, reason), now - timedelta(hours=58))
    _ask(launch, "Mei watches the costs.", now - timedelta(hours=34))
    _both_approve(launch, people, now - timedelta(hours=30))


def _voided(people: People, now: datetime) -> None:
    launch = _launch("Bid shading refresh Q4")
    _ask(launch, "", now - timedelta(hours=31))
    _both_approve(launch, people, now - timedelta(hours=29))
    for word in _words_of(launch)[-3:]:
        item = word.item
        because = "The shadow traffic was last month’s."
        said: dict[str, Any] = {"by": word.by, "version": item.version, "key": str(uuid4())}
        signoffs.withdraw(word, because=because, **said, now=now - timedelta(hours=3))


def _overridden(people: People, now: datetime) -> None:
    launch, at = _launch("Marketplace query rewriting"), now - timedelta(hours=28)
    _ask(launch, "Legal wants it out before the sale.", at)
    reason = "1% of traffic, behind the flag, only while somebody watches. The sale starts Friday."
    word = Word(Says.APPROVE_WITH_CONDITIONS, reason, _conditions(launch, at))
    proposal = _say(launch, people[LUCAS], word, at + timedelta(hours=1))
    at += timedelta(hours=2)
    said: dict[str, Any] = {"by": people[AMARA], "key": str(uuid4()), "now": at}
    decisions.confirm(proposal, seal=_seal(launch, at), **said)


def _waiting_for_amara(people: People, now: datetime) -> None:
    """One that Lucas approved already, and an override that he proposed."""
    launch, at = _launch("Catalog auto-tagging"), now - timedelta(hours=7)
    _ask(launch, "Batch only, and the old tags stay for a week.", at)
    _say(launch, people[LUCAS], _word(launch, at), at + timedelta(hours=2))
    launch, at = _launch("Ads ranking v14"), now - timedelta(hours=6)
    _ask(launch, "The rehearsal is booked for Thursday.", at)
    reason = "The rehearsal is on Thursday, before any traffic."
    _say(launch, people[LUCAS], Word(Says.APPROVE, reason), at + timedelta(hours=2))


def _launch(name: str) -> Launch:
    return Launch.objects.select_related("lead").get(name=name)


def _ask(launch: Launch, note: str, at: datetime) -> Decision:
    launch = Launch.objects.select_related("lead").get(pk=launch.pk)
    said: dict[str, Any] = {
        "by": launch.lead,
        "edition": launch.edition,
        "key": str(uuid4()),
        "now": at,
    }
    return decisions.ask(launch, note=note, **said)


def _both_approve(launch: Launch, people: People, at: datetime) -> None:
    for place, name in enumerate((AMARA, LUCAS)):
        _say(launch, people[name], _word(launch, at), at + timedelta(minutes=20 * place))


def _word(launch: Launch, at: datetime) -> Word:
    """What follows the verdict."""
    verdict = board_of(Launch.objects.get(pk=launch.pk), at).verdict
    if verdict.outcome == "go":
        return Word(Says.APPROVE)
    return Word(Says.APPROVE_WITH_CONDITIONS, "", _conditions(launch, at))


def _conditions(launch: Launch, at: datetime) -> tuple[Condition, ...]:
    today = launch.day_at(at)
    return (
        Condition(
            "Somebody watches the launch board for 72 hours",
            launch.lead,
            max(launch.launch_on, today) + timedelta(days=3),
            "extra_monitoring",
        ),
        Condition(
            "One switch back to the version before, tried once",
            launch.lead,
            today,
            "quick_rollback_plan",
        ),
    )


def _say(launch: Launch, by: User, word: Word, at: datetime) -> DecisionSignature:
    said: dict[str, Any] = {"by": by, "key": str(uuid4()), "now": at}
    return decisions.decide(launch, word, seal=_seal(launch, at), **said)


def _seal(launch: Launch, at: datetime) -> str:
    launch = Launch.objects.get(pk=launch.pk)
    return seal_of(launch, board_of(launch, at).verdict)


def _words_of(launch: Launch) -> list:
    items = launch.items.filter(blocker="no", signoffs__withdrawn_at=None, signoffs__isnull=False)
    words = [item.signoffs.standing().select_related("item", "by")[0] for item in items]
    return sorted(words, key=lambda word: word.item.position)
