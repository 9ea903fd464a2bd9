"""The reviews that somebody is to come to, as My items names them."""

from datetime import timedelta

import pytest

from readiness.launches.queries.meetings import Meeting, meetings_of
from readiness.reviews.services import planning
from tests import make
from tests.reviews.given import begin, cast, meeting, plan

pytestmark = pytest.mark.django_db


def test_who_is_invited_or_facilitates_finds_what_meets_and_what_is_to_come():
    here, later = cast(name="Ads ranking v14"), make.NOW + timedelta(days=2, hours=5)
    running = plan(here, facilitator=here.bob, invited=(here.cem,))
    begin(running, by=here.bob)
    coming = plan(here, invited=(here.bob,), starts_at=later)

    bobs, cems = meetings_of(here.bob, make.NOW), meetings_of(here.cem, make.NOW)

    live = Meeting("Ads ranking v14", running.get_absolute_url(), "now", is_now=True)
    when = f"Wed 25 Nov at {later.astimezone(here.bob.tzinfo):%H:%M}"
    planned = Meeting("Ads ranking v14", coming.get_absolute_url(), when, is_now=False)
    assert (bobs, cems) == ((live, planned), (live,))


def test_what_was_cancelled_forgotten_or_may_not_be_seen_any_more_is_not_named():
    here, much_later = cast(), make.NOW + timedelta(days=9)
    cancelled, _ = plan(here, invited=(here.cem,)), plan(here, invited=(here.cem,))
    because = "The data is late."
    planning.cancel(cancelled, because=because, by=here.ann, key=make.key(), now=make.NOW)

    before, after = meetings_of(here.cem, make.NOW), meetings_of(here.cem, much_later)
    here.cem.memberships.all().delete()
    stranger = meetings_of(here.cem, make.NOW)

    assert (len(before), after, stranger) == (1, (), ())


def test_my_items_leads_to_the_review_that_meets(client):
    here = cast(name="Ads <b>ranking</b>")
    review = meeting(here, invited=(here.cem,))
    client.force_login(here.cem)

    page = client.get("/mine/").content.decode()

    name = "Ads &lt;b&gt;ranking&lt;/b&gt;"
    link = f'<a class="link" href="/reviews/{review.pk}/" dir="auto">{name}</a>'
    assert f'{link} <b class="chip" data-tone="red">Live</b>' in page
