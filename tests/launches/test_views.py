"""Saved views, and the list of launches as a file."""

import csv
import io
from datetime import timedelta

import pytest

from readiness.accounts.models import Role
from readiness.audit.models import Event
from readiness.launches.models import SavedView
from readiness.launches.queries import history
from readiness.launches.services import views as services
from readiness.launches.services.redacting import redact
from readiness.web.refusal import Refused
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


@pytest.fixture
def ann(client):
    """A signed-in member of a team."""
    person = make.user("Ann Lee", team=make.team("Ads"))
    client.force_login(person)
    return person


def team_of(person):
    return person.memberships.get().team


def saved(name, by, team=None, query="within=14"):
    return services.save_view(name, query=query, team=team, by=by, now=make.NOW)


def views():
    return [(view.name, view.query, view.team) for view in SavedView.objects.order_by("name")]


def test_a_view_is_saved_and_stands_beside_the_list(client, ann):
    sent = {"name": "Soon", "query": "within=30&sort=&after=x&held=1", "team": ""}

    answer = client.post("/views/", sent, follow=True)

    page = answer.content.decode()
    assert answer.redirect_chain == [("/?within=30&held=1", 302)]
    assert views() == [("Soon", "within=30&held=1", None)]
    assert "The view “Soon” is saved." in page
    assert '<a href="/?within=30&amp;held=1" aria-current="true">' in page


def test_the_same_name_again_stands_for_what_is_looked_for_now(ann):
    saved("Soon", ann)
    saved("SOON", ann, query="within=30")

    assert views() == [("SOON", "within=30", None)]


def test_a_view_of_a_team_is_seen_by_all_who_read_the_team_and_an_own_view_by_nobody_else(client):
    team = make.team("Ads")
    ann, bo = make.user("Ann", team=team), make.user("Bo", team=team, role=Role.VIEWER)
    saved("For all", ann, team)
    saved("For Ann", ann)

    seen = {}
    for person in (ann, bo, make.user("Eve", team=make.team())):
        client.force_login(person)
        page = client.get("/").content.decode() + client.get("/views/").content.decode()
        seen[person.name] = [name for name in ("For all", "For Ann") if name in page]

    assert seen == {"Ann": ["For all", "For Ann"], "Bo": ["For all"], "Eve": []}


def test_a_view_is_renamed_and_removed_by_those_who_may(client, ann):
    view = saved("Soon", ann, team_of(ann))

    renamed = client.post("/views/rename/", {"view": view.pk, "name": "Later"})
    names = [name for name, *_ in views()]
    removed = client.post("/views/remove/", {"view": view.pk})

    assert (renamed.status_code, names, removed.status_code) == (302, ["Later"], 302)
    assert views() == []


def test_nobody_changes_the_views_of_others_or_keeps_any_for_a_team_they_only_read(client, ann):
    own = saved("Mine", ann)
    of_team = saved("Ours", ann, team_of(ann))
    reader = make.user("Bo", team=team_of(ann), role=Role.VIEWER)
    client.force_login(reader)

    answers = [
        client.post("/views/rename/", {"view": own.pk, "name": "x"}),
        client.post("/views/remove/", {"view": of_team.pk}),
        client.post("/views/", {"name": "x", "team": team_of(ann).pk, "query": ""}),
        client.post("/views/", {"name": "", "query": "x" * 2000}),
        client.post("/views/remove/", {"view": "nonsense"}),
    ]

    assert [answer.status_code for answer in answers] == [422] * 5
    assert "no longer there, or not yours" in answers[0].content.decode()
    assert len(views()) == 2
    for refused in (
        lambda: saved("x", reader, team_of(ann)),
        lambda: services.rename_view(own, name="x", by=reader, now=make.NOW),
        lambda: services.remove_view(of_team, by=reader, now=make.NOW),
    ):
        with pytest.raises(Refused):
            refused()


def test_what_becomes_of_views_is_in_the_log_of_their_team_or_of_the_site(ann):
    team = team_of(ann)
    own, shared = saved("Mine", ann), saved("Soon", ann, team)
    shared = services.rename_view(shared, name="Near", by=ann, now=make.NOW)
    services.remove_view(own, by=ann, now=make.NOW)

    admin = make.user(is_site_admin=True)
    page = history.of_everything(admin, before=None, now=make.NOW)

    lines = [line for day in page.days for line in day.lines]
    assert [(line.did, line.change) for line in lines] == [
        ("removed the view “Mine” of their own", ""),
        ("renamed the view “Near” of Ads", "Near, was Soon"),
        ("saved the view “Soon” of Ads", ""),
        ("saved the view “Mine” of their own", ""),
    ]
    events = Event.objects.filter(kind__startswith="view.").order_by("pk")
    assert [event.team for event in events] == [None, team, team, None]


def test_a_view_whose_name_is_redacted_is_gone(ann):
    view = saved("Secret 4711", ann)
    event = Event.objects.get(kind="view.saved")

    said = {"because": "a token", "key": make.key(), "now": make.NOW}
    redact(event, by=make.user(is_site_admin=True), **said)

    event.refresh_from_db()
    assert (event.payload, SavedView.objects.filter(pk=view.pk).exists()) == (None, False)


def test_two_views_of_one_person_never_have_one_name(client, ann):
    saved("Soon", ann)
    later = saved("Later", ann)

    answer = client.post("/views/rename/", {"view": later.pk, "name": "soon"})

    assert answer.status_code == 422
    assert "There is a view “soon” already." in answer.content.decode()


def read(answer):
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return [row[:3] for row in csv.reader(io.StringIO(text))]


def test_the_file_holds_every_launch_asked_for_and_no_formula(client, monkeypatch):
    monkeypatch.setattr("readiness.launches.queries.dashboard.CHUNK", 2)
    lead = make.user("Ann", team=make.team("Ads"), role=Role.LEAD)
    version = make.checklist(1)
    for n, name in enumerate(("=1+1", "+a", "-b", "@c", "Plain", "Too late")):
        days = 90 if name == "Too late" else n
        make.launch(version=version, team=team_of(lead), by=lead, name=name,
                    launch_at=make.NOW + timedelta(days=days))  # fmt: skip
    make.launch(version=version, name="Of others", launch_at=make.NOW)
    client.force_login(lead)

    answer = client.get("/launches.csv?within=14&after=x&sort=date")

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="launches.csv"' in answer["Content-Disposition"]
    assert read(answer) == [
        ["launch", "team", "verdict"],
        *([name, "Ads", "Delay"] for name in ("'=1+1", "'+a", "'-b", "'@c", "Plain")),
    ]


def test_a_file_is_refused_in_words_where_the_page_would_leave_a_filter_out(client, ann):
    answer = client.get("/launches.csv?from=soon")

    assert answer.status_code == 422
    assert "“soon” is no date" in answer.content.decode()
