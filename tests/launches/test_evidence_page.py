"""Evidence on pages: added in every kind, found again, looked at, revised."""

from datetime import timedelta

import pytest
import time_machine

from readiness.accounts.models import Role
from readiness.launches.models import EvidenceLink, EvidenceRevision, Launch
from readiness.rules.states import State
from tests import make
from tests.launches.given import placed, states, version_of
from tests.launches.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def team():
    return make.team("Ads ranking")


@pytest.fixture
def ann(client, team):
    ann = make.user("Ann Ash", team=team, role=Role.LEAD)
    client.force_login(ann)
    return ann


@pytest.fixture
def launch(team, ann):
    return make.launch(team=team, by=ann, items=3, name="Ads ranking v14", zone="Europe/Berlin")


def sent(item, **said):
    return {"v": version_of(item), "key": make.key(), "at": "item", **said}


KINDS = [
    (
        {"kind": "note", "title": "Findings", "text": "**Run 2** held."},
        ("note", "Findings", "", "**Run 2** held."),
    ),
    (
        {"kind": "metric", "title": "p99", "value": "0168.50", "unit": "ms", "target": "200 ms"},
        ("metric", "p99", "", '{"target":"200 ms","unit":"ms","value":"168.50"}'),
    ),
    (
        {"kind": "ci_run", "url": "https://ci.example/8", "commit": "ABC1234", "status": "failed"},
        ("ci_run", "ci.example", "https://ci.example/8", '{"commit":"abc1234","status":"failed"}'),
    ),
    ({"url": "https://runs.example/7"}, ("link", "runs.example", "https://runs.example/7", "")),
]


@pytest.mark.parametrize(("said", "kept"), KINDS)
def test_every_kind_is_added_and_leads_back_to_the_item(client, launch, said, kept):
    item = make.item(launch)

    response = client.post(f"/items/{item.pk}/evidence/", sent(item, **said))

    assert (response.status_code, response["Location"]) == (302, f"/items/{item.pk}/")
    assert EvidenceRevision.objects.values_list("kind", "title", "url", "body").get() == kept


def test_days_and_times_are_those_of_the_launch(client, launch):
    item = make.item(launch)
    said = {"kind": "metric", "title": "p99", "value": "1e2", "captured_at": "2026-11-20T14:30"}

    client.post(f"/items/{item.pk}/evidence/", sent(item, **said, expires_on="2026-12-01"))

    revision = EvidenceRevision.objects.get()
    assert revision.captured_at.isoformat() == "2026-11-20T13:30:00+00:00"
    assert revision.expires_at.isoformat() == "2026-12-01T23:00:00+00:00"
    assert revision.facts == {"value": "100"}


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"kind": "metric", "title": "p99", "value": "fast"}, "Give a number, as 1.7 or 180."),
        ({"kind": "metric", "title": "p99", "value": "NaN"}, "Give a number, as 1.7 or 180."),
        ({"kind": "note", "title": "x"}, "This field is required."),
        (
            {"kind": "ci_run", "url": "https://a.example", "commit": "main", "status": "passed"},
            "Give the commit as 7 to 64 hex digits.",
        ),
        (
            {"url": "javascript:alert(1)"},
            "Give a web address that starts with https:// or http://.",
        ),
        ({"url": "https://a.example", "expires_on": "soon"}, "Give a date, as 2026-11-27."),
    ],
)
def test_a_faulty_form_comes_back_in_its_place(client, launch, said, error):
    item = make.item(launch)

    plain = client.post(f"/items/{item.pk}/evidence/", sent(item, **said))
    part = client.post(f"/items/{item.pk}/evidence/", sent(item, **said), headers=HTMX)

    assert (plain.status_code, part.status_code) == (422, 422)
    assert error in plain.content.decode()
    assert error in part.content.decode()
    assert 'id="adding"' in part.content.decode()


