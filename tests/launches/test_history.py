"""History: every event in words, to those who may see its launch."""

from datetime import timedelta

import pytest

from readiness.accounts.models import Role
from readiness.audit.kinds import Kind
from readiness.audit.models import Event
from readiness.audit.services import record
from readiness.launches.models import Launch, Progress
from readiness.launches.queries import history as queries
from readiness.launches.queries.sentences import SENTENCES
from readiness.launches.services import items as services
from readiness.launches.services.comments import comment
from readiness.launches.services.judging import judge_due
from readiness.launches.services.signoffs import withdraw
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
HTMX = {"HX-Request": "true"}


def told(launch, reader, before=None, now=make.NOW):
    page = queries.of_launch(launch, reader, before=before, now=now)
    return [line for day in page.days for line in day.lines]


def words(line):
    return " ".join(filter(None, [line.who, line.did, line.title, line.then]))


def test_every_kind_of_event_has_a_sentence():
    assert set(SENTENCES) == set(Kind)


def test_the_history_of_a_launch_is_told_in_the_words_of_the_product():
    launch = make.launch(
        items=3, by=make.user("Ann Lee", team=(team := make.team()), role=Role.LEAD), team=team
    )
    ann, item = launch.lead, make.item(launch, 3)
    said = {"by": ann, "now": make.NOW}
    services.assign(item, to=ann, version=1, key=make.key(), **said)
    services.set_due(item, on=make.NOW.date(), version=2, key=make.key(), **said)
    services.set_progress(
        item, to=Progress.BLOCKED, because="a cluster", version=3, key=make.key(), **said
    )
    comment(item, text="Which cluster?", key=make.key(), **said)
    make.link(item, by=ann)
    make.sign(item, by=ann, note="Ran twice")
    item.refresh_from_db()
    withdraw(item.signoffs.get(), because="wrong run", version=item.version, key=make.key(), **said)

    lines = told(launch, ann)

    title = f"1.3 {launch.version.items.get(ref='1.3').title}"
    assert [(words(line), line.quote, line.effect) for line in lines] == [
        (f"Ann Lee took back their check of {title}", "wrong run", "Now 0%"),
        (f"Ann Lee checked {title}", "Ran twice", "Now 33.3%"),
        (f"Ann Lee added evidence to {title}", "Run 1", ""),
        (f"Ann Lee commented on {title}", "Which cluster?", ""),
        (f"Ann Lee marked as blocked: {title}", "a cluster", ""),
        (f"Ann Lee set a date for {title} to Mon 23 Nov", "", ""),
        (f"Ann Lee handed over {title} to Ann Lee", "", ""),
        (f"Ann Lee opened the launch of ranker@14.2.0 on {launch.version}", "", "Now 0%"),
        ("Ann Lee proposed the candidate ranker@14.2.0", "", ""),
    ]  # fmt: skip


def test_a_change_of_the_verdict_stands_on_the_line_of_its_cause():
    launch = make.launch(items=5, signed_off=4)

    lines = told(launch, launch.lead)

    assert [line.effect for line in lines[:2]] == [
        "Verdict from Delay to Extra monitoring, 80%", "Now 60%"
    ]  # fmt: skip
    assert not any("moved" in line.did for line in lines)


def test_what_time_alone_changed_stands_by_itself():
    launch = make.launch(items=1, signed_off=1)
    later = launch.next_change
    judge_due(now=later)

    line = told(launch, launch.lead, now=later)[0]

    assert line.did.startswith("moved the verdict from Ready to Delay, 0%")
    assert (line.who, line.then) == ("Readiness", "as time passed")


def test_events_are_grouped_by_the_days_of_the_reader():
    launch = make.launch(items=2)
    reader = make.everywhere(make.user(zone="Asia/Tokyo"), Role.VIEWER)
    make.sign(make.item(launch, 1), by=launch.lead, at=make.NOW + timedelta(hours=2))
    make.sign(make.item(launch, 2), by=launch.lead, at=make.NOW + timedelta(hours=4))

    page = queries.of_launch(launch, reader, before=None, now=make.NOW + timedelta(hours=5))

    assert [(day.title, day.lines[0].at) for day in page.days] == [
        ("Today, Tue 24 Nov", "01:00"),
        ("Yesterday, Mon 23 Nov", "23:00"),
    ]


