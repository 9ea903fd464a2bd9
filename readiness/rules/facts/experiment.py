"""How many units an A/B test needs, and how many days: the calculator."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal, localcontext
from fractions import Fraction
from math import ceil
from statistics import NormalDist

from readiness.rules.facts.values import Values

DIGITS = 50
WEEK = 7
NEEDED = ("metric_kind", "baseline", "min_effect", "alpha", "power", "sides", "allocation")


@dataclass(frozen=True, slots=True)
class Size:
    """What a test needs: units in one of two equal arms, in all, and days of traffic."""

    per_arm: int
    total: int
    days: int | None

    @property
    def weeks(self) -> int | None:
        """Whole weeks, so that each day of the week is in the test as often as any other."""
        return None if self.days is None else -(-self.days // WEEK)


def size_of(plan: Values) -> Size | None:
    """What a plan needs, or nothing while it does not say enough or makes no sense.

    Unequal arms need 1 / (4 k (1 - k)) times as much, k the share in treatment: exact for
    means, an approximation for proportions. What is counted is counted in fractions, so
    that a result that is a whole number is not rounded up by an error in its last digit.
    """
    if any(plan.get(name) is None for name in NEEDED) or not makes_sense(plan):
        return None
    per_arm = _per_arm(plan)
    share = Fraction(plan["allocation"])
    total = ceil(2 * per_arm / (4 * share * (1 - share)))
    return Size(per_arm, total, _days(plan, total))


def makes_sense(plan: Values) -> bool:
    """Whether the formulas hold for these numbers."""
    is_design = (
        0 < plan["alpha"] < Decimal("0.5")
        and Decimal("0.5") <= plan["power"] < 1
        and 0 < plan["allocation"] < 1
        and plan["min_effect"] != 0
    )
    if plan["metric_kind"] == "proportion":
        return is_design and 0 < plan["baseline"] < 1 and 0 < _treated(plan) < 1
    return is_design and plan.get("std_dev") is not None and plan["std_dev"] > 0


def _per_arm(plan: Values) -> int:
    """Units in each of two equal arms.

    Proportions: ceil((z_a sqrt(2 p (1-p)) + z_b sqrt(p1 (1-p1) + p2 (1-p2)))^2 / (p2-p1)^2),
    p the mean of p1 and p2. This is the formula of Fleiss, Levin and Paik, Statistical Methods
    for Rates and Proportions, 3rd ed., 4.2, without the correction for continuity, and that of
    R's power.prop.test. Means: ceil(2 (z_a + z_b)^2 sd^2 / d^2), as in Chow, Shao and Wang,
    Sample Size Calculations in Clinical Research, 3.2, for a known standard deviation; R's
    power.t.test asks for one or two more, as it estimates it.
    """
    z_a = _z(1 - plan["alpha"] / Decimal(plan["sides"]))
    z_b = _z(plan["power"])
    effect = plan["min_effect"]
    with localcontext() as context:
        context.prec = DIGITS
        if plan["metric_kind"] == "proportion":
            was, becomes = plan["baseline"], _treated(plan)
            mean = (was + becomes) / 2
            apart = was * (1 - was) + becomes * (1 - becomes)
            root = z_a * (2 * mean * (1 - mean)).sqrt() + z_b * apart.sqrt()
            units = root**2 / effect**2
        else:
            units = 2 * (z_a + z_b) ** 2 * plan["std_dev"] ** 2 / effect**2
        return max(1, int(units.to_integral_value(ROUND_CEILING)))


def _days(plan: Values, total: int) -> int | None:
    """Days until so many units have come by."""
    daily: int = plan.get("eligible_units_per_day") or 0
    exposure: Decimal | None = plan.get("exposure")
    if daily <= 0 or exposure is None or not 0 < exposure <= 1:
        return None
    return ceil(total / (daily * Fraction(exposure)))


def _treated(plan: Values) -> Decimal:
    return Decimal(plan["baseline"] + plan["min_effect"])


def _z(probability: Decimal) -> Decimal:
    """The quantile of the normal distribution, as exact as the standard library gives it."""
    return Decimal(NormalDist().inv_cdf(float(probability)))
