"""The discussion of a launch, and threads where they stand on items."""

import pytest

from readiness.accounts.models import Role
from readiness.launches.models import Comment
from readiness.launches.services import comments
from tests import make
from tests.launches.reading import form_to, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ann(client):
    ann = make.user("Ann Ash", team=make.team("Ads ranking"), role=Role.LEAD)
    client.force_login(ann)
    return ann


@pytest.fixture
def launch(ann):
    return make.launch(team=ann.memberships.get().team, by=ann, items=3, name="Ads ranking v14")


@pytest.fixture
def about_item(launch, ann):
    said = {"by": ann, "key": make.key(), "now": make.NOW}
    return comments.comment(make.item(launch), text="Is **p99** fine?", **said)


@pytest.fixture
def about_launch(launch, ann):
    said = {"by": ann, "key": make.key(), "now": make.NOW}
    return comments.comment_on_launch(launch, text="When?", **said)


def test_a_thread_is_begun_on_the_launch(client, launch):
    said = {"text": "Ready, @Ann Ash?", "key": make.key()}

    response = client.post(f"/launches/{launch.pk}/discussion/", said)
    page = client.get(response["Location"])

    comment = Comment.objects.get()
    assert (
        response["Location"] == f"/launches/{launch.pk}/discussion/?show=all#comment-{comment.pk}"
    )
    assert words(page, "comment__text") == ["Ready, @Ann Ash?"]


def test_an_empty_comment_comes_back(client, launch):
    response = client.post(f"/launches/{launch.pk}/discussion/", {"text": " ", "key": "k"})

    assert (response.status_code, Comment.objects.count()) == (422, 0)
    assert "This field is required." in response.content.decode()


def test_open_resolved_and_all_threads_are_listed(client, launch, about_item, about_launch):
    client.post(f"/comments/{about_launch.pk}/resolve/", {"key": make.key(), "at": "discussion"})

    shown = {
        show: words(client.get(f"/launches/{launch.pk}/discussion/?show={show}"), "comment__text")
        for show in ("open", "resolved", "all", "nonsense")
    }

    assert shown == {
        "open": ["Is p99 fine?"],
        "resolved": ["When?"],
        "all": ["When?", "Is p99 fine?"],
        "nonsense": ["Is p99 fine?"],
    }


@pytest.mark.parametrize("at", ["item", "drawer", "discussion"])
def test_htmx_gets_the_thread_where_it_stands(client, about_item, at):
    said = {"text": "It is.", "key": make.key(), "at": at}

    response = client.post(f"/comments/{about_item.pk}/reply/", said, headers=HTMX)

    html = response.content.decode()
    assert response.status_code == 200
    assert words(response, "comment__text") == ["Is p99 fine?", "It is."]
    assert html.lstrip().startswith(f'<li class="thread" id="thread-{about_item.pk}"') == (
        at == "discussion"
    )
    assert "Your reply is there." in html


@pytest.mark.parametrize("at", ["item", "discussion"])
def test_plain_forms_lead_back_to_the_thread(client, launch, about_item, at):
    said = {"text": "It is.", "key": make.key(), "at": at}

    response = client.post(f"/comments/{about_item.pk}/reply/", said)

    back = {
        "item": f"/items/{about_item.item_id}/",
        "discussion": f"/launches/{launch.pk}/discussion/?show=all#thread-{about_item.pk}",
    }
    assert (response.status_code, response["Location"]) == (302, back[at])


@pytest.mark.parametrize(("act", "more"), [("reply", {}), ("edit", {"number": 1})])
@pytest.mark.parametrize("at", ["item", "discussion"])
@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_faulty_form_stands_open_in_its_thread(client, about_item, act, more, at, headers):
    said = {"text": "", "key": make.key(), "at": at, **more}

    response = client.post(f"/comments/{about_item.pk}/{act}/", said, headers=headers)

    assert response.status_code == 422
    assert response.content.decode().count("This field is required.") == 1


def test_an_edited_comment_says_so_and_keeps_its_wordings(client, about_item):
    said = {"text": "Is p99 **really** fine?", "key": make.key(), "at": "item", "number": 1}

    client.post(f"/comments/{about_item.pk}/edit/", said)
    page = client.get(f"/items/{about_item.item_id}/")
    wordings = client.get(f"/comments/{about_item.pk}/")

    assert f'<a class="comment__when" href="/comments/{about_item.pk}/">edited</a>' in (
        page.content.decode()
    )
    assert words(wordings, "prose") == ["Is p99 really fine?", "Is p99 fine?"]


@pytest.mark.parametrize("headers", [HTMX, {}])
@pytest.mark.parametrize("at", ["item", "discussion"])
def test_other_words_that_come_late_stand_there_to_be_sent_again(client, about_item, at, headers):
    path = f"/comments/{about_item.pk}/edit/"
    said = {"number": "1", "at": at}
    client.post(path, said | {"text": "Is p95 fine?", "key": make.key()})

    late = client.post(path, said | {"text": "Is p90 fine?", "key": make.key()}, headers=headers)
    client.post(path, form_to(late, path, text="Is p90 fine?"), headers=headers)

    about_item.refresh_from_db()
    assert (late.status_code, about_item.text) == (409, "Is p90 fine?")


def test_what_cannot_be_resolved_twice_is_refused_where_it_stands(client, about_item):
    address = f"/comments/{about_item.pk}/resolve/"
    client.post(address, {"key": make.key(), "at": "discussion"})

    part = client.post(address, {"key": make.key(), "at": "discussion"}, headers=HTMX)
    plain = client.post(address, {"key": make.key(), "at": "discussion"})

    assert (part.status_code, plain.status_code) == (409, 409)
    assert "This thread is resolved already." in part.content.decode()


def test_the_lead_says_whether_open_threads_hold_a_go(client, launch, about_launch):
    said = {"key": make.key(), "edition": 1, "hold": "1"}

    response = client.post(f"/launches/{launch.pk}/discussion/rule/", said)
    page = client.get(f"/launches/{launch.pk}/discussion/")

    launch.refresh_from_db()
    assert (response.status_code, launch.threads_hold_go) == (302, True)
    assert "No GO while 1 thread is open." in page.content.decode()


def test_those_who_may_read_are_offered_behind_an_at_sign(client, launch, ann):
    make.user("Anna Other", team=make.team())
    anna = make.user("Anna Berg", team=launch.team)

    page = client.get(f"/launches/{launch.pk}/mentions/?q=ann").content.decode()

    assert [name in page for name in ("Ann Ash", "Anna Berg", "Anna Other")] == [True, True, False]
    assert f'id="mention-{anna.pk}" data-name="Anna Berg"' in page


def test_who_only_reads_gets_no_forms(client, launch, about_item):
    eve = make.user("Ravi", team=launch.team, role=Role.AUDITOR)
    client.force_login(eve)

    page = client.get(f"/launches/{launch.pk}/discussion/").content.decode().split("<main")[1]

    assert "Reply" not in page
    assert "<textarea" not in page


def test_what_people_wrote_is_drawn_and_does_no_harm(client, launch, ann):
    said = {"by": ann, "key": make.key(), "now": make.NOW}
    comments.comment_on_launch(launch, text="<img src=x onerror=alert(1)> **so**", **said)

    page = client.get(f"/launches/{launch.pk}/discussion/").content.decode()

    assert "<p>&lt;img src=x onerror=alert(1)&gt; <strong>so</strong></p>" in page
