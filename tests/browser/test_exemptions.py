"""Two people leave an item out: one proposes it from its row, the other looks and agrees."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from readiness import clock
from readiness.accounts.models import Role
from readiness.launches.models import Exemption
from tests import make
from tests.browser import given
from tests.browser.conftest import PHONE
from tests.launches.exempting import ask


def agree_to_the_first(page: Page) -> None:
    """Look at what waits longest, and say yes."""
    page.locator(".wait__what").first.click()
    expect(page.get_by_role("heading", name="What your agreement does")).to_be_visible()
    page.get_by_role("button", name="Agree").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Waiting for you")


def test_an_item_is_left_out_by_two_people_and_another_waived_by_phone(visit):
    crew = given.crew()
    launch = crew.launch(signed_off=38)
    item = make.item(launch, 33)
    amara = make.user("Amara Okafor", team=crew.team, role=Role.APPROVER)
    page = visit(crew.ann, f"/launches/{launch.pk}/?show=unfinished")
    open_row = page.locator(f"#item-{make.item(launch, 39).pk}")

    page.keyboard.press("j")
    page.keyboard.press("w")
    page.keyboard.type("The review is booked for after the launch.")
    page.get_by_label("What makes up for it meanwhile").last.fill("The lead looks each day.")
    page.get_by_role("button", name="Ask for it").click()
    expect(open_row).to_contain_text("Waiver asked for: The review is booked")
    expect(page.get_by_role("status")).to_contain_text("It waits for an approver.")

    page.goto(f"/launches/{launch.pk}/#item-{item.pk}")
    page.locator("details.sec:not([open]) summary").first.evaluate(
        "one => document.querySelectorAll('details.sec').forEach(sec => { sec.open = true })"
    )
    page.locator(f"#item-{item.pk} .status").click()
    page.keyboard.press("a")
    page.keyboard.type("Nothing is served at peak.")
    page.get_by_role("button", name="Propose", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("A second person agrees.")

    queue = visit(amara, "/waiting/", size=PHONE)
    expect(queue.locator(".wait__row")).to_have_count(2)
    agree_to_the_first(queue)
    expect(queue.get_by_role("status")).to_contain_text("The waiver stands.")
    laptop = visit(amara, "/waiting/")
    laptop.keyboard.press("j")
    laptop.keyboard.press("Enter")
    expect(laptop.get_by_role("heading", level=1)).to_have_text("Proposed N/A")
    expect(laptop.locator(".agree__says")).to_contain_text("1 sign-off of it falls.")
    laptop.get_by_role("button", name="Agree that it does not apply").click()
    expect(laptop.get_by_role("heading", name="Nothing waits for you")).to_be_visible()

    page.reload()
    expect(open_row).to_have_attribute("data-status", "waived")
    expect(page.locator(f"#item-{item.pk}")).to_have_attribute("data-status", "na")
    expect(page.locator("#verdict")).to_contain_text("37 of 39 applicable items are checked.")
    expect(page.locator("#verdict")).to_contain_text("1 of 40 not applicable (2.5%)")


def test_agreeing_without_javascript_to_what_was_shown_and_not_to_what_came_after(visit):
    crew = given.crew()
    item = make.item(crew.launch(), 40)
    words = {"until": (clock.now() + timedelta(days=9)).date(), "at": clock.now()}
    first = ask(item, by=crew.ann, **words)
    page = visit(crew.lead, first.get_absolute_url(), script=False)

    ask(item, by=crew.ann, **words | {"reason": "Booked for March."})
    page.get_by_role("button", name="Agree to this waiver").click()

    expect(page.get_by_role("alert")).to_contain_text("Ann Ash changed this")
    page.goto("/waiting/")
    agree_to_the_first(page)
    assert Exemption.objects.latest("pk").agreed_by == crew.lead
