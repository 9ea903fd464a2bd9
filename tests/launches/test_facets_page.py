"""The questions about a launch: what an answer does is seen before it is saved."""

import pytest
from django.urls import reverse

from readiness.accounts.models import Role
from readiness.audit.models import Event
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def ann(client):
    ann = make.user("Ann Ash", team=make.team("Ads ranking"), role=Role.LEAD)
    client.force_login(ann)
    return ann


@pytest.fixture
def launch(ann):
    team = ann.memberships.get().team
    return make.launch(team=team, by=ann, signed_off=32, facets={"feature_store": True})


def page_of(launch):
    return reverse("launches:facets", args=[launch.pk])


def words_of(response):
    page = response.content.decode()
    start = page.index('id="preview"')
    return page[start : page.index("</section>", start)]


def test_the_page_shows_the_answers_that_stand(client, launch):
    page = client.get(page_of(launch)).content.decode()

    checked = [tag for tag in page.split("<input")[1:] if " checked" in tag.split(">")[0]]
    assert len(checked) == 7
    assert sum('value="yes"' in tag for tag in checked) == 1
    assert sum('value=""' in tag for tag in checked) == 6
    assert "With none ticked it is not answered yet." in page
    assert "No item comes or goes." in page


@pytest.mark.parametrize("ask", ["htmx", "link", "button"])
def test_what_comes_and_goes_is_shown_before_it_is_saved(client, launch, ask):
    answers = {"facet_serving": ["batch"], "facet_feature_store": "no", "facet_high_stakes": "yes"}

    if ask == "button":
        sent = {**answers, "preview": "1", "edition": 1, "key": make.key()}
        response = client.post(page_of(launch), sent)
    else:
        response = client.get(page_of(launch), answers, **(HTMX if ask == "htmx" else {}))

    preview = words_of(response)
    launch.refresh_from_db()
    assert response.status_code == 200
    assert "5 do not apply" in preview
    assert "Feature store lineage tracked (know which upstream changes affect the model)" in preview
    assert "32 of 40 checked" in preview
    assert "28 of 35 checked" in preview
    assert (launch.facets, launch.counted) == ({"feature_store": True}, 40)
    assert ("<h1>" in response.content.decode()) == (ask != "htmx")
    assert "HX-Request" in response["Vary"]


def test_answers_bring_items_back_and_make_must_haves(client, ann):
    team = ann.memberships.get().team
    launch = make.launch(team=team, by=ann, facets={"genai": False, "user_facing": False})

    response = client.get(
        page_of(launch), {"facet_genai": "yes", "facet_user_facing": "yes"}, **HTMX
    )

    preview = words_of(response)
    assert "1 comes in" in preview
    assert "1 becomes a must-have" in preview
    assert preview.count("Safety filters for GenAI outputs (toxicity, PII leakage, jailbreak") == 2


def test_answers_are_saved(client, launch):
    sent = {
        "facet_serving": ["online", "edge"],
        "facet_genai": "no",
        "facet_personal_data": "yes",
        "facet_feature_store": "",
        "edition": 1,
        "key": make.key(),
    }

    response = client.post(page_of(launch), sent)

    launch.refresh_from_db()
    assert (response.status_code, response["Location"]) == (302, launch.get_absolute_url())
    assert launch.facets == {"serving": ["online", "edge"], "genai": False, "personal_data": True}
    assert (launch.edition, launch.counted) == (2, 39)


def test_all_answers_can_be_taken_back(client, launch):
    client.post(page_of(launch), {"edition": 1, "key": make.key()})

    launch.refresh_from_db()
    assert (launch.facets, launch.edition) == ({}, 2)


@pytest.mark.parametrize(
    "forged", [{"facet_genai": "perhaps"}, {"facet_serving": ["online", "by pigeon"]}]
)
def test_an_answer_that_is_not_offered_is_refused(client, launch, forged):
    plain = client.post(page_of(launch), {**forged, "edition": 1, "key": make.key()})
    htmx = client.get(page_of(launch), forged, **HTMX)

    launch.refresh_from_db()
    assert (plain.status_code, htmx.status_code, launch.edition) == (422, 422, 1)
    assert "Choose one of the answers that are offered." in plain.content.decode()


def test_who_answers_second_keeps_their_answers_and_is_told(client, launch):
    client.post(page_of(launch), {"facet_genai": "no", "edition": 1, "key": make.key()})

    late = {"facet_genai": "yes", "edition": 1, "key": make.key()}
    response = client.post(page_of(launch), late)

    page = response.content.decode()
    launch.refresh_from_db()
    assert response.status_code == 409
    assert "Someone edited this launch since you loaded the page. Look at it again." in page
    assert 'value="yes" class="choices" id="id_facet_genai_0" checked' in page
    assert 'name="edition" value="2"' in page
    assert "1 comes in" in page
    assert launch.facets == {"genai": False}


def test_a_form_sent_twice_answers_once(client, launch):
    sent = {"facet_genai": "no", "edition": 1, "key": make.key()}

    answers = [client.post(page_of(launch), sent).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert Event.objects.filter(kind="facets.answered").count() == 1


def test_no_tick_is_no_answer_in_the_preview_too(client, ann):
    team = ann.memberships.get().team
    launch = make.launch(team=team, by=ann, facets={"serving": ["batch"]})

    response = client.get(page_of(launch), **HTMX)

    assert "4 come in" in words_of(response)


def test_asking_writes_nothing(client, launch):
    before = Event.objects.count()

    client.get(page_of(launch), {"facet_genai": "no"})

    assert Event.objects.count() == before


def test_the_part_costs_four_statements(client, launch, django_assert_num_queries):
    client.get(page_of(launch), **HTMX)

    # the person, the launch, the questions, the facts
    with django_assert_num_queries(4):
        client.get(page_of(launch), {"facet_genai": "no"}, **HTMX)
