"""Ten thousand owner-days while the mail server fails and everything is killed in turn."""

import os
import random
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connections

from readiness.accounts.models import Role, Team, User
from readiness.audit.kinds import Kind
from readiness.audit.models import Event
from readiness.launches.models import LaunchItem
from readiness.notifications.models import Call, Delivery, Hook, State, Way
from readiness.notifications.topics import Topic
from readiness.notifications.ways.webhook import new_secret
from tests import make
from tests.prove import given, killing
from tests.prove.findings import Finding, scaled, tally
from tests.prove.listening import Listener
from tests.prove.outages import broker_and_clock
from tests.prove.postman import DOT, FAULTS, Postman
from tests.prove.season import SMTP_SECONDS, Season
from tests.prove.tree import Tree

OWNERS, DAYS, KILLS, TOLD = 1_000, 10, 40, 400
EVERY_AT_MOST = 40
PHASES = ("MAIL", "DATA", DOT)  # when the worker has a mail in its hands
VICTIMS: dict[str, Callable[[Tree], object]] = {
    "worker": killing.kill_worker,
    "PostgreSQL": killing.kill_postmaster,
    "beat": lambda tree: kill_beat(tree),
    "Valkey": killing.kill_valkey,
    "backend": killing.kill_backend,
}


def kill_beat(tree: Tree) -> None:
    for beat in tree.named("beat"):
        os.kill(beat.process.pid, signal.SIGKILL)


@dataclass(frozen=True)
class Round:
    """Some days of a season, in which a mail server failed and so much was killed."""

    season: Season
    postman: Postman
    windows: list[str]
    kills: int


def under_kills(tree: Tree) -> list[Finding]:
    """What becomes of every owner's every day: under `hold`, then under `resend`, then calmly."""
    owners, days = scaled(OWNERS, least=2 * len(FAULTS)), scaled(DAYS, least=1)
    season = Season(tree, owners)
    team, listener = listened()
    found = reminders(season, listener, team, days=days)
    listener.shutdown()
    return [found, broker_and_clock(season, days + 1)]


