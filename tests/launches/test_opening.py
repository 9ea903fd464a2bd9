"""Opening a launch: what is asked, what is refused, and that it is done once."""

import re
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from readiness.accounts.models import Membership, Role
from readiness.checklists.models import Version
from readiness.launches.models import Launch
from tests import make
from tests.launches import typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
PAGE = "/launches/new/"
DIGEST = "sha256:" + "a1" * 32


@pytest.fixture
def team():
    return make.team("Ads ranking")


@pytest.fixture
def ann(team, client):
    ann = make.user("Ann Ash", team=team, role=Role.LEAD, zone="Europe/Berlin")
    client.force_login(ann)
    return ann


@pytest.fixture
def version():
    return make.checklist(items=2)


def facts_of(launch):
    return (
        launch.team.name,
        launch.name,
        launch.model,
        launch.purpose,
        launch.launch_at,
        launch.zone,
        launch.lead.name,
        str(launch.candidate),
        launch.candidate.digest,
        launch.candidate.registry_url,
        launch.facets,
        [one.person.name for one in launch.approvers.order_by("person__name")],
    )


def test_a_launch_is_opened_with_all_that_was_said(client, team, ann):
    version = make.checklist(items=40)
    priya = make.user("Priya Raman", team=team)
    amara = make.everywhere(make.user("Amara Okafor"), Role.APPROVER)
    form = typed.opening(
        team, version, ann,
        candidate_digest=DIGEST.upper().replace("SHA", "sha"),
        candidate_registry_url="https://registry.example/ads-rank/14.2.0",
        approvers=[amara.pk], duty_sre=priya.pk,
        facet_serving=["batch"], facet_genai="no", facet_user_facing="",
    )  # fmt: skip

    response = client.post(PAGE, form)

    launch = Launch.objects.get()
    assert (response.status_code, response["Location"]) == (302, launch.get_absolute_url())
    assert facts_of(launch) == (
        "Ads ranking",
        "Ads ranking v14",
        "ads-rank",
        "Ranks ads on the home page.",
        datetime(2026, 12, 8, 8, 30, tzinfo=UTC),
        "Europe/Berlin",
        "Ann Ash",
        "ads-rank@14.2.0",
        DIGEST,
        "https://registry.example/ads-rank/14.2.0",
        {"serving": ["batch"], "genai": False},
        ["Amara Okafor"],
    )
    assert launch.items.filter(owner=priya).count() == 10
    assert set(launch.items.filter(applies="no").values_list("item__ref", flat=True)) == {
        "2.3", "4.5", "5.3", "6.2", "6.3",
    }  # fmt: skip


def test_what_is_not_answered_removes_nothing(client, team, ann, version):
    client.post(PAGE, typed.opening(team, version, ann))

    launch = Launch.objects.get()
    assert (launch.facets, launch.counted) == ({}, 2)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Give the launch a name."),
        ("name", " \u200b\n ", "Give the launch a name."),
        ("name", "n" * 10_240, "Use at most 120 characters. This has 10240."),
        ("model", "", "Say which model it is."),
        ("model", "m" * 121, "Use at most 120 characters. This has 121."),
        ("purpose", "p" * 5_001, "Use at most 5000 characters. This has 5001."),
        ("candidate_name", "", "Say what the registry calls the model."),
        ("candidate_version", "", "Say which version is proposed."),
        ("candidate_version", "1" * 81, "Use at most 80 characters. This has 81."),
        ("candidate_digest", "a1" * 32, "Write sha256: and 64 hex digits"),
        ("candidate_digest", DIGEST + "a", "Write sha256: and 64 hex digits"),
        ("candidate_registry_url", "javascript:alert(1)", "starts with https:// or http://."),
        ("candidate_registry_url", "ftp://registry.example/", "starts with https:// or http://."),
        ("candidate_registry_url", "https://r.example/" + "r" * 500, "Use at most 500 characters."),
        ("launch_on", "", "Choose the day of the launch."),
        ("launch_on", "soon", "Write a date, like 2026-12-08."),
        ("launch_on", "0001-01-01", "Choose a day between 2000 and 2100."),
        ("launch_on", "9999-12-31", "Choose a day between 2000 and 2100."),
        ("launch_on", "2026-11-23", "This time is past. A launch is opened before it happens."),
        ("launch_time", "", "Choose the time of the launch."),
        ("launch_time", "25:00", "Write a time, like 09:30."),
        ("zone", "Europe/Atlantis", "Choose a zone of the list."),
        ("lead", "", "Choose a person."),
        ("lead", "0", "This person is not in the team."),
        ("approvers", "0", "This person is not in the team."),
        ("duty_sre", "0", "This person is not in the team."),
        ("team", "0", "Choose a team in which you may open launches."),
        ("version", "0", "Choose a checklist that is published."),
        ("facet_genai", "perhaps", "Choose one of the answers that are offered."),
        ("facet_serving", "by pigeon", "Choose one of the answers that are offered."),
    ],
)
def test_what_cannot_be_is_said_at_its_field(client, team, ann, version, field, value, sentence):
    form = typed.opening(team, version, ann, purpose="Typed with care.") | {field: value}

    response = client.post(PAGE, form)

    page = response.content.decode()
    assert (response.status_code, Launch.objects.count()) == (422, 0)
    at = page.index(f'id="id_{field}_error"')
    assert sentence in page[at : at + 400]
    if field not in ("approvers", "facet_genai", "facet_serving"):
        tag = page[page.rindex("<", 0, page.index(f'name="{field}"')) :].split(">")[0]
        assert 'aria-invalid="true"' in tag
        assert "autofocus" in tag
        assert f"id_{field}_error" in tag
    assert field == "purpose" or "Typed with care." in page


