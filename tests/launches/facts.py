"""Facts as tests of launches say them: launches that need some, and rows that hold."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from readiness.launches.models import FactRevision, Launch, LaunchItem
from readiness.launches.services.facts import accept, save_fact
from tests import make
from tests.launches.given import said

REHEARSAL, STAGES, OWNER, LOAD = (
    "rollback-runbook-rehearsed",
    "gradual-rollout-switch",
    "rollback-owner-on-call",
    "load-test-headroom",
)


def a_launch(*needing: str, **more: object) -> Launch:
    """A launch on a checklist in which these items require their fact, and stand on no more."""
    value = make.document()
    for section in value["sections"]:
        for item in section["items"]:
            if item["key"] in needing:
                item |= {"requires": ["fact"], "invalidated_by": []}
    return make.launch(version=make.published(value), **more)


def item_of(launch: Launch, key: str) -> LaunchItem:
    return launch.items.select_related("launch", "item").get(key=key)


def save(launch: Launch, key: str, *, row: int | None = None, **values: Any) -> LaunchItem:
    item = item_of(launch, key)
    by, at = values.pop("by", launch.lead), values.pop("at", make.NOW)
    save_fact(item, row=row, values=values, **said(item, by=by, at=at))
    return item_of(launch, key)


def rehearsal(**more: Any) -> dict[str, Any]:
    return {
        "rehearsed_at": make.NOW - timedelta(days=1),
        "operator": None,
        "runbook_url": "https://wiki.example/rollback",
        "environment": "production",
        "from_version": "14.2.0",
        "to_version": "14.1.0",
        "minutes": Decimal("9.5"),
        "target_minutes": Decimal(15),
        "needed_data_change": False,
        **more,
    }


def load_test(**more: Any) -> dict[str, Any]:
    return {
        "peak_rps": Decimal(100),
        "peak_source": "Last December",
        "headroom_factor": Decimal(2),
        "achieved_rps": Decimal(200),
        "steady_minutes": 30,
        "p99_ms": Decimal(180),
        "p99_limit_ms": Decimal(200),
        "error_percent": Decimal("0.1"),
        "error_limit_percent": Decimal("0.5"),
        "environment": "production",
        "model_version": "14.2.0",
        "ran_at": make.NOW,
        "report_url": "https://k6.example/1",
        **more,
    }


def own(launch: Launch, deputy: Any, **more: Any) -> dict[str, Any]:
    """The lead owns the rollback, with this deputy, in a window around the launch."""
    values = {
        "owner": launch.lead_id,
        "deputy": deputy.pk,
        "window_start": launch.launch_at - timedelta(hours=1),
        "window_end": launch.launch_at + timedelta(days=7),
        "may_act_alone": True,
        "contact": "#ranking",
        **more,
    }
    save(launch, OWNER, **values)
    return values


def accept_as(launch: Launch, by: Any) -> None:
    item = item_of(launch, OWNER)
    accept(item, **said(item, by=by))


def accepted(launch: Launch) -> list[bool]:
    latest = FactRevision.objects.filter(item=item_of(launch, OWNER)).latest("number")
    return [f"accepted_by_{seat}_at" in latest.payload for seat in ("owner", "deputy")]
