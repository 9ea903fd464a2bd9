"""Narrowing the list of launches, giving that a name, and coming back to it."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from readiness import clock
from tests.browser import given
from tests.browser.conftest import PHONE


def test_a_list_is_narrowed_saved_under_a_name_and_found_again_on_a_phone(visit):
    crew = given.crew()
    now = clock.now()
    crew.launch(name="Copilot drafts", launch_at=now + timedelta(days=9))
    crew.launch(name="Distant ranker", launch_at=now + timedelta(days=60))
    page = visit(crew.ann, "/")
    chart, near, far = (
        page.locator(".runway"),
        page.get_by_role("link", name="Copilot drafts", exact=True),
        page.get_by_role("link", name="Distant ranker", exact=True),
    )
    expect(chart.locator(".lb")).to_have_text(["Copilot drafts", "Distant ranker"])

    page.get_by_role("button", name="Filter").click()
    page.get_by_label("Launching in").select_option("14")
    expect(far).to_have_count(0)
    expect(page.locator("#filters-on")).to_have_text("1 on")
    expect(page).to_have_url(re.compile(r"/\?within=14$"))
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Save view").click()
    page.get_by_label("Name").fill("My fortnight")
    page.get_by_role("button", name="Save view").click()
    expect(page.get_by_role("navigation", name="Views")).to_contain_text("My fortnight")
    expect(near).to_be_visible()

    phone = visit(crew.ann, "/", size=PHONE)
    expect(phone.locator(".runway")).to_be_hidden()
    phone.get_by_role("link", name="Views").first.click()
    phone.get_by_role("link", name="My fortnight", exact=True).click()
    expect(phone.get_by_role("link", name="Copilot drafts", exact=True)).to_be_visible()
    expect(phone.get_by_role("link", name="Distant ranker", exact=True)).to_have_count(0)
