"""Every page, held against WCAG 2.2 AA and the windows it is seen in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.db import connections
from playwright.sync_api import expect

from readiness.accounts.models import Role
from readiness.notifications.models import Delivery, Kind
from readiness.notifications.services.subscribing import unsubscribe_url
from tests import make
from tests.browser.leafing import Tabs
from tests.browser.looking import faults_of, faults_of_mail
from tests.browser.pages import OPENED, PAGES
from tests.browser.world import World, address_of, made

OF_A_PAGE = re.compile(r"\d (light|dark): (region|landmark-[a-z-]+|page-has-heading-one) at")


@pytest.fixture(scope="module")
def world(_committed) -> World:
    return made()


@pytest.fixture(scope="module")
def open_tabs(browser, address) -> Iterator[Tabs]:
    tabs = Tabs(browser, address)
    yield tabs
    tabs.close()


@pytest.fixture
def tabs(open_tabs) -> Iterator[Tabs]:
    """When the test ends, nothing may have failed in any of them."""
    yield open_tabs
    assert open_tabs.faults() == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_and_fits_its_window(name, world, tabs):
    who, path, until = PAGES[name]
    page = tabs.turn_to(address_of(path, world), getattr(world, who) if who else None)
    until(page)

    assert faults_of(page, within=OPENED.get(name, "html")) == []


def test_a_mail_is_accessible_but_for_the_landmarks_of_a_page(world, tabs):
    page = tabs.turn_to("about:blank", None)

    page.set_content(world.mail.html)

    assert [fault for fault in faults_of(page) if not OF_A_PAGE.search(fault)] == []


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.TEST])
def test_every_kind_of_mail_is_read_on_a_laptop_and_a_phone_by_day_and_by_night(kind, world, tabs):
    mail = Delivery.objects.filter(kind=kind.value).exclude(html="").latest("pk")
    page = tabs.turn_to("about:blank", None)

    page.set_content(mail.html)

    assert faults_of_mail(page) == []


def test_the_way_out_of_mails_is_accessible(world, visit):
    page = visit(None, urlsplit(unsubscribe_url(world.lead, Kind.DIGEST)).path)

    expect(page.get_by_role("button")).to_be_visible()
    assert faults_of(page) == []


@contextmanager
def moved_away(table: str) -> Iterator[None]:
    """A database in which a table is missing."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO moved_away")
        try:
            yield
        finally:
            cursor.execute(f"ALTER TABLE moved_away RENAME TO {table}")


def test_a_page_that_fails_says_so_and_gives_a_code_to_quote(world, visit, watch):
    watch.expected.add(500)

    with moved_away("checklists_version"):
        page = visit(world.lead, "/checklists/")

    expect(page.get_by_role("heading", level=1)).to_have_text("We failed to load this page")
    expect(page.locator(".errcode")).to_have_text(re.compile(r"^r-[0-9a-f]{12}$"))
    assert faults_of(page) == []


def test_an_empty_list_of_launches_says_how_to_begin(visit):
    page = visit(make.user("New Ada", team=make.team(), role=Role.LEAD))

    expect(page.get_by_role("heading", level=1)).to_have_text("No launches yet")
    assert faults_of(page) == []
