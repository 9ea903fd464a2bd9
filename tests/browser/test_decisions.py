"""An approver decides, the GO ends with its verdict, and they decide again, on the phone."""

from playwright.sync_api import Page, expect

from readiness import clock
from readiness.accounts.models import Role, User
from readiness.launches.models import Launch
from readiness.launches.services import signoffs
from tests import make
from tests.browser import given
from tests.browser.conftest import PHONE

PASSWORD = "correct horse battery"


def approver(crew: given.Crew) -> User:
    """Somebody with a password, as a decision asks for it."""
    person = make.user("Amara Okafor", team=crew.team, role=Role.APPROVER)
    person.set_password(PASSWORD)
    person.save()
    return person


def take_back(launch: Launch, *places: int) -> None:
    for place in places:
        item = make.item(launch, place)
        said = {"by": launch.lead, "version": item.version, "key": make.key(), "now": clock.now()}
        signoffs.withdraw(item.signoffs.get(), because="The wrong dashboard.", **said)


def ask(page: Page) -> None:
    page.get_by_label("Anything the approvers should know").fill("All is checked.")
    page.get_by_role("button", name="Ask for a decision").click()
    expect(page.get_by_role("heading", name="A decision is asked for")).to_be_visible()


def test_deciding_again_after_the_go_ended(visit):
    crew = given.crew()
    amara = approver(crew)
    launch = crew.launch(signed_off=40, approvers=[amara])
    address = f"/launches/{launch.pk}/decision/"
    asking = visit(crew.lead, address)
    ask(asking)

    page = visit(amara, "/")
    page.get_by_role("link", name=f"Decide on {launch.name}").click()
    page.get_by_label("Your password").fill("not this one")
    page.get_by_label("Reason").fill("I read all of it.")
    page.get_by_role("button", name="Sign your decision").click()
    expect(page.get_by_text("This is not your password.")).to_be_visible()
    expect(page.get_by_label("Reason")).to_have_value("I read all of it.")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign your decision").click()
    expect(page.get_by_role("heading", name="Approved", exact=True)).to_be_visible()

    take_back(launch, 2, 3)
    page.reload()
    expect(page.get_by_text("The GO ended")).to_be_visible()
    expect(
        page.get_by_text("The verdict fell from Ready to Extra monitoring, 95%.")
    ).to_be_visible()

    asking.goto(address)
    ask(asking)
    amara.refresh_from_db()  # her password was hashed anew, as the product hashes stronger
    phone = visit(amara, address, size=PHONE)
    expect(phone.get_by_role("radio", name="Approve with conditions")).to_be_checked()
    phone.get_by_label("Your password").fill(PASSWORD)
    phone.get_by_role("button", name="Sign your decision").tap()
    expect(phone.get_by_role("heading", name="Approved with conditions")).to_be_visible()
    expect(phone.get_by_label("Action items").get_by_role("listitem")).to_have_count(2)
