"""Jumping by keyboard: the palette on a laptop, and by touch on a phone."""

import re

from playwright.sync_api import expect

from tests import make
from tests.browser import given
from tests.browser.conftest import PHONE


def test_jumping_by_keyboard_alone_and_coming_back(visit):
    crew = given.crew()
    crew.launch(name="Copilot drafts")
    other = crew.launch(name="Copilot search")
    item = make.item(other, 12)
    crew.ann.keys_on = False  # single keys are off, the palette is not
    crew.ann.save()
    page = visit(crew.ann, "/mine/")
    box, options = page.locator("#palette-q"), page.locator("#palette-list [role=option]")
    link = page.get_by_role("link", name="Checklists").first
    link.focus()

    page.keyboard.press("Control+k")
    expect(box).to_be_focused()
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(link).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type(f"copilto search {item.item.ref}")
    expect(options).to_have_count(1)
    box.fill(f"search {item.item.ref}")
    expect(options).to_have_count(2)
    expect(page.locator("#palette-said")).to_have_text("2 results")
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "jump-2")
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "jump-1")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/items/{item.pk}/$"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("Control+k")
    expect(box).to_be_focused()
    page.keyboard.type("theme")
    page.keyboard.press("Enter")  # before the answer: it waits for that
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.keyboard.press("Control+k")
    box.fill("copilot dr")
    expect(options.first).to_contain_text("Copilot drafts")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Copilot drafts")

    phone = visit(crew.ann, "/mine/", size=PHONE)
    phone.get_by_role("link", name="Search").click()
    phone.get_by_role("combobox").fill("copilot")
    phone.get_by_role("option", name="Copilot search").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Copilot search")
