"""A lead asks somebody in, who comes in; later they leave, and somebody else has their work."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import expect

from readiness import clock
from readiness.accounts.models import User
from readiness.launches.models import LaunchItem
from readiness.notifications.models import Delivery
from readiness.notifications.services.delivering import deliver_due
from tests import make
from tests.browser import given
from tests.browser.conftest import PHONE


def test_from_the_invitation_to_the_last_day(visit):
    crew = given.crew()
    launch = crew.launch()
    email = f"zoe-{crew.team.pk}@example.test"
    lead = visit(crew.lead, f"/teams/{crew.team.pk}/")

    lead.get_by_label("Mail address").fill(email)
    lead.get_by_role("button", name="Send the invitation").click()
    expect(lead.get_by_role("status").get_by_text(f"A mail goes to {email}.")).to_be_visible()
    expect(lead.get_by_text("Invited", exact=True)).to_be_visible()
    expect(lead.get_by_role("button", name="Send the invitation")).to_be_focused()
    deliver_due(now=clock.now())
    mail = Delivery.objects.get(invitation__email=email)
    [link] = re.findall(r"https?://\S+/join/\S+", mail.text)
    zoe = visit(None, urlsplit(link).path, size=PHONE)
    zoe.get_by_label("Your name").fill("Zoë Lind")
    zoe.get_by_label("Password").fill("horse battery staple")
    zoe.get_by_role("button", name="Join the team").click()
    expect(zoe.get_by_role("heading", level=1)).to_have_text("Launches")

    person = User.objects.get(email=email)
    item = make.item(launch)
    LaunchItem.objects.filter(pk=item.pk).update(owner=person)
    lead.goto(f"/people/{person.pk}/")
    lead.get_by_role("link", name="Deactivate Zoë").click()
    lead.get_by_label("Everything goes to").select_option(label="Ben Ode")
    lead.get_by_role("button", name="Show what moves").click()
    expect(lead.locator(".moves tbody tr")).to_contain_text(["1 item"])
    lead.get_by_role("button", name="Deactivate and hand over").click()
    expect(lead.get_by_text("is deactivated and cannot sign in")).to_be_visible()
    zoe.goto("/mine/")

    expect(zoe).to_have_url(re.compile("/sign-in/"))
    assert LaunchItem.objects.get(pk=item.pk).owner == crew.ben
