"""Pages that stay as they are on the server: a colleague's tick, and a connection that is lost."""

import re

from playwright.sync_api import Page, Route, expect

from readiness import clock
from readiness.accounts.models import User
from readiness.launches.models import LaunchItem
from tests import make
from tests.browser import given
from tests.browser.conftest import PHONE

LOST = "net::ERR_INTERNET_DISCONNECTED"
FIRST = re.compile(r"Ann Ash changed this (just now|\d+ seconds? ago)\. Nothing was lost\.")


def test_a_tick_is_on_every_screen_and_none_is_lost_with_the_connection(visit, watch):
    crew = given.crew()
    launch = crew.launch()
    first, second, third, fourth = (make.item(launch, n) for n in (1, 2, 3, 4))
    path = f"/launches/{launch.pk}/"
    bens, phone = visit(crew.ben, path), visit(crew.lead, path, size=PHONE)
    anns = visit(crew.ann, path)
    for page in (anns, bens, phone):
        expect(page.locator("html")).to_have_attribute("data-live", "live")

    bens.keyboard.press("j")
    held = bens.evaluate("document.activeElement.closest('[data-row]').id")
    anns.keyboard.press("j")
    anns.keyboard.press("d")
    for page in (anns, bens, phone):
        expect(page.locator(f"#item-{first.pk}")).to_have_attribute("data-status", "done")
        expect(page.locator("#tally")).to_have_text("1/40")
    expect(bens.locator("#feed li").first).to_contain_text("Ann checked")
    assert bens.evaluate("document.activeElement.closest('[data-row]').id") == held

    bens.context.set_offline(True)
    expect(bens.get_by_text("Ticking is paused")).to_be_visible()
    bens.keyboard.press("j")
    bens.keyboard.press("d")
    row = bens.locator(f"#item-{second.pk}")
    expect(row.get_by_role("alert")).to_contain_text("Not saved. There is no connection.")
    make.sign(third, by=crew.ann, at=clock.now())
    bens.context.set_offline(False)

    expect(bens.locator("#toasts")).to_contain_text("Back online. 1 from others loaded.")
    expect(bens.get_by_text("Ticking is paused")).to_be_hidden()
    expect(bens.locator(f"#item-{third.pk}")).to_have_attribute("data-status", "done")
    row.get_by_role("button", name="Try again").click()
    for page in (anns, bens, phone):
        expect(page.locator(f"#item-{second.pk}")).to_have_attribute("data-status", "done")
        expect(page.locator("#tally")).to_have_text("3/40")
    watch.faults[:] = [fault for fault in watch.faults if LOST not in fault]

    ticks_a_moment_late(bens, fourth, first=crew.ann)
    expect(bens.locator("#tally")).to_have_text("4/40")
    stays_said(bens, fourth, then=crew.ann)


def ticks_a_moment_late(page: Page, item: LaunchItem, *, first: User) -> None:
    """Its answer meets the news of the tick before it, and both are seen."""

    def be_first(route: Route) -> None:
        make.sign(item, by=first, at=clock.now())
        route.continue_()

    page.route("**/sign-off/", be_first, times=1)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("d")
    row = page.locator(f"#item-{item.pk}")
    expect(row.get_by_role("alert")).to_contain_text(FIRST)
    expect(row).to_have_attribute("data-status", "done")


def stays_said(page: Page, item: LaunchItem, *, then: User) -> None:
    """What happens next to the item changes its row, and takes away nothing that stands there."""
    make.link(item, by=then)

    row = page.locator(f"#item-{item.pk}")
    expect(row.locator(".item__end")).to_have_text("Run 1")
    expect(row.get_by_role("alert")).to_contain_text(FIRST)
    expect(row.get_by_role("link", name="See both")).to_be_visible()


def test_a_row_of_the_list_changes_where_it_stands(visit):
    crew = given.crew()
    launch, other = crew.launch(signed_off=20), crew.launch(signed_off=22)
    page = visit(crew.ann, "/?sort=readiness")
    expect(page.locator("html")).to_have_attribute("data-live", "live")
    order = page.locator(".lt__row a[dir=auto]").all_text_contents()
    assert order == [other.name, launch.name]

    for number in (21, 22, 23):
        make.sign(make.item(launch, number), by=crew.ann, at=clock.now())

    expect(page.get_by_role("row", name=launch.name)).to_contain_text("23 of 40")
    expect(page.get_by_text("1 row moved.")).to_be_visible()
    assert page.locator(".lt__row a[dir=auto]").all_text_contents() == order
    page.get_by_role("link", name="Refresh").click()
    expect(page.locator(".lt__row a[dir=auto]")).to_have_text([launch.name, other.name])
