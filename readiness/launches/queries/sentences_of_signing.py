"""What happens to sign-offs and to what they stand on, as sentences."""

from readiness.launches.policies.signing import spoken
from readiness.launches.queries.pinned import Pinned
from readiness.launches.queries.sentence import Payload, Sentence, for_absent


def config_declared(said: Payload, content: Pinned | None) -> Sentence:
    was = f", was {said['was']}" if said["was"] else ""
    return Sentence(
        f"declared the {spoken(said['what'])} {said['value']}",
        change=f"{spoken(said['what']).capitalize()} {said['value']}{was}" if was else "",
        icon="hash",
    )


def glass_broken(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(
        "broke the glass and signed alone:",
        then=for_absent(said),
        quote=said["note"],
        icon="triangle-alert",
        tone="red",
        is_about_item=True,
    )


def glass_confirmed(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(
        f"confirmed that {said['signed_by']} broke the glass for",
        then=for_absent(said),
        quote=said["note"],
        icon="triangle-alert",
        tone="red",
        is_about_item=True,
    )


def item_reaffirmed(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(
        "re-affirmed",
        then=for_absent(said, f"for {said['candidate']}" if said["candidate"] else ""),
        quote=said["note"],
        icon="check",
        tone="green",
        is_about_item=True,
    )


def signer_added(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(
        f"let {said['person']} sign for the duty {spoken(said['duty'])}", icon="user-plus"
    )


def signer_removed(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(
        f"no longer lets {said['person']} sign for the duty {spoken(said['duty'])}", icon="undo-2"
    )
