"""The same work by thumb: the status menu and the item come up as sheets from below."""

from playwright.sync_api import Locator, expect

from tests import make
from tests.browser import given
from tests.browser.conftest import PHONE


def test_ticking_an_item_through_the_sheet_of_its_status_menu(visit):
    crew = given.crew()
    launch = crew.launch(signed_off=38)
    last = make.item(launch, 39)
    page = visit(crew.ann, f"/launches/{launch.pk}/", size=PHONE)
    row, menu = page.locator(f"#item-{last.pk}"), page.locator("#status-menu")

    row.get_by_role("link", name="7.3: Not started").tap()
    expect(menu).to_be_visible()
    assert is_sheet(menu)
    menu.get_by_role("button", name="Done", exact=True).tap()

    expect(menu).to_be_hidden()
    expect(row).to_have_attribute("data-status", "done")
    expect(page.locator("#verdict")).to_have_attribute("data-verdict", "ready")


def test_working_on_an_item_in_its_sheet(visit):
    crew = given.crew()
    launch = crew.launch()
    item = make.item(launch)
    page = visit(crew.ann, f"/launches/{launch.pk}/", size=PHONE)
    row, sheet = page.locator(f"#item-{item.pk}"), page.locator("#drawer")

    row.locator(".item__text a").first.tap()
    expect(sheet).to_be_visible()
    assert is_sheet(sheet)
    sheet.locator("summary", has_text="Add").tap()
    sheet.get_by_label("Web address").fill("https://runs.example/rehearsal")
    sheet.get_by_role("button", name="Add evidence").tap()
    expect(sheet.locator(".evid")).to_contain_text("runs.example")
    sheet.get_by_role("textbox", name="Comment").fill("We rehearsed it on Tuesday.")
    sheet.get_by_role("button", name="Send comment").tap()
    expect(sheet.locator("#comments")).to_contain_text("We rehearsed it on Tuesday.")
    sheet.get_by_role("button", name="Done", exact=True).tap()
    expect(sheet.locator(".chip").first).to_have_text("Done")
    sheet.get_by_role("link", name="Close").tap()

    expect(sheet).to_have_count(0)
    expect(row).to_have_attribute("data-status", "done")


def is_sheet(part: Locator) -> bool:
    """Whether it lies at the bottom edge of the phone, as wide as the phone."""
    box = part.bounding_box()
    is_low = abs(box["y"] + box["height"] - PHONE["height"]) <= 12
    return is_low and box["width"] >= PHONE["width"] - 24
