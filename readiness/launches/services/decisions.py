"""Asking for a decision, deciding, confirming an override, and taking one's word back."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.audit.kinds import Kind
from readiness.audit.services import once, record
from readiness.launches import policies
from readiness.launches.models import ActionItem, Decision, DecisionSignature, Launch
from readiness.launches.models.decisions import Outcome, Says
from readiness.launches.models.launches import Stage
from readiness.launches.policies import deciding, talking
from readiness.launches.queries.board import board_of
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.record import hash_of, record_of
from readiness.launches.queries.seats import (
    counting,
    open_round,
    quorum_of,
    seal_of,
    seats_of,
)
from readiness.launches.queries.threads import open_threads
from readiness.launches.services.judging import Judged, judge
from readiness.launches.services.taking import take_at_edition, take_launch
from readiness.launches.services.voiding import close, void
from readiness.web.refusal import NotPermitted, refuse_if

MEANINGS = {
    Says.APPROVE: "I approve this launch, on the verdict recorded here.",
    Says.APPROVE_WITH_CONDITIONS: "I approve this launch under the conditions recorded here, "
    "on the verdict recorded here.",
    Says.SEND_BACK: "I send this launch back, for the reason recorded here.",
    Says.CONFIRM: "I confirm this override, exactly as it was proposed.",
}
PROPOSES = "I propose to approve this launch against the verdict recorded here: {}"


@dataclass(frozen=True, slots=True)
class Condition:
    """What an approval asks for: of whom, and until when."""

    text: str
    owner: User
    due_on: date
    need: str = ""

    def as_kept(self) -> dict[str, object]:
        return {
            "need": self.need,
            "text": self.text,
            "owner": self.owner.pk,
            "owner_name": self.owner.name,
            "due_on": self.due_on.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Word:
    """What an approver says, and why."""

    says: Says
    reason: str = ""
    conditions: tuple[Condition, ...] = ()

    @property
    def kept(self) -> list[dict[str, object]]:
        return [one.as_kept() for one in self.conditions]

    @property
    def body(self) -> str:
        return f"{self.says} {self.reason} {self.kept}"


@dataclass(frozen=True, slots=True)
class Sitting:
    """A launch that is being decided on: locked, judged, with who has a seat."""

    launch: Launch
    decision: Decision
    judged: Judged
    seats: list[User]
    seal: str

    def standing(self) -> list[DecisionSignature]:
        return list(self.decision.signatures.standing())


@transaction.atomic
def ask(launch: Launch, *, note: str, by: User, edition: int, key: str, now: datetime) -> Decision:
    """Ask the approvers of a launch for a decision: it is in review from now on."""
    body = f"ask for a decision {note}"
    launch = take_at_edition(launch, by=by, edition=edition, key=key, body=body, now=now)
    refuse_if("This is asked for already." if open_round(launch) else "")
    refuse_if(deciding.asking(launch, seats_of(launch, by.pk)))
    judge(launch, now=now, by=None)
    last = launch.decisions.aggregate(last=Max("number"))["last"] or 0
    decision = Decision.objects.create(
        team_id=launch.team_id,
        launch=launch,
        number=last + 1,
        asked_by=by,
        asked_name=by.name,
        asked_at=now,
        asked_shown=launch.shown,
        note=note,
    )
    _move(launch, Stage.IN_REVIEW)
    _record(Kind.DECISION_ASKED, decision, launch, by=by, now=now, because=note)
    return decision


@transaction.atomic
def take_question_back(launch: Launch, *, by: User, edition: int, key: str, now: datetime) -> None:
    """Ask for no decision any more: the launch goes back to preparing."""
    body = "take the question back"
    launch = take_at_edition(launch, by=by, edition=edition, key=key, body=body, now=now)
    decision = open_round(launch)
    refuse_if(deciding.taking_the_question_back(decision))
    if decision:
        close(decision, launch, by=by, now=now)
        _move(launch, Stage.PREPARING)


@transaction.atomic
def decide(
    launch: Launch, word: Word, *, seal: str, by: User, key: str, now: datetime
) -> DecisionSignature:
    """Give one's word on the verdict that `seal` stands for; the last that is needed decides.

    What goes against the verdict or a hold is proposed by it, and waits for a second person.
    One sending back ends the round. Raises Refused, also when anything that matters is another
    than on the page, or AlreadyDone.
    """
    sitting = _sit(launch.pk, by=by, key=key, body=f"{seal} {word.body}", now=now)
    refuse_if("" if sitting.seal == seal else deciding.CHANGED)
    against = _checked(sitting, word, now)
    signature = _sign(sitting, word, by=by, now=now, against=against)
    if word.says is Says.SEND_BACK:
        _send_back(sitting, signature, now=now)
    elif not against:
        approvals = counting(sitting.standing(), sitting.seats, sitting.seal)
        if len(approvals) >= quorum_of(sitting.launch, sitting.seats):
            _approve(sitting, approvals, by=by, now=now)
    return signature


@transaction.atomic
def confirm(
    proposal: DecisionSignature, *, seal: str, by: User, key: str, now: datetime
) -> DecisionSignature:
    """Confirm, as a second person, exactly the override that another approver proposed."""
    pk = proposal.decision.launch_id
    sitting = _sit(pk, by=by, key=key, body=f"confirm {proposal.pk} {seal}", now=now)
    refuse_if("" if sitting.seal == seal else deciding.CHANGED)
    found = sitting.decision.signatures.filter(pk=proposal.pk).first()
    refuse_if("" if found else deciding.TAKEN_BACK)
    proposal = found or proposal
    refuse_if(deciding.confirming(proposal, by, seal=sitting.seal))
    refuse_if("" if proposal.by in sitting.seats else "Who proposed this decides here no more.")
    signature = _sign(sitting, Word(Says.CONFIRM), by=by, now=now, proposal=proposal)
    _approve(sitting, [proposal, signature], by=by, now=now)
    return signature


@transaction.atomic
def take_back(
    signature: DecisionSignature, *, because: str, by: User, key: str, now: datetime
) -> Decision:
    """Take one's own word back; a GO that rested on it is void in the same transaction."""
    launch = _taken(
        signature.decision.launch_id, by=by, key=key, body=f"back {signature.pk}", now=now
    )
    signature = DecisionSignature.objects.select_related("decision").get(pk=signature.pk)
    refuse_if(deciding.taking_back(signature, launch, by))
    decision = signature.decision
    _withdraw(signature, because=because, now=now)
    _record(Kind.DECISION_UNSIGNED, decision, launch, by=by, now=now, because=because)
    if decision.is_go:
        said = f"{signature.printed_name} took their word back{f': {because}' if because else '.'}"
        void(decision, launch, because=said, to=Stage.PREPARING, by=by, now=now)
    return decision


