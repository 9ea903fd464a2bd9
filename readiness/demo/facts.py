"""Structured facts in the demo: all of them in one launch, some with something wrong in another."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from readiness.accounts.models import User
from readiness.demo.company import DOMAIN
from readiness.launches.models import Launch, LaunchItem
from readiness.launches.services.facts import accept, save_fact
from readiness.rules.facts.durations import SECONDS

HOUR, DAY = SECONDS["h"], SECONDS["d"]
OWNERSHIP = "rollback-owner-on-call"
Rows = list[tuple[str, dict[str, Any]]]


def tell_facts(people: dict[str, User], now: datetime) -> None:
    """Fill in the facts of two launches, by their leads."""
    whole = Launch.objects.select_related("lead").get(name="Ads ranking v14")
    at = now - timedelta(minutes=50)
    for key, values in _sound(whole, people, now):
        _save(whole, key, values, at=at)
    for name in ("Priya Raman", "Jonas Weber"):
        item = whole.items.get(key=OWNERSHIP)
        accept(item, by=people[name], version=item.version, key=str(uuid4()), now=at)
    faulty = Launch.objects.select_related("lead").get(name="Search re-ranker v7")
    for key, values in _faulty(faulty, people, now):
        _save(faulty, key, values, at=at)


def _save(launch: Launch, key: str, values: dict[str, Any], *, at: datetime) -> None:
    item: LaunchItem = launch.items.get(key=key)
    save_fact(
        item,
        row=None,
        values=values,
        by=launch.lead,
        version=item.version,
        key=str(uuid4()),
        now=at,
    )


def _sound(launch: Launch, people: dict[str, User], now: datetime) -> Rows:
    """All eight, with what Ads ranking v14 plans and has measured."""
    priya, jonas, tomas, sam = (
        people[name].pk for name in ("Priya Raman", "Jonas Weber", "Tomás Silva", "Sam Whitaker")
    )
    opens = launch.launch_at
    stages = [("1", DAY), ("10", 2 * DAY), ("50", 14 * DAY), ("100", 3 * DAY)]
    return [
        *(("rollback-trigger-criteria", one) for one in _triggers(now)),
        (
            "gradual-rollout-switch",
            {
                "unit": "users",
                "sticky": True,
                "stages": [{"share": Decimal(share), "hold": hold} for share, hold in stages],
                "flag_ref": "ads/ads-rank-v14",
                "back_to_zero_seconds": 40,
            },
        ),
        (
            OWNERSHIP,
            {
                "owner": priya,
                "deputy": jonas,
                "window_start": opens - timedelta(hours=2),
                "window_end": opens + timedelta(days=21),
                "may_act_alone": True,
                "contact": "#ads-ranking-oncall, +44 20 7946 0958",
                "schedule_ref": "PADS14",
                "target_minutes": 15,
            },
        ),
        ("ab-test-plan-approved", _test_plan(tomas)),
        *(("data-freshness-slas", one) for one in _datasets(priya, sam)),
        ("load-test-headroom", _load_test(now)),
        (
            "post-launch-review-scheduled",
            {
                "days_after_launch": 21,
                "review_at": opens + timedelta(days=21),
                "owner": launch.lead_id,
                "participants": [priya, jonas, sam],
            },
        ),
        ("rollback-runbook-rehearsed", _rehearsal(now, operator=sam, author=priya)),
    ]


def _rehearsal(now: datetime, *, operator: int, author: int) -> dict[str, Any]:
    return {
        "rehearsed_at": now - timedelta(days=6),
        "operator": operator,
        "runbook_url": f"https://wiki.{DOMAIN}/runbooks/rollback",
        "runbook_author": author,
        "environment": "production_like",
        "from_version": "14.2.0",
        "to_version": "13.8.1",
        "minutes": Decimal("9.5"),
        "target_minutes": Decimal(15),
        "needed_data_change": False,
    }


def _triggers(now: datetime) -> list[dict[str, Any]]:
    usual = {"compare": "absolute", "baseline": "none", "window": 300, "sustained_for": 300}
    return [
        usual
        | {
            "name": "Slow answers",
            "category": "latency",
            "signal": "P99 of ranking requests",
            "operator": "gt",
            "threshold": Decimal(250),
            "unit": "ms",
            "min_samples": 2000,
            "action": "auto_rollback",
            "fired_in_test_on": (now - timedelta(days=6)).date(),
            "runbook_url": f"https://wiki.{DOMAIN}/runbooks/rollback",
        },
        usual
        | {
            "name": "Errors",
            "category": "errors",
            "signal": "the share of failed ranking requests",
            "operator": "ge",
            "threshold": Decimal("0.5"),
            "unit": "percent",
            "min_samples": 2000,
            "action": "page_owner",
        },
        usual
        | {
            "name": "Revenue falls",
            "category": "business",
            "signal": "revenue per thousand impressions",
            "compare": "relative_drop",
            "operator": "lt",
            "threshold": Decimal(3),
            "unit": "percent",
            "baseline": "control",
            "window": 6 * HOUR,
            "label_delay": 12 * HOUR,
            "min_samples": 20_000,
            "action": "hold_rollout",
            "stages": [Decimal(10), Decimal(50), Decimal(100)],
        },
    ]


def _test_plan(approved_by: int) -> dict[str, Any]:
    return {
        "hypothesis": "The two-tower model raises the share of sessions with a click.",
        "randomisation_unit": "user",
        "primary_metric": "Users who click an ad",
        "metric_kind": "proportion",
        "baseline": Decimal("0.12"),
        "min_effect": Decimal("0.0024"),
        "alpha": Decimal("0.05"),
        "power": Decimal("0.8"),
        "sides": "2",
        "allocation": Decimal("0.5"),
        "eligible_units_per_day": 75_000,
        "exposure": Decimal("0.6"),
        "duration_days": 14,
        "guardrails": [
            {
                "metric": "P99 of ranking requests",
                "direction": "must_not_rise",
                "limit": Decimal(20),
                "unit": "ms",
            },
            {
                "metric": "Revenue per user",
                "direction": "must_not_fall",
                "limit": Decimal(1),
                "unit": "percent",
            },
        ],
        "success_criteria": "Clicks rise by at least 2 % and no guardrail breaks.",
        "stopping_rule": "fixed_horizon",
        "approved_by": approved_by,
    }


def _datasets(features: int, labels: int) -> list[dict[str, Any]]:
    usual = {"measured_as": "event_time"}
    return [
        usual
        | {
            "dataset": "ads_clicks_daily",
            "purpose": "training",
            "max_lag": 36 * HOUR,
            "warn_at": 28 * HOUR,
            "owner": labels,
            "on_breach": "stop_training",
        },
        usual
        | {
            "dataset": "user_features",
            "purpose": "inference",
            "max_lag": 45 * SECONDS["m"],
            "warn_at": 30 * SECONDS["m"],
            "owner": features,
            "on_breach": "serve_stale",
        },
    ]


def _load_test(now: datetime, **more: Any) -> dict[str, Any]:
    return {
        "peak_rps": Decimal(4200),
        "peak_source": "Black Friday 2025, with 15 % growth",
        "headroom_factor": Decimal(2),
        "achieved_rps": Decimal(8640),
        "steady_minutes": 30,
        "p99_ms": Decimal(182),
        "p99_limit_ms": Decimal(200),
        "error_percent": Decimal("0.02"),
        "error_limit_percent": Decimal("0.1"),
        "environment": "production_like",
        "model_version": "14.2.0",
        "ran_at": now - timedelta(days=3),
        "load_model": "open",
        "report_url": f"https://grafana.{DOMAIN}/d/load-3",
        **more,
    }


def _faulty(launch: Launch, people: dict[str, User], now: datetime) -> Rows:
    """A load test short of its headroom, in staging; and a rehearsal that took too long."""
    tested = {"achieved_rps": Decimal(7140), "environment": "staging", "model_version": "7.0.2"}
    rehearsed = {
        "rehearsed_at": now - timedelta(days=9),
        "operator": people["Sam Whitaker"].pk,
        "runbook_url": f"https://wiki.{DOMAIN}/runbooks/search-rollback",
        "runbook_author": people["Sam Whitaker"].pk,
        "environment": "staging",
        "from_version": "7.0.2",
        "to_version": "6.4.0",
        "minutes": Decimal(22),
        "target_minutes": Decimal(15),
        "needed_data_change": False,
    }
    return [
        ("load-test-headroom", _load_test(now, **tested)),
        ("rollback-runbook-rehearsed", rehearsed),
    ]
