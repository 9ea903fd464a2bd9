"""A run is measured again, and talked about: on a laptop, and a thread by thumb."""

import re

from playwright.sync_api import expect

from readiness import clock
from readiness.launches.models import Comment, EvidenceLink
from tests import make
from tests.browser import given
from tests.browser.conftest import PHONE


def test_a_metric_is_added_used_and_revised_and_people_are_asked_about_it(visit):
    crew = given.crew()
    launch = crew.launch()
    item = make.item(launch)
    make.link(make.item(launch, 2), by=crew.ben, url="https://runs.example/shadow")
    page = visit(crew.ann, f"/launches/{launch.pk}/")
    drawer = page.locator("#drawer")

    page.locator(f"#item-{item.pk} .item__text a").first.click()
    expect(drawer).to_be_visible()
    drawer.locator("summary", has_text="Add").click()
    drawer.get_by_role("link", name="From the team").click()
    drawer.get_by_label("Search what the team has").fill("shad")
    drawer.get_by_role("button", name="Use Run 1").click()
    expect(drawer.get_by_role("link", name="About Run 1")).to_be_visible()
    drawer.locator("summary", has_text="Add").click()
    drawer.get_by_role("link", name="Metric").click()
    drawer.get_by_label("Name").fill("Throughput")
    drawer.get_by_label("Value").fill("fast")
    drawer.get_by_role("button", name="Add evidence").click()
    expect(drawer.get_by_text("Give a number, as 1.7 or 180.")).to_be_visible()
    drawer.get_by_label("Value").fill("1.40")
    drawer.get_by_label("Unit").fill("x peak")
    drawer.get_by_role("button", name="Add evidence").click()
    expect(drawer.locator(".evid")).to_contain_text("1.40 x peak")

    drawer.get_by_role("button", name="Done", exact=True).click()
    expect(drawer.locator(".chip").first).to_have_text("Done")
    drawer.get_by_role("link", name="About Throughput").click()
    page.get_by_role("link", name="New revision").click()
    expect(page.locator(".uses__falls")).to_contain_text("The sign-off of Ann Ash falls")
    page.get_by_label("Value").fill("1.70")
    page.get_by_role("button", name="Save revision").click()
    expect(page.locator(".chip").first).to_have_text("Out of date")
    expect(page.locator(".evid")).to_contain_text("1.70 x peak")

    box = page.get_by_role("textbox", name="Comment")
    box.press_sequentially("Does it hold, @be")
    page.locator("#mentions").get_by_role("option", name="Ben Ode").wait_for()
    box.press("Enter")
    box.press_sequentially("?")
    page.get_by_role("button", name="Send comment").click()
    expect(page.locator("#comments .mention")).to_have_text("@Ben Ode")
    said = Comment.objects.get(launch=launch)
    assert (said.text, said.mentions.get().person) == ("Does it hold, @Ben Ode ?", crew.ben)
    assert EvidenceLink.objects.filter(item=item, removed_at=None).count() == 2


def test_a_thread_is_answered_and_resolved_by_thumb(visit):
    crew = given.crew()
    launch = crew.launch()
    make.say(launch, "Is it **ready**?", by=crew.ann, at=clock.now())
    page = visit(crew.ben, f"/launches/{launch.pk}/discussion/", size=PHONE)
    thread = page.locator(".thread")

    thread.locator("summary", has_text="Reply").tap()
    thread.get_by_label("Reply to Ann Ash").fill("It is.")
    thread.get_by_role("button", name="Send reply").tap()
    expect(thread.locator(".thread__replies")).to_contain_text("It is.")
    thread.get_by_role("button", name="Resolve").tap()

    expect(thread).to_contain_text(re.compile("Resolved by Ben Ode"))
    expect(thread.get_by_role("button", name="Open again")).to_be_visible()
