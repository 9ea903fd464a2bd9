"""What templates and styles may contain, and what a first visit may weigh."""

import gzip
import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

FOLDER = settings.ROOT / "templates"
# Mail programs know no style sheets: what becomes a mail carries its styles inline.
MAIL_BASE = "notifications/mail_base.html"
MAILS = {path for path in FOLDER.rglob("*.html") if f'extends "{MAIL_BASE}"' in path.read_text()}
MAILS |= {FOLDER / MAIL_BASE, FOLDER / "notifications" / "verdict.html"}
TEMPLATES = sorted(set(FOLDER.rglob("*.html")) - MAILS)
STYLES = sorted((settings.ROOT / "static" / "css").rglob("*.css"))
SYMBOLS = set(
    re.findall(r'<symbol id="([^"]+)"', (settings.ROOT / "static" / "sprite.svg").read_text())
)
KILOBYTE = 1024


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_nothing_inline(path: Path):
    text = path.read_text()

    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:|hx-on", text) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)", text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_picture_that_a_template_names_is_in_the_sprite(path: Path):
    text = path.read_text()

    named = {f"i-{name}" for name in re.findall(r'{% icon "([^"]+)"', text)}
    named |= {f"v-{name}" for name in re.findall(r'{% verdict "([^"]+)"', text)}

    assert named <= SYMBOLS


def test_every_state_and_verdict_has_a_shape_of_its_own():
    states = {
        "s-done",
        "s-half",
        "s-in_progress",
        "s-not_started",
        "s-blocked",
        "s-waived",
        "s-na",
        "s-na_proposed",
        "s-superseded",
        "s-expired",
        "s-disputed",
        "s-provisional",
        "s-second_signature",
        "v-delay",
        "v-monitor",
        "v-ready",
        "v-not_assessable",
    }

    assert {name for name in SYMBOLS if name[:2] in {"s-", "v-"}} == states


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_a_style_stands_in_a_layer(path: Path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)

    assert text.count("{") == text.count("}")
    assert "@layer" in text


@cache
def compressed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes()))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_first_visit_weighs_at_most_180_kilobytes(path: Path):
    shells = [FOLDER / name for name in ("base.html", "shell.html")]
    text = "".join(one.read_text() for one in (*shells, path))
    named = set(re.findall(r"""{% static ["']([^"']+\.(?:css|js))["'] %}""", text))
    everything = [settings.ROOT / "static" / "sprite.svg"]
    everything += [Path(finders.find(name)) for name in named]
    fonts = (settings.ROOT / "static" / "fonts").glob("*.woff2")

    weight = sum(map(compressed, everything))
    weight += sum(path.stat().st_size for path in fonts)

    assert weight <= 160 * KILOBYTE  # and 20 for the page itself
