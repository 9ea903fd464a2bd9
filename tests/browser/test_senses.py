"""Pages for those who use keys, large type, a calm screen or a voice."""

import pytest
from playwright.sync_api import Page, expect

from tests import make
from tests.browser import given
from tests.browser.looking import WIDEST

# Where the focus is: what it is called, whether it comes after the one before, and is seen.
FOCUS = """() => {
    const here = document.activeElement, before = window.focused;
    window.focused = here;
    const shown = here.matches(".vh") ? here.closest("label") : here;
    const box = shown.getBoundingClientRect();
    const rings = [];
    for (let one = shown, n = 0; one && n < 4; one = one.parentElement, n++) {
        const style = getComputedStyle(one);
        const line = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
        rings.push(line || (n === 0 && style.boxShadow !== "none"));
    }
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return {
        name: (here.ariaLabel || here.textContent || here.name).trim().slice(0, 40),
        follows: !before || before === here // a date has several places to type in
            || !!(before.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING),
        ringed: before === here || rings.some(Boolean),
        inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
        uncovered: !!top && (shown.contains(top) || top.contains(shown)),
    };
}"""
HEARD = """() => {
    window.heard = [];
    const LIVE = "[aria-live], [role=status], [role=alert], [role=log]";
    new MutationObserver((changes) => {
        for (const change of changes) {
            const at = change.target.nodeType === 1 ? change.target : change.target.parentElement;
            const live = at?.closest(LIVE);
            if (!live || live.getAttribute("aria-live") === "off") continue;
            for (const one of change.addedNodes)
                if (one.textContent.trim())
                    window.heard.push(one.textContent.replace(/\\s+/g, " ").trim());
        }
    }).observe(document, { childList: true, subtree: true });
}"""
MOVING = """() => [...document.querySelectorAll("*")].filter((one) => {
    const style = getComputedStyle(one);
    const longest = (times) => Math.max(...times.split(",").map(parseFloat));
    return longest(style.transitionDuration) > 0.001 || longest(style.animationDuration) > 0.001;
}).map((one) => one.outerHTML.slice(0, 80))"""
STEPS = 25


@pytest.mark.parametrize("path", ["/", "/launches/{launch}/", "/launches/{launch}/history/"])
def test_the_focus_goes_along_as_one_reads_and_is_always_seen(visit, path):
    crew = given.crew()
    launch = crew.launch(signed_off=36)
    crew.launch(signed_off=20)
    page = visit(crew.lead, path.format(launch=launch.pk))
    page.evaluate("window.focused = null")

    steps = []
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        steps.append(page.evaluate(FOCUS))

    assert steps[0]["name"] == "Skip to content"
    assert len(steps) > 10
    wanted = {"follows": True, "ringed": True, "inside": True, "uncovered": True}
    assert [one for one in steps if wanted.items() - one.items()] == []


def test_type_twice_as_large_widens_no_page(visit):
    crew = given.crew()
    launch = crew.launch(signed_off=20)
    page = visit(crew.lead, size={"width": 1280, "height": 900})
    wide = {}

    item = make.item(launch, 30)
    for path in ("/", launch.get_absolute_url(), item.get_absolute_url(), "/mine/", "/me/"):
        page.goto(path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        wide[path] = page.evaluate(WIDEST)

    assert {path: width for path, width in wide.items() if width > 1280} == {}


def test_an_item_is_ticked_in_a_window_of_720_pixels_at_200_per_cent(visit):
    crew = given.crew()
    launch = crew.launch(signed_off=38)
    item = make.item(launch, 39)
    page = visit(crew.ann, f"/launches/{launch.pk}/", size={"width": 360, "height": 400})
    row = page.locator(f"#item-{item.pk}")

    row.get_by_role("link", name="7.3: Not started").click()
    page.locator("#status-menu").get_by_role("button", name="Done", exact=True).click()

    expect(row).to_have_attribute("data-status", "done")
    assert page.evaluate(WIDEST) <= 360


def test_where_motion_is_reduced_nothing_moves(visit):
    crew = given.crew()
    launch = crew.launch(signed_off=20)
    page = visit(crew.ann, f"/launches/{launch.pk}/")

    still = page.evaluate(MOVING)
    page.keyboard.press("j")
    page.keyboard.press("s")
    expect(page.locator("#status-menu")).to_be_visible()

    assert (still, page.evaluate(MOVING)) == ([], [])


def test_a_voice_says_what_changed_once_and_nothing_else(visit):
    crew = given.crew()
    launch = crew.launch()
    page = visit(crew.ann, f"/launches/{launch.pk}/")
    page.evaluate(HEARD)

    page.mouse.wheel(0, 2_000)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#drawer")).to_be_visible()
    page.keyboard.press("Escape")
    looked_around = heard(page)
    page.keyboard.press("d")
    expect(page.locator(".toast")).to_be_visible()

    assert looked_around == []
    said = heard(page)
    assert len(said) == 1, said
    assert said[0].endswith(f"is done. {launch.name} is at 2.5%. UndoZ")


def heard(page: Page) -> list[str]:
    """What live regions were given to say."""
    return page.evaluate("window.heard")
