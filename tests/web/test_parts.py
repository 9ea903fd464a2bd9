"""Parts of pages that are drawn once: the same for the same, and nothing for anybody else."""

import pytest
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.safestring import SafeString

from readiness.web.templatetags.parts import closely, form_part, part
from tests import make

pytestmark = pytest.mark.django_db
ME = "components/me.html"


def test_the_same_part_is_drawn_once():
    first = part(ME, name="Ann Ash", initials="AA", hue=3)
    again = part(ME, name="Ann Ash", initials="AA", hue=3)
    other = part(ME, name="Bo Birch", initials="BB", hue=3)

    assert again is first
    assert "Ann Ash" in first
    assert "Bo Birch" in other


def test_a_part_knows_nothing_but_what_it_is_shown():
    request = RequestFactory().get("/")
    request.user = make.user("Ann Ash")
    text = '{% load parts %}{{ name }}: {% part "components/me.html" hue=1 %}'

    page = engines["django"].from_string(text).render({"name": "Ann Ash"}, request)

    assert page.count("Ann Ash") == 1


def test_what_was_safe_for_one_is_still_escaped_for_the_next():
    safe, unsafe = (part(ME, name=kind("<b>Ann</b>"), hue=2) for kind in (SafeString, str))

    assert "<b>Ann</b>" in safe
    assert "&lt;b&gt;Ann&lt;/b&gt;" in unsafe


def test_a_part_with_a_form_is_what_a_template_draws_whoever_asks_and_wherever():
    for token, address in (("a" * 64, "/?q=<b>&x=1"), ("b" * 64, '/"\x02csrf_token\x03"')):
        shown = {"theme": "dark", "next": address, "csrf_token": token}

        drawn = form_part("components/theme.html", **shown)

        assert drawn == closely(render_to_string("components/theme.html", shown))
        assert token in drawn
