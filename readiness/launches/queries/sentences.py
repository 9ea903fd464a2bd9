"""Every kind of event as a sentence: one function each, in the words of the product."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from readiness.audit.kinds import Kind
from readiness.launches.models import Act, Progress
from readiness.launches.models.launches import Stage
from readiness.launches.queries import (
    decision_sentences,
    fact_sentences,
    people_sentences,
    proof_sentences,
    sentences_of_reviews,
)
from readiness.launches.queries.pinned import Pinned
from readiness.launches.queries.rows import weekday
from readiness.launches.queries.sentence import Payload, Sentence, for_absent, was_before
from readiness.launches.queries.sentences_of_exemptions import (
    exemption_confirmed,
    exemption_declined,
    exemption_proposed,
    exemption_withdrawn,
)
from readiness.launches.queries.sentences_of_signing import (
    config_declared,
    glass_broken,
    glass_confirmed,
    item_reaffirmed,
    signer_added,
    signer_removed,
)
from readiness.launches.queries.together import count_of, outcome_of
from readiness.rules.scheme import NOT_ASSESSABLE
from readiness.web.locales import number

MOVED = {
    Stage.PREPARING.value: "took the launch back to preparing",
    Stage.IN_REVIEW.value: "put the launch in review",
    Stage.ON_HOLD.value: "put the launch on hold",
    Stage.CANCELLED.value: "cancelled the launch",
    Stage.ARCHIVED.value: "archived the launch",
}
STOPS = (Stage.ON_HOLD.value, Stage.CANCELLED.value, Stage.ARCHIVED.value)
FIELDS = {
    "name": "the name",
    "model": "the model",
    "purpose": "the purpose",
    "zone": "the time zone",
    "launch_at": "the launch date",
    "lead": "the lead",
    "quorum": "how many must approve",
    "open_threads": "whether open threads refuse a GO",
}
SHORT = {"name", "model", "purpose", "zone", "lead"}
LONGEST = 120  # letters of a text that was changed


def badge_made(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence("made a link to the badge", icon="link")


def badge_revoked(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence("revoked the link to the badge", icon="link")


def checklist_published(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(f"published the checklist {said['title']} {said['version']}", icon="layers")


def candidate_proposed(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(f"proposed the candidate {said['candidate']}", icon="hash")


def duty_given(said: Payload, content: Pinned | None) -> Sentence:
    count = len(said["items"])
    items = f" and {count} item{'' if count == 1 else 's'}" if count else ""
    duty = said["duty"].replace("_", " ")
    return Sentence(f"gave the duty {duty}{items} to {said['to'] or 'nobody'}", icon="user-plus")


def event_redacted(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(
        "redacted what was said about" if said.get("key") else "redacted what was said",
        quote=said["because"],
        icon="lock",
        tone="amber",
        is_about_item="key" in said,
    )


def facets_answered(said: Payload, content: Pinned | None) -> Sentence:
    count = len(said["items"])
    then = f", which changed {count} item{'' if count == 1 else 's'}" if count else ""
    return Sentence(f"answered the questions about the launch{then}", icon="circle-question-mark")


def item_assigned(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(
        "handed over" if said["owner"] else "left without an owner:",
        then=f"to {said['owner']}" if said["owner"] else "",
        change=was_before("Owner ", said["owner"], said.get("was"), nothing="nobody"),
        icon="user-plus",
        is_about_item=True,
    )


def item_due_set(said: Payload, content: Pinned | None) -> Sentence:
    due = _weekday(said["due"])
    was = _weekday(said["was"]) if "was" in said else None
    return Sentence(
        "set a date for" if due else "took the date off",
        then=f"to {due}" if due else "",
        change=was_before("Due ", due, was, nothing="no day"),
        icon="calendar",
        is_about_item=True,
    )


def item_progressed(said: Payload, content: Pinned | None) -> Sentence:
    word = said["to"].replace("_", " ")
    is_blocked = said["to"] == Progress.BLOCKED.value
    before = said.get("was", "").replace("_", " ").capitalize()
    return Sentence(
        f"marked as {word}:",
        quote=said.get("because", ""),
        change=was_before("", word.capitalize(), before),
        look=said["to"],
        icon="ban" if is_blocked else "pencil",
        tone="red" if is_blocked else "",
        is_about_item=True,
    )


def item_signed_off(said: Payload, content: Pinned | None) -> Sentence:
    answer = content.answers.get(said["answer"]) if content else None
    did = "checked"
    if answer is not None and answer.credit < 1:
        did = f"answered “{answer.title}” to"
    then, quote = for_absent(said), said["note"]
    return Sentence(did, then, quote, icon="check", tone="green", is_about_item=True)


def items_changed_together(said: Payload, content: Pinned | None) -> Sentence:
    items = count_of(len(said["done"]))
    refused = f" and {len(said['refused'])} not" if said["refused"] else ""
    if "undoes" in said:
        return Sentence(f"took back a change of {items}{refused}", icon="undo-2", tone="amber")
    did, icon, tone = {
        Act.DONE: (f"checked {items} together", "check", "green"),
        Act.REAFFIRM: (f"re-affirmed {items} together", "check", "green"),
        Act.EVIDENCE: (f"added evidence to {items} together", "paperclip", ""),
    }.get(Act(said["act"]), (f"changed {items} together: {outcome_of(said)}", "pencil", ""))
    return Sentence(did + refused, icon=icon, tone=tone)


def launch_edited(said: Payload, content: Pinned | None) -> Sentence:
    names = [FIELDS.get(name, name) for name in said["changes"]]
    changed = ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else names[0]
    return Sentence(f"changed {changed}", change=_changes(said["changes"]), icon="pencil")


def launch_moved(said: Payload, content: Pinned | None) -> Sentence:
    did = MOVED.get(said["to"], "moved the launch")
    if said["was"] in (Stage.CANCELLED.value, Stage.ARCHIVED.value) and said["to"] not in STOPS:
        did = "took the launch up again"
    tone = "amber" if said["to"] in STOPS else "blue"
    return Sentence(did, quote=said["because"], icon="rocket", tone=tone)


def launch_opened(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(
        f"opened the launch of {said['candidate']} on {said['checklist']}",
        icon="rocket",
        tone="blue",
    )


def launch_rescheduled(said: Payload, content: Pinned | None) -> Sentence:
    was, becomes = (weekday(datetime.fromisoformat(at)) for at in said["changes"]["launch_at"])
    return Sentence(
        f"moved the launch from {was} to {becomes}",
        quote=said.get("because", ""),
        icon="calendar",
        tone="amber",
    )


def launch_took_over(said: Payload, content: Pinned | None) -> Sentence:
    counts = [
        f"{len(said[what])} {word}{'' if len(said[what]) == 1 else 's'}"
        for what, word in (("owners", "owner"), ("links", "item with evidence"))
        if said[what]
    ]
    if len(said["links"]) > 1:
        counts[-1] = f"evidence of {len(said['links'])} items"
    took = f", with {' and '.join(counts)}" if counts else ""
    return Sentence(f"made this launch from {said['name']}{took}", icon="copy")


def signoff_withdrawn(said: Payload, content: Pinned | None) -> Sentence:
    is_own = said.get("own", False)  # older events do not say
    return Sentence(
        "took back their check of" if is_own else "took back the check of",
        then="" if is_own else f"that {said['signed_by']} had made",
        quote=said["because"],
        icon="undo-2",
        tone="red",
        is_about_item=True,
    )


def verdict_changed(said: Payload, content: Pinned | None) -> Sentence:
    """Stands by itself where nobody did it: else it is the effect of what somebody did."""
    return Sentence(f"moved the {effect_of(said, content)}", icon="scale", tone="amber")


SENTENCES: dict[Kind, Callable[[Payload, Pinned | None], Sentence]] = {
    **decision_sentences.SENTENCES,
    **fact_sentences.SENTENCES,
    **people_sentences.SENTENCES,
    **proof_sentences.SENTENCES,
    **sentences_of_reviews.SENTENCES,
    Kind.BADGE_MADE: badge_made,
    Kind.BADGE_REVOKED: badge_revoked,
    Kind.CHECKLIST_PUBLISHED: checklist_published,
    Kind.CANDIDATE_PROPOSED: candidate_proposed,
    Kind.CONFIG_DECLARED: config_declared,
    Kind.DUTY_GIVEN: duty_given,
    Kind.EVENT_REDACTED: event_redacted,
    Kind.EXEMPTION_CONFIRMED: exemption_confirmed,
    Kind.EXEMPTION_DECLINED: exemption_declined,
    Kind.EXEMPTION_PROPOSED: exemption_proposed,
    Kind.EXEMPTION_WITHDRAWN: exemption_withdrawn,
    Kind.FACETS_ANSWERED: facets_answered,
    Kind.GLASS_BROKEN: glass_broken,
    Kind.GLASS_CONFIRMED: glass_confirmed,
    Kind.ITEM_ASSIGNED: item_assigned,
    Kind.ITEM_DUE_SET: item_due_set,
    Kind.ITEM_PROGRESSED: item_progressed,
    Kind.ITEM_REAFFIRMED: item_reaffirmed,
    Kind.ITEM_SIGNED_OFF: item_signed_off,
    Kind.ITEMS_CHANGED_TOGETHER: items_changed_together,
    Kind.LAUNCH_EDITED: launch_edited,
    Kind.LAUNCH_MOVED: launch_moved,
    Kind.LAUNCH_OPENED: launch_opened,
    Kind.LAUNCH_RESCHEDULED: launch_rescheduled,
    Kind.LAUNCH_TOOK_OVER: launch_took_over,
    Kind.SIGNER_ADDED: signer_added,
    Kind.SIGNER_REMOVED: signer_removed,
    Kind.SIGNOFF_WITHDRAWN: signoff_withdrawn,
    Kind.VERDICT_CHANGED: verdict_changed,
}


def effect_of(said: Payload, content: Pinned | None) -> str:
    """What became of the verdict: "verdict from Delay to Extra monitoring, 82.1%"."""
    was, becomes = (_title(said[name], content) for name in ("was", "becomes"))
    held = f", held by {len(said['holds'])} must-have" if said["holds"] else ""
    held += "s" if len(said["holds"]) > 1 else ""
    at = f", {number(said['shown'])}" if said["shown"] else ""
    if was == becomes:
        return f"verdict: still {becomes}{at}{held or ', no longer held'}"
    return f"verdict from {was} to {becomes}{at}{held}"


def _weekday(day: str) -> str:
    """A day as it stands in an event, as people say it."""
    return weekday(date.fromisoformat(day)) if day else ""


def _changes(changes: Mapping[str, Sequence[object]]) -> str:
    """The words that changed, now and before, as far as they are words: people are ids there."""
    said = [
        f"{name.capitalize()} “{_short(becomes)}”, was “{_short(was)}”"
        for name, (was, becomes) in changes.items()
        if name in SHORT and isinstance(was, str) and isinstance(becomes, str) and (was or becomes)
    ]
    return "; ".join(said)


def _short(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1].rstrip()}…"


def _title(key: str, content: Pinned | None) -> str:
    if key == NOT_ASSESSABLE or content is None:
        return "Not assessable"
    return next((band.title for band in content.scheme.bands if band.key == key), key)
