"""What if: the same rule on a scratch copy, in an address that anybody with the right may open."""

import random
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from readiness.accounts.models import Role
from readiness.audit.models import Event
from readiness.launches.models import Launch, LaunchItem, SignOff
from readiness.launches.queries.board import board_of
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.what_if import DONE, Supposed, supposed_board, what_if
from readiness.launches.services import launches as launch_services
from tests import make
from tests.launches import lives
from tests.launches.intakes import intake_of
from tests.launches.lives import Life
from tests.launches.reading import statements, words
from tests.prove import histories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _checklists_of_this_test():
    yield
    lives.rich.cache_clear()
    histories.checklist_of.cache_clear()


def key_of(launch, place):
    return make.item(launch, place).key


def address(launch, **supposed):
    return f"/launches/{launch.pk}/what-if/?{urlencode(supposed, doseq=True)}"


def sides(answer):
    return words(answer, "side-card__pct")


def test_each_choice_is_judged_by_the_rule(client):
    launch = make.launch(items=10, signed_off=8, facets={"feature_store": True})
    client.force_login(launch.lead)
    one, last = key_of(launch, 1), key_of(launch, 10)

    found = {
        choice: sides(client.get(address(launch, **{f"is-{key}": choice})))
        for key, choice in ((last, "done"), (one, "open"), (one, "waived"), (one, "expired"))
    }

    assert found == {
        "done": ["80%", "90%"],
        "open": ["80%", "70%"],
        "waived": ["80%", "70%"],
        "expired": ["80%", "70%"],
    }


def test_an_item_left_out_makes_the_whole_smaller(client):
    value = make.document(10)
    value["sections"][0]["items"][0]["na_allowed"] = True
    launch = make.launch(version=make.published(value), signed_off=8)
    client.force_login(launch.lead)

    answer = client.get(address(launch, **{f"is-{key_of(launch, 1)}": "na"}))

    assert sides(answer) == ["80%", "77.8%"]
    assert words(answer, "sum")[1] == "7 checked ÷ 10 items − 1 not applicable = 77.8% under 80%"


def test_nothing_is_written_and_every_reader_gets_the_same(client):
    launch = make.launch(items=5, signed_off=3)
    reader = make.user("Vic", team=launch.team, role=Role.VIEWER)
    shared = address(launch, **{f"is-{key_of(launch, 5)}": "done"}, changed="model_version")
    before = rows_of_all(launch)
    client.force_login(launch.lead)
    client.get(shared)

    client.force_login(reader)
    answer = client.get(shared)

    assert sides(answer)[0] == "60%"
    assert rows_of_all(launch) == before
    with CaptureQueriesContext(connection) as captured:
        client.get(shared)
    written = [one["sql"] for one in captured if not is_read(one["sql"])]
    assert [sql for sql in written if "launches_" in sql or "audit_" in sql] == []


def is_read(sql):
    return sql.lstrip().startswith(("SELECT", "WITH"))


def rows_of_all(launch):
    return [
        list(model.values())
        for model in (
            Launch.objects.filter(pk=launch.pk),
            LaunchItem.objects.filter(launch=launch).order_by("pk"),
            SignOff.objects.filter(item__launch=launch).order_by("pk"),
            Event.objects.filter(subject=launch.subject_id).order_by("pk"),
        )
    ]


def test_a_stranger_does_not_learn_that_the_launch_exists(client):
    launch = make.launch(items=2)
    client.force_login(make.user("Sam", team=make.team()))

    assert client.get(address(launch)).status_code == 404
    assert client.post(address(launch)).status_code == 405


def test_a_form_is_led_to_the_short_address_and_htmx_is_told_it(client):
    launch = make.launch(items=3)
    client.force_login(launch.lead)
    first, second = key_of(launch, 1), key_of(launch, 2)
    sent = {f"is-{first}": "", f"is-{second}": "done", "launch_on": "2026-12-07", "at": "",
            "facets": "1"}  # fmt: skip

    plain = client.get(address(launch, **sent))
    part = client.get(address(launch, **sent), headers=HTMX)

    assert plain["Location"] == f"/launches/{launch.pk}/what-if/?is-{second}=done"
    assert part["HX-Push-Url"] == plain["Location"]
    assert b"<html" not in part.content
    assert b'id="supposed"' in part.content