def _taken(pk: int, *, by: User, key: str, body: str, now: datetime) -> Launch:
    """The launch, locked, if this person may decide at all."""
    launch = take_launch(pk)
    once(key, by=by, body=f"decision {pk} {body}", at=now)
    launch.subject.refresh_from_db()
    rows = Launch.objects.with_permission(by, Action.LAUNCH_DECIDE)
    if not rows.filter(pk=pk, is_permitted=True).exists():  # type: ignore[misc]
        raise NotPermitted(policies.NO_LONGER)
    return launch


def _sit(pk: int, *, by: User, key: str, body: str, now: datetime) -> Sitting:
    """The round that is open on a launch, judged as of now, if this person has a seat in it."""
    launch = _taken(pk, by=by, key=key, body=body, now=now)
    decision = open_round(launch)
    seats = seats_of(launch, decision.asked_by_id if decision else None)
    refuse_if(deciding.taking_part(launch, decision, by, seats))
    judged = judge(launch, now=now, by=None)
    return Sitting(launch, decision, judged, seats, seal_of(launch, judged.verdict))  # type: ignore[arg-type]


def _checked(sitting: Sitting, word: Word, now: datetime) -> str:
    """Refuse a word that says too little; say what it goes against."""
    if word.says is Says.SEND_BACK:
        refuse_if("" if word.reason.strip() else "Say what must change.")
        return ""
    launch, verdict = sitting.launch, sitting.judged.verdict
    scheme = pinned(launch.version_id).scheme
    if word.says is Says.APPROVE_WITH_CONDITIONS:
        needs = {one.need for one in word.conditions}
        refuse_if(deciding.conditions(verdict, scheme, needs, count=len(word.conditions)))
        for condition in word.conditions:
            refuse_if(policies.owning(launch, condition.owner))
            is_past = condition.due_on < launch.day_at(now)
            refuse_if("A condition cannot have been due before today." if is_past else "")
    against = deciding.against(verdict, scheme, word.says)
    if against:
        refuse_if("" if word.reason.strip() else "Say why you go against the verdict.")
        refuse_if(deciding.overriding(sitting.seats))
    return against


