"""Badges: the verdict to whoever has the link, and nothing to anybody else."""

from threading import Barrier, Thread

import pytest
import time_machine
from django.db import IntegrityError, connections, transaction

from readiness.accounts.models import Role
from readiness.audit.models import Event
from readiness.launches.models import Badge
from readiness.launches.services.badges import make_badge, revoke_badge
from readiness.web.refusal import Refused
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


def made(launch, by=None):
    return make_badge(launch, by=by or launch.lead, key=make.key(), now=make.NOW)


def revoked(launch, by=None):
    return revoke_badge(launch, by=by or launch.lead, key=make.key(), now=make.NOW)


def test_a_badge_says_what_the_page_of_its_launch_says_and_needs_no_session(
    client, django_assert_max_num_queries
):
    launch = make.launch(items=5, signed_off=4, name="Secret ranker")
    badge = made(launch)
    client.get(f"/badges/{badge.token}.svg")

    with django_assert_max_num_queries(3):
        answer = client.get(f"/badges/{badge.token}.svg")

    image = answer.content.decode()
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Cache-Control"] == "public, max-age=60"
    assert not answer.cookies
    assert 'aria-label="readiness: Extra monitoring 80%"' in image
    assert "Secret" not in image


def test_a_badge_follows_the_verdict_also_where_time_alone_changes_it(client):
    launch = make.launch(items=1, signed_off=1)
    path = f"/badges/{made(launch).token}.svg"

    before = client.get(path).content.decode()
    with time_machine.travel(launch.next_change, tick=False):
        after = client.get(path).content.decode()

    assert ("Ready 100%" in before, "Delay 0%" in after) == (True, True)


def test_a_revoked_link_looks_as_one_that_never_was(client):
    launch = make.launch(items=1)
    old = made(launch).token
    revoked(launch)
    new = made(launch).token

    answers = [client.get(f"/badges/{token}.svg") for token in (old, "x" * 43, new)]

    assert [one.status_code for one in answers] == [404, 404, 200]
    assert [one["Cache-Control"] for one in answers[:2]] == ["no-store", "no-store"]
    assert old != new
    kinds = Event.objects.filter(kind__startswith="badge").order_by("pk")
    assert [*kinds.values_list("kind", flat=True)] == [
        "badge.made", "badge.revoked", "badge.made"
    ]  # fmt: skip
    assert old not in str([*Event.objects.values_list("payload", flat=True)])


def test_there_is_one_link_at_a_time_and_nothing_to_revoke_without_one():
    launch = make.launch(items=1)

    with pytest.raises(Refused, match="no link to the badge any more"):
        revoked(launch)
    made(launch)
    with pytest.raises(Refused, match="Revoke it first"):
        made(launch)
    with pytest.raises(IntegrityError, match="one_standing_badge_per_launch"), transaction.atomic():
        Badge.objects.create(launch=launch, token="t", made_by=launch.lead, made_at=make.NOW)


def test_only_who_may_edit_the_launch_makes_and_revokes_links(client):
    launch = make.launch(items=1)
    member = make.user(team=launch.team, role=Role.MEMBER)

    with pytest.raises(Refused):
        made(launch, by=member)
    client.force_login(member)
    page = client.get(f"/launches/{launch.pk}/share/").content.decode()

    assert client.post(f"/launches/{launch.pk}/badge/").status_code == 403
    assert "The lead of the launch can make one." in page
    assert f"/launches/{launch.pk}/badge/" not in page


def test_the_lead_makes_and_revokes_the_link_on_a_page(client):
    launch = make.launch(items=1)
    client.force_login(launch.lead)
    share = f"/launches/{launch.pk}/share/"

    answer = client.post(f"/launches/{launch.pk}/badge/", {"key": "one"})
    again = client.post(f"/launches/{launch.pk}/badge/", {"key": "one"})
    badge = Badge.objects.get()
    page = client.get(share).content.decode()
    client.post(f"/launches/{launch.pk}/badge/revoke/", {"key": "two"})
    after = client.get(share).content.decode()

    assert (answer["Location"], again["Location"]) == (share, share)
    assert f"http://testserver/badges/{badge.token}.svg" in page
    assert badge.token not in after


@pytest.mark.django_db(transaction=True)
def test_two_who_make_a_link_at_once_make_one():
    launch = make.launch(items=1)
    start, outcomes = Barrier(2), []

    def make_one():
        start.wait()
        try:
            outcomes.append(made(launch).pk > 0)
        except Refused as refusal:
            outcomes.append(str(refusal))
        finally:
            connections.close_all()

    threads = [Thread(target=make_one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes, key=str) == [
        "There is a link to the badge already. Revoke it first.", True
    ]  # fmt: skip
    assert Badge.objects.count() == 1
