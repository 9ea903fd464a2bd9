"""What is taken from a person is gone with their next request, of a page or of a part of one."""

import pytest
from django.http import HttpResponse

from readiness.accounts.models import Membership, Role, User
from tests import make
from tests.permissions.stage import Door
from tests.stage import session_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://localhost/launches/7/?show=late"}
SIGN_IN_AGAIN = "/sign-in/?next=%2Flaunches%2F7%2F%3Fshow%3Dlate"


@pytest.fixture
def launch():
    return make.launch(items=2)


@pytest.fixture
def lead(launch):
    return make.user("Lou", team=launch.team, role=Role.LEAD)


def asked(door: Door, launch) -> list[int | str]:
    """What the launch's page, its edit page, an item as a part and a check by htmx come to."""
    item = make.item(launch)
    answers = [
        door.get(launch.get_absolute_url()),
        door.get(f"/launches/{launch.pk}/edit/"),
        door.get(f"/items/{item.pk}/", headers=HTMX),
        door.post(f"/items/{item.pk}/sign-off/", headers=HTMX),
    ]
    return [seen(answer) for answer in answers]


def seen(answer: HttpResponse) -> int | str:
    to = answer.headers.get("Location") or answer.headers.get("HX-Redirect")
    return f"{answer.status_code} {to.partition('?')[0]}" if to else answer.status_code


WELCOME = [200, 200, 200, 422]
SIGNED_OUT = ["302 /sign-in/", "302 /sign-in/", "401 /sign-in/", "401 /sign-in/"]


def sign_out(lead: User, session: str) -> None:
    Door(session).post("/sign-out/")


def deactivate(lead: User, session: str) -> None:
    User.objects.filter(pk=lead.pk).update(is_active=False)


def change_password(lead: User, session: str) -> None:
    lead.set_password("another one, long enough")
    lead.save()


def take_role(lead: User, session: str) -> None:
    Membership.objects.filter(person=lead).delete()


def leave_viewer(lead: User, session: str) -> None:
    Membership.objects.filter(person=lead).update(role=Role.VIEWER.value)


@pytest.mark.parametrize(
    ("revoke", "after"),
    [
        (sign_out, SIGNED_OUT),
        (deactivate, SIGNED_OUT),
        (change_password, SIGNED_OUT),
        (take_role, [404, 404, 404, 404]),
        (leave_viewer, [200, 403, 200, 403]),
    ],
)
def test_the_next_request_is_denied(launch, lead, revoke, after):
    session = session_of(lead)
    door = Door(session)
    before = asked(door, launch)

    revoke(lead, session)

    assert (before, asked(door, launch)) == (WELCOME, after)


def test_a_site_admin_no_more_reads_and_administers_nothing_more(launch):
    admin = make.user(is_site_admin=True)
    door = Door(session_of(admin))
    pages = ["/outbox/", launch.get_absolute_url()]
    before = [door.get(page).status_code for page in pages]

    User.objects.filter(pk=admin.pk).update(is_site_admin=False)

    assert (before, [door.get(page).status_code for page in pages]) == ([200, 200], [403, 404])


def test_the_lead_of_a_launch_no_more_is_who_their_roles_make_them(launch):
    ann = make.user("Ann", team=launch.team, role=Role.VIEWER)
    type(launch).objects.filter(pk=launch.pk).update(lead=ann)
    door = Door(session_of(ann))
    before = asked(door, launch)

    type(launch).objects.filter(pk=launch.pk).update(lead=make.user())

    assert (before, asked(door, launch)) == (WELCOME, [200, 403, 200, 403])


def test_a_part_of_a_page_leads_to_the_sign_in_page_and_back_to_the_page_it_was_on(launch, lead):
    session = session_of(lead)
    deactivate(lead, session)

    answer = Door(session).get(f"/items/{make.item(launch).pk}/", headers=HTMX)

    assert (answer.status_code, answer["HX-Redirect"], answer.content) == (401, SIGN_IN_AGAIN, b"")