@pytest.mark.parametrize("kind", ["link", "note", "metric", "ci_run", "team", "nonsense"])
def test_a_form_for_each_kind_is_a_page_and_a_part(client, launch, kind):
    item = make.item(launch)

    page = client.get(f"/items/{item.pk}/evidence/?kind={kind}")
    part = client.get(f"/items/{item.pk}/evidence/?kind={kind}", headers=HTMX)

    assert (page.status_code, part.status_code) == (200, 200)
    assert words(page, "dr__title") == ["Add evidence"]
    assert part.content.decode().lstrip().startswith('<div id="adding"')
    assert "hx-post" not in page.content.decode().split("<main", 1)[1].split("</main>")[0]


def test_what_the_team_has_is_found_and_used(client, launch, ann, team):
    earlier = make.launch(team=team, by=ann, items=2, name="Ads ranking v13")
    make.link(make.item(earlier), by=ann, url="https://runs.example/shadow")
    item = make.item(launch)

    found = client.get(f"/items/{item.pk}/evidence/?kind=team&q=shadow")
    revision = EvidenceRevision.objects.get()
    response = client.post(
        f"/items/{item.pk}/evidence/use/", sent(item, revision=revision.pk), headers=HTMX
    )

    assert 'from <span dir="auto">Ads ranking v13</span>' in found.content.decode()
    [link] = response.context["page"].links
    assert (link.title, link.origin_name) == ("Run 1", "Ads ranking v13")


def test_removing_is_taken_back_by_using_the_same_revision_again(client, launch, ann):
    item = make.item(launch)
    make.link(item, by=ann)
    make.sign(item, by=ann)
    [link] = item.evidence_links.all()

    response = client.post(f"/evidence/{link.pk}/remove/", sent(item), headers=HTMX)
    fallen = placed(launch, State.SUPERSEDED)
    client.post(f"/items/{item.pk}/evidence/use/", sent(item, revision=link.revision_id))

    assert f'action="/items/{item.pk}/evidence/use/"' in response.content.decode()
    assert (fallen, placed(launch, State.MET)) == ([1], [1])


def test_a_revision_shows_first_whose_sign_offs_fall(client, launch, ann, team):
    item = make.item(launch)
    make.link(item, by=ann)
    make.sign(item, by=ann)
    make.sign(item, by=make.user("Ben Bo", team=team))
    [link] = item.evidence_links.all()

    page = client.get(f"/evidence/{link.pk}/revise/")
    said = {"key": make.key(), "items": f"{item.pk}.{version_of(item)}"}
    said |= {"url": "https://runs.example/2", "title": "Run 2: 1.7x peak"}
    response = client.post(f"/evidence/{link.pk}/revise/", said)

    [falls] = words(page, "uses__falls")
    assert falls == "2 sign-offs fall, of Ann Ash, Ben Bo: they stood on the earlier revision."
    assert (response.status_code, response["Location"]) == (302, f"/items/{item.pk}/")
    assert states(launch)[1] == State.SUPERSEDED


def test_a_revision_of_what_changed_since_says_so_and_shows_it_fresh(client, launch, ann):
    item = make.item(launch)
    make.link(item, by=ann)
    [link] = item.evidence_links.all()
    said = {"key": make.key(), "items": f"{item.pk}.1", "url": "https://runs.example/2"}

    response = client.post(f"/evidence/{link.pk}/revise/", said)
    nowhere = client.post(f"/evidence/{link.pk}/revise/", said | {"items": []})

    assert response.status_code == 409
    assert "Ann Ash changed this just now. Nothing was lost." in response.content.decode()
    assert f'value="{item.pk}.{version_of(item)}" checked' in response.content.decode()
    assert nowhere.status_code == 422


