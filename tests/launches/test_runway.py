"""The chart of days left and readiness, and the line of the last 14 days."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from readiness.accounts.models import Role
from readiness.launches.models import Launch
from readiness.launches.queries.runway import BOTTOM, LEFT, MOST, RIGHT, TOP, runway_of
from readiness.launches.queries.trend import Trend, fell, trend_of
from readiness.launches.templatetags.spark import spark
from tests import make

TODAY = datetime(2026, 11, 23, tzinfo=UTC)
UNTIL = TODAY + timedelta(days=90)


def seconds(days, hour=0):
    return int((TODAY + timedelta(days=days, hours=hour)).timestamp())


def drawn(monkeypatch, *launches):
    """The chart of launches given as name, score, score a week ago, days left."""
    monkeypatch.setattr("readiness.launches.queries.runway.title_of", lambda *_: "Ready")
    read = [
        "\x1f".join(
            str(one)
            for one in (pk, name, "ready", "go", "", score, before, seconds(days), "UTC", 1)
        )
        for pk, (name, score, before, days) in enumerate(launches, start=1)
    ]
    return runway_of("\x1e".join(read), (), today=TODAY, until=UNTIL)


def test_near_dates_get_room_and_each_band_has_a_scale_of_its_own(monkeypatch):
    found = drawn(monkeypatch, ("A", 1, 0.95, 1), ("B", 0.8, 0.2, 7), ("C", 0.3, "", 49))

    assert [(one.x, one.y, one.before) for one in found.points] == [
        (104.8, 22.0, 59.0), (290.7, 125.7, 198.0), (1045.3, 198.0, None)
    ]  # fmt: skip
    assert [day for _, day in found.ticks] == [
        "Today", "26 Nov", "30 Nov", "7 Dec", "14 Dec", "21 Dec", "4 Jan"
    ]  # fmt: skip


def test_a_label_goes_right_else_left_else_above_else_below_else_nowhere(monkeypatch):
    found = drawn(monkeypatch, *((f"Launch {n}", 0.9, 0.9, 10) for n in range(5)))

    assert [one.anchor for one in found.points] == ["start", "end", "middle", "middle", ""]
    assert [bool(one.name) for one in found.points] == [True, True, True, True, False]


def test_a_band_says_its_name_at_the_left_where_a_launch_stands_in_the_way(monkeypatch):
    found = drawn(monkeypatch, ("A", 0.76, "", 13), ("B", 0.3, "", 30))
    beside = drawn(monkeypatch, ("A", 0.76, "", 30))

    assert [left for left, *_ in found.words] == [RIGHT - 44, RIGHT - 110, RIGHT - 44]
    assert [left for left, *_ in beside.words] == [RIGHT - 44, RIGHT - 110, LEFT]


def test_no_two_labels_overlap_and_none_leaves_the_plot(monkeypatch):
    crowd = [(f"Ranker number {n}", (n * 37 % 100) / 100, "", n * 7919 % 90) for n in range(60)]

    found = drawn(monkeypatch, *crowd)

    boxes = []
    for one in (one for one in found.points if one.name):
        width = 6.3 * len(one.name)
        left = one.name_x - {"start": 0, "end": width, "middle": width / 2}[one.anchor]
        boxes.append((left, one.name_y - 12, left + width, one.name_y + 3))
    assert len(boxes) > 10
    assert all(
        a >= LEFT and c <= RIGHT and b >= TOP - 4 and d <= BOTTOM + 4 for a, b, c, d in boxes
    )
    assert not [
        (one, other)
        for n, one in enumerate(boxes)
        for other in boxes[:n]
        if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
    ]


def test_at_most_200_launches_are_drawn_the_nearest_of_them(monkeypatch):
    found = drawn(monkeypatch, *((f"Ranker {n}", 0.5, "", n / 3) for n in range(MOST + 9)))

    assert [one.pk for one in found.points] == list(range(1, MOST + 1))


def test_a_day_without_a_snapshot_ends_as_it_began_and_today_with_the_score_of_now():
    read = f"0:0.25,{seconds(-3, 9)}:0.5,{seconds(-3, 10)}:0.6,{seconds(0, 9)}:0.7"

    found = trend_of(read, Decimal("0.75"), date(2026, 11, 23))

    assert found == Trend((*[250] * 10, 600, 600, 600, 750))
    assert found.change == 500
    assert trend_of("", None, date(2026, 11, 23)) == Trend()
    assert trend_of(f"{seconds(-1)}:0.5", Decimal(1), date(2026, 11, 23)) == Trend((500, 1000))


@pytest.mark.parametrize(("score", "expected"), [("0.49", True), ("0.5", False), ("0.9", False)])
def test_readiness_falls_when_it_is_lower_than_a_week_ago(score, expected):
    read = f"0:0.1,{seconds(-8)}:0.5,{seconds(-2)}:0.95"

    assert fell(read, Decimal(score), TODAY) is expected


def test_a_flat_line_looks_flat_and_a_steep_one_fills_its_cell():
    heights = [
        {float(y) for y in re.findall(r",([\d.]+)", re.search(r'line points="(.*?)"', line)[1])}
        for line in (
            spark(Trend((500, 510)), "delay", "51%"),
            spark(Trend((0, 1000)), "go", "100%"),
        )
    ]

    assert [max(one) - min(one) for one in heights] == [pytest.approx(0.9, abs=0.2), 18]


@pytest.mark.django_db
def test_the_page_draws_launches_of_the_next_90_days_and_says_where_the_same_is_in_words(client):
    lead = make.user("Ann", team=make.team(), role=Role.LEAD)
    team = lead.memberships.get().team
    client.force_login(lead)
    with time_machine.travel(make.NOW, tick=False):
        for name, days in (("<b>So\x1e\x1fon</b>", 5), ("Distant", 120)):
            launch = make.launch(
                items=2, signed_off=1, by=lead, team=team, name=name,
                at=make.NOW - timedelta(days=9), launch_at=make.NOW + timedelta(days=days),
            )  # fmt: skip
            Launch.objects.filter(pk=launch.pk).update(score="0.9", next_change=None)

        whole = client.get("/").content.decode()
        part = client.get("/", headers={"HX-Request": "true"}).content.decode()

    [chart] = re.findall(r'<section class="card runway".*?</section>', whole, re.S)
    assert chart.count('class="pt"') == 1
    assert "&lt;b&gt;Soon&lt;/b&gt;" in chart
    assert 'class="tail"' in chart
    assert "The list below says the same in words." in chart
    assert "runway" not in part
    assert whole.count('aria-label="Readiness over the last 14 days') == 2


@pytest.mark.django_db
def test_what_time_has_overtaken_stands_in_the_chart_as_it_is_now(client):
    lead = make.user("Ann", team=make.team(), role=Role.LEAD)
    client.force_login(lead)
    with time_machine.travel(make.NOW, tick=False):
        launch = make.launch(items=1, signed_off=1, by=lead, team=lead.memberships.get().team)
        Launch.objects.filter(pk=launch.pk).update(next_change=make.NOW, outcome="no_go")

        chart = client.get("/").content.decode().partition("runway__plot")[2]

    assert 'class="pt" tabindex="-1" data-verdict="ready"' in chart
