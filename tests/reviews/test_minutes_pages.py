"""The minutes as page, text and paper, and the buttons that end a review and open it again."""

from datetime import timedelta

import pytest
import time_machine
from markdown_it import MarkdownIt

from readiness.accounts.models import Role
from readiness.launches.services.redacting import redact
from readiness.reviews.models import Minutes, Review
from readiness.reviews.models.room import Outcome
from readiness.reviews.queries.minutes_markdown import markdown
from readiness.reviews.queries.minutes_text import shown_of
from readiness.reviews.services.deciding import Said
from tests import make
from tests.reviews.given import Cast, now_of
from tests.reviews.reading import text_of
from tests.reviews.test_finishing import END, a_full_review, beat, decide, finish

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
WAYS = ("minutes/", "minutes.md", "minutes/print/")


@pytest.fixture(autouse=True)
def _at_the_end():
    with time_machine.travel(END, tick=False):
        yield


@pytest.fixture
def met() -> tuple[Cast, Review]:
    return a_full_review()


def test_who_drives_finishes_it_with_a_plain_button_and_reads_the_minutes(client, met):
    here, review = met
    client.force_login(here.ann)

    first = client.post(f"/reviews/{review.pk}/finish/", {"key": "end"})
    second = client.post(f"/reviews/{review.pk}/finish/", {"key": "end"})

    assert [first.url, second.url] == [f"/reviews/{review.pk}/"] * 2
    assert client.get(f"/reviews/{review.pk}/").url == f"/reviews/{review.pk}/minutes/"
    text = text_of(client.get(f"/reviews/{review.pk}/minutes/"))
    for said in (
        "Design review 1, Mon 23 Nov 2026, 30 minutes, driven by Ann Ash",
        "Before Delay 14.3% 1 of 7",
        "2 checked After Delay 42.9% 3 of 7",
        "Rerun the set. BB Bob Birk Sat 28 Nov",
        "Cem Can, beside the room",
        "“Hand-made until May.” Meanwhile: “Two people look.”",
        "Sam is away.",
        "30 minutes, 30 min under the plan",
        "13:00 to 13:20, 20 minutes, on a laptop and on a phone",
    ):
        assert said in text
    assert Minutes.objects.count() == 1


def test_minutes_say_each_time_from_when_to_when_somebody_was_there(client, met):
    here, review = met
    for minutes in (27, 27.5, 29):
        beat(review, here.bob, minutes)
    finish(review, here.ann)
    client.force_login(here.ann)

    ways = [client.get(f"/reviews/{review.pk}/{way}") for way in WAYS]

    spans = "13:00 to 13:20, 13:27, 13:29"
    assert [spans in one.content.decode() for one in ways] == [True, True, True]


def test_minutes_of_when_nobody_counted_gaps_show_what_they_held(client, met):
    here, review = met
    minutes = finish(review, here.ann)
    for one in minutes.content["attendance"]:
        del one["stays"], one["is_guest"]
    shown = shown_of(minutes)

    assert [one["span"] for one in shown.attendance] == ["13:00 to 13:20"]
    assert "- Bob Birk, 13:00 to 13:20, 20 minutes," in markdown(shown)


def test_htmx_is_led_to_the_review_too(client, met):
    here, review = met
    client.force_login(here.ann)

    answer = client.post(f"/reviews/{review.pk}/finish/", {"key": "end"}, headers=HTMX)

    assert answer["HX-Redirect"] == f"/reviews/{review.pk}/"


def test_who_may_not_finish_it_is_told_why_and_it_goes_on(client, met):
    here, review = met
    client.force_login(here.bob)

    page = client.post(f"/reviews/{review.pk}/finish/", {"key": "end"}, follow=True)

    assert "Only Ann Ash, who facilitates, and the driver may do this." in page.content.decode()
    assert now_of(review).is_meeting


def test_before_its_end_a_review_has_no_minutes_and_leads_to_itself(client, met):
    here, review = met
    client.force_login(here.bob)

    answers = [
        client.get(f"/reviews/{review.pk}/{path}")
        for path in ("minutes/", "minutes.md", "minutes/print/")
    ]

    assert [one.url for one in answers] == [f"/reviews/{review.pk}/"] * 3


