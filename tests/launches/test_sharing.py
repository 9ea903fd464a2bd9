"""A launch handed over as Markdown and on paper: all of it, and people's words as words."""

import re

import pytest

from readiness.accounts.models import Role
from readiness.launches.models import Progress
from readiness.launches.queries.markdown import code, plain
from readiness.launches.queries.opened import opened
from readiness.launches.queries.report import report_of
from readiness.launches.services import items as services
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
BREAKING_OUT = "x](javascript:alert(1)) \n# Ready\n- [x] <img src=x> @everyone fixes #1 | `code"


@pytest.fixture
def launch():
    team = make.team("Ads")
    ann = make.user("Ann Lee", team=team, role=Role.LEAD)
    launch = make.launch(items=3, by=ann, team=team, name="Ranker")
    item = make.item(launch, 1)
    make.link(item, by=ann, url="https://runs.example/a(1)<b>")
    make.sign(item, by=ann, note="Ran twice")
    services.set_progress(make.item(launch, 2), to=Progress.BLOCKED, because="Waits for logs",
                          by=ann, version=1, key=make.key(), now=make.NOW)  # fmt: skip
    return launch


def test_a_launch_reads_well_in_a_pull_request(client, launch):
    client.force_login(launch.lead)
    launch.subject.refresh_from_db()
    titles = [plain(item.item.title) for item in launch.items.select_related("item")]
    days = launch.items.values_list("due_on", flat=True)
    dues = [f", due {day:%a} {day.day} {day:%b}" if day else "" for day in days]

    answer = client.get(f"/launches/{launch.pk}/markdown/")

    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    assert answer.content.decode().splitlines() == [
        "# Ranker",
        "",
        "**Delay launch until safety nets are in place.** 33.3%: 1 of 3 items are checked.",
        "",
        "- Launch: Mon 7 Dec 2026, T−14",
        "- Lead: Ann Lee",
        "- Team: Ads",
        "- Candidate: `ranker@14.2.0`",
        f"- Checklist: {launch.version.title} {launch.version.number}",
        "",
        (
            f"As of 23 Nov 2026, 12:00 UTC, event {launch.subject.sequence} "
            f"of log {launch.subject_id}, `{launch.subject.head}`."
        ),
        "",
        "## 1. Rollback & Traffic Control (1 of 3)",
        "",
        f"- [x] **1.1** {titles[0]}, must-have",
        "  - Checked by Ann Lee, 23 Nov 2026, 12:00: Ran twice",
        "  - Evidence: [Run 1](https://runs.example/a%281%29%3Cb%3E)",
        f"- [ ] **1.2** {titles[1]}, **Blocked**{dues[1]}",
        "  - Waits for logs",
        f"- [ ] **1.3** {titles[2]}{dues[2]}",
    ]


def test_what_holds_a_launch_comes_first(client):
    launch = make.launch(items=3)
    client.force_login(launch.lead)

    text = client.get(f"/launches/{launch.pk}/markdown/").content.decode()

    assert "**Held: 1 must-have open.**\n\n- 1.1 " in text


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("Plain (words), 50% & more.", "Plain (words), 50% & more."),
        ("a\n\n# b\r\n- c", "a # b - c"),
        ("[x](y) <b> *i* _u_ `c` ~s~ a|b \\", r"\[x\](y) \<b\> \*i\* \_u\_ \`c\` \~s\~ a\|b \\"),
        ("&lt; &#64;", "&amp;lt; &amp;#&#8203;64;"),
        ("@all #12 a/b#3", "@&#8203;all #&#8203;12 a/b#&#8203;3"),
        ("\u202egnp.exe\x00\x1b", "gnp.exe"),
    ],
)
def test_what_people_wrote_means_nothing_but_itself(words, text):
    assert plain(words) == text


def test_a_name_that_would_end_the_code_is_no_code():
    assert [code("a@1"), code("a`b")] == ["`a@1`", r"a\`b"]


def test_nobody_adds_a_line_to_anothers_markdown(client):
    team = make.team()
    ann = make.user(BREAKING_OUT, team=team, role=Role.LEAD)
    calm = make.launch(items=2, by=make.user("Calm", team=team, role=Role.LEAD), team=team)
    wild = make.launch(items=2, by=ann, team=team, name=BREAKING_OUT, version=calm.version)
    for launch, note in ((calm, "note"), (wild, BREAKING_OUT)):
        make.sign(make.item(launch), by=launch.lead, note=note)
    client.force_login(ann)

    plain_one, wild_one = (
        client.get(f"/launches/{one.pk}/markdown/").content.decode() for one in (calm, wild)
    )

    def shapes(text):
        return [re.match(r"\s*(?:#+|- \[.\]|-)?", line)[0] for line in text.splitlines()]

    assert shapes(wild_one) == shapes(plain_one)
    assert "](" not in wild_one.replace("\\](", "")
    assert not re.search(r"(?<!\\)<", wild_one)


def test_paper_says_all_that_the_verdict_rests_on(client, launch):
    client.force_login(launch.lead)
    launch.subject.refresh_from_db()

    page = client.get(f"/launches/{launch.pk}/print/").content.decode()

    for said in (
        "Delay launch until safety nets are in place",
        "33.3%",
        "Extra monitoring from 80%, Ready over 95%.",
        "ranker@14.2.0",
        f"{launch.version.title} {launch.version.number}",
        "<b>Signed</b> by Ann Lee (lead), 23 Nov 2026, 12:00: Ran twice",
        "Waits for logs",
        f"{launch.subject_id}:{launch.subject.sequence}:{launch.subject.head}",
    ):
        assert said in page
    assert page.count('class="paper__state"') == 3


def test_all_ways_to_share_show_the_verdict_of_the_page(client, launch):
    client.force_login(launch.lead)

    pages = [
        client.get(f"/launches/{launch.pk}/{way}").content.decode()
        for way in ("", "share/", "markdown/", "print/")
    ]

    assert ["33.3" in page for page in pages] == [True] * 4
    assert f"/launches/{launch.pk}/share/" in pages[0]


@pytest.mark.parametrize("way", ["share", "markdown", "print"])
def test_a_stranger_is_handed_nothing(client, launch, way):
    client.force_login(make.user(team=make.team()))

    assert client.get(f"/launches/{launch.pk}/{way}/").status_code == 404


@pytest.mark.parametrize("number", [1, 40])
def test_a_report_takes_as_many_statements_for_one_item_as_for_forty(
    django_assert_num_queries, number
):
    launch = make.launch(items=40, signed_off=number)
    read, _ = opened(launch.pk, reader=launch.lead)
    report_of(read, make.NOW)

    with django_assert_num_queries(6):
        report_of(read, make.NOW)
