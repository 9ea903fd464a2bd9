"""A review with several screens at once: the driver's laptop, a phone, the wall."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from readiness import clock
from readiness.reviews.models import Attendance, Review
from readiness.reviews.policies.meeting import GONE_AFTER
from readiness.reviews.services import planning, starting
from readiness.reviews.services.planning import Plan
from tests import make
from tests.browser import given
from tests.browser.conftest import PHONE
from tests.browser.given import Crew
from tests.reviews.streaming import until

WALL = {"width": 1920, "height": 1080}
# A page nobody sees hangs up after 10 s: here at once. What asks to stay awake is counted.
UNSEEN = """
Object.defineProperty(document, "hidden", { get: () => window.isUnseen === true });
window.look = (isUnseen) => {
  window.isUnseen = isUnseen;
  if (isUnseen && window.lock) window.lock.released = true;
  document.dispatchEvent(new Event("visibilitychange"));
};
const wait = window.setTimeout;
window.setTimeout = (act, ms, ...more) => wait(act, ms === 10000 ? 0 : ms, ...more);
window.locks = [];
const request = async (kind) => {
  window.locks.push(kind);
  return window.lock = { released: false };
};
Object.defineProperty(navigator, "wakeLock", { value: { request } });
"""

# What a page says of itself first does not arrive.
UNHEARD = """
const reach = window.fetch;
let lost = 0;
window.fetch = (url, ...more) =>
  String(url).endsWith("/here/") && !lost++ ? Promise.reject(new TypeError()) : reach(url, ...more);
