"""Words are marked where they stand, and text stays text."""

import pytest

from readiness.web.highlight import highlighted


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("Ads ranking", "", "Ads ranking"),
        ("Ads ranking", "RANK ads", "<mark>Ads</mark> <mark>rank</mark>ing"),
        ("Copilot drafts", "copilto", "<mark>Copilot</mark> drafts"),
        ("a < b", "<", "a <mark>&lt;</mark> b"),
        ("<script>", "script", "&lt;<mark>script</mark>&gt;"),
        ("a.b axb", "a.b", "<mark>a.b</mark> axb"),
        ("İstanbul ranker", "ranker", "İstanbul <mark>ranker</mark>"),
        ("Nothing here", "zebra", "Nothing here"),
    ],
)
def test_what_was_asked_for_is_marked(text, words, marked):
    assert highlighted(text, words) == marked
