"""Several people at once: a late tick, an approver, an owner with a mail, a stranger."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from readiness import clock
from readiness.accounts.models import Role
from readiness.launches.models import LaunchItem
from readiness.notifications.models import Delivery
from readiness.notifications.services.delivering import deliver_due
from readiness.notifications.services.queueing import queue_digests
from tests import make
from tests.browser import given


def test_the_second_tick_from_an_old_page_shows_who_was_first(visit):
    crew = given.crew()
    launch = crew.launch()
    item = make.item(launch)
    anns = visit(crew.ann, f"/launches/{launch.pk}/")
    bens = given.hearing_nothing(visit(crew.ben, "/mine/"))
    bens.goto(f"/launches/{launch.pk}/")

    anns.keyboard.press("j")
    anns.keyboard.press("d")
    expect(anns.locator(f"#item-{item.pk}")).to_have_attribute("data-status", "done")
    bens.keyboard.press("j")
    bens.keyboard.press("d")

    row = bens.locator(f"#item-{item.pk}")
    expect(row).to_have_attribute("data-status", "done")
    expect(row.get_by_role("alert")).to_contain_text(
        re.compile(r"Ann Ash changed this (just now|\d+ seconds? ago)\. Nothing was lost\.")
    )
    row.get_by_role("link", name="See both").click()
    expect(bens.locator("#drawer")).to_contain_text("Ann Ash")
    assert item.signoffs.count() == 1


def test_an_approver_finds_the_moved_verdict_among_all_launches(visit):
    crew = given.crew()
    amara = make.user("Amara Okafor", team=crew.team, role=Role.APPROVER)
    launch = crew.launch(signed_off=38, approvers=[amara])
    dashboard = visit(amara)
    row = dashboard.get_by_role("row", name=launch.name)
    expect(row).to_contain_text("38 of 40, 95%")

    make.sign(make.item(launch, 39), by=crew.ann, at=clock.now())
    dashboard.reload()

    expect(row).to_contain_text("Ready")
    expect(row).to_contain_text("39 of 40, 97.5%")
    row.get_by_role("link", name=launch.name).click()
    expect(dashboard.locator("#verdict")).to_have_attribute("data-verdict", "ready")
    expect(dashboard.locator("#status-menu")).to_have_count(0)


def test_the_link_of_an_owners_mail_opens_the_item_and_changes_nothing(visit, address, settings):
    settings.BASE_URL = address
    crew = given.crew()
    launch = crew.launch()
    item = make.item(launch)
    now = clock.now()
    crew.ann.digest_hour, crew.ann.workdays = 0, [1, 2, 3, 4, 5, 6, 7]
    crew.ann.save()
    LaunchItem.objects.filter(pk=item.pk).update(
        owner=crew.ann, owned_since=now - timedelta(days=9), due_on=now.date()
    )
    queue_digests(now=now)
    deliver_due(now=now)
    before = LaunchItem.objects.get(pk=item.pk).version

    mail = Delivery.objects.get(recipient=crew.ann)
    link = re.search(rf"{address}/items/{item.pk}/\S*", mail.text)[0]
    page = visit(crew.ann, link)

    expect(page.get_by_role("heading", level=1)).to_contain_text("Rollback runbook exists")
    expect(page.get_by_role("button", name="Done", exact=True)).to_be_enabled()
    after = LaunchItem.objects.get(pk=item.pk)
    assert (after.version, after.signoffs.count()) == (before, 0)


def test_a_stranger_learns_nothing_of_a_launch(visit):
    crew = given.crew()
    launch = crew.launch()
    stranger = given.crew().ann

    for path in (f"/launches/{launch.pk}/", f"/items/{make.item(launch).pk}/"):
        page = visit(stranger, path)
        expect(page.get_by_role("heading", level=1)).to_have_text("This page is not here")
        expect(page.get_by_text(launch.name)).to_have_count(0)