"""


@pytest.fixture
def crew() -> Crew:
    return given.crew()


@pytest.fixture
def review(crew) -> Review:
    """It has just begun: Hannah drives, Ann and Ben were invited."""
    launch, now = crew.launch(signed_off=30), clock.now()
    to_be = Plan(now, "UTC", 45, facilitator=crew.lead, invited=(crew.ann, crew.ben))
    planned = planning.plan(launch, to_be, by=crew.lead, key=make.key(), now=now)
    return starting.start(planned, by=crew.lead, key=make.key(), now=now)


def on_stage(page: Page, ref: str) -> None:
    expect(page.locator(".stage__where .mono, .wall__where .mono").first).to_have_text(ref)


def undecided(review: Review) -> list[str]:
    """The numbers of the items that the room goes through, in its order."""
    rows = review.agenda.order_by("position").select_related("item__item")
    return [row.item.item.ref for row in rows if not row.item.signoffs.exists()]


def put_off(driver: Page, because: str) -> None:
    driver.keyboard.press("p")
    driver.keyboard.type(because)
    driver.keyboard.press("Enter")
    expect(driver.locator("#parked")).to_contain_text(because)


def hand_over(driver: Page, to: str) -> None:
    person = driver.locator("#people li", has_text=to)
    person.hover()
    person.get_by_role("button", name="Hand over").click()


def lose_the_line(page: Page) -> None:
    page.context.set_offline(True)
    expect(page.locator("#connection")).to_be_visible()


def find_the_line(page: Page) -> None:
    page.context.set_offline(False)
    expect(page.locator("#connection")).to_be_hidden()


def look_away(*pages: Page) -> None:
    for page in pages:
        page.evaluate("look(true)")


def look_again(*pages: Page) -> None:
    for page in pages:
        page.evaluate("look(false)")


def is_gone(review: Review, page: Page) -> None:
    """Who drives with this page is heard of no more, and was not for a while."""
    here = Review.objects.get(pk=review.pk)
    seats = Attendance.objects.filter(review=here, person=here.driver)
    until(seats.filter(item=here.item).exists)  # what their page said last has arrived
    page.context.set_offline(True)
    then = clock.now() - GONE_AFTER - timedelta(seconds=1)
    seats.update(seen_at=then)
    Review.objects.filter(pk=here.pk).update(driver_seen_at=then)


def test_everyone_sees_what_the_driver_and_a_phone_decide(visit, crew, review):
    first, second, third, fourth, fifth, sixth, *_ = undecided(review)
    driver = visit(crew.lead, f"/reviews/{review.pk}/")
    phone = visit(crew.ben, f"/reviews/{review.pk}/me/", size=PHONE, before=UNSEEN)
    wall = visit(crew.ann, f"/reviews/{review.pk}/wall/", size=WALL, before=UNSEEN)
    for page in (driver, phone, wall):
        on_stage(page, first)
        expect(page.locator("html")).to_have_attribute("data-live", "live")

    # one key is enough for done
    driver.keyboard.press("d")
    for page in (driver, phone, wall):
        on_stage(page, second)
    expect(phone.locator(".ph__meter")).to_contain_text("77.5%")
    expect(wall.locator(".wall__foot")).to_contain_text("31 of 40")

    # somebody else ticks what is at hand, on a phone: the driver sees it, and goes on
    phone.locator(".stage__fold > summary").click()
    phone.get_by_role("button", name="Done").click()
    expect(driver.locator(".stage__state")).to_contain_text("Done")
    expect(driver.locator("#foot")).to_contain_text("32 of 40")
    expect(wall.locator(".wall__chip")).to_have_text("Done")
    driver.keyboard.press("Shift+J")
    on_stage(phone, third)

    # not done: what has to happen, who, until when; and park
    driver.keyboard.press("n")
    driver.keyboard.type("Ship filter v2.")
    driver.get_by_role("button", name="Save and next").click()
    on_stage(phone, fourth)
    put_off(driver, "Storage cost unclear")
    for page in (driver, phone):
        on_stage(page, fifth)

    # where nobody looks a wall goes on, and a phone rests until somebody does
    look_away(phone, wall)
    driver.keyboard.press("Shift+J")
    on_stage(wall, sixth)
    on_stage(phone, fifth)
    assert wall.evaluate("locks") == ["screen"]
    look_again(phone, wall)
    on_stage(phone, sixth)
    assert wall.evaluate("locks") == ["screen", "screen"]


def test_the_wheel_goes_on_while_lines_are_lost_and_all_read_the_minutes(
    visit, crew, review, valkey
):
    first, second, *_ = undecided(review)
    laptop = visit(crew.lead, f"/reviews/{review.pk}/")
    phone = visit(crew.ben, f"/reviews/{review.pk}/me/", size=PHONE, before=UNHEARD)
    on_stage(phone, first)

    # who was not heard says so again, sooner than with the next sign of life
    expect(laptop.locator("#people")).to_contain_text("Ben Ode", timeout=10_000)
    hand_over(laptop, "Ben Ode")
    expect(phone.locator("#bar")).to_contain_text("You drive")
    expect(laptop.locator("#follow")).to_contain_text("Follow Ben")
    lose_the_line(laptop)
    phone.locator("#move [data-key=J]").click()
    on_stage(phone, second)
    find_the_line(laptop)
    on_stage(laptop, second)

    # who drives is gone, whoever sees it takes the wheel; a tick moves the score on every screen
    is_gone(review, phone)
    make.sign(make.item(review.launch, 40), by=crew.ann, at=clock.now())
    expect(laptop.locator("#people")).to_contain_text("Ben Ode drives, and is gone.")
    laptop.get_by_role("button", name="Take the wheel").click()
    expect(laptop.locator("#follow")).to_be_hidden()
    expect(laptop.locator("#foot")).to_contain_text("31 of 40")
    phone.context.set_offline(False)
    expect(phone.locator("#follow")).to_contain_text("Follow Hannah")
    expect(phone.locator(".ph__meter")).to_contain_text("77.5%")

    # while Valkey is gone the room asks by itself, and is live again without being loaded anew
    for page in (laptop, phone):
        page.evaluate("window.isTheSame = true")
    valkey.cut()
    make.sign(make.item(review.launch, 39), by=crew.ann, at=clock.now())
    for page, place, score in ((laptop, "#foot", "32 of 40"), (phone, ".ph__meter", "80%")):
        expect(page.locator("html")).to_have_attribute("data-live", "polls")
        expect(page.locator(place)).to_contain_text(score)
    valkey.mend()
    for page in (laptop, phone):
        expect(page.locator("html")).to_have_attribute("data-live", "live")
    make.sign(make.item(review.launch, 38), by=crew.ann, at=clock.now())
    for page, place, score in ((laptop, "#foot", "33 of 40"), (phone, ".ph__meter", "82.5%")):
        expect(page.locator(place)).to_contain_text(score)
        assert page.evaluate("window.isTheSame")

    laptop.get_by_role("button", name="Finish", exact=True).click()
    laptop.get_by_role("button", name="Finish and write the minutes").click()
    for page in (laptop, phone):
        expect(page).to_have_url(re.compile(rf"/reviews/{review.pk}/minutes/"))


def test_who_does_not_follow_keeps_their_place_and_their_words(visit, crew, review):
    first, second, third, *_ = undecided(review)
    driver = visit(crew.lead, f"/reviews/{review.pk}/")
    anns = visit(crew.ann, f"/reviews/{review.pk}/")
    expect(anns.locator("html")).to_have_attribute("data-live", "live")

    switch = anns.get_by_role("switch", name="Follow")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")
    driver.keyboard.press("Shift+J")

    on_stage(driver, second)
    at = anns.locator(".agenda .ag", has=anns.locator(".ag__here [aria-label='Hannah Cohen']"))
    expect(at).to_have_attribute("data-item", str(Review.objects.get(pk=review.pk).item_id))
    on_stage(anns, first)
    switch.click()
    on_stage(anns, second)

    # half-typed words stay where they are, and lead there when one wants to
    anns.keyboard.press("n")
    anns.keyboard.type("Half a sen")
    driver.keyboard.press("Shift+J")
    on_stage(driver, third)
    expect(anns.locator("#held")).to_contain_text(f"The room went on to {third}.")
    expect(anns.locator("#decide-note")).to_have_value("Half a sen")
    anns.get_by_role("link", name="Go there").click()
    on_stage(anns, third)


def test_a_review_works_with_plain_forms(visit, crew, review):
    first, second, third, *_ = undecided(review)
    page = visit(crew.lead, "/join/", script=False)

    page.get_by_label("Code").fill(review.code)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Join on this laptop").click()
    on_stage(page, first)
    page.get_by_role("button", name="Done").click()
    on_stage(page, second)
    page.get_by_role("radio", name="Not done").check()
    page.get_by_label("What has to happen").fill("Ship filter v2.")
    page.get_by_role("button", name="Save and next").click()
    on_stage(page, third)
    page.get_by_role("button", name=re.compile("^Previous")).click()

    expect(page.locator("#people")).to_contain_text("Hannah Cohen drives")
