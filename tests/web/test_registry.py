"""Higher rooms leave counts; a page counts what it shows, once."""

import pytest
from django.template import Context, Template

from readiness.web import registry


def test_a_count_is_asked_for_once_and_only_if_it_is_shown(monkeypatch):
    monkeypatch.setattr(registry, "_badges", {})
    asked = []
    registry.nav_badge("mine", lambda user: asked.append(user) or 5)
    registry.nav_badge("unseen", lambda user: asked.append("unseen") or 1)
    page = Template("{{ badges.mine }} {{ badges.mine }}[{{ badges.nothing }}]")

    drawn = page.render(Context({"badges": registry.Badges("ann")}))

    assert drawn == "5 5[]"
    assert asked == ["ann"]


def test_a_count_that_nobody_left_is_missing(monkeypatch):
    monkeypatch.setattr(registry, "_badges", {})

    with pytest.raises(KeyError):
        registry.Badges("ann")["mine"]