def test_people_of_other_teams_are_neither_offered_nor_taken(client, team, ann, version):
    stranger = make.user("Stranger", team=make.team())
    gone = make.user("Gone", team=team, is_active=False)
    viewer = make.user("Viewer", team=team, role=Role.VIEWER)

    page = client.get(PAGE).content.decode()
    answers = [
        client.post(PAGE, typed.opening(team, version, lead=person)).status_code
        for person in (stranger, gone, viewer)
    ]

    assert [name for name in ("Stranger", "Gone", "Viewer") if name in page] == []
    assert answers == [422, 422, 422]


def test_two_people_of_one_name_are_told_apart(client, team, ann, version):
    one, other = make.user("Sam Lee", team=team), make.user("Sam Lee", team=team)

    page = client.get(PAGE).content.decode()

    assert f">Sam Lee ({one.email})</option>" in page
    assert f">Sam Lee ({other.email})</option>" in page


@pytest.mark.parametrize(
    ("on", "at", "zone", "sentence"),
    [
        ("2027-03-28", "02:30", "Europe/Berlin",
         "On Sun 28 Mar clocks in Europe/Berlin jump over 02:30. Choose another time."),
        ("2027-03-14", "02:00", "America/New_York",
         "On Sun 14 Mar clocks in America/New York jump over 02:00. Choose another time."),
    ],
)  # fmt: skip
def test_a_time_that_clocks_jump_over_is_refused(
    client, team, ann, version, on, at, zone, sentence
):
    form = typed.opening(team, version, ann, launch_on=on, launch_time=at, zone=zone)

    response = client.post(PAGE, form)

    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_of_a_time_that_comes_twice_the_first_is_taken(client, team, ann, version):
    form = typed.opening(team, version, ann, launch_on="2027-10-31", launch_time="02:30")

    client.post(PAGE, form)

    assert Launch.objects.get().launch_at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "name", ["🚀 Ranker 👩🏽‍🔬", "نموذج الترتيب", "מודל <b>דירוג</b>", "Ranker\u202e v14"]
)
def test_any_script_is_a_name(client, team, ann, version, name):
    response = client.post(PAGE, typed.opening(team, version, ann, name=f"  {name} \n"))

    launch = Launch.objects.get()
    assert (response.status_code, launch.name) == (302, name)
    edit = client.get(reverse("launches:edit", args=[launch.pk])).content.decode()
    assert "<b>דירוג" not in edit


def test_a_form_sent_twice_opens_one_launch(client, team, ann, version):
    form = typed.opening(team, version, ann)

    first, second = client.post(PAGE, form), client.post(PAGE, form)

    assert Launch.objects.count() == 1
    assert (second.status_code, second["Location"]) == (302, first["Location"])


