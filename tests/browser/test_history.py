"""Looking for what happened in a launch, and handing it over."""

import re

from playwright.sync_api import Page, expect

from tests import make
from tests.browser import given
from tests.browser.conftest import PHONE


def test_looking_for_what_happened_and_handing_the_launch_over(visit):
    crew = given.crew()
    launch = worked_on(crew)
    page = visit(crew.lead, f"/launches/{launch.pk}/history/")

    narrow(page)
    page.goto(f"/launches/{launch.pk}/")
    page.get_by_role("link", name="Share").click()
    expect(page.get_by_label("The launch as Markdown")).to_have_value(re.compile("38 of 40"))
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_label("Link to the badge").input_value()
    stranger = visit(path=link)
    expect(stranger.locator("svg")).to_have_attribute("aria-label", re.compile("monitoring 95%"))
    page.get_by_role("button", name="Revoke the link").click()
    expect(page.get_by_role("button", name="Make a link")).to_be_visible()
    page.get_by_role("link", name="Print view").click()

    expect(page.get_by_text("38 of 40 items are checked.")).to_be_visible()
    assert stranger.request.get(link).status == 404


def test_looking_for_what_happened_on_a_phone(visit):
    crew = given.crew()
    launch = worked_on(crew)

    narrow(visit(crew.lead, f"/launches/{launch.pk}/history/", size=PHONE))


def worked_on(crew: given.Crew):
    """A launch with more than a page of events."""
    launch = crew.launch(signed_off=38)
    for place in range(1, 21):
        make.link(make.item(launch, place), by=crew.ann)
    return launch


def narrow(page: Page) -> None:
    """Read on, choose a kind, then a person who did nothing of it, and go back to everything."""
    lines = page.locator(".timeline li")
    page.get_by_role("link", name="Older").scroll_into_view_if_needed()
    expect(lines).to_have_count(60)
    page.get_by_label("Kind of change").select_option(label="Evidence")
    expect(lines).to_have_count(20)
    expect(page).to_have_url(re.compile("kind=evidence"))
    page.get_by_label("Person").select_option(label="Hannah Cohen")
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    page.get_by_role("link", name="Show everything").click()
    expect(lines).not_to_have_count(0)
