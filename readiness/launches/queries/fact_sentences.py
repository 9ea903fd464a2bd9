"""Events about structured facts as sentences."""

from collections.abc import Callable

from readiness.audit.kinds import Kind
from readiness.launches.queries.pinned import Pinned
from readiness.launches.queries.sentence import Payload, Sentence

SEATS = {"owner": "rollback owner", "deputy": "deputy"}


def fact_saved(said: Payload, content: Pinned | None) -> Sentence:
    is_new = said["number"] == 1
    changed = ", ".join(said["changed"])
    return Sentence(
        f"{'filled in' if is_new else 'changed'} the {said['title'].lower()} of",
        change="" if is_new or not changed else f"Changed: {changed}",
        icon="file-text",
        is_about_item=True,
    )


def fact_row_removed(said: Payload, content: Pinned | None) -> Sentence:
    did = f"removed a row from the {said['title'].lower()} of"
    return Sentence(did, icon="trash-2", tone="amber", is_about_item=True)


def duty_accepted(said: Payload, content: Pinned | None) -> Sentence:
    seats = " and ".join(SEATS[seat] for seat in said["seats"])
    did = f"accepted to be {seats} in"
    return Sentence(did, icon="shield-check", tone="green", is_about_item=True)


SENTENCES: dict[Kind, Callable[[Payload, Pinned | None], Sentence]] = {
    Kind.DUTY_ACCEPTED: duty_accepted,
    Kind.FACT_ROW_REMOVED: fact_row_removed,
    Kind.FACT_SAVED: fact_saved,
}