def _sign(
    sitting: Sitting,
    word: Word,
    *,
    by: User,
    now: datetime,
    against: str = "",
    proposal: DecisionSignature | None = None,
) -> DecisionSignature:
    """Write a signature down; the person's own that stood till now makes way."""
    standing = sitting.decision.signatures.standing().filter(by=by).first()
    if standing:
        refuse_if(deciding.signing(standing, word.says, seal=sitting.seal))
        _withdraw(standing, because="Signed again.", now=now)
    verdict, has_conditions = sitting.judged.verdict, word.says is Says.APPROVE_WITH_CONDITIONS
    signature = DecisionSignature.objects.create(
        team_id=sitting.launch.team_id,
        decision=sitting.decision,
        by=by,
        printed_name=by.name,
        meaning=PROPOSES.format(against) if against else MEANINGS[word.says],
        at=now,
        says=word.says.value,
        reason=word.reason.strip(),
        against=against,
        conditions=word.kept if has_conditions else [],
        seal=sitting.seal,
        shown=f"{verdict.band.title}, {verdict.shown}" if verdict.band else "Nothing to assess",
        asked_by_id=sitting.decision.asked_by_id,
        confirms=proposal,
        proposed_by_id=proposal.by_id if proposal else None,
    )
    _record(
        Kind.DECISION_SIGNED,
        sitting.decision,
        sitting.launch,
        by=by,
        now=now,
        says=word.says.value,
        against=against,
        because=signature.reason,
    )
    return signature


def _approve(
    sitting: Sitting, signatures: list[DecisionSignature], *, by: User, now: datetime
) -> None:
    """The GO stands: recorded, with its conditions owed, and the launch approved."""
    refuse_if(talking.going(sitting.launch, open_threads(sitting.launch)))
    kept: dict[tuple, dict] = {}
    for one in signatures:
        kept |= {tuple(sorted(said.items())): said for said in one.conditions}
    conditions = list(kept.values())
    decision, launch = sitting.decision, sitting.launch
    _conclude(
        sitting,
        Outcome.CONDITIONAL_GO if conditions else Outcome.GO,
        signatures,
        conditions=conditions,
        by=by,
        now=now,
    )
    ActionItem.objects.bulk_create(
        ActionItem(
            team_id=launch.team_id,
            launch=launch,
            decision=decision,
            need=one["need"],
            text=one["text"],
            owner_id=one["owner"],
            due_on=date.fromisoformat(one["due_on"]),
        )
        for one in conditions
    )
    launch.decision = decision
    _move(launch, Stage.APPROVED)


def _send_back(sitting: Sitting, signature: DecisionSignature, *, now: datetime) -> None:
    signatures = sitting.standing()
    _conclude(sitting, Outcome.NO_GO, signatures, conditions=[], by=signature.by, now=now)
    _move(sitting.launch, Stage.PREPARING)


def _conclude(
    sitting: Sitting,
    outcome: Outcome,
    signatures: list[DecisionSignature],
    *,
    conditions: list[dict],
    by: User,
    now: datetime,
) -> None:
    """Fill in what was decided, on what, and the record of all that was seen."""
    decision, launch, verdict = sitting.decision, sitting.launch, sitting.judged.verdict
    decision.outcome, decision.decided_at = outcome.value, now
    decision.against = next((one.against for one in signatures if one.against), "")
    if outcome is Outcome.NO_GO:
        decision.against = ""
    decision.verdict, decision.shown = verdict.key, verdict.shown
    decision.holds = list(verdict.holds)
    decision.candidate_id, decision.version_id = launch.candidate_id, launch.version_id
    decision.snapshot = launch.snapshots.order_by("-at", "-pk").first()
    judged = sitting.judged
    board = board_of(launch, judged.now, judged.facts, verdict)
    decision.record = record_of(
        decision, launch, board, signatures, conditions, seats=sitting.seats
    )
    decision.record_hash = hash_of(decision.record)
    decision.save(
        update_fields=[
            "outcome", "decided_at", "against", "verdict", "shown", "holds", "candidate",
            "version", "snapshot", "record", "record_hash",
        ]
    )  # fmt: skip
    _record(
        Kind.DECISION_TAKEN,
        decision,
        launch,
        by=by,
        now=now,
        outcome=outcome.value,
        against=decision.against,
        verdict=verdict.key,
        shown=verdict.shown,
        record=decision.record_hash,
    )


def _withdraw(signature: DecisionSignature, *, because: str, now: datetime) -> None:
    signature.withdrawn_at, signature.withdrawn_because = now, because
    signature.save(update_fields=["withdrawn_at", "withdrawn_because"])


def _move(launch: Launch, to: Stage) -> None:
    launch.stage = to.value
    launch.edition += 1
    launch.save(update_fields=["stage", "edition", "decision"])


def _record(
    kind: Kind, decision: Decision, launch: Launch, *, by: User, now: datetime, **said: Any
) -> None:
    record(
        kind,
        subject=launch.subject,
        team=launch.team_id,
        by=by,
        at=now,
        decision=decision.number,
        **said,
    )