def test_a_page_tells_where_evidence_comes_from_and_what_it_said_before(client, launch, ann):
    item = make.item(launch)
    note = {"kind": "note", "title": "Findings"}
    client.post(f"/items/{item.pk}/evidence/", sent(item, **note, text="**One** <b>x</b>"))
    link = EvidenceLink.objects.get()
    said = {"key": make.key(), "items": f"{item.pk}.{version_of(item)}", "title": "Findings"}
    client.post(f"/evidence/{link.pk}/revise/", said | {"text": "Two"})
    now = EvidenceLink.objects.get(removed_at=None)

    page = client.get(f"/evidence/{now.pk}/").content.decode()
    before = client.get(f"/evidence/{link.pk}/").content.decode()

    assert now.revision.sha256 in page
    assert "<strong>One</strong> &lt;b&gt;x&lt;/b&gt;" in page
    assert "Ann Ash took this off the item" in before


def test_evidence_that_helps_no_more_says_so(client, launch, ann):
    item = make.item(launch)
    said = {"url": "https://runs.example/7", "expires_on": "2026-11-24"}
    client.post(f"/items/{item.pk}/evidence/", sent(item, **said))

    with time_machine.travel(make.NOW + timedelta(days=3), tick=False):
        page = client.get(f"/items/{item.pk}/")

    assert words(page, "evid__note--late") == ["Expired after Tue 24 Nov"]


def test_a_stranger_finds_no_evidence(client, launch, ann):
    make.link(make.item(launch), by=ann)
    link = EvidenceLink.objects.get()
    client.force_login(make.user("Eve", team=make.team()))

    for address in (f"/evidence/{link.pk}/", f"/evidence/{link.pk}/revise/"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("count", [1, 20])
def test_the_panel_takes_as_many_statements_for_one_piece_as_for_twenty(
    client, launch, ann, count, django_assert_max_num_queries
):
    item = make.item(launch)
    for number in range(count):
        make.link(item, by=ann, url=f"https://runs.example/{number}")
    client.get(f"/items/{item.pk}/")

    with django_assert_max_num_queries(20) as asked:
        client.get(f"/items/{item.pk}/")

    assert sum("launches_evidencelink" in one["sql"] for one in asked.captured_queries) <= 3


def test_an_item_says_what_evidence_it_asks_for(client, ann, team):
    document = make.document(2)
    first, second = document["sections"][0]["items"]
    first["requires"] = ["evidence"]
    first["evidence_policy"] = {"kinds": ["link", "metric", "ci_run"], "max_age_days": 1}
    second["evidence_policy"] = {"max_age_days": 30}
    launch = make.launch(team=team, by=ann, version=make.published(document))
    document = make.document(1)
    for answer in document["answers"]:
        answer["needs_evidence"] = answer["credit"] == "1"
    other = make.launch(team=team, by=ann, version=make.published(document))

    items = (make.item(launch), make.item(launch, 2), make.item(other))
    asks = [words(client.get(f"/items/{item.pk}/"), "dr__asks") for item in items]

    assert asks == [
        ["Done needs a link, a metric or a CI run, at most 1 day old."],
        ["This item asks for evidence, at most 30 days old."],
        ["Done needs evidence."],
    ]


def test_who_may_not_see_where_evidence_comes_from_learns_no_name(client, launch, ann, team):
    earlier = make.launch(team=team, by=ann, items=2, name="Secret v13")
    make.link(make.item(earlier), by=ann)
    item = make.item(launch)
    revision = EvidenceRevision.objects.get()
    client.post(f"/items/{item.pk}/evidence/use/", sent(item, revision=revision.pk))
    lea = make.user("Lea")
    Launch.objects.filter(pk=launch.pk).update(lead=lea)
    client.force_login(lea)

    pages = [
        client.get(address).content.decode()
        for address in (f"/items/{item.pk}/", f"/evidence/{item.evidence_links.get().pk}/")
    ]

    assert ["from another launch" in page.lower() for page in pages] == [True, True]
    assert ["Secret v13" in page for page in pages] == [False, False]
