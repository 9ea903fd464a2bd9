"""What happens to waivers and to what does not apply, as sentences."""

from datetime import date

from readiness.launches.queries.pinned import Pinned
from readiness.launches.queries.sentence import Payload, Sentence, for_absent
from readiness.web import locales

WAIVER = "waiver"


def exemption_proposed(said: Payload, content: Pinned | None) -> Sentence:
    is_longer = bool(said.get("extends"))
    if said.get("exempts") == WAIVER:
        did = "asked for a longer waiver of" if is_longer else "asked for a waiver of"
    else:
        did = "proposed as not applicable:"
    return _sentence(did, said, then=_until(said))


def exemption_confirmed(said: Payload, content: Pinned | None) -> Sentence:
    did = "waived" if said.get("exempts") == WAIVER else "agreed that this does not apply:"
    asked = f"as {said['asked_by']} asked" if said.get("asked_by") else ""
    then = ", ".join(words for words in (_until(said), asked) if words)
    return _sentence(did, said, then=for_absent(said, then))


def exemption_declined(said: Payload, content: Pinned | None) -> Sentence:
    if said.get("exempts") == WAIVER:
        did = "no longer agrees to the waiver of" if said.get("stood") else "declined a waiver of"
    else:
        did = "no longer agrees" if said.get("stood") else "did not agree"
        did += " that this does not apply:"
    return _sentence(did, said, then=for_absent(said), tone="red")


def exemption_withdrawn(said: Payload, content: Pinned | None) -> Sentence:
    what = "the waiver of" if said.get("exempts") == WAIVER else "that this does not apply:"
    return _sentence(f"took back {what}", said, icon="undo-2")


def _sentence(
    did: str, said: Payload, *, then: str = "", icon: str = "scale", tone: str = ""
) -> Sentence:
    reason, control = said.get("reason", ""), said.get("control", "")
    quote = f"{reason} Instead: {control}" if control else reason
    return Sentence(did, then=then, quote=quote, icon=icon, tone=tone, is_about_item=True)


def _until(said: Payload) -> str:
    """Until when, as the event says it: the last day of which something is left."""
    if not said.get("until"):
        return ""
    return f"until {locales.current().dated(date.fromisoformat(said['until']))}"
