"""Events about evidence and comments as sentences."""

from collections.abc import Callable

from readiness.audit.kinds import Kind
from readiness.launches.queries.pinned import Pinned
from readiness.launches.queries.sentence import Payload, Sentence


def evidence_added(said: Payload, content: Pinned | None) -> Sentence:
    then = "from another launch" if said.get("origin") else ""
    return Sentence(
        "added evidence to", then, quote=said["title"], icon="paperclip", is_about_item=True
    )


def evidence_revised(said: Payload, content: Pinned | None) -> Sentence:
    then = f"(revision {said['number']})"
    return Sentence(
        "revised evidence of", then, quote=said["title"], icon="paperclip", is_about_item=True
    )


def evidence_removed(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(
        "removed evidence from", quote=said["title"], icon="trash-2", is_about_item=True
    )


def comment_written(said: Payload, content: Pinned | None) -> Sentence:
    return _on("answered a comment on" if said.get("parent") else "commented on", said)


def comment_edited(said: Payload, content: Pinned | None) -> Sentence:
    return _on("edited a comment on", said)


def thread_resolved(said: Payload, content: Pinned | None) -> Sentence:
    return _on("resolved a thread on", said)


def thread_reopened(said: Payload, content: Pinned | None) -> Sentence:
    return _on("opened a thread again on", said)


def _on(did: str, said: Payload) -> Sentence:
    """What was said stands where it was said: about an item, or about the launch as a whole."""
    is_about_item = "key" in said
    words = did if is_about_item else f"{did} the launch"
    return Sentence(words, icon="message-square", is_about_item=is_about_item)


SENTENCES: dict[Kind, Callable[[Payload, Pinned | None], Sentence]] = {
    Kind.COMMENT_EDITED: comment_edited,
    Kind.COMMENT_WRITTEN: comment_written,
    Kind.EVIDENCE_ADDED: evidence_added,
    Kind.EVIDENCE_REMOVED: evidence_removed,
    Kind.EVIDENCE_REVISED: evidence_revised,
    Kind.THREAD_REOPENED: thread_reopened,
    Kind.THREAD_RESOLVED: thread_resolved,
}
