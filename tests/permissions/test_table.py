"""The permission table holds every page, and its document says what it holds."""

from pathlib import Path

from django.core.management import call_command

from readiness.accounts.management.commands.permissions import addresses
from readiness.accounts.pages import PAGES
from readiness.accounts.permissions import ALLOWED, EVERYONE, Action

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"


def test_every_address_has_a_row_and_every_row_an_address():
    assert sorted(addresses()) == sorted(PAGES)


def test_every_act_is_allowed_to_somebody_and_belongs_to_a_page():
    of_pages = {action for acts in PAGES.values() for action in acts.values()}

    assert (ALLOWED.keys() | EVERYONE, of_pages) == (set(Action), set(Action))


def test_the_document_equals_the_table(capsys):
    call_command("permissions")

    assert DOCUMENT.read_text() == capsys.readouterr().out, "run: manage.py permissions"
