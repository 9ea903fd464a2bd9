"""Several items at once: selected by key on a laptop and by thumb on a phone, taken back in one."""

from playwright.sync_api import Page, expect

from readiness import clock
from readiness.launches.models import Launch
from readiness.launches.services.items import assign
from tests import make
from tests.browser import given
from tests.browser.conftest import PHONE


def owned_by(launch: Launch, name: str) -> int:
    return launch.items.filter(owner__name=name).count()


def select(page: Page, launch: Launch, *places: int) -> None:
    for place in places:
        page.locator(f"#item-{make.item(launch, place).pk} .item__text a").first.focus()
        page.keyboard.press("x")


def test_handing_a_selection_over_and_taking_it_back_by_key(visit):
    crew = given.crew()
    launch = crew.launch(signed_off=30)
    page = given.hearing_nothing(visit(crew.lead, "/mine/"))
    page.goto(f"/launches/{launch.pk}/")
    bar = page.locator("#bulk")
    expect(bar).to_be_hidden()

    select(page, launch, 34, 39, 40)
    expect(bar.get_by_role("status")).to_have_text("3 selected")
    item = make.item(launch, 40)
    assign(item, to=None, by=crew.ben, version=item.version, key=make.key(), now=clock.now())
    page.keyboard.press("o")
    ask = page.locator("#bulk-ask")
    expect(ask.get_by_label("Owner")).to_be_focused()
    ask.get_by_label("Owner").select_option(label="Ann Ash")
    ask.get_by_role("button", name="Hand over").click()
    expect(page.locator(".toast")).to_contain_text("2 items handed over to Ann Ash, 1 not. 7.4:")
    expect(page.locator(f"#item-{item.pk} .item__note")).to_contain_text("Ben Ode changed this")
    expect(bar).to_be_hidden()
    expect(ask).to_be_hidden()
    assert owned_by(launch, "Ann Ash") == 2

    page.keyboard.press("z")
    expect(page.locator(".toast")).to_contain_text("2 items set back.")
    assert owned_by(launch, "Ann Ash") == 0

    page.get_by_label("Select section 7").check(force=True)
    expect(bar.get_by_role("status")).to_have_text("4 selected")
    page.locator(f"#item-{item.pk} .item__text a").first.focus()
    page.keyboard.press("d")
    expect(page.locator("#tile-team-readiness")).to_have_attribute("data-tone", "green")
    expect(page.locator(".toast")).to_contain_text("4 items checked.")


def test_checking_a_selection_by_thumb(visit):
    crew = given.crew()
    launch = crew.launch(signed_off=38)
    page = visit(crew.ann, f"/launches/{launch.pk}/", size=PHONE)

    page.locator(".selecting").tap()
    for place in (39, 40):
        page.locator(f"#item-{make.item(launch, place).pk} .item__ref").tap()
    page.locator("#bulk").get_by_role("button", name="Done").tap()

    expect(page.locator("#verdict")).to_have_attribute("data-verdict", "ready")


def test_a_selection_works_without_javascript(visit):
    crew = given.crew()
    launch = crew.launch(signed_off=36)
    page = visit(crew.ann, f"/launches/{launch.pk}/", script=False)

    page.locator(f"#item-{make.item(launch, 40).pk} .item__ref").click()
    page.get_by_label("Select section 7").check(force=True)
    page.locator("#bulk").get_by_role("button", name="Done").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mark as done")
    page.get_by_role("button", name="Mark done").click()

    expect(page.locator(".toast")).to_contain_text("4 items checked.")
    expect(page.locator("#verdict")).to_have_attribute("data-verdict", "ready")
