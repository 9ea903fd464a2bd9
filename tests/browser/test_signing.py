"""Signing under a policy: who could sign, breaking the glass, what falls, and saying it again."""

import pytest
from playwright.sync_api import expect

from readiness import clock
from readiness.accounts.models import User
from readiness.launches.models import Launch, LaunchItem
from readiness.launches.services import breaking_glass, configs
from tests import make
from tests.browser import given
from tests.browser.conftest import LAPTOP
from tests.browser.looking import faults_of

FIRST, SECOND = 1, 2


def launch_of(crew: given.Crew, rule: str) -> Launch:
    value = make.document(3)
    value["policy"]["signing"] = {"rule": rule} | (
        {"role": "sre", "quorum": 3} if rule == "role_quorum" else {}
    )
    for section in value["sections"]:
        for item in section["items"]:
            item["invalidated_by"] = ["model_version", "serving_config"]
    return crew.launch(version=make.published(value), name=f"Ranker by {rule}")


def break_glass(item: LaunchItem, by: User) -> None:
    breaking_glass.break_glass(
        item, by=by, version=item.version, key=make.key(), now=clock.now(), because="On a plane."
    )


def declare(launch: Launch, value: str) -> None:
    launch.refresh_from_db()
    configs.declare(
        launch, kind="serving_config", value=value, edition=launch.edition, by=launch.lead,
        key=make.key(), now=clock.now(),
    )  # fmt: skip


@pytest.mark.parametrize("rule", ["two_persons", "role_quorum"])
def test_the_pages_of_signing_are_accessible_and_fit_their_window(rule, visit):
    crew = given.crew()
    launch = launch_of(crew, rule)
    declare(launch, "overlay 41, " + "unbroken" * 12)
    declare(launch, "overlay 42")
    first, second = make.item(launch, FIRST), make.item(launch, SECOND)
    break_glass(first, crew.ann)
    if rule == "two_persons":
        make.sign(second, by=crew.ben, at=clock.now())

    page = visit(crew.lead)
    for path in (
        f"/launches/{launch.pk}/",
        f"/launches/{launch.pk}/basis/",
        first.get_absolute_url(),
        second.get_absolute_url(),
    ):
        page.set_viewport_size(LAPTOP)
        page.goto(path)
        for summary in page.locator("details.add > summary").all():
            summary.click()
        assert (path, faults_of(page)) == (path, [])


def test_one_signs_alone_another_confirms_and_what_falls_is_said_again(visit):
    crew = given.crew()
    launch = launch_of(crew, "owner")
    item = make.item(launch, FIRST)
    anns = visit(crew.ann, item.get_absolute_url())

    anns.locator("summary", has_text="break the glass").click()
    anns.get_by_label("Why this cannot wait").fill("The owner is on a plane.")
    anns.get_by_role("button", name="Break the glass").click()
    expect(anns.locator("#signing")).to_contain_text("It counts once a second person confirms it.")
    bens = visit(crew.ben, "/waiting/")
    bens.get_by_role("link", name=item.item.title).click()
    bens.get_by_role("button", name="Confirm that Ann Ash had to sign alone").click()
    expect(bens.locator("#signing")).to_contain_text("Confirmed by Ben Ode")
    expect(bens.locator("#panel .chip[data-status]").first).to_contain_text("Done")

    leads = visit(crew.lead, f"/launches/{launch.pk}/basis/")
    leads.locator("summary", has_text="Declare a change").first.click()
    leads.get_by_label("Serving config from now on").fill("overlay 42")
    leads.get_by_role("button", name="See what falls").click()
    expect(leads.locator("#falling")).to_contain_text("will stop counting")
    leads.get_by_role("button", name="Confirm and declare overlay 42").click()
    expect(leads.locator("#config-serving_config")).to_contain_text("overlay 42")
    leads.goto(f"/launches/{launch.pk}/")
    expect(leads.locator("#verdict")).to_contain_text("Glass was broken once")
    expect(leads.locator(f"#item-{item.pk}")).to_have_attribute("data-status", "superseded")
