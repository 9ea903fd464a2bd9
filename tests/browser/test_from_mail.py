"""A link of a mail, opened on a phone by who is signed in nowhere."""

from urllib.parse import urlsplit

from playwright.sync_api import expect

from readiness import clock
from readiness.launches.models import LaunchItem
from readiness.notifications.queries.passes import url_for
from tests import make
from tests.browser import given
from tests.browser.conftest import PHONE


def test_a_mails_link_marks_an_item_done_by_one_thumb_and_once(visit):
    crew = given.crew()
    item = make.item(crew.launch(signed_off=38), 39)
    LaunchItem.objects.filter(pk=item.pk).update(owner=crew.ann, owned_since=clock.now())
    link = urlsplit(url_for(LaunchItem.objects.get(pk=item.pk), clock.now())).path
    page = visit(None, link, size=PHONE)

    expect(page.get_by_role("button", name="Mark done")).to_be_focused()
    page.get_by_role("button", name="Mark done").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("It is done")
    page.goto(link)

    expect(page.get_by_role("heading", level=1)).to_have_text("This link is over")
    page.get_by_role("link", name="Sign in to see your items").tap()
    expect(page.get_by_label("Password")).to_be_visible()
