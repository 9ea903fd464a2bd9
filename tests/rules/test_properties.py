"""What holds for every launch."""

from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from readiness.rules.percent import shown
from readiness.rules.scheme import DEFAULT, Band, Measure, Outcome, Scheme, band_of
from readiness.rules.states import Na
from readiness.rules.steps import after
from readiness.rules.verdict import Verdict, judge
from tests.rules.given import NOW, default_policies, items, schemes

many = settings(max_examples=100, deadline=None)
spans = st.integers(0, 4 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))


def rank(verdict: Verdict, scheme: Scheme) -> int:
    return -1 if verdict.band is None else scheme.bands.index(verdict.band)


def standing(verdict: Verdict) -> Verdict:
    """A verdict without the instant at which it changes next."""
    return replace(verdict, next_change=None)


@many
@given(items(most=12), default_policies, st.data())
def test_checking_an_item_never_lowers_the_verdict(launch, scheme, data):
    assume(launch)
    before = judge(launch, scheme, NOW)

    checked = after(launch, scheme, NOW, data.draw(st.sampled_from(launch)).key)

    assert rank(checked, scheme) >= rank(before, scheme)
    assert (checked.score or 0) >= (before.score or 0)
    assert set(checked.holds) <= set(before.holds)
    assert checked.go_allowed >= before.go_allowed


@many
@given(items(most=12), default_policies, st.data())
def test_a_waiver_never_raises_the_score(launch, scheme, data):
    assume(launch)
    chosen = data.draw(st.sampled_from(launch))
    waived = chosen._replace(waiver_until=NOW + timedelta(days=1))

    before = judge(launch, scheme, NOW)
    verdict = judge([waived if one is chosen else one for one in launch], scheme, NOW)

    assert (verdict.band, verdict.score) == (before.band, before.score)
    assert set(verdict.holds) <= set(before.holds)


@many
@given(items(most=12), default_policies, spans)
def test_time_only_takes_away(launch, scheme, span):
    # Confirming N/A withdraws a standing sign-off: an item never has both.
    launch = [one._replace(credit=Fraction(0)) if one.na is Na.CONFIRMED else one for one in launch]

    before = judge(launch, scheme, NOW)
    later = judge(launch, scheme, NOW + span)

    assert before.score is None or later.score <= before.score
    assert before.band is None or rank(later, scheme) <= rank(before, scheme)
    assert set(later.holds) >= set(before.holds)
    assert later.go_allowed <= before.go_allowed


@many
@given(items(most=12), schemes, st.randoms())
def test_the_order_of_the_items_does_not_matter(launch, scheme, random):
    shuffled = random.sample(launch, len(launch))

    assert judge(shuffled, scheme, NOW) == judge(launch, scheme, NOW)


@many
@given(items(most=12), schemes, spans)
def test_nothing_changes_before_the_next_change(launch, scheme, span):
    verdict = judge(launch, scheme, NOW)
    end = verdict.next_change or datetime.max.replace(tzinfo=NOW.tzinfo)

    latest = min(NOW + span, end - timedelta(microseconds=1))

    assert standing(judge(launch, scheme, latest)) == standing(verdict)
    assert end > NOW


@many
@given(items(most=12), schemes)
def test_what_is_earned_never_exceeds_what_counts(launch, scheme):
    verdict = judge(launch, scheme, NOW)

    assert 0 <= verdict.earned <= verdict.total
    assert 0 <= verdict.checked <= verdict.counted <= len(launch)
    assert sum(section.counted for section in verdict.sections) == verdict.counted
    assert list(verdict.states) == [one.key for one in launch]


shares = st.fractions(0, 1, max_denominator=5000)
cuts = st.lists(
    st.tuples(st.sampled_from([Fraction(n, 40) for n in range(1, 41)]), st.booleans()),
    max_size=4,
    unique_by=lambda cut: cut[0],
)


@settings(max_examples=300, deadline=None)
@given(cuts, shares | st.integers(0, 40).map(lambda n: Fraction(n, 40)))
def test_the_number_shown_never_contradicts_the_band(cuts, score):
    upper = [Band(f"b{at}", "", Outcome.GO, at, included) for at, included in sorted(cuts)]
    scheme = Scheme(bands=(DEFAULT[0], *upper))

    number = Fraction(shown(score, scheme).removesuffix("%")) / 100

    assert band_of(number, scheme.bands) == band_of(score, scheme.bands)
    assert (number == 1, number == 0) == (score == 1, score == 0)
    assert abs(number - score) <= Fraction(1, 2000)


@settings(max_examples=200, deadline=None)
@given(cuts, st.fractions(0, 8, max_denominator=500))
def test_the_points_shown_never_contradict_the_band(cuts, score):
    upper = [Band(f"b{at}", "", Outcome.GO, at * 8, included) for at, included in sorted(cuts)]
    scheme = Scheme(measure=Measure.SUM, bands=(DEFAULT[0], *upper))

    number = Fraction(shown(score, scheme))

    assert band_of(number, scheme.bands) == band_of(score, scheme.bands)
    assert (number == 0) == (score == 0)
