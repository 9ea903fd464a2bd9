"""How the page of a decision says who said what, what may be said, and what was before."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from readiness.accounts.models import User
from readiness.launches.models import Decision, DecisionSignature, Launch
from readiness.launches.models.decisions import Outcome, Says
from readiness.launches.policies import deciding
from readiness.launches.queries.faces import Face, face_of
from readiness.launches.queries.seats import is_counting
from readiness.rules.scheme import Scheme
from readiness.rules.verdict import Verdict
from readiness.web import locales

# What a conditional GO starts from, by what the checklist asks for: the words, and until when
# after the launch.
PROPOSALS = {
    "extra_monitoring": (
        "Somebody watches the launch board for 72 hours",
        timedelta(days=3),
    ),
    "quick_rollback_plan": (
        "One switch back to the version before, tried once",
        timedelta(),
    ),
}
TITLES = {
    Outcome.GO.value: "Approved",
    Outcome.CONDITIONAL_GO.value: "Approved with conditions",
    Outcome.NO_GO.value: "Sent back",
    Outcome.WITHDRAWN.value: "Taken back without a decision",
}
TONES = {
    Outcome.GO.value: "green",
    Outcome.CONDITIONAL_GO.value: "amber",
    Outcome.NO_GO.value: "red",
}
ICONS = {Outcome.NO_GO.value: "undo-2", Outcome.WITHDRAWN.value: "undo-2"}


class Option(NamedTuple):
    """One thing an approver may say, and what it means on this verdict."""

    value: str
    title: str
    hint: str
    tone: str
    is_default: bool


class Seat(NamedTuple):
    """One approver, and where their word stands."""

    face: Face
    name: str
    detail: str
    word: str
    tone: str
    icon: str


class Before(NamedTuple):
    """One thing that happened in deciding on this launch."""

    icon: str
    tone: str
    title: str
    quote: str
    at: str
    moment: str
    url: str


def options_of(verdict: Verdict, scheme: Scheme) -> Iterable[Option]:
    """What follows the verdict comes first; what goes against it says so."""
    plain = deciding.against(verdict, scheme, Says.APPROVE)
    conditional = deciding.against(verdict, scheme, Says.APPROVE_WITH_CONDITIONS)
    follows_plainly, is_go = not plain, not conditional
    second = "Against the verdict: needs a reason, and a second approver who confirms"
    further = "Goes further than the verdict: needs a reason, and a second approver who confirms"
    approve = Option(
        Says.APPROVE.value,
        "Approve",
        "Follows the verdict" if follows_plainly else further if is_go else second,
        "green",
        follows_plainly,
    )
    with_conditions = Option(
        Says.APPROVE_WITH_CONDITIONS.value,
        "Approve with conditions",
        second if not is_go else "Asks for more" if follows_plainly else "Follows the verdict",
        "amber",
        is_go and not follows_plainly,
    )
    send_back = Option(
        Says.SEND_BACK.value,
        "Send back",
        "Say what must change" if is_go else "Follows the verdict: say what must change",
        "red",
        not is_go,
    )
    first = [approve, with_conditions] if follows_plainly else [with_conditions, approve]
    return [*first, send_back] if is_go else [send_back, *first]


def seats_of(
    approvers: Iterable[User],
    seated: Collection[User],
    signatures: Sequence[DecisionSignature],
    seal: str,
    reader: User,
    asked: Decision | None,
) -> tuple[Seat, ...]:
    """Every approver of the launch, with what they said in this round."""
    by_person = {one.by_id: one for one in signatures}
    return tuple(
        _seat(one, by_person.get(one.pk), one in seated, seal, reader, asked) for one in approvers
    )


def _seat(
    person: User,
    signature: DecisionSignature | None,
    is_seated: bool,  # noqa: FBT001
    seal: str,
    reader: User,
    asked: Decision | None,
) -> Seat:
    face = face_of(person.name, person.email)
    if signature is None:
        word = "You" if person.pk == reader.pk else "Waits" if asked else ""
        detail = "" if is_seated else "Decides here no more"
        if asked and person.pk == asked.asked_by_id:
            detail = "Asked, so does not decide"
        return Seat(face, person.name, detail, word if is_seated else "", "", "")
    at = when(signature.at, reader)
    saw = f"{at}, at {signature.shown}" if signature.shown else at
    if asked and signature.seal != seal:
        return Seat(face, person.name, f"{saw}, which changed since", "Lapsed", "", "")
    if signature.says == Says.CONFIRM:
        return Seat(face, person.name, f"The override, {at}", "Confirmed", "amber", "check")
    if signature.against:
        return Seat(face, person.name, f"Proposed it {at}", "Override", "amber", "pen-line")
    if signature.says == Says.SEND_BACK:
        return Seat(face, person.name, at, "Sent back", "red", "undo-2")
    if signature.says == Says.APPROVE_WITH_CONDITIONS:
        return Seat(face, person.name, at, "With conditions", "amber", "check")
    word = "Approved" if is_counting(signature, signature.seal) else "Took part"
    return Seat(face, person.name, at, word, "green", "check")


def before_of(rounds: Iterable[Decision], launch: Launch) -> Iterable[Before]:
    """What was asked, decided and ended, the latest first."""
    for one in rounds:
        if one.voided_at:
            yield _before(launch, one, "triangle-alert", "red", "The GO ended", one.voided_because)
        if one.outcome:
            yield _decided(launch, one)
        at = f", at {locales.number(one.asked_shown)}" if one.asked_shown else ""
        title = f"{one.asked_name} asked for a decision"
        yield Before(
            "pen-line", "violet", title, one.note, f"{when_in(launch, one.asked_at)}{at}",
            one.asked_at.isoformat(), "",
        )  # fmt: skip


def _before(launch: Launch, one: Decision, icon: str, tone: str, title: str, quote: str) -> Before:
    at = one.voided_at or one.asked_at
    return Before(icon, tone, title, quote, when_in(launch, at), at.isoformat(), "")


def _decided(launch: Launch, one: Decision) -> Before:
    at = one.decided_at or one.asked_at
    signed = [each for each in one.signatures.all() if each.at == one.decided_at]
    by = f" by {signed[-1].printed_name}" if signed and one.outcome == Outcome.NO_GO else ""
    override = ", an override" if one.is_override else ""
    reasons = [each.reason for each in one.signatures.all() if each.reason]
    shown = f", at {locales.number(one.shown)}" if one.shown else ""
    return Before(
        ICONS.get(one.outcome, "check"),
        TONES.get(one.outcome, ""),
        f"{TITLES[one.outcome]}{by}{override}",
        reasons[-1] if reasons else "",
        f"{when_in(launch, at)}{shown}",
        at.isoformat(),
        one.get_absolute_url() if one.outcome != Outcome.WITHDRAWN else "",
    )


def when(at: datetime, reader: User) -> str:
    local = at.astimezone(reader.tzinfo)
    return f"{locales.day(local)}, {local:%H:%M}"


def when_in(launch: Launch, at: datetime) -> str:
    local = at.astimezone(launch.tzinfo)
    return f"{locales.day(local)}, {local:%H:%M}"
