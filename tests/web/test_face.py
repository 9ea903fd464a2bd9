"""Tags draw what they are given, and only as text."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, Template

from readiness.web.templatetags import face

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@dataclass
class Person:
    name: str
    initials: str
    hue: int


def test_an_icon_says_nothing_by_itself():
    assert face.icon("plus", "muted") == (
        '<svg class="i muted" aria-hidden=true><use href=/static/sprite.svg#i-plus /></svg>'
    )


@pytest.mark.parametrize(
    ("key", "shape"), [("delay", "delay"), ("no_go", "delay"), ("conditional", "monitor")]
)
def test_a_verdict_has_a_shape_and_a_word(key, shape):
    assert face.verdict(key, "Delay") == (
        f'<svg class=g data-verdict="{shape}" role="img" aria-label="Delay">'
        f"<use href=/static/sprite.svg#v-{shape} /></svg>"
    )


@pytest.mark.parametrize(
    ("key", "shape"), [("met", "done"), ("na_by_facet", "na"), ("open", "not_started")]
)
def test_a_state_has_a_shape(key, shape):
    assert face.status(key) == (
        f'<svg class=g data-status="{shape}" aria-hidden=true>'
        f"<use href=/static/sprite.svg#s-{shape} /></svg>"
    )


@pytest.mark.parametrize(
    ("name", "initials", "shown"),
    [
        ("עלמה לוי", "על", "עלמה לוי"),
        ("🚀 Rocket", "🚀R", "🚀 Rocket"),
        ('"><script>', '"<', "&quot;&gt;&lt;script&gt;"),
    ],
)
def test_a_face_shows_any_name_as_text(name, initials, shown):
    drawn = face.avatar(Person(name, initials, 7), "avatar--lg")

    assert f'aria-label="{shown}" title="{shown}"' in drawn
    assert 'class="avatar hue-7 avatar--lg"' in drawn
    assert "<script" not in drawn


def test_a_face_beside_a_name_is_silent():
    assert face.avatar(Person("Ann Ash", "AA", 0), "", hide=True) == (
        '<span class="avatar hue-0" aria-hidden=true>AA</span>'
    )


def test_nobody_has_no_face():
    assert face.avatar(None) == ""


def test_the_meter_shows_a_unit_for_each_item_and_a_mark_at_each_cut():
    drawn = face.meter(["met", "blocked"], [("80", "Monitor <from>")], "1 of 2 checked")

    assert drawn == (
        '<div class="meter"><svg class="meter__marks" aria-hidden="true">'
        '<line x1="80%" x2="80%" y1="2" y2="100%"/>'
        '<text x="80%" dx="-7" y="12" text-anchor="end">'
        '<tspan class="meter__words">Monitor &lt;from&gt; </tspan>80%</text></svg>'
        '<div class="meter__units" role="img" aria-label="1 of 2 checked">'
        "<i data-s=done></i><i data-s=blocked></i></div></div>"
    )


def test_a_unit_of_what_nobody_began_takes_no_words():
    units = [face.bar(unit) for unit in ("not_started", "open", "met", "blocked")]

    assert units == ["<i></i>", "<i></i>", "<i data-s=done></i>", "<i data-s=blocked></i>"]


def test_dates_are_short():
    page = Template("{{ at|day }}, {{ at|daymon }}, {{ none|day }}")

    drawn = page.render(Context({"at": date(2026, 12, 8), "none": None}))

    assert drawn == "Tue 8 Dec, 8 Dec, "


@pytest.mark.parametrize(
    ("days", "sign", "words"),
    [
        (14, "T−14", "in 14 days"),
        (1, "T−1", "tomorrow"),
        (0, "T−0", "today"),
        (-1, "T+1", "yesterday"),
        (-2, "T+2", "2 days ago"),
        (None, "", ""),
    ],
)
def test_a_countdown_is_a_sign_and_words(days, sign, words):
    assert (face.tminus(days), face.countdown(days)) == (sign, words)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=-5), "now"),
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=14, seconds=59), "14 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=10), "10 h"),
        (timedelta(hours=11), "11 h"),
        (timedelta(hours=20), "yesterday"),
        (timedelta(days=4), "20 Nov"),
        (timedelta(days=400), "20 Oct 2025"),
    ],
)
def test_the_past_is_told_in_a_word_or_two(before, words):
    assert face.ago(NOW - before, NOW) == words