def reminders(season: Season, listener: Listener, team: Team, *, days: int) -> Finding:
    """First the kills and a mail server that fails; in the end the books."""
    kills = scaled(KILLS, least=len(VICTIMS))
    held = lived(season, team, "hold", first=0, days=days, kills=kills)
    resent = lived(season, team, "resend", first=days, days=1, kills=max(1, kills // DAYS))
    books = {**holding(held), **resending(resent), **hooks(listener, team)}
    unknown = Delivery.objects.filter(window__in=held.windows, state=State.UNKNOWN.value).count()
    allowed = held.kills + held.postman.silences
    repeats = len(resent.postman.taken) - len({one.message_id for one in resent.postman.taken})
    owner_days = len(season.owners) * (days + 1)
    return Finding(
        "reminders",
        f"{owner_days} owner-days, {held.kills + resent.kills} kills,"
        f" {unknown} unknown of {allowed} kills and silences, {repeats} repeats under resend, "
        f"{len(listener.heard)} events to a webhook in {listener.calls} calls: " + tally(**books),
        "unknown at most the kills and silences, 0 of each",
        unknown <= allowed and repeats > 0 and not any(books.values()),
    )  # fmt: skip


def lived(season: Season, team: Team, silence: str, *, first: int, days: int, kills: int) -> Round:
    """Live some days: a few events for the webhook in the morning, kills over the day."""
    mails = len(season.owners) * days
    every = max(2, min(EVERY_AT_MOST, mails // len(FAULTS)))
    postman = Postman(every=every, seconds=SMTP_SECONDS)
    season.begin(
        SMTP_HOST="127.0.0.1", SMTP_PORT=postman.port, SMTP_SECURITY="none",
        SMTP_SECONDS=SMTP_SECONDS, REMIND_SECONDS=1, JUDGE_SECONDS=86_400,
        AFTER_SILENCE=silence, HOOKS_MAY_REACH="127.0.0.0/8",
    )  # fmt: skip
    victims = iter([*VICTIMS] * kills)
    dice, windows = random.Random(kills), []
    for day in range(days):
        windows.append(season.dawn(first + day))
        connections.close_all()  # they may have been cut off
        sign_some(team, season, scaled(TOLD) // days)
        today = kills * (day + 1) // days - kills * day // days
        for number in range(today):
            share = len(season.owners) * (number + 1) // (today + 1)
            season.wait_for(lambda share=share: season.has_come(share, windows[-1], postman))
            kill_one(season, postman, windows[-1], next(victims), dice.choice(PHASES))
        season.wait_for(lambda: season.is_settled(windows[-1], postman))
    postman.close()
    connections.close_all()
    return Round(season, postman, windows, kills)


def kill_one(season: Season, postman: Postman, window: str, victim: str, phase: str) -> None:
    """Kill while the server has a mail before its dot, or after; if one is still to come."""
    postman.wait_at(phase)
    season.wait_for(lambda: postman.waits.is_set() or season.is_settled(window, postman))
    VICTIMS[victim](season.tree)
    season.tree.tend()
    postman.go_on()


def holding(held: Round) -> dict[str, int]:
    """Every owner-day has its end, the end is true, and nobody got a mail twice."""
    rows = Delivery.objects.filter(kind="digest", window__in=held.windows)
    mine = list(rows.filter(recipient__in=held.season.people))
    taken = Counter(one.message_id for one in held.postman.taken)
    refused = held.postman.refused.copy()
    lost = len(held.season.owners) * len(held.windows) - len(mine)
    untrue = 0
    for row in mine:
        arrived = taken[row.message_id]
        if row.state == State.SENT.value:
            lost += arrived == 0
        elif row.state == State.FAILED.value:
            untrue += arrived > 0 or refused[row.to_address] < 1
            refused[row.to_address] -= 1
        else:
            lost += row.state != State.UNKNOWN.value
    return {
        "lost": lost,
        "doubled": sum(count > 1 for count in taken.values()),
        "untrue_ends": untrue,
    }


def resending(resent: Round) -> dict[str, int]:
    """Every owner-day arrived, or was refused; what arrived twice did so under one name."""
    rows = Delivery.objects.filter(kind="digest", window__in=resent.windows)
    mine = list(rows.filter(recipient__in=resent.season.people))
    names: dict[str, set[str]] = {}
    for one in resent.postman.taken:
        names.setdefault(one.to, set()).add(one.message_id)
    refused = resent.postman.refused
    ended = sum(
        row.message_id in names.get(row.to_address, ())
        or (row.state == State.FAILED.value and refused[row.to_address] > 0)
        for row in mine
    )
    return {
        "lost_under_resend": len(resent.season.owners) * len(resent.windows) - ended,
        "unknown_under_resend": sum(row.state == State.UNKNOWN.value for row in mine),
        "under_two_names": sum(len(some) > 1 for to, some in names.items() if to in emails(mine)),
    }


def emails(rows: list[Delivery]) -> set[str]:
    return {row.to_address for row in rows}


def hooks(listener: Listener, team: Team) -> dict[str, int]:
    """Every event was told under its one name, and taken in the end."""
    happened = Event.objects.filter(team=team, kind=Kind.ITEM_SIGNED_OFF.value)
    [hook] = Hook.objects.filter(team=team)
    names = {f"event-{pk}-hook-{hook.pk}" for pk in happened.values_list("pk", flat=True)}
    unsent = Call.objects.filter(hook=hook).exclude(state=State.SENT.value)
    return {
        "lost_events": len(names - listener.taken) + unsent.count(),
        "unheard_of_events": len(listener.heard.keys() - names),
        "unsigned_calls": listener.unsigned,
    }


def listened() -> tuple[Team, Listener]:
    """A team whose checks a webhook hears of."""
    team = make.team()
    secret = new_secret()
    listener = Listener(secret)
    Hook.objects.create(
        team=team, way=Way.WEBHOOK.value, name="Listener", url=listener.url, secret=secret,
        topics=[Topic.CHECKS.value], made_at=given.now(), made_by=a_lead_of(team),
    )  # fmt: skip
    return team, listener


def a_lead_of(team: Team) -> User:
    return make.user(team=team, role=Role.LEAD)


def sign_some(team: Team, season: Season, count: int) -> None:
    """Sign some items off, as of the season's now."""
    lead, version = a_lead_of(team), make.checklist()
    left = count
    while left > 0:
        launch = make.launch(version=version, team=team, by=lead, at=season.now())
        items = LaunchItem.objects.filter(launch=launch, version=1)[:left]
        for item in items:
            make.sign(item, by=lead, at=season.now())
        left -= len(items)
    season.events += count
