"""Waivers and items that do not apply, in the launches of the demo: agreed, waiting, declined."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from readiness.accounts.models import User
from readiness.launches.models import Exemption, Launch, LaunchItem
from readiness.launches.queries.exempting import agreement_of
from readiness.launches.queries.facts import facts_of
from readiness.launches.services import exemptions

Act = tuple[datetime, Callable[..., object]]


@dataclass(frozen=True)
class Plea:
    """What somebody asked for so many days ago, and what another said to it later, if anything.

    A waiver names its `control` and ends so many days from now; without one it is about an item
    that does not apply.
    """

    launch: str
    item: str
    by: str
    days_ago: float
    reason: str
    control: str = ""
    ends_in: int | None = None
    agreed_by: str = ""
    declined_by: str = ""
    because: str = ""


PLEAS = [
    Plea(
        "Ads ranking v14", "counterfactual-logging", "Jonas Weber", 8.0,
        "Data platform changes the log schema (DP-771) after our launch day.",
        "We log the top 20 candidates of one request in a thousand, by hand checked each Monday.",
        7, agreed_by="Amara Okafor",
    ),
    Plea(
        "Ads ranking v14", "load-test-headroom", "Sam Whitaker", 0.2,
        "Run 3 with 12 shards needs the load cluster, which is free again on the 9th.",
        "We start at 1% and stop at 10% until run 3 is in.", 21,
    ),
    Plea(
        "Ads ranking v14", "feature-lineage-tracked", "Nadia El-Sayed", 1.1,
        "The two-tower model reads raw events only: there are no derived features to trace.",
    ),
    Plea(
        "Support Copilot 2.0", "rollback-runbook-rehearsed", "Daniel Reyes", 4.0,
        "The previous prompt pack has to be rebuilt before anybody can rehearse with it.",
        "Agents switch drafts off in the console; that takes 40 seconds and was tried on Friday.",
        20, agreed_by="Lucas Moreau",
    ),
    Plea(
        "Support Copilot 2.0", "human-fallback", "Priya Raman", 3.0,
        "Agents read every draft, so a person is there anyway.",
        declined_by="Amara Okafor",
        because="Only if they can refuse one. Write down how: then it is done, not left out.",
    ),
    Plea(
        "Catalog auto-tagging", "shadow-mode-tested", "Mei Tanaka", 5.0,
        "Nothing is served: tags are written once a night and reviewed in the morning.",
        agreed_by="Jonas Weber",
    ),
    Plea(
        "Seller email recommendations", "input-drift-monitoring", "Lena Müller", 13.0,
        "Data platform does not log the features yet.",
        "We compare the weekly export by hand.", -1, agreed_by="Lucas Moreau",
    ),
    Plea(
        "Price guidance model", "business-metric-tracking", "Jing Wu", 10.0,
        "Revenue per session is not in the metrics store.",
        "Finance sends the number each Friday.", 1, agreed_by="Amara Okafor",
    ),
    Plea(
        "Price guidance model", "business-metric-tracking", "Jing Wu", 0.8,
        "It is in review on their side; two more weeks, they say.",
        "Finance goes on sending the number each Friday.", 15,
    ),
]  # fmt: skip


def pleas(launch: Launch, now: datetime) -> Iterator[Act]:
    """What was asked for in one launch and what was said to it: a time and an act each."""
    for plea in PLEAS:
        if plea.launch != launch.name:
            continue
        at = now - timedelta(days=plea.days_ago)
        yield at, partial(_ask, plea, launch, today=now)
        if plea.agreed_by or plea.declined_by:
            yield at + timedelta(hours=9), partial(_answer, plea, launch)


def _ask(plea: Plea, launch: Launch, *, today: datetime, now: datetime) -> None:
    item = _item(plea, launch)
    said = {"by": _person(plea.by), "version": item.version, "key": str(uuid4()), "now": now}
    if plea.ends_in is None:
        exemptions.propose_na(item, reason=plea.reason, **said)  # type: ignore[arg-type]
        return
    until = launch.day_at(today) + timedelta(days=plea.ends_in)
    asked = {"reason": plea.reason, "control": plea.control, "until": until}
    exemptions.ask_waiver(item, **asked, **said)  # type: ignore[arg-type]


def _answer(plea: Plea, launch: Launch, *, now: datetime) -> None:
    item = _item(plea, launch)
    asked = Exemption.objects.waiting().select_related("item__launch").get(item=item)
    said = {"version": item.version, "key": str(uuid4()), "now": now}
    if plea.declined_by:
        by = _person(plea.declined_by)
        exemptions.decline(asked, because=plea.because, by=by, **said)  # type: ignore[arg-type]
        return
    seal = agreement_of(asked, asked.item.launch, facts_of(asked.item.launch, now), now).seal
    exemptions.agree(asked, seal=seal, by=_person(plea.agreed_by), **said)  # type: ignore[arg-type]


def _item(plea: Plea, launch: Launch) -> LaunchItem:
    return launch.items.get(key=plea.item)


def _person(name: str) -> User:
    return User.objects.get(name=name)