def test_pages_visit_every_event_once():
    launch = make.launch(items=1)
    for number in range(120):
        record(Kind.LAUNCH_EDITED, subject=launch.subject, team=launch.team, by=launch.lead,
               at=make.NOW, changes={"name": ["a", f"{number}"]})  # fmt: skip

    seen, before = [], None
    while before != 0:
        page = queries.of_launch(launch, launch.lead, before=before, now=make.NOW)
        seen.append([line.pk for day in page.days for line in day.lines])
        before = page.before

    assert [len(page) for page in seen[:2]] == [50, 50]
    everything = Event.objects.filter(subject=launch.subject).order_by("-pk")
    assert [pk for page in seen for pk in page] == list(everything.values_list("pk", flat=True))


def test_a_stranger_reads_nothing_of_other_teams(client):
    launch = make.launch(items=1, name="Secret ranker")
    client.force_login(make.user(team=make.team()))

    everything = client.get("/history/")

    assert client.get(f"/launches/{launch.pk}/history/").status_code == 404
    assert everything.status_code == 200
    assert "Secret ranker" not in everything.content.decode()
    assert "Nothing happened yet" in everything.content.decode()


def test_the_lead_reads_on_after_leaving_the_team_and_checklists_are_for_site_admins():
    launch = make.launch(items=1)
    launch.lead.memberships.all().delete()
    admin = make.user(is_site_admin=True)

    def dids(reader):
        page = queries.of_everything(reader, before=None, now=make.NOW)
        return {line.did.split(" ")[0] for day in page.days for line in day.lines}

    assert dids(launch.lead) == {"opened", "proposed"}
    assert dids(admin) == {"opened", "proposed", "published"}
    assert dids(make.everywhere(make.user(), Role.VIEWER)) == {"opened", "proposed"}


@pytest.mark.parametrize("number", [1, 40])
def test_a_page_takes_as_many_statements_for_one_event_as_for_forty(
    client, django_assert_num_queries, number
):
    launch = make.launch(items=40, signed_off=number)
    client.force_login(launch.lead)
    for path in (f"/launches/{launch.pk}/history/", "/history/"):
        client.get(path)

    # the person, the count of My items, the course, the hands, the tabs, what was decided
    with django_assert_num_queries(9):
        client.get(f"/launches/{launch.pk}/history/")
    with django_assert_num_queries(4):
        client.get("/history/")


def test_htmx_gets_the_earlier_days_and_plain_requests_the_page(client):
    launch = make.launch(items=40, signed_off=40)
    client.force_login(launch.lead)
    path = f"/launches/{launch.pk}/history/"

    page = client.get(path).content.decode()
    before = queries.of_launch(launch, launch.lead, before=None, now=make.NOW).before
    part = client.get(f"{path}?before={before or 10**9}", headers=HTMX)

    assert "<html" in page
    assert page.count("<h1") == 1
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part["Vary"]


@pytest.mark.parametrize("before", ["abc", "-1", "0", "9" * 30, "1.5", "%F0%9F%9A%80", "٣", ""])
def test_a_faulty_address_gets_the_latest_events(client, before):
    launch = make.launch(items=1)
    client.force_login(launch.lead)

    for path in ("/history/", f"/launches/{launch.pk}/history/"):
        assert "opened the launch" in client.get(f"{path}?before={before}").content.decode()
        assert client.get(f"{path}?before=%00").status_code == 400


def test_what_people_wrote_is_shown_as_text(client):
    launch = make.launch(items=1, name="<b>Ranker</b>")
    comment(make.item(launch, 1), text="<script>x()</script>", by=launch.lead,
                     key=make.key(), now=make.NOW)  # fmt: skip
    client.force_login(launch.lead)

    page = client.get(f"/launches/{launch.pk}/history/").content.decode()

    assert "&lt;script&gt;x()&lt;/script&gt;" in page
    assert "<b>Ranker</b>" not in page
    assert Launch.objects.get().name == "<b>Ranker</b>"
