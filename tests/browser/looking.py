"""Holding a page against what every page promises: accessible, and never wider than its window."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.conftest import LAPTOP, PHONE

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL_RULES = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
OF_PAGES = ("region", "page-has-heading-one", "landmark-one-main")
NO_PAGE = {name: {"enabled": False} for name in OF_PAGES}
OF_A_MAIL = ALL_RULES | {"rules": NO_PAGE}
MAIL_WIDTHS = (600, 360)
WIDTHS = (320, 480, 640, 768, 960, 1280, 1920)
STILL = """() => {
    const still = new CSSStyleSheet();
    still.replaceSync("*, ::before, ::after { transition: none !important }");
    document.adoptedStyleSheets.push(still);
}"""
# What is in order is left in the browser: to hand it over costs as much as many a rule.
VIOLATIONS = "async ([place, rules]) => (await axe.run(place, rules)).violations"
WIDEST = "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)"


def faults_of(page: Page, *, within: str = "html") -> list[str]:
    """What is wrong with a page as it stands, on a laptop and a phone, in light and dark.

    Of accessibility only what is `within` counts: it must be there.
    """
    assert page.locator(within).count() == 1, f"{within} is not there once"
    page.evaluate(STILL)  # no colour is caught half way from light to dark
    page.evaluate(AXE_SCRIPT)
    found = []
    for size in (LAPTOP, PHONE):
        page.set_viewport_size(size)
        for theme, rules in (("light", ALL_RULES), ("dark", COLOURS)):
            page.emulate_media(color_scheme=theme)
            found += [
                f"{size['width']} {theme}: {fault}" for fault in violations(page, rules, within)
            ]
    return found + overflows(page)


def faults_of_mail(page: Page) -> list[str]:
    """What is wrong with a mail in the windows of mail programs, in light and dark.

    It has no landmarks, which a page has.
    """
    page.evaluate(AXE_SCRIPT)
    found = []
    for width in MAIL_WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if (wide := page.evaluate(WIDEST)) > width:
            found.append(f"{wide} px wide in a window of {width}")
        for theme, rules in (("light", OF_A_MAIL), ("dark", COLOURS)):
            page.emulate_media(color_scheme=theme)
            found += [f"{width} {theme}: {fault}" for fault in violations(page, rules, "html")]
    return found


def violations(page: Page, rules: dict, within: str) -> list[str]:
    place = {"include": [within], "exclude": ["iframe"]}
    return [
        f"{violation['id']} at {node['target']}: {node['failureSummary']}"
        for violation in page.evaluate(VIOLATIONS, [place, rules])
        for node in violation["nodes"]
    ]


def overflows(page: Page) -> list[str]:
    """The widths at which the page is wider than its window."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        wide = page.evaluate(WIDEST)
        if wide > width:
            found.append(f"{wide} px wide in a window of {width}")
    return found
