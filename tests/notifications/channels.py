"""Channels outside: adding one, letting something happen, and reading what the other side heard."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from readiness.accounts.models import User
from readiness.audit.kinds import Kind as Happened
from readiness.audit.models import Event
from readiness.launches.models import Launch
from readiness.notifications.models import Call, Hook, Way
from readiness.notifications.services import hooks
from readiness.notifications.services.calling import call_due
from readiness.notifications.topics import Topic
from tests import make
from tests.notifications.given import swept
from tests.receiving import Receiver

NOW = make.NOW + timedelta(minutes=2)  # a launch was opened before


def hook(
    launch: Launch,
    lead: User,
    url: str,
    *,
    way: Way = Way.WEBHOOK,
    topics: Iterable[Topic] = (Topic.CHECKS, Topic.LAUNCHES),
) -> Hook:
    return hooks.add_hook(
        launch.team, way=way, name="#launches", url=url, topics=topics, by=lead,
        key=make.key(), now=NOW - timedelta(minutes=1),
    )  # fmt: skip


def tick(launch: Launch, **said: object) -> Event:
    make.sign(make.item(launch, 1), by=launch.opened_by, at=NOW, **said)
    return Event.objects.filter(kind=Happened.ITEM_SIGNED_OFF.value).latest("pk")


def called(now: datetime = NOW) -> list[tuple[str, int | None]]:
    """What became of every call."""
    swept(now)
    call_due(now=now)
    return list(Call.objects.order_by("pk").values_list("state", "status"))


def body(there: Receiver, number: int = 0) -> dict:
    return json.loads(there.heard[number].partition(b"\r\n\r\n")[2])


def header(there: Receiver, name: str, number: int = 0) -> str:
    head = there.heard[number].partition(b"\r\n\r\n")[0].decode()
    lines = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
    return lines[name]
