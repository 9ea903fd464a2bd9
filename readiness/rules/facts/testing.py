"""The rules of the A/B test's plan and of load tests."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal, localcontext

from readiness.rules.facts.around import Around, Broken, Filled, Row
from readiness.rules.facts.experiment import DIGITS, WEEK, size_of

HALF = Decimal("0.5")
LEAST_POWER, MOST_ALPHA = Decimal("0.8"), Decimal("0.1")
LONGEST_WEEKS = 8
STEADY_MINUTES = 10
MOST_PERCENT = 100
TECHNICAL = re.compile(r"latenc|\bp\s?\d\d|error|fail|timeout|5xx|crash", re.IGNORECASE)
PERCENTAGES = ("error_percent", "error_limit_percent")
IN_MS = {"ms": 1, "s": 1000}
DESIGN: dict[str, tuple[Callable[[Decimal], bool], str]] = {
    "alpha": (lambda alpha: 0 < alpha < HALF, "Give an alpha above 0 and below 0.5."),
    "power": (lambda power: HALF <= power < 1, "Give a power from 0.5 and below 1."),
    "allocation": (lambda share: 0 < share < 1, "Give a share above 0 and below 1."),
    "exposure": (lambda share: 0 < share <= 1, "Give a share above 0 and at most 1."),
    "eligible_units_per_day": (lambda units: units > 0, "Give a number above 0."),
    "duration_days": (lambda days: days > 0, "Give a number above 0."),
}


def metric_makes_sense(fact: Filled, around: Around) -> Iterator[Broken]:
    for row in fact.rows:
        baseline, effect = row.get("baseline"), row.get("min_effect")
        if effect == 0:
            sentence = "An effect of 0 cannot be detected."
            yield Broken(sentence, "min_effect", row.number)
        if row.get("metric_kind") == "proportion":
            if baseline is not None and not 0 < baseline < 1:
                sentence = "A proportion lies between 0 and 1, as 0.1 for 10 %."
                yield Broken(sentence, "baseline", row.number)
            elif baseline is not None and effect and not 0 < baseline + effect < 1:
                sentence = "The baseline with this effect leaves the range from 0 to 1."
                yield Broken(sentence, "min_effect", row.number)
        deviation = row.get("std_dev")
        needs_one = row.get("metric_kind") == "mean"
        if needs_one and (deviation is None or deviation <= 0):
            sentence = "A mean needs a standard deviation above 0."
            yield Broken(sentence, "std_dev", row.number)


def design_makes_sense(fact: Filled, around: Around) -> Iterator[Broken]:
    for row in fact.rows:
        for name, (is_sound, asked) in DESIGN.items():
            if row.has(name) and not is_sound(row.get(name)):
                yield Broken(asked, name, row.number)


def approved_by_another(fact: Filled, around: Around) -> Iterator[Broken]:
    for row in fact.rows:
        if row.has("author", "approved_by") and row.get("author") == row.get("approved_by"):
            sentence = "Its author cannot approve it. Name somebody else."
            yield Broken(sentence, "approved_by", row.number)


def long_enough(fact: Filled, around: Around) -> Iterator[Broken]:
    for row in fact.rows:
        size = size_of(row.values)
        if size and size.days is not None and (row.get("duration_days") or size.days) < size.days:
            yield Broken(
                f"{row.get('duration_days')} days are too few for {around.grouped(size.total)} "
                f"units: plan at least {size.days}.",
                "duration_days",
                row.number,
            )


def odd_duration(fact: Filled, around: Around) -> Iterator[Broken]:
    for row in fact.rows:
        days = row.get("duration_days")
        if days and days % WEEK:
            sentence = f"{days} days are no whole number of weeks: some weekdays count more."
            yield Broken(sentence, "duration_days", row.number)
        if days and days > LONGEST_WEEKS * WEEK:
            sentence = "Longer than 8 weeks: people and the world change meanwhile."
            yield Broken(sentence, "duration_days", row.number)


def no_technical_guardrail(fact: Filled, around: Around) -> Iterator[Broken]:
    for row in fact.rows:
        guardrails = row.get("guardrails") or []
        watched = any(
            one.get("unit") == "ms" or TECHNICAL.search(one.get("metric") or "")
            for one in guardrails
        )
        if guardrails and not watched:
            sentence = "No guardrail watches latency or errors."
            yield Broken(sentence, "guardrails", row.number)


def weak_design(fact: Filled, around: Around) -> Iterator[Broken]:
    for row in fact.rows:
        if row.has("power") and row.get("power") < LEAST_POWER:
            sentence = "Power below 0.8: it would miss a real effect more than one time in five."
            yield Broken(sentence, "power", row.number)
        if row.has("alpha") and row.get("alpha") > MOST_ALPHA:
            sentence = "Alpha above 0.1: it would see an effect that is not there too often."
            yield Broken(sentence, "alpha", row.number)


def few_clusters(fact: Filled, around: Around) -> Iterator[Broken]:
    for row in fact.rows:
        unit = row.get("randomisation_unit")
        if unit in ("region", "time_slice"):
            counted = f"{unit.replace('_', ' ')}s"
            sentence = f"The sample size counts {counted}, not people, and there are few of them."
            yield Broken(sentence, "randomisation_unit", row.number)


def stops_early(fact: Filled, around: Around) -> Iterator[Broken]:
    for row in fact.rows:
        if row.get("stopping_rule") not in (None, "fixed_horizon"):
            sentence = "This stopping rule needs more units than computed here."
            yield Broken(sentence, "stopping_rule", row.number)


def effect_builds_up(fact: Filled, around: Around) -> Iterator[Broken]:
    for row in fact.rows:
        unit = row.get("randomisation_unit")
        if unit in ("request", "session"):
            sentence = f"Randomised by {unit}: an effect that builds up per user is not seen."
            yield Broken(sentence, "randomisation_unit", row.number)


def numbers_make_sense(fact: Filled, around: Around) -> Iterator[Broken]:
    for row in fact.rows:
        if row.has("peak_rps") and row.get("peak_rps") <= 0:
            yield Broken("Give a peak above 0.", "peak_rps", row.number)
        if row.has("headroom_factor") and row.get("headroom_factor") < 1:
            sentence = "Give a factor of at least 1."
            yield Broken(sentence, "headroom_factor", row.number)
        for name in PERCENTAGES:
            if row.has(name) and not 0 <= row.get(name) <= MOST_PERCENT:
                yield Broken("Give a percentage between 0 and 100.", name, row.number)
        if row.has("ran_at") and row.get("ran_at") > around.now:
            yield Broken("This is in the future.", "ran_at", row.number)


def required_rps(row: Row) -> Decimal | None:
    """What a load test has to reach: the peak times the headroom factor, exactly."""
    if not row.has("peak_rps", "headroom_factor"):
        return None
    with localcontext() as context:
        context.prec = DIGITS
        return Decimal(row.get("peak_rps") * row.get("headroom_factor"))


def has_headroom(fact: Filled, around: Around) -> Iterator[Broken]:
    row = fact.newest
    required = required_rps(row) if row else None
    if row and required is not None and row.has("achieved_rps"):
        achieved = row.get("achieved_rps")
        if achieved < required:
            short = f"It reached {around.number(achieved)} requests per second and needs"
            yield Broken(f"{short} {around.number(required)}.", "achieved_rps", row.number)


def within_limits(fact: Filled, around: Around) -> Iterator[Broken]:
    row = fact.newest
    if row and row.has("p99_ms", "p99_limit_ms") and row.get("p99_ms") > row.get("p99_limit_ms"):
        p99, limit = around.number(row.get("p99_ms")), around.number(row.get("p99_limit_ms"))
        sentence = f"P99 of {p99} ms is over its limit, {limit} ms."
        yield Broken(sentence, "p99_ms", row.number)
    if row and row.has(*PERCENTAGES) and row.get("error_percent") > row.get("error_limit_percent"):
        errors, limit = (around.number(row.get(name)) for name in PERCENTAGES)
        sentence = f"Errors of {errors} % are over their limit, {limit} %."
        yield Broken(sentence, "error_percent", row.number)


def tests_the_candidate(fact: Filled, around: Around) -> Iterator[Broken]:
    row = fact.newest
    if row and row.has("model_version") and not around.is_candidate(row.get("model_version")):
        proposed = around.candidate or "nothing"
        sentence = f"It tested {row.get('model_version')}; this launch proposes {proposed}."
        yield Broken(sentence, "model_version", row.number)


def ran_in_staging(fact: Filled, around: Around) -> Iterator[Broken]:
    row = fact.newest
    if row and row.get("environment") == "staging":
        sentence = "It ran in staging: other hardware, other numbers."
        yield Broken(sentence, "environment", row.number)


def gentle_load(fact: Filled, around: Around) -> Iterator[Broken]:
    row = fact.newest
    if row and row.has("steady_minutes") and row.get("steady_minutes") < STEADY_MINUTES:
        sentence = f"Steady for {row.get('steady_minutes')} minutes: less than 10 show little."
        yield Broken(sentence, "steady_minutes", row.number)
    if row and row.get("load_model") == "closed":
        sentence = "A closed load model slows down with the server and hides queueing."
        yield Broken(sentence, "load_model", row.number)


def looser_than_the_trigger(fact: Filled, around: Around) -> Iterator[Broken]:
    row = fact.newest
    if row is None or not row.has("p99_limit_ms"):
        return
    for trigger in around.rows_of("rollback_triggers"):
        scale = IN_MS.get(trigger.get("unit"))
        if trigger.get("category") != "latency" or not scale or not trigger.has("threshold"):
            continue
        fires_at = trigger.get("threshold") * scale
        if row.get("p99_limit_ms") > fires_at:
            limit = around.number(row.get("p99_limit_ms"))
            yield Broken(
                f"The P99 limit, {limit} ms, is looser than the trigger {trigger.get('name')}, "
                f"{around.number(fires_at)} ms.",
                "p99_limit_ms",
                row.number,
            )


EXPERIMENT = {
    "metric_makes_sense": metric_makes_sense,
    "design_makes_sense": design_makes_sense,
    "approved_by_another": approved_by_another,
    "long_enough": long_enough,
    "odd_duration": odd_duration,
    "no_technical_guardrail": no_technical_guardrail,
    "weak_design": weak_design,
    "few_clusters": few_clusters,
    "stops_early": stops_early,
    "effect_builds_up": effect_builds_up,
}
LOAD_TEST = {
    "numbers_make_sense": numbers_make_sense,
    "has_headroom": has_headroom,
    "within_limits": within_limits,
    "tests_the_candidate": tests_the_candidate,
    "ran_in_staging": ran_in_staging,
    "gentle_load": gentle_load,
    "looser_than_the_trigger": looser_than_the_trigger,
}
