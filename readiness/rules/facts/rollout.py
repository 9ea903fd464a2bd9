"""The rules of the rollout's stages, and of who may roll it back in which window."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from readiness.rules.facts.around import (
    Around,
    Broken,
    Filled,
    Held,
    is_armed_at,
    reaction_of,
    stages_of,
)
from readiness.rules.facts.durations import SECONDS, said

FULL = Decimal(100)
BOLD_START, BOLD_STEP = Decimal(10), 10
FRIDAY, NOON = 4, time(12)
LONGEST_WINDOW = timedelta(days=60)
SEATS = {"owner": "The rollback owner", "deputy": "The deputy"}


def shares_rise_to_100(fact: Filled, around: Around) -> Iterator[Broken]:
    for row in fact.rows:
        shares = [stage.get("share") for stage in row.get("stages") or []]
        if not shares or None in shares:
            continue
        for place, share in enumerate(shares):
            if share <= 0:
                yield Broken("Give a share above 0.", f"stages.{place}.share", row.number)
        for place, (before, after) in enumerate(pairwise(shares), start=1):
            if after <= before:
                sentence = f"Shares rise: give more than {around.number(before)} %."
                yield Broken(sentence, f"stages.{place}.share", row.number)
        if shares[-1] != FULL:
            last = f"stages.{len(shares) - 1}.share"
            yield Broken("The last stage is exactly 100 %.", last, row.number)


def stages_are_held(fact: Filled, around: Around) -> Iterator[Broken]:
    for row in fact.rows:
        stages = row.get("stages") or []
        for place, stage in enumerate(stages):
            hold, is_last = stage.get("hold"), place == len(stages) - 1
            if hold is not None and (hold < 0 or (hold == 0 and not is_last)):
                yield Broken("Hold this stage for some time.", f"stages.{place}.hold", row.number)


def full_traffic_unwatched(fact: Filled, around: Around) -> Iterator[Broken]:
    stages = _stages(fact, around)
    if stages and stages[-1].share == FULL and not stages[-1].hold:
        yield Broken("No hold at 100 %: full traffic shows faults that no earlier stage could.")


def shorter_than_the_test(fact: Filled, around: Around) -> Iterator[Broken]:
    plan = around.row_of("experiment_plan")
    if not plan.has("exposure", "allocation", "duration_days"):
        return
    share = Fraction(plan.get("exposure")) * Fraction(plan.get("allocation")) * 100
    for stage in _stages(fact, around):
        is_its_own = stage.share is not None and Fraction(stage.share) == share
        if is_its_own and stage.hold < plan.get("duration_days") * SECONDS["d"]:
            yield Broken(
                f"The stage of {_percent(stage, around)} has the share of the A/B test and is held "
                f"{said(stage.hold)}; the test runs {plan.get('duration_days')} days."
            )


def bold_steps(fact: Filled, around: Around) -> Iterator[Broken]:
    stages = [stage for stage in _stages(fact, around) if stage.share is not None]
    if stages and stages[0].share > BOLD_START:
        yield Broken(
            f"The first stage is {_percent(stages[0], around)}: a fault would reach many at once."
        )
    for before, after in pairwise(stages):
        if after.share > before.share * BOLD_STEP:
            step = f"From {_percent(before, around)} to {_percent(after, around)}"
            yield Broken(f"{step} is more than ten times as much.")


def shorter_than_triggers(fact: Filled, around: Around) -> Iterator[Broken]:
    for stage in _stages(fact, around):
        armed = [
            row for row in around.rows_of("rollback_triggers") if is_armed_at(row, stage.share)
        ]
        slowest = max(armed, key=reaction_of, default=None)
        if slowest and stage.hold and stage.hold < reaction_of(slowest):
            yield Broken(
                f"The stage of {_percent(stage, around)} is held {said(stage.hold)}; the trigger "
                f"{slowest.get('name')} needs {said(reaction_of(slowest))}."
            )


def below_a_day(fact: Filled, around: Around) -> Iterator[Broken]:
    short = [one for one in _stages(fact, around) if 0 < one.hold < SECONDS["d"]]
    if short:
        shares = ", ".join(_percent(stage, around) for stage in short)
        yield Broken(f"Held for less than a day: {shares}. That hides the daily cycle.")


def inside_the_window(fact: Filled, around: Around) -> Iterator[Broken]:
    """Without a window there is nothing to be inside of: the owner's own fact asks for it."""
    owner = around.row_of("rollback_ownership")
    if not owner.has("window_start", "window_end"):
        return
    opens, closes = owner.get("window_start"), owner.get("window_end")
    for stage in _stages(fact, around):
        if not opens <= stage.ends <= closes:
            yield Broken(
                f"The stage of {_percent(stage, around)} ends {around.day(stage.ends)}, outside "
                f"the rollback owner's window, {around.day(opens)} to {around.day(closes)}."
            )