def test_answers_bring_items_in_and_take_them_out(client):
    launch = make.launch(items=40, facets={"genai": False})
    client.force_login(launch.lead)

    answer = client.get(address(launch, facets="1", facet_genai="yes"))

    assert "applies under these answers" in " ".join(words(answer, "marks")).lower()


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"is-nothing": "done"}, "This checklist has no item “nothing”. It was left out."),
        ({"at": "2026-11-01T10:00"}, "That is past: ask why instead"),
        ({"at": "soon"}, "Write a day and a time, like 2026-12-08T14:02."),
        ({"at": "2090-01-01T10:00"}, "That is too far away."),
        ({"launch_on": "tomorrow"}, "Write a day, like 2026-12-08."),
        ({"launch_on": "0001-01-01"}, "That is too far away."),
        ({"changed": "mind"}, "Nothing in this checklist stands on that."),
        ({"facet_genai": "perhaps"}, "One of the answers is none that this checklist offers."),
        ({"is-rollback-runbook-rehearsed": "na"}, "1.1 must not be left out as not applicable."),
        ({"is-rollback-runbook-rehearsed": "better"}, "“better” cannot be supposed of 1.1."),
    ],
)
def test_what_cannot_be_supposed_is_said_where_it_was_typed(client, sent, says):
    launch = make.launch(items=3)
    client.force_login(launch.lead)

    answer = client.get(address(launch, **sent))

    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_the_page_costs_as_many_statements_for_one_item_as_for_forty(client):
    few, many = make.launch(items=1), make.launch(items=40, signed_off=20)
    supposed = {"changed": "model_version", "launch_on": "2026-12-24"}
    counts = []
    for launch in (few, many):
        client.force_login(launch.lead)
        counts.append([len(statements(client, address(launch, **more))) for more in ({}, supposed)])

    assert counts[0] == counts[1]
    assert max(counts[1]) <= 10


def test_a_tick_supposed_is_a_tick_done_and_never_lowers_the_verdict():
    for seed in range(3):
        life = a_life(seed)
        launch, version = read(life), pinned(life.launch.version_id)
        now = board_of(launch, life.now)
        for item in list(life.items()):
            then = supposed_board(launch, Supposed(items={item.key: DONE}), life.now)
            bands = list(version.scheme.bands)
            places = [
                -1 if board.verdict.band is None else bands.index(board.verdict.band)
                for board in (now, then)
            ]
            assert places[1] >= places[0] or now.places[item.key].fact.item.na is not None


def test_a_candidate_supposed_to_change_falls_as_it_does_when_it_changes():
    for seed in range(3):
        life = a_life(seed)
        supposed = Supposed(changed=("model_version",))
        foreseen = supposed_board(read(life), supposed, life.now).verdict

        propose_anew(life)

        found = board_of(read(life), life.now).verdict
        assert (found.key, found.states) == (foreseen.key, foreseen.states)


def test_another_day_supposed_falls_as_it_does_when_the_launch_moves():
    for seed in range(3):
        life = a_life(seed)
        day = read(life).launch_on + timedelta(days=30)
        foreseen = supposed_board(read(life), Supposed(launch_on=day), life.now)

        move(life, timedelta(days=30))

        found = board_of(read(life), life.now)
        assert (found.verdict.key, found.verdict.states) == (
            foreseen.verdict.key,
            foreseen.verdict.states,
        )


def test_answers_supposed_are_answers_given():
    for seed in range(3):
        life = a_life(seed)
        answers = life.answers()
        foreseen = supposed_board(read(life), Supposed(answers=answers), life.now).verdict

        launch_services.answer_facets(read(life), answers, **life.of(read(life), life.people[0]))

        found = board_of(read(life), life.now).verdict
        assert (found.key, found.holds, found.states) == (
            foreseen.key,
            foreseen.holds,
            foreseen.states,
        )


def test_an_instant_to_come_is_what_will_be_seen_then():
    for seed in range(3):
        life = a_life(seed)
        at = life.now + timedelta(days=45)

        foreseen = supposed_board(read(life), Supposed(at=at), life.now).verdict

        found = board_of(read(life), at).verdict
        assert (found.key, found.holds, found.states) == (
            foreseen.key,
            foreseen.holds,
            foreseen.states,
        )


def test_what_falls_says_why(client):
    launch = make.launch(items=40, signed_off=40)
    client.force_login(launch.lead)

    answer = client.get(address(launch, changed="model_version"))

    assert "What falls" in words(answer, "rail__h")
    assert "was signed for another model version" in " ".join(words(answer, "whys")).lower()


def test_all_that_leads_to_the_next_verdict_is_supposed_at_once():
    launch = make.launch(items=10, signed_off=5)
    page = what_if(launch, Supposed(), make.NOW)

    then = what_if(launch, Supposed(items={one.key: DONE for one in page.steps}), make.NOW)

    assert (page.then.shape, then.then.shape) == ("delay", "monitor")


def a_life(seed):
    team = make.team()
    people = [make.user(team=team, role=Role.LEAD) for _ in range(3)]
    life = Life(random.Random(seed), team, people)
    for _ in range(20):
        life.go_on()
    return life


def read(life):
    launches = Launch.objects.select_related("team", "lead", "candidate", "version")
    return launches.get(pk=life.launch.pk)


def propose_anew(life):
    candidate = {"name": "ranker", "version": "99", "digest": "", "registry_url": ""}
    edit(life, candidate=candidate)


def move(life, span):
    edit(life, launch_at=read(life).launch_at + span)


def edit(life, **changes):
    launch = read(life)
    intake = intake_of(launch, **changes)
    launch_services.edit_launch(launch, intake, **life.of(launch, life.people[0]))
