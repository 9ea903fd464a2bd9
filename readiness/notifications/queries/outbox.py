"""What went out, and what did not: the outbox, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404

from readiness.accounts.models import User
from readiness.notifications.models import Channel, Delivery, Kind, State
from readiness.notifications.policies import marking_returned
from readiness.notifications.queries.returned import Returned, returned_for, standing_for
from readiness.notifications.queries.titles import CHANNELS, TITLES
from readiness.web.templatetags.face import day

PAGE = 50
LOOKS = {
    State.QUEUED.value: ("not_started", "Waiting"),
    State.SENDING.value: ("in_progress", "On its way"),
    State.SENT.value: ("done", "Sent"),
    State.FAILED.value: ("blocked", "Failed"),
    State.UNKNOWN.value: ("disputed", "Unknown"),
    State.SKIPPED.value: ("na", "Skipped"),
}
CAME_BACK = ("blocked", "Came back")
HEAVY = ("text", "html")


@dataclass(frozen=True, slots=True)
class Row:
    """One message as the list shows it."""

    url: str
    shape: str
    word: str
    title: str
    recipient: str
    because: str
    at: str
    stamp: str


@dataclass(frozen=True, slots=True)
class Outbox:
    """One page of messages; `older` is the id below which the next page begins."""

    rows: tuple[Row, ...]
    tabs: tuple[tuple[str, str], ...]
    state: str
    older: int | None


@dataclass(frozen=True, slots=True)
class Message:
    """One message with all that is kept of it.

    `returned` says that it came back, `stopped` that nothing goes to its person since, by this
    mail or by another; `may_return` that it can be marked.
    """

    pk: int
    shape: str
    word: str
    title: str
    recipient: str
    because: str
    address: str
    window: str
    at: str
    settled: str
    attempts: int
    message_id: str
    has_html: bool
    text: str
    returned: Returned | None
    stopped: Returned | None
    may_return: bool


def outbox(asked: Mapping[str, Any], reader: User) -> Outbox:
    """The newest messages, in one state or in any; `before` goes on where a page ended.

    Times are the reader's.
    """
    state, before = asked.get("state", ""), asked.get("before")
    found = Delivery.objects.select_related("recipient", "invitation", "returned")
    found = found.defer(*HEAVY).order_by("-pk")
    if state in LOOKS:
        found = found.filter(state=state)
    if before is not None:
        found = found.filter(pk__lt=before)
    deliveries = list(found[: PAGE + 1])
    return Outbox(
        rows=tuple(_row(delivery, reader) for delivery in deliveries[:PAGE]),
        tabs=tuple((key, word) for key, (_, word) in LOOKS.items()),
        state=state if state in LOOKS else "",
        older=deliveries[PAGE - 1].pk if len(deliveries) > PAGE else None,
    )


def _row(delivery: Delivery, reader: User) -> Row:
    shape, word, because = _outcome(delivery)
    return Row(
        url=delivery.get_absolute_url(),
        shape=shape,
        word=word,
        title=_title(delivery),
        recipient=_recipient(delivery),
        because=because,
        at=moment(delivery.queued_at, reader),
        stamp=delivery.queued_at.isoformat(),
    )


def _outcome(delivery: Delivery) -> tuple[str, str, str]:
    """How far it came, as a shape, a word and the reason: what came back did not arrive."""
    if hasattr(delivery, "returned"):
        return *CAME_BACK, delivery.returned.said
    return *LOOKS[delivery.state], delivery.because


def _recipient(delivery: Delivery) -> str:
    """Whom it is for, and where it does not go by mail by what."""
    name = delivery.to_name or delivery.to_address
    channel = Channel(delivery.channel)
    return name if channel is Channel.MAIL else f"{name}, {CHANNELS[channel]}"


def message(pk: int, reader: User) -> Message:
    """One message, or 404."""
    found = Delivery.objects.select_related(
        "recipient", "invitation", "returned__marked_by", "returned__lifted_by"
    )
    delivery = get_object_or_404(found, pk=pk)
    shape, word, because = _outcome(delivery)
    is_mail = delivery.channel == Channel.MAIL.value
    stopped = standing_for(delivery.recipient) if delivery.recipient and is_mail else None
    return Message(
        pk=delivery.pk,
        shape=shape,
        word=word,
        title=_title(delivery),
        recipient=_recipient(delivery),
        because=because,
        address=_goes_to(delivery),
        window=delivery.window,
        at=moment(delivery.queued_at, reader),
        settled=moment(delivery.settled_at, reader) if delivery.settled_at else "",
        attempts=delivery.attempts,
        message_id=delivery.message_id,
        has_html=bool(delivery.html),
        text=delivery.text,
        returned=returned_for(getattr(delivery, "returned", None), reader),
        stopped=returned_for(stopped, reader),
        may_return=not marking_returned(delivery),
    )


def _goes_to(delivery: Delivery) -> str:
    """The address of a mail; those of channels are secrets."""
    if delivery.channel != Channel.MAIL.value:
        return ""
    return delivery.address or delivery.to_address


def html_of(pk: int) -> str:
    """The HTML of one message, or 404."""
    return get_object_or_404(Delivery.objects.only("html"), pk=pk).html


def _title(delivery: Delivery) -> str:
    if delivery.kind == Kind.INVITATION.value:
        return delivery.subject or f"Invitation for {delivery.to_address}"
    if delivery.kind == Kind.DIGEST.value:
        return delivery.subject or f"Digest for {delivery.window}"
    return delivery.subject or TITLES.get(Kind(delivery.kind), "Test")


def moment(at: datetime, reader: User) -> str:
    here = at.astimezone(reader.tzinfo)
    return f"{day(here)}, {here:%H:%M}"