def test_a_stranger_finds_nothing(client, met):
    here, review = met
    finish(review, here.ann)
    client.force_login(make.user(team=make.team(), role=Role.LEAD))

    answers = [
        client.get(f"/reviews/{review.pk}/{path}")
        for path in ("minutes/", "minutes.md", "minutes/print/")
    ]
    answers += [client.post(f"/reviews/{review.pk}/{path}/") for path in ("finish", "reopen")]

    assert [one.status_code for one in answers] == [404] * 5


def test_both_minutes_can_be_read_and_only_the_last_opens_the_review_again(client, met):
    here, review = met
    finish(review, here.ann)
    client.force_login(here.ann)
    assert client.post(f"/reviews/{review.pk}/reopen/", {"key": "again"}).status_code == 302
    decide(review, 5, here.ann, Said(Outcome.DONE), at=END)
    finish(now_of(review), here.ann, at=END + timedelta(minutes=1))

    latest = client.get(f"/reviews/{review.pk}/minutes/").content.decode()
    first = client.get(f"/reviews/{review.pk}/minutes/?number=1").content.decode()

    assert ("Minutes 1" in latest, "Minutes 2" in latest) == (True, True)
    assert "Sam is away." in first
    assert "Sam is away." not in latest
    assert ("Open the review again" in first, "Open the review again" in latest) == (False, True)
    assert client.get(f"/reviews/{review.pk}/minutes/?number=9").status_code == 404
    assert client.get(f"/reviews/{review.pk}/minutes/?number=x").status_code == 404


def test_who_does_not_facilitate_sees_no_button_to_open_it_again(client, met):
    here, review = met
    finish(review, here.ann)
    client.force_login(here.bob)

    page = client.get(f"/reviews/{review.pk}/minutes/").content.decode()

    assert "Open the review again" not in page


def test_as_markdown_everything_stays_what_people_wrote(client, met):
    here, review = met
    review.agenda.filter(parked_at__isnull=False).update(parked_because="*Sam* | away <b>")
    finish(review, here.ann)
    client.force_login(here.bob)

    answer = client.get(f"/reviews/{review.pk}/minutes.md")

    text = answer.content.decode()
    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    html = MarkdownIt("commonmark").enable("table").render(text)
    for said in (
        f"<h1>Design review 1 of {here.launch.name}</h1>",
        "<h2>Follow-ups</h2>",
        "Rerun the set. (Bob Birk, by 2026-11-28)",
        "*Sam* | away &lt;b&gt;",
        "<td>1. Rollback &amp; Traffic Control</td>",
    ):
        assert said in html
    minutes = Minutes.objects.get()
    assert f"`{minutes.head}`" in text
    assert f"`{minutes.content_hash}`" in text


def test_on_paper_the_minutes_show_all_and_the_head_of_the_log(client, met):
    here, review = met
    minutes = finish(review, here.ann)
    client.force_login(here.bob)

    text = text_of(client.get(f"/reviews/{review.pk}/minutes/print/"))

    subject = here.launch.subject_id
    assert f"{subject}:{minutes.sequence}:{minutes.head}" in text
    assert "Cem Can checked 1.6" in text
    assert "beside it" in text


def test_minutes_that_were_redacted_say_so_and_are_whole(client, met):
    here, review = met
    finish(review, here.ann)
    olu = make.user("Olu", is_site_admin=True)
    event = here.launch.subject.events.get(kind="review.item_parked")
    redact(event, by=olu, because="A token.", key=make.key(), now=END)
    client.force_login(here.bob)

    page = text_of(client.get(f"/reviews/{review.pk}/minutes/"))

    assert "Words were taken out of these minutes. Redacted by Olu" in page
    assert "These minutes were changed since they were written." not in page
    assert "Sam is away." not in page


def test_what_people_typed_is_shown_and_never_run(client, met):
    here, review = met
    review.agenda.filter(parked_at__isnull=False).update(parked_because="<script>x()</script>")
    finish(review, here.ann)
    client.force_login(here.bob)

    pages = [
        client.get(f"/reviews/{review.pk}/{path}").content.decode()
        for path in ("minutes/", "minutes/print/")
    ]

    assert ["<script>x()" in one for one in pages] == [False, False]


def test_the_minutes_cost_the_same_statements_however_much_was_done(
    client, met, django_assert_num_queries
):
    here, review = met
    finish(review, here.ann)
    client.force_login(here.bob)
    client.get(f"/reviews/{review.pk}/minutes/")

    with django_assert_num_queries(7):
        client.get(f"/reviews/{review.pk}/minutes/")
