"""The frame of every signed-in page."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from tests import make

pytestmark = pytest.mark.django_db


def frame(person, **said) -> str:
    request = RequestFactory().get("/launches/?q=a&b")
    request.user = person
    return render_to_string("shell.html", said, request=request)


def test_the_frame_marks_where_one_is():
    page = frame(make.user("Ann Ash"), nav="launches")

    assert re.findall(r'href="([^"]+)"[^>]* aria-current="page"', page) == ["/", "/"]


def test_the_frame_shows_the_theme_and_the_keys_of_the_person():
    page = frame(make.user("Ann Ash", theme="dark", keys_on=False))

    assert '<html lang="en" data-theme="dark">' in page
    assert 'data-keys="off"' in page
    assert "Turn single keys on" in page


def test_the_system_decides_until_the_person_does():
    page = frame(make.user("Ann Ash"))

    assert '<html lang="en">' in page
    assert 'data-keys="on"' in page


@pytest.mark.parametrize("name", ["עלמה לוי", "🚀 <b>Rocket</b>"])
def test_any_name_is_shown_as_text(name):
    page = frame(make.user(name))

    assert "<b>Rocket" not in page
    assert name.replace("<", "&lt;").replace(">", "&gt;") in page


def test_the_frame_has_nothing_inline():
    page = frame(make.user("Ann Ash"))

    assert re.findall(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", page) == []


def test_the_page_configures_htmx_to_run_nothing_and_keep_nothing():
    page = frame(make.user("Ann Ash"))

    assert '"allowEval":false,"allowScriptTags":false,"historyCacheSize":0' in page
    assert '{"code":"409|422","swap":true}' in page
