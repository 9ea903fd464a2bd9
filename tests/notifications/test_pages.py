"""The outbox, and the door out of a mail."""

from datetime import timedelta

import pytest
from django.test import Client

from readiness import clock
from readiness.accounts.models import User
from readiness.notifications.models import Delivery, Kind
from readiness.notifications.services.subscribing import unsubscribe_url
from tests import make
from tests.notifications.given import MONDAY, owner, owns, remind

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def priya() -> User:
    """A person who was reminded."""
    launch = make.launch(items=5)
    person = owner(launch)
    owns(person, launch, -1)
    remind()
    return person


@pytest.fixture
def admin(client) -> Client:
    """A site admin's browser."""
    client.force_login(make.user("Root", is_site_admin=True))
    return client


def path_out(person: User) -> str:
    return unsubscribe_url(person, Kind.DIGEST).removeprefix("http://localhost:8000")


def mails_on(person: User) -> bool:
    return User.objects.get(pk=person.pk).mails_on


def test_an_admin_reads_what_went_out(admin, priya):
    mail = Delivery.objects.get()

    pages = [admin.get(path) for path in ("/outbox/", "/outbox/?state=sent", f"/outbox/{mail.pk}/")]

    assert [page.status_code for page in pages] == [200, 200, 200]
    for page in pages:
        assert mail.subject in page.content.decode()
    assert mail.subject not in admin.get("/outbox/?state=failed").content.decode()


@pytest.mark.parametrize("query", ["state=%00", "state=lost", "before=x", f"before={10**30}"])
def test_a_bad_question_to_the_outbox_is_answered(admin, query):
    assert admin.get(f"/outbox/?{query}").status_code in (200, 400)


@pytest.mark.parametrize("path", ["/outbox/", "/outbox/{}/", "/outbox/{}/html/"])
def test_the_outbox_is_for_admins_alone(client, priya, path):
    path = path.format(Delivery.objects.get().pk)
    signed_out = client.get(path).status_code
    client.force_login(priya)

    signed_in = client.get(path).status_code

    assert (signed_out, signed_in) == (302, 403)


def test_a_mail_that_is_not_there_is_404(admin):
    assert [admin.get(f"/outbox/9/{part}").status_code for part in ("", "html/")] == [404, 404]


def test_nothing_runs_in_the_frame_of_a_mail(admin, priya):
    mail = Delivery.objects.get()

    page, frame = admin.get(f"/outbox/{mail.pk}/"), admin.get(f"/outbox/{mail.pk}/html/")

    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert frame.content.decode() == mail.html
    assert "default-src 'none'" in frame["Content-Security-Policy"]
    assert "sandbox allow-popups" in frame["Content-Security-Policy"]
    assert "script-src" not in frame["Content-Security-Policy"]
    assert "frame-src" not in admin.get("/outbox/")["Content-Security-Policy"]


def test_the_outbox_costs_the_same_for_one_mail_and_for_forty(admin, django_assert_num_queries):
    launch = make.launch(items=3)
    for count in (1, 40):
        while Delivery.objects.count() < count:
            owns(owner(launch), launch, -1)
            remind(MONDAY)
        admin.get("/outbox/")
        with django_assert_num_queries(3):
            admin.get("/outbox/")


def test_older_mails_are_a_page_further(admin):
    launch = make.launch(items=3)
    for _ in range(51):
        owns(owner(launch), launch, -1)
        remind(MONDAY)
    oldest = Delivery.objects.order_by("pk").first()

    first = admin.get("/outbox/").content.decode()
    older = Delivery.objects.order_by("-pk")[49].pk
    second = admin.get(f"/outbox/?before={older}").content.decode()

    assert f"?before={older}" in first
    assert (f"/outbox/{oldest.pk}/" in first, f"/outbox/{oldest.pk}/" in second) == (False, True)


def test_the_link_of_a_mail_asks_and_changes_nothing(client, priya):
    page = client.get(path_out(priya))

    assert (page.status_code, mails_on(priya)) == (200, True)
    assert "Stop these mails" in page.content.decode()


def test_a_mail_provider_stops_mails_with_one_click(priya):
    provider = Client(enforce_csrf_checks=True)

    answer = provider.post(path_out(priya), {"List-Unsubscribe": "One-Click"})

    assert (answer.status_code, mails_on(priya)) == (200, False)
    assert "You get no more reminder mails" in answer.content.decode()


def test_stopping_mails_twice_is_fine(client, priya):
    client.post(path_out(priya))

    assert client.post(path_out(priya)).status_code == 200


@pytest.mark.parametrize("verb", ["get", "post"])
def test_a_made_up_token_changes_nothing_and_says_so(client, priya, verb):
    answer = getattr(client, verb)(f"{path_out(priya)[:-3]}xx/")

    assert (answer.status_code, mails_on(priya)) == (404, True)
    assert "This link is too old" in answer.content.decode()


def test_a_token_is_too_old_after_half_a_year(client, priya, time_machine):
    path = path_out(priya)
    time_machine.move_to(clock.now() + timedelta(days=181))

    assert (client.post(path).status_code, mails_on(priya)) == (404, True)
