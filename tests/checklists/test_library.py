"""The checklists that come with the product; the default one speaks the user's words."""

import re
from pathlib import Path

import pytest

from readiness.checklists.document.reading import read
from readiness.checklists.document.sense import items_of
from readiness.checklists.document.shape import LIBRARY

SEED = (Path(__file__).parent / "seed.txt").read_text()
DEFAULT = read((LIBRARY / "production-ml-safety-nets.yaml").read_bytes()).value


@pytest.mark.parametrize(
    ("name", "title", "sections", "items"),
    [
        ("production-ml-safety-nets", "Production ML Safety Nets Checklist", 7, 40),
        ("eu-ai-act-high-risk", "EU AI Act, high-risk systems", 3, 24),
        ("genai-llm-risks-2026", "LLM application risks", 3, 10),
        ("ml-test-score-2017", "ML Test Score", 4, 28),
        ("service-readiness-tiers", "Service readiness by tier", 7, 66),
    ],
)
def test_each_checklist_that_comes_along_can_be_read(name, title, sections, items):
    value = read((LIBRARY / f"{name}.yaml").read_bytes()).value

    assert (value["template"]["key"], value["template"]["title"]) == (name, title)
    assert (len(value["sections"]), len(list(items_of(value)))) == (sections, items)


def test_no_checklist_in_the_library_is_forgotten_here():
    names = {file.name for file in LIBRARY.iterdir()}

    assert names == {
        "production-ml-safety-nets.yaml",
        "eu-ai-act-high-risk.yaml",
        "genai-llm-risks-2026.yaml",
        "ml-test-score-2017.yaml",
        "service-readiness-tiers.yaml",
        "schema.json",
    }


def test_items_are_the_users_word_for_word_and_in_order():
    written = re.findall(r"^- (.+)$", SEED.partition("Next Steps")[0], re.MULTILINE)

    assert [item["title"] for _, item in items_of(DEFAULT)] == written


def test_items_stand_in_the_users_sections():
    written = [
        len(re.findall(r"^- ", part, re.MULTILINE))
        for part in re.split(r"^\d\. ", SEED.partition("Next Steps")[0], flags=re.MULTILINE)[1:]
    ]

    assert [len(section["items"]) for section in DEFAULT["sections"]] == written


def test_section_titles_and_goals_are_the_users():
    written = re.findall(r"^\d\. (.+)\nGoal: (.+)$", SEED, re.MULTILINE)

    assert [(one["title"], one["goal"]) for one in DEFAULT["sections"]] == written


def test_title_purpose_and_how_to_use_are_the_users():
    title = SEED.splitlines()[0]
    purpose, how_to_use = re.search(
        r"^Purpose: (.+)\nHow to use: (.+)$", SEED, re.MULTILINE
    ).groups()

    about = DEFAULT["template"]

    assert (about["title"], about["purpose"], about["how_to_use"]) == (title, purpose, how_to_use)


def test_verdict_sentences_are_the_users():
    written = re.findall(r"^- If .+ checked: (.+)$", SEED, re.MULTILINE)

    assert [band["message"] for band in DEFAULT["scoring"]["bands"]] == written
