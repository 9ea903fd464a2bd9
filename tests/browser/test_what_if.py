"""Asking why, then what if, and handing the address on to somebody else."""

import re

from playwright.sync_api import Page, expect

from readiness.accounts.models import Role
from tests import make
from tests.browser import given
from tests.browser.conftest import PHONE


def test_what_is_supposed_is_opened_by_somebody_else_from_its_address(visit):
    crew = given.crew()
    launch = crew.launch(signed_off=37)
    reader = make.user("Vic Viewer", team=crew.team, role=Role.VIEWER)
    stranger = make.user("Sam Strange", team=make.team())
    page = visit(crew.lead, f"/launches/{launch.pk}/")

    page.get_by_role("link", name="Why", exact=True).first.click()
    expect(page.get_by_role("group", name="The formula")).to_contain_text(
        re.compile(r"37 checked\s+÷\s+40 items")
    )
    page.get_by_role("link", name="What if").click()
    suppose(page, "7.4", "Done")
    expect(sides(page)).to_have_text(["92.5%", "95%"])
    page.get_by_role("checkbox", name="Model version").check()
    expect(page.get_by_role("heading", name="What falls")).to_be_visible()
    page.get_by_role("checkbox", name="Model version").uncheck()
    expect(sides(page)).to_have_text(["92.5%", "95%"])
    page.get_by_role("link", name=re.compile("Suppose it is done")).click()
    expect(sides(page)).to_have_text(["92.5%", "97.5%"])
    shared = page.get_by_label("Link to this what if").input_value()
    expect(page).to_have_url(shared)

    other = visit(reader, shared)
    expect(sides(other)).to_have_text(["92.5%", "97.5%"])
    expect(other.get_by_text("better")).to_be_visible()
    phone = visit(reader, shared, size=PHONE)
    suppose(phone, "1.1", "Not done")
    expect(sides(phone)).to_have_text(["92.5%", "95%"])
    plain = visit(reader, f"/launches/{launch.pk}/what-if/", script=False)
    suppose(plain, "7.4", "Done")
    plain.get_by_role("button", name="See what then").click()
    expect(sides(plain)).to_have_text(["92.5%", "95%"])

    away = visit(stranger)
    assert away.request.get(shared).status == 404
    launch.refresh_from_db()
    assert launch.checked == 37


def suppose(page: Page, number: str, choice: str) -> None:
    page.get_by_label(re.compile(rf"^Suppose of {re.escape(number)} ")).select_option(label=choice)


def sides(page: Page):
    return page.locator(".side-card__pct")
