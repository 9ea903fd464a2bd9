"""What was asked, decided, taken back and done about a GO, as sentences."""

from collections.abc import Callable

from readiness.audit.kinds import Kind
from readiness.launches.models.decisions import Outcome, Says
from readiness.launches.queries.pinned import Pinned
from readiness.launches.queries.sentence import Payload, Sentence

SAID = {
    Says.APPROVE.value: ("approved the launch", "green"),
    Says.APPROVE_WITH_CONDITIONS.value: ("approved the launch with conditions", "amber"),
    Says.SEND_BACK.value: ("sent the launch back", "red"),
    Says.CONFIRM.value: ("confirmed the override", "amber"),
}
TAKEN = {
    Outcome.GO.value: ("Approved", "green"),
    Outcome.CONDITIONAL_GO.value: ("Approved with conditions", "amber"),
    Outcome.NO_GO.value: ("Sent back", "red"),
}


def decision_asked(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence("asked for a decision", quote=said["because"], icon="pen-line", tone="violet")


def decision_unasked(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence("asks for no decision any more", icon="undo-2")


def decision_signed(said: Payload, content: Pinned | None) -> Sentence:
    did, tone = SAID[said["says"]]
    if said["against"]:
        did, tone = "proposed to approve the launch against the verdict", "amber"
    return Sentence(did, quote=said["because"], icon="pen-line", tone=tone)


def decision_unsigned(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(
        "took their word on the launch back", quote=said["because"], icon="undo-2", tone="red"
    )


def decision_taken(said: Payload, content: Pinned | None) -> Sentence:
    """The last word that was needed: what it made of the launch."""
    title, tone = TAKEN[said["outcome"]]
    how = ", an override" if said["against"] else ""
    at = f", at {said['shown']}" if said["shown"] else ""
    return Sentence(
        f"completed decision {said['decision']}: {title.lower()}{how}{at}", icon="scale", tone=tone
    )


def decision_voided(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(
        f"ended the GO of decision {said['decision']}",
        quote=said["because"],
        icon="triangle-alert",
        tone="red",
    )


def action_item_done(said: Payload, content: Pinned | None) -> Sentence:
    is_follow_up = "item" in said
    asked = "the follow-up of" if is_follow_up else f"as decision {said['decision']} asked"
    return Sentence(
        f"did “{said['text']}”, {asked}",
        quote=said["note"],
        icon="check",
        tone="green",
        is_about_item=is_follow_up,
    )


SENTENCES: dict[Kind, Callable[[Payload, Pinned | None], Sentence]] = {
    Kind.ACTION_ITEM_DONE: action_item_done,
    Kind.DECISION_ASKED: decision_asked,
    Kind.DECISION_SIGNED: decision_signed,
    Kind.DECISION_TAKEN: decision_taken,
    Kind.DECISION_UNASKED: decision_unasked,
    Kind.DECISION_UNSIGNED: decision_unsigned,
    Kind.DECISION_VOIDED: decision_voided,
}
