"""The search: what has the words, of what one may see."""

import re

import pytest
from django.db import connection
from django.db.models import F

from readiness.accounts.models import Membership, Role
from readiness.launches.models import Comment, EvidenceRevision
from readiness.launches.models.evidence import words_of_evidence
from readiness.launches.queries.finding import _named, _ways_by_name, shape_of
from readiness.launches.queries.search import CAP, Kind, search
from readiness.launches.services import comments, evidence
from readiness.web.words import holds, words_of
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


def talked_about(**said):
    """A launch with a link and a comment on its first item, and its lead."""
    team = make.team()
    lead = make.user("Lea Lead", team=team, role=Role.LEAD)
    launch = make.launch(items=3, team=team, by=lead, name="Zebra ranker", **said)
    item = make.item(launch)
    make.link(item, by=lead, url="https://runs.example/zebra/7")
    comments.comment(
        item, text="The <b>zebra</b> run is fine.", by=lead, key=make.key(), now=make.NOW
    )
    return launch, lead


def found(person, words, kind=None):
    """What is found: the marked titles by kind."""
    finds = search(person, words, kind, make.NOW).finds
    return {one.kind.value: [str(hit.title) for hit in one.hits] for one in finds}


def test_launches_items_evidence_and_comments_are_found():
    launch, lead = talked_about()
    title = make.item(launch).item.title
    word = title.split()[0].lower()

    assert found(lead, "zebra") == {
        "launches": ["<mark>Zebra</mark> ranker"],
        "evidence": ["Run 1"],
        "comments": ["The &lt;b&gt;<mark>zebra</mark>&lt;/b&gt; run is fine."],
    }
    assert re.sub("</?mark>", "", found(lead, word)["items"][0]) == title


def test_a_misspelt_word_finds_what_is_like_it():
    _, lead = talked_about()

    assert found(lead, "zebar") == {
        "launches": ["<mark>Zebra</mark> ranker"],
        "evidence": ["Run 1"],
        "comments": ["The &lt;b&gt;<mark>zebra</mark>&lt;/b&gt; run is fine."],
    }
    assert found(lead, "zulu") == {}


def test_a_stranger_finds_nothing_and_learns_no_number(client):
    talked_about()
    stranger = make.user(team=make.team())
    client.force_login(stranger)

    page = client.get("/search/?q=zebra").content.decode()

    assert found(stranger, "zebra") == {}
    assert "Nothing matches “zebra”" in page
    assert 'class="finds"' not in page


def test_the_lead_of_a_launch_finds_it_without_a_role_and_nobody_else_of_the_team():
    launch, lead = talked_about()
    Membership.objects.filter(person=lead).delete()

    kinds = [*found(lead, "zebra")]

    assert kinds == ["launches", "evidence", "comments"]
    assert found(lead, make.item(launch).item.title)["items"] != []


def test_one_kind_is_searched_alone_and_capped(client):
    team, version = make.team(), make.checklist(items=1)
    lead = make.user(team=team, role=Role.LEAD)
    for n in range(7):
        make.launch(version=version, team=team, by=lead, name=f"Ranker {n}")
    client.force_login(lead)

    few = search(lead, "ranker", None, make.NOW).finds[0]
    page = client.get("/search/?q=ranker&kind=launches").content.decode()

    assert (few.number, len(few.hits), few.has_more) == ("7", 5, True)
    assert page.count('class="hit"') == 7
    assert 'href="?q=ranker&amp;kind=launches" aria-current="page"' in page


def test_more_than_a_hundred_are_said_to_be_more(monkeypatch):
    monkeypatch.setattr("readiness.launches.queries.search.CAP", 2)
    team, version = make.team(), make.checklist(items=1)
    lead = make.user(team=team, role=Role.LEAD)
    for n in range(3):
        make.launch(version=version, team=team, by=lead, name=f"Ranker {n}")

    (finds,) = search(lead, "ranker", Kind.LAUNCHES, make.NOW).finds

    assert CAP == 100
    assert (finds.number, len(finds.hits), finds.has_more) == ("2+", 2, True)


def test_evidence_that_was_taken_off_is_not_found():
    launch, lead = talked_about()
    item = make.item(launch)
    link = item.evidence_links.get()
    evidence.remove_evidence(
        link, by=lead, version=make.item(launch).version, key=make.key(), now=make.NOW
    )

    assert "evidence" not in found(lead, "zebra")


def test_only_what_evidence_and_comments_say_now_is_found():
    launch, lead = talked_about()
    item, said = make.item(launch), {"by": lead, "now": make.NOW}
    content = evidence.Content("Horse run", "https://runs.example/horse")
    pairs = [(item.pk, item.version)]
    link = item.evidence_links.get()
    evidence.revise_evidence(link, content, items=pairs, key=make.key(), **said)
    [comment] = launch.comments.all()
    comments.edit(comment, text="The horse is fine.", number=1, key=make.key(), **said)

    assert found(lead, "zebra") == {"launches": ["<mark>Zebra</mark> ranker"]}
    assert found(lead, "horse") == {
        "evidence": ["<mark>Horse</mark> run"],
        "comments": ["The <mark>horse</mark> is fine."],
    }


@pytest.mark.parametrize(
    ("rows", "text", "index"),
    [
        (Comment.objects, F("text"), "comment_by_text"),
        (EvidenceRevision.objects, words_of_evidence(), "evidence_by_title_and_url"),
    ],
)
@pytest.mark.parametrize("words", ["zebra run", "ze"])
def test_words_are_found_along_their_index(rows, text, index, words):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")

    plan = rows.filter(holds(text, words_of(words))).explain()

    assert f"Bitmap Index Scan on {index}" in plan


def test_a_launch_is_found_by_its_name_by_who_reads_its_team_or_all_and_by_nobody_else():
    team = make.team()
    make.launch(items=1, team=team, name="Zebra ranker")

    shown = [
        found(person, "zebra rank", Kind.LAUNCHES)
        for person in (
            make.user(team=team, role=Role.VIEWER),
            make.everywhere(make.user(), Role.VIEWER),
            make.user(),
        )
    ]

    there = {"launches": ["<mark>Zebra</mark> <mark>rank</mark>er"]}
    assert shown == [there, there, {}]


def test_who_reads_every_team_looks_names_up_in_their_index_and_not_team_by_team():
    shape = shape_of(make.everywhere(make.user(), Role.VIEWER), "zebra", CAP)
    named = _named(_ways_by_name(shape)[0])

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    plan = named.explain()

    assert "Index Scan using launch_by_name on" in plan
    assert "One-Time Filter" in plan
    assert "accounts_team" not in plan
