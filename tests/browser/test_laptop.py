"""A team member's work on a laptop: signing in, opening a launch, ticking it to Ready."""

import re
from datetime import timedelta

from playwright.sync_api import Locator, Page, expect

from readiness import clock
from readiness.accounts import services as accounts
from readiness.accounts.models import Role
from readiness.launches.models import Launch
from tests import make
from tests.browser import given


def test_signing_in_and_opening_a_launch(visit):
    team = make.team("Journeys")
    given.shipped()
    ida = accounts.add_person(
        "ida@example.test", name="Ida Berg", now=clock.now(), password="a long enough password"
    )
    accounts.give_role(ida, Role.LEAD, team=team)

    page = visit()
    expect(page).to_have_url(re.compile(r"/sign-in/\?next=/$"))
    page.get_by_label("Email").fill("ida@example.test")
    page.get_by_label("Password").fill("not my password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("Email and password do not match.")
    page.get_by_label("Password").fill("a long enough password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("No launches yet")
    page.wait_for_load_state()
    page.keyboard.press("n")
    page.get_by_label("Name", exact=True).fill("Two-tower 🚀 מודל")
    page.get_by_label("Model", exact=True).fill("two-tower")
    page.get_by_label("Registered as").fill("two-tower")
    page.get_by_label("Version", exact=True).fill("3.0.1")
    page.get_by_label("Launch date").fill((clock.now() + timedelta(days=21)).date().isoformat())
    page.get_by_label("Lead", exact=True).select_option(label="Ida Berg")
    page.get_by_role("button", name="Open the launch").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Two-tower 🚀 מודל")
    launch = Launch.objects.get(team=team)
    assert (page.url.endswith(f"/launches/{launch.pk}/"), launch.lead) == (True, ida)
    expect(page.locator("#verdict")).to_have_attribute("data-verdict", "delay")
    expect(page.locator(".item")).to_have_count(40)


def test_ticking_a_launch_to_ready_by_keyboard_and_taking_the_last_tick_back(visit):
    crew = given.crew()
    launch = crew.launch(signed_off=38)
    last = make.item(launch, 39)
    page = visit(crew.ann, f"/launches/{launch.pk}/")
    row, card = page.locator(f"#item-{last.pk}"), page.locator("#verdict")
    expect(card).to_have_attribute("data-verdict", "monitor")
    expect(card).to_contain_text("38 of 40")

    for _ in range(3):  # six sections are done and folded: the third row in sight is the 39th
        page.keyboard.press("j")
    expect(row.locator(".item__text a").first).to_be_focused()
    page.keyboard.press("d")

    expect(card).to_have_attribute("data-verdict", "ready")
    expect(card).to_contain_text("You’re ready for production")
    expect(row).to_have_attribute("data-status", "done")
    expect(page.get_by_role("status")).to_contain_text("97.5%")
    assert focus_is_in(page, row)
    page.keyboard.press("z")
    expect(card).to_have_attribute("data-verdict", "monitor")
    expect(row).to_have_attribute("data-status", "not_started")
    assert focus_is_in(page, row)
    page.keyboard.press("k")
    expect(page.locator(f"#item-{make.item(launch, 38).pk} .item__text a").first).to_be_focused()


def test_the_status_menu_by_keyboard_asks_what_a_blocked_item_waits_for(visit):
    crew = given.crew()
    launch = crew.launch()
    item = make.item(launch)
    page = visit(crew.ann, f"/launches/{launch.pk}/")
    row, menu = page.locator(f"#item-{item.pk}"), page.locator("#status-menu")

    page.keyboard.press("j")
    page.keyboard.press("s")
    expect(menu).to_be_visible()
    expect(menu.get_by_role("button", name="Done", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    page.keyboard.press("b")
    page.keyboard.type("the log schema")
    page.keyboard.press("Enter")

    expect(row).to_have_attribute("data-status", "blocked")
    expect(row).to_contain_text("the log schema")
    assert focus_is_in(page, row)


def test_the_drawer_of_an_item_takes_evidence_and_comments_and_gives_the_focus_back(visit):
    crew = given.crew()
    launch = crew.launch()
    item = make.item(launch)
    page = visit(crew.ann, f"/launches/{launch.pk}/")
    row, drawer = page.locator(f"#item-{item.pk}"), page.locator("#drawer")

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(drawer).to_be_focused()
    expect(page).to_have_url(re.compile(f"/items/{item.pk}/$"))
    page.keyboard.press("e")
    page.get_by_label("Web address").fill("https://runs.example/rehearsal")
    page.get_by_role("button", name="Add evidence").click()
    expect(drawer.locator(".evid")).to_contain_text("runs.example")
    page.keyboard.press("c")
    page.get_by_role("textbox", name="Comment").fill("We rehearsed it on Tuesday.")
    page.get_by_role("button", name="Send comment").click()
    expect(drawer.locator("#comments")).to_contain_text("We rehearsed it on Tuesday.")
    page.keyboard.press("Tab")
    page.get_by_role("link", name="Close").click()

    expect(drawer).to_have_count(0)
    expect(page).to_have_url(re.compile(f"/launches/{launch.pk}/$"))
    expect(row.locator(".item__text a").first).to_be_focused()
    expect(row).to_contain_text("runs.example")


def test_single_keys_can_be_switched_off_and_on_again(visit):
    crew = given.crew()
    launch = crew.launch()
    item = make.item(launch)
    page = visit(crew.ann, f"/launches/{launch.pk}/")

    page.keyboard.press("?")
    page.get_by_role("button", name="Turn single keys off").click()
    expect(page.locator("body")).to_have_attribute("data-keys", "off")
    for key in "jd?":
        page.keyboard.press(key)

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(f"#item-{item.pk}")).to_have_attribute("data-status", "not_started")
    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.get_by_role("button", name="Turn single keys on").click()
    expect(page.locator("body")).to_have_attribute("data-keys", "on")


def test_the_dark_side_follows_the_system_until_the_person_turns_it_round(visit):
    crew = given.crew()
    page = visit(crew.ann, theme="dark")
    assert lightness(page) < 0.3

    with page.expect_response("**/theme/"):
        page.get_by_role("button", name="Switch theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    assert lightness(page) > 0.7

    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    assert lightness(visit(crew.ann, "/mine/", theme="dark")) > 0.7


def focus_is_in(page: Page, row: Locator) -> bool:
    expect(page.locator(".htmx-request, .htmx-settling")).to_have_count(0)
    return row.evaluate("row => row.contains(document.activeElement)")


def lightness(page: Page) -> float:
    """How light the page is, from 0 to 1."""
    return page.evaluate(
        """() => {
            const paint = new OffscreenCanvas(1, 1).getContext("2d");
            paint.fillStyle = getComputedStyle(document.querySelector("#main")).backgroundColor;
            paint.fillRect(0, 0, 1, 1);
            const [red, green, blue] = paint.getImageData(0, 0, 1, 1).data;
            return (red + green + blue) / 765;
        }"""
    )
