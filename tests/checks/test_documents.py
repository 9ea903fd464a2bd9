"""What the documents promise is there: the two commands, each setting, each link."""

import re
from pathlib import Path

import pytest

from readiness.settings import Environment
from tests.manual.pages import write_pages

ROOT = Path(__file__).resolve().parents[2]
STATED_ELSEWHERE = ["READINESS_DEMO", "READINESS_STATE_DIR", "READINESS_WEB_PROCESSES"]


def names_of_settings() -> list[str]:
    return sorted([f"READINESS_{name.upper()}" for name in Environment.model_fields]
                  + STATED_ELSEWHERE)  # fmt: skip


def documents() -> list[Path]:
    return [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_it_begins_with_the_two_commands(name):
    text = (ROOT / name).read_text()

    first_block = re.search(r"```\w*\n(.*?)```", text, re.S)[1]

    assert re.findall(r"^make (\w+)", first_block, re.M) == ["up", "test"]


def test_each_setting_has_its_line():
    explained = set(re.findall(r"`(READINESS_\w+)`", (ROOT / "docs" / "settings.md").read_text()))

    assert sorted(explained) == names_of_settings()


def test_each_variable_of_the_compose_file_is_in_the_example():
    used = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    example = set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.M))

    assert example == used


@pytest.mark.parametrize("document", documents(), ids=lambda file: str(file.relative_to(ROOT)))
def test_each_link_inside_the_project_leads_somewhere(document):
    links = re.findall(r"\]\((?!\w+:|#)([^)#\s]+)", document.read_text())

    assert [link for link in links if not (document.parent / link).exists()] == []


def test_decisions_are_numbered_from_one_without_a_gap():
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))

    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))


def test_each_decision_says_status_context_decision_and_consequences():
    wanted = ["Status", "Context", "Decision", "Consequences"]
    pages = (ROOT / "docs" / "decisions").glob("*.md")
    told = {page.name: re.findall(r"^## (\w+)", page.read_text(), re.M) for page in pages}

    assert {name: parts for name, parts in told.items() if parts != wanted} == {}


def test_the_manual_is_written_and_no_link_in_it_leads_nowhere():
    assert write_pages() == []
