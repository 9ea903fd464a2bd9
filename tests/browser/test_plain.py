"""Everything that is not live by nature works without JavaScript."""

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from readiness import clock
from readiness.accounts import services as accounts
from readiness.accounts.models import Role
from tests import make
from tests.browser import given


def test_signing_in_and_out(visit):
    team = make.team()
    una = accounts.add_person(
        "una@example.test", name="Una Orr", now=clock.now(), password="a long enough password"
    )
    accounts.give_role(una, Role.MEMBER, team=team)

    page = visit(script=False)
    page.get_by_label("Email").fill("una@example.test")
    page.get_by_label("Password").fill("a long enough password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("No launches yet")
    page.get_by_role("link", name="Una Orr").click()
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()

    expect(page).to_have_url(re.compile("/sign-in/$"))


def test_working_on_an_item(visit):
    crew = given.crew()
    launch = crew.launch()
    item = make.item(launch)
    page = visit(crew.ann, f"/launches/{launch.pk}/", script=False)
    row = page.locator(f"#item-{item.pk}")

    row.get_by_role("link", name="1.1: Not started").click()
    expect(page).to_have_url(re.compile(f"/items/{item.pk}/$"))
    page.get_by_role("button", name="Done", exact=True).click()
    expect(state(page)).to_have_text("Done")
    page.get_by_role("button", name="Take back").click()
    expect(state(page)).to_have_text("Not started")
    page.locator("summary", has_text="Blocked").click()
    page.get_by_label("What it waits for").fill("the log schema")
    page.get_by_role("button", name="Mark blocked").click()
    expect(state(page)).to_have_text("Blocked")
    page.locator("summary", has_text="hand over").click()
    page.get_by_label("Owner").select_option(label="Ben Ode")
    page.get_by_role("button", name="Hand over").click()
    tomorrow = clock.now() + timedelta(days=3)
    page.locator("summary", has_text="change").click()
    page.get_by_label("Due", exact=True).fill(tomorrow.date().isoformat())
    page.get_by_role("button", name="Set", exact=True).click()
    page.get_by_role("textbox", name="Comment").fill("Ben knows more.")
    page.get_by_role("button", name="Send comment").click()
    expect(page.locator("#comments")).to_contain_text("Ben knows more.")
    page.get_by_role("link", name=launch.name).click()

    expect(row).to_have_attribute("data-status", "blocked")
    expect(row).to_contain_text("the log schema")
    expect(row.get_by_role("img", name="Ben Ode")).to_be_visible()
    expect(row.locator(".item__due")).to_contain_text(f"{tomorrow:%-d} {tomorrow:%b}")


def test_finding_a_launch_among_many(visit):
    crew = given.crew()
    small = make.checklist(items=2)
    for number in range(52):  # a page holds 50
        crew.launch(version=small, name=f"Ranker {number:02}", signed_off=2 if number == 7 else 0)
    page = visit(crew.ann, script=False)
    rows = page.locator(".lt__row")

    expect(rows).to_have_count(50)
    first = rows.all_inner_texts()
    page.get_by_role("link", name="Next page").click()
    expect(rows).to_have_count(2)
    assert set(first) & set(rows.all_inner_texts()) == set()
    page.get_by_role("searchbox", name="Search launches").nth(1).fill("ranker 30")
    page.get_by_role("button", name="Show").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Ranker 30")
    page.get_by_role("searchbox", name="Search launches").nth(1).fill("")
    page.locator("label", has_text=re.compile("^Ready")).click()
    page.get_by_role("button", name="Show").click()

    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Ranker 07")


def test_editing_a_launch_and_its_answers(visit):
    crew = given.crew()
    launch = crew.launch()
    page = visit(crew.lead, f"/launches/{launch.pk}/edit/", script=False)

    page.get_by_label("Name", exact=True).fill("Ranker, renamed")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ranker, renamed")
    page.get_by_role("link", name="Questions").click()
    question = page.get_by_role("group", name="Does it read features from a feature store")
    question.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview")).to_contain_text("does not apply")
    page.get_by_role("button", name="Save").click()

    expect(page.locator("#verdict")).to_contain_text("0 of 39")


def state(page: Page):
    return page.locator("#panel .chip[data-status]").first