def test_a_form_sent_again_with_other_words_is_refused_with_what_was_typed(
    client, team, ann, version
):
    form = typed.opening(team, version, ann)
    client.post(PAGE, form)

    response = client.post(PAGE, form | {"name": "Another"})

    page = response.content.decode()
    assert (response.status_code, Launch.objects.count()) == (422, 1)
    assert "This form was sent before with other contents." in page
    assert 'value="Another"' in page
    assert form["key"] not in page


def test_another_team_swaps_who_is_asked_and_keeps_the_answers(client, team, ann, version):
    other = make.team("Support copilot")
    Membership.objects.create(team=other, person=ann, role=Role.MEMBER.value)
    make.user("Lucas Moreau", team=other)
    make.user("Priya Raman", team=team)
    asked = {"team": other.pk, "version": version.pk, "lead": ann.pk, "facet_genai": "yes"}

    part = client.get(PAGE, asked, headers={"HX-Request": "true"})
    whole = client.get(PAGE, asked)

    html = part.content.decode()
    assert html.lstrip().startswith('<div class="form__group" id="dependent">')
    assert ("Lucas Moreau" in html, "Priya Raman" in html) == (True, False)
    assert f'<option value="{ann.pk}" selected>' in html
    assert 'name="facet_genai" value="yes" class="choices" id="id_facet_genai_0" checked' in html
    assert "csrf" not in html
    assert part["Vary"].split(", ").count("HX-Request") == 1
    assert "<h1>New launch</h1>" in whole.content.decode()
    assert "Lucas Moreau" in whole.content.decode()


def test_without_javascript_change_keeps_what_was_typed_and_saves_nothing(
    client, team, ann, version
):
    other = make.team("Support copilot")
    Membership.objects.create(team=other, person=ann, role=Role.MEMBER.value)
    make.user("Lucas Moreau", team=other)
    form = typed.opening(other, version, ann, launch_on="", change="1")

    response = client.post(PAGE, form)

    page = response.content.decode()
    assert (response.status_code, Launch.objects.count()) == (200, 0)
    assert 'value="Ads ranking v14"' in page
    assert "Lucas Moreau" in page
    assert 'aria-invalid="true"' not in page


@pytest.mark.parametrize("role", [Role.VIEWER, Role.APPROVER, Role.EDITOR, Role.AUDITOR, None])
def test_who_may_not_open_launches_is_told_so(client, team, version, role):
    person = make.user(team=team if role else None, role=role or Role.MEMBER)
    client.force_login(person)

    answers = [client.get(PAGE), client.post(PAGE, typed.opening(team, version, person))]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert Launch.objects.count() == 0


def test_a_visitor_is_sent_to_sign_in(client):
    assert client.get(PAGE)["Location"] == "/sign-in/?next=/launches/new/"


def test_without_a_checklist_the_page_says_so(client, ann):
    assert "No checklist is published yet." in client.get(PAGE).content.decode()


def test_the_newest_version_of_the_shipped_checklist_is_proposed(client, ann):
    make.checklist(items=1)
    call_command("load_checklist", "--library", stdout=StringIO())

    page = client.get(PAGE).content.decode()

    chosen = re.findall(r'<option value="\d+" selected>([^<]+ \d\.\d\.\d)</option>', page)
    shipped = Version.objects.get(checklist__key="production-ml-safety-nets")
    assert f'<option value="{shipped.pk}" selected>' in page
    assert chosen == ["Production ML Safety Nets Checklist 1.0.0"]


def test_the_part_costs_the_same_for_one_person_and_for_many(
    client, team, ann, version, django_assert_num_queries
):
    other = make.team()
    Membership.objects.create(team=other, person=ann, role=Role.LEAD.value)
    for _ in range(40):
        make.user(team=other)
    htmx = {"headers": {"HX-Request": "true"}}
    client.get(PAGE, **htmx)

    # the person, their teams, the versions, people, duties, questions
    with django_assert_num_queries(6):
        client.get(PAGE, {"team": team.pk}, **htmx)
    with django_assert_num_queries(6):
        client.get(PAGE, {"team": other.pk}, **htmx)


def test_the_page_costs_the_same_for_one_person_and_for_many(client, team, ann, version):
    client.get(PAGE)

    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    for _ in range(40):
        make.user(team=team)
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)

    assert len(many) == len(few)
