"""The row of an item: what is read for it, and that all of it is drawn, and no more."""

from html.parser import HTMLParser

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from readiness.launches.models import Exemption
from readiness.launches.queries.board import board_of
from readiness.launches.queries.faces import Face
from readiness.launches.queries.rows import EXTRAS, Extra, Row, Said, extras_of
from readiness.launches.services import items as item_services
from readiness.launches.services.comments import comment
from readiness.launches.templatetags.rows import drawn
from readiness.web.templatetags.face import sprite
from tests import make
from tests.launches import given

BARE = Row(
    pk=7,
    version=3,
    look="not_started",
    word="Not started",
    ref="1.1",
    head="A runbook exists",
    tail="",
    is_must_have=False,
    note="",
    link_title="",
    link_url="",
    more_links=0,
    comments=0,
    due="",
    due_tone="",
    owner="",
    initials="",
    hue=0,
    signoff=0,
)
FULL = BARE._replace(
    look="done",
    word="Done",
    tail="(and was rehearsed)",
    is_must_have=True,
    note="Looked at it.",
    link_title="Run",
    link_url="https://runs.example/",
    more_links=2,
    comments=2,
    due="Tue 8 Dec",
    due_tone="soon",
    owner="Ann Ash",
    initials="AA",
    hue=4,
    signoff=9,
)
WRITTEN = [
    "ref",
    "word",
    "head",
    "tail",
    "note",
    "link_title",
    "link_url",
    "due",
    "owner",
    "initials",
]


class Outline(HTMLParser):
    """The elements of a page, each with the names of its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, [name for name, _ in attributes]))


def test_a_row_with_little_to_say_is_short():
    row = drawn(BARE)

    assert row == (
        "<li class=item id=item-7 data-row data-v=3 data-status=not_started>"
        '<a class=status href=/items/7/ aria-label="1.1: Not started"><svg class=g>'
        f"<use href={sprite()}#s-not_started /></svg></a>"
        "<label class=item__ref><input type=checkbox form=bulk name=items value=7.3>1.1</label>"
        "<div class=item__text><a href=/items/7/ hx-get>A runbook exists</a></div>"
        "</li>"
    )


def test_a_row_says_all_that_there_is_to_say():
    row = drawn(FULL)

    assert row == (
        "<li class=item id=item-7 data-row data-v=3 data-status=done data-signoff=9>"
        '<a class=status href=/items/7/ aria-label="1.1: Done"><svg class=g>'
        f"<use href={sprite()}#s-done /></svg></a>"
        "<label class=item__ref><input type=checkbox form=bulk name=items value=7.3>1.1</label>"
        "<div class=item__text><span class=item__must>Must-have</span>"
        "<a href=/items/7/ hx-get>A runbook exists"
        " <i class=item__detail>(and was rehearsed)</i></a>"
        "<p class=item__note>Looked at it.</p></div>"
        '<div class=item__end><a href="https://runs.example/">Run</a><b>+2</b></div>'
        "<span class=item__com>2<i class=vh> comments</i></span>"
        '<span class="item__due due--soon">Tue 8 Dec</span>'
        '<span class="avatar hue-4" role=img aria-label="Ann Ash">AA</span></li>'
    )


def test_a_link_that_leads_nowhere_safe_is_only_named():
    row = drawn(FULL._replace(link_url="", more_links=0, comments=1))

    assert "<div class=item__end><span>Run</span></div>" in row
    assert "<span class=item__com>1<i class=vh> comment</i></span>" in row


@pytest.mark.parametrize("field", WRITTEN)
def test_what_people_wrote_is_never_markup(field):
    wild = drawn(FULL._replace(**{field: "\"><script src='//evil'>&amp;"}))

    assert Outline(wild).elements == Outline(drawn(FULL)).elements


def test_a_row_may_say_why_nothing_was_done():
    context = {"row": BARE, "notice": "Somebody was <faster>.", "is_stale": True}

    row = render_to_string("launches/row.html", context)

    said = (
        '<p class="item__note" data-tone="red" role="alert">Somebody was &lt;faster&gt;. '
        '<a class="btn btn--sm item__both" href="/items/7/" hx-get="/items/7/">See both</a></p>'
    )
    assert row.strip() == drawn(BARE).replace("</div></li>", f"{said}</div></li>")


@pytest.mark.django_db
def test_all_that_was_said_of_an_item_is_read_in_one_statement():
    launch = make.launch(items=2)
    item, ann, bo = make.item(launch), launch.lead, make.user("Bo Birch", team=launch.team)
    make.link(item, by=ann, url="https://runs.example/1")
    make.link(item, by=ann, url="https://runs.example/2")
    comment(item, text="Hm.", by=bo, key=make.key(), now=make.NOW)
    item_services.assign(item, to=bo, **given.said(item, by=ann))
    make.sign(item, by=ann, note="Looked at it.")
    make.sign(item, by=bo)
    agreed = {"agreed_by": ann, "agreed_at": make.NOW}
    for kind, more in (("na", {}), ("waiver", {"ends_at": make.NOW, **agreed})):
        about = {"team": launch.team, "item": item, "asked_by": bo, "asked_at": make.NOW}
        Exemption.objects.create(kind=kind, reason=f"A {kind}.", **about, **more)
    words = dict(item.signoffs.values_list("by__name", "pk"))
    board = board_of(launch, make.NOW)

    with CaptureQueriesContext(connection) as captured:
        extras = extras_of(board)

    assert len(captured) == 1
    assert extras == {
        item.pk: Extra(
            owner=Face("Bo Birch", "BB", bo.hue),
            blocked_because="",
            links=2,
            link_title="Run 1",
            link_url="https://runs.example/2",
            comments=1,
            words={
                words[ann.name]: Said("Looked at it.", ann.name),
                words[bo.name]: Said("", bo.name),
            },
            exemptions={"na": Said("A na.", ""), "waiver": Said("A waiver.", ann.name)},
        ),
        make.item(launch, 2).pk: Extra(None, "", 0, "", "", 0, {}, {}),
    }
    assert extras_of(board, {item.pk}) == {item.pk: extras[item.pk]}


@pytest.mark.django_db
def test_nobody_is_looked_for_who_agreed_to_nothing():
    launch = make.launch(items=5, signed_off=2)

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF) {EXTRAS}", {"launch": launch.pk})
        plan = [line.strip() for (line,) in cursor.fetchall()]

    looked = [line for line in plan if " accounts_user a " in line]
    assert len(looked) == 1
    assert looked[0].endswith("(never executed)")


@pytest.mark.django_db
def test_whichever_index_finds_the_signoffs_of_an_item_leaves_out_what_was_withdrawn():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexdef FROM pg_indexes"
            " WHERE tablename = 'launches_signoff' AND indexdef LIKE '%(item_id%'"
        )
        found = [definition for (definition,) in cursor.fetchall()]

    assert len(found) == 2
    assert all("withdrawn_at" in definition for definition in found)