def unlucky_start(fact: Filled, around: Around) -> Iterator[Broken]:
    frozen = fact.rows[0].get("freeze_windows") or [] if fact.rows else []
    for stage in _stages(fact, around):
        local = around.local(stage.starts)
        starts = f"The stage of {_percent(stage, around)} starts {around.day(stage.starts)}"
        if unlucky := _unlucky(local):
            yield Broken(f"{starts}, {unlucky}.")
        for one in frozen:
            first, last = one.get("starts_on"), one.get("ends_on")
            if first and last and first <= local.date() <= last:
                yield Broken(f"{starts}, in the freeze {one.get('name') or 'window'}.")


def _unlucky(local: datetime) -> str:
    if local.weekday() > FRIDAY:
        return "at a weekend"
    is_late = local.weekday() == FRIDAY and local.time() >= NOON
    return "on a Friday afternoon" if is_late else ""


def window_has_length(fact: Filled, around: Around) -> Iterator[Broken]:
    for row in fact.rows:
        if not row.has("window_start", "window_end"):
            continue
        length = row.get("window_end") - row.get("window_start")
        if length <= timedelta(0):
            yield Broken("The window closes after it opens.", "window_end", row.number)
        elif length > LONGEST_WINDOW:
            yield Broken("A window lasts at most 60 days.", "window_end", row.number)


def two_people(fact: Filled, around: Around) -> Iterator[Broken]:
    for row in fact.rows:
        if row.has("owner", "deputy") and row.get("owner") == row.get("deputy"):
            yield Broken("The deputy is somebody else than the owner.", "deputy", row.number)


def both_accepted(fact: Filled, around: Around) -> Iterator[Broken]:
    for row in fact.rows:
        for seat, who in SEATS.items():
            if row.has(seat) and not row.get(f"accepted_by_{seat}_at"):
                yield Broken(f"{who} has not accepted yet.", f"accepted_by_{seat}_at", row.number)


def acts_alone(fact: Filled, around: Around) -> Iterator[Broken]:
    for row in fact.rows:
        if row.get("may_act_alone") is False:
            sentence = "The rollback owner has to be free to act alone."
            yield Broken(sentence, "may_act_alone", row.number)


def covers_the_launch(fact: Filled, around: Around) -> Iterator[Broken]:
    """From the planned launch to the end of the last stage, as far as stages are planned."""
    ends = [stage.ends for stage in stages_of(around.row_of("rollout_plan"), around)]
    last = max([around.launch_at, *ends])
    for row in fact.rows:
        if not row.has("window_start", "window_end"):
            continue
        if row.get("window_start") > around.launch_at:
            yield Broken(
                f"The window opens after the launch, {around.day(around.launch_at)}.",
                "window_start",
                row.number,
            )
        if row.get("window_end") < last:
            until = "the last stage is over" if ends else "the launch"
            sentence = f"The window closes before {until}, {around.day(last)}."
            yield Broken(sentence, "window_end", row.number)


def _stages(fact: Filled, around: Around) -> list[Held]:
    return stages_of(fact.rows[0], around) if fact.rows else []


def _percent(stage: Held, around: Around) -> str:
    if stage.share is None:
        return f"number {stage.number}"
    return f"{around.number(stage.share)} %"


PLAN = {
    "shares_rise_to_100": shares_rise_to_100,
    "stages_are_held": stages_are_held,
    "full_traffic_unwatched": full_traffic_unwatched,
    "shorter_than_the_test": shorter_than_the_test,
    "bold_steps": bold_steps,
    "shorter_than_triggers": shorter_than_triggers,
    "below_a_day": below_a_day,
    "inside_the_window": inside_the_window,
    "unlucky_start": unlucky_start,
}
OWNERSHIP = {
    "window_has_length": window_has_length,
    "two_people": two_people,
    "both_accepted": both_accepted,
    "acts_alone": acts_alone,
    "covers_the_launch": covers_the_launch,
}
