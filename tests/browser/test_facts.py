"""Filling in facts: the calculator answers while one types, and rows come and go."""

import re

from playwright.sync_api import Page, expect

from readiness.launches.models import LaunchItem
from tests.browser import given

PHONE = {"width": 360, "height": 780}


def plan(page: Page) -> None:
    """A plan that asks for more days than it gives itself."""
    page.get_by_label("The metric is a").select_option("proportion")
    page.get_by_label("Baseline").fill("0.1")
    page.get_by_label("Smallest effect worth detecting").fill("0.02")
    page.get_by_label("New eligible units per day").fill("1000")
    page.get_by_label("Planned duration (days)").fill("7")
    page.get_by_label("Planned duration (days)").press("Tab")


def test_the_calculator_answers_while_one_types_and_triggers_come_and_go(visit):
    crew = given.crew()
    launch = crew.launch()
    test = LaunchItem.objects.get(launch=launch, key="ab-test-plan-approved")
    triggers = LaunchItem.objects.get(launch=launch, key="rollback-trigger-criteria")
    page = visit(crew.ann, f"/items/{test.pk}/")

    page.get_by_role("link", name="Fill in").click()
    plan(page)
    worked = page.locator("#worked")
    expect(worked).to_contain_text("7,682")
    expect(worked).to_contain_text("7 days are too few for 7,682 units: plan at least 8.")
    page.get_by_label("Planned duration (days)").fill("14")
    page.get_by_label("Planned duration (days)").press("Tab")
    expect(worked).not_to_contain_text("too few")
    page.get_by_role("button", name="Add a guardrail").click()
    expect(page.get_by_label("Metric", exact=True)).to_have_count(2)
    expect(page.get_by_label("Baseline")).to_have_value("0.1")
    page.locator(".form__foot").get_by_role("button", name="Save").click()
    expect(page.locator(".sfact__says")).to_contain_text("It needs 7,682 units, 8 days at least.")

    page.goto(re.sub(r"/items/.*", f"/items/{triggers.pk}/fact/", page.url))
    add_trigger(page, "Slow")
    page.get_by_role("link", name="Add a trigger").click()
    add_trigger(page, "Slower")
    expect(page.locator(".sfact__says")).to_have_count(2)
    page.set_viewport_size(PHONE)
    page.get_by_role("button", name="Remove trigger 1").click()
    expect(page.locator(".sfact__says")).to_have_text(
        "Slower: fires when P99 of requests > 250 ms for 5 min, then pages the rollback owner."
    )
    expect(page.locator(".sfact__what").first).to_contain_text("Ann Ash removed trigger 1")


def add_trigger(page: Page, name: str) -> None:
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Kind").select_option("latency")
    page.get_by_label("Signal", exact=True).fill("P99 of requests")
    page.get_by_label("Fires when the signal is").select_option("gt")
    page.get_by_label("Threshold").fill("250")
    page.get_by_label("Unit").select_option("ms")
    page.locator(".form__foot").get_by_role("button", name="Save").click()
    expect(page.locator(".toast")).to_contain_text("Rollback triggers: saved.")
