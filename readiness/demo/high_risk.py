"""A launch on Northwind's own high-risk add-on: policies at work, what fell, and broken glass.

The checklist is `northwind-high-risk.yaml` beside this module: only the demo loads it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from readiness.accounts.models import Team, User
from readiness.checklists.document.reading import read
from readiness.checklists.models import Version
from readiness.checklists.services import publish
from readiness.demo.company import DOMAIN
from readiness.launches.models import Launch, LaunchItem, SignOff
from readiness.launches.services import (
    breaking_glass,
    configs,
    evidence,
    reaffirming,
    signoffs,
)
from readiness.launches.services.launches import Intake, edit_launch, open_launch

CHECKLIST = Path(__file__).parent / "northwind-high-risk.yaml"
NAME, MODEL = "Advertiser credit limits v14", "credit-limits"
OPENED_DAYS_AGO = 20
Step = tuple[float, Callable[..., object]]


def publish_checklist(now: datetime) -> Version:
    """The add-on, published; once."""
    version, _ = publish(read(CHECKLIST.read_bytes()), now=now)
    return version


def tell_high_risk(people: Mapping[str, User], now: datetime) -> Launch:
    """Open the launch and let its people work on it, as they did in the last weeks."""
    opened_at = now - timedelta(days=OPENED_DAYS_AGO)
    version = publish_checklist(opened_at)
    intake = _intake(people, now)
    launch = open_launch(
        intake,
        version=version,
        facets={"human_in_the_loop": False},
        by=people["Hannah Cohen"],
        key=str(uuid4()),
        now=opened_at,
    )
    for days, act in _story(launch, intake, people):
        act(now=now - timedelta(days=days))
    return launch


def _intake(people: Mapping[str, User], now: datetime) -> Intake:
    lead = people["Hannah Cohen"]
    day = (now + timedelta(days=12)).astimezone(lead.tzinfo).date()
    return Intake(
        team=Team.objects.get(name="Ads ranking"),
        name=NAME,
        model=MODEL,
        purpose="Decide how much an advertiser may spend before paying.",
        launch_at=datetime.combine(day, time(10), tzinfo=lead.tzinfo),
        zone=lead.zone,
        lead=lead,
        approvers=[people["Amara Okafor"], people["Lucas Moreau"]],
        candidate=_candidate("13.2.0"),
        duties={
            "ml_engineer": people["Priya Raman"],
            "sre": people["Tomás Silva"],
            "risk_board": people["Jonas Weber"],
            "privacy_legal": people["Nadia El-Sayed"],
        },
    )


def _candidate(version: str) -> dict[str, str]:
    registry = f"https://registry.{DOMAIN}/models/{MODEL}/{version}"
    return {"name": MODEL, "version": version, "digest": "", "registry_url": registry}


def _story(launch: Launch, intake: Intake, people: Mapping[str, User]) -> list[Step]:
    """What happened, each act so many days ago."""
    hannah, priya, tomas = (people[name] for name in ("Hannah Cohen", "Priya Raman", "Tomás Silva"))
    jonas, sam, nadia = (people[name] for name in ("Jonas Weber", "Sam Whitaker", "Nadia El-Sayed"))
    sign, declare = partial(_sign, launch), partial(_declare, launch, by=hannah)
    run = f"https://ci.{DOMAIN}/golden/9107"
    return [
        (15, partial(_seat, launch, "risk_board", sam, by=hannah)),
        (14.5, partial(declare, "serving_config", "overlay 41")),
        (14.4, partial(declare, "alert_rules", "rules v7")),
        (14.3, partial(declare, "rollout_plan", "one market, then all")),
        (12, partial(sign, "model-card-current", by=priya, note="Says where small shops fail.")),
        (11, partial(_support, launch, "offline-results-reproduced", run, by=sam)),
        (10.9, partial(sign, "offline-results-reproduced", by=sam, note="Within 0.2 points.")),
        (10, partial(sign, "harm-review", by=sam, note="Three findings, all answered.")),
        (8, partial(sign, "stop-switch", by=tomas, note="Stopped in 40 seconds.")),
        (7.5, partial(sign, "alerts-agreed", by=tomas)),
        (6, partial(sign, "appeal-route", by=priya, note="A person answered in 22 minutes.")),
        (3, partial(_propose, launch, intake, "14.0.0", by=hannah)),
        (2.5, partial(_say_again, launch, "model-card-current", by=priya)),
        (2.2, partial(sign, "risk-board", by=jonas, note="Accepted with the reserve of 2%.")),
        (1.5, partial(declare, "rollout_plan", "two markets, then all")),
        (1.2, partial(_break, launch, "harm-review", by=nadia)),
        (0.8, partial(_confirm, launch, "harm-review", by=hannah)),
    ]


def _sign(launch: Launch, item: str, *, by: User, now: datetime, note: str = "") -> None:
    signoffs.sign_off(**_about(launch, item, by), note=note, now=now)


def _say_again(launch: Launch, item: str, *, by: User, now: datetime) -> None:
    note = "Same data, same groups: the card holds."
    reaffirming.reaffirm(**_about(launch, item, by), note=note, now=now)


def _break(launch: Launch, item: str, *, by: User, now: datetime) -> None:
    because = "Our reviewer is on leave until the launch. I read the findings against 14.0.0 alone."
    breaking_glass.break_glass(**_about(launch, item, by), because=because, now=now)


def _confirm(launch: Launch, item: str, *, by: User, now: datetime) -> None:
    alone = SignOff.objects.select_related("item").get(
        item__launch=launch, item__key=item, broke_glass=True
    )
    note = "There is nobody else this week."
    breaking_glass.confirm(alone, **_said(alone.item, by), note=note, now=now)


def _support(launch: Launch, item: str, url: str, *, by: User, now: datetime) -> None:
    title = "Reproduction run, both numbers"
    evidence.add_evidence(**_about(launch, item, by), title=title, url=url, now=now)


def _declare(launch: Launch, kind: str, value: str, *, by: User, now: datetime) -> None:
    configs.declare(launch, kind=kind, value=value, **_of(launch, by), now=now)


def _seat(launch: Launch, duty: str, person: User, *, by: User, now: datetime) -> None:
    configs.add_signer(launch, duty=duty, person=person, **_of(launch, by), now=now)


def _propose(launch: Launch, intake: Intake, version: str, *, by: User, now: datetime) -> None:
    candidate = _candidate(version)
    current = Launch.objects.select_related("team", "lead", "candidate").get(pk=launch.pk)
    edit_launch(current, replace(intake, candidate=candidate), **_of(launch, by), now=now)


def _about(launch: Launch, item: str, by: User) -> dict[str, Any]:
    """The item as its page stands now, with a form of its own."""
    row = LaunchItem.objects.get(launch=launch, key=item)
    return {"item": row, **_said(row, by)}


def _said(item: LaunchItem, by: User) -> dict[str, Any]:
    return {"by": by, "version": item.version, "key": str(uuid4())}


def _of(launch: Launch, by: User) -> dict[str, Any]:
    edition = Launch.objects.values_list("edition", flat=True).get(pk=launch.pk)
    return {"edition": edition, "by": by, "key": str(uuid4())}
