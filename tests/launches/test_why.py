"""Why a verdict is what it is: the page, now and as of any instant."""

from datetime import timedelta
from fractions import Fraction

import pytest
import time_machine

from readiness.accounts.models import Role
from readiness.launches.models import EvidenceLink, Launch, VerdictSnapshot
from readiness.launches.queries.board import board_of
from readiness.launches.queries.row_reasons import reasons_of
from readiness.launches.queries.why import why_of
from readiness.launches.services import configs, evidence
from readiness.launches.services import launches as launch_services
from readiness.launches.services import signoffs as signoff_services
from tests import make
from tests.launches import exempting
from tests.launches.given import said
from tests.launches.intakes import intake_of
from tests.launches.reading import marks, statements, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
LATER = make.NOW + timedelta(days=10)


@pytest.fixture
def launch():
    team = make.team("Ads")
    mei = make.user("Mei Tan", team=team, role=Role.LEAD)
    return make.launch(items=40, by=mei, team=team, zone="Europe/Berlin")


def lines(launch, now=make.NOW, at=None):
    """Each item's code and words, by its number."""
    page = why_of(read(launch), at, now)
    return {
        line.ref: (line.code, " · ".join([line.because, *line.more]), line.earns)
        for section in page.sections
        for line in section.lines
    }


def read(launch):
    return Launch.objects.select_related("team", "lead", "candidate", "version").get(pk=launch.pk)


def edit(launch, now, **changes):
    launch = read(launch)
    launch_services.edit_launch(
        launch, intake_of(launch, **changes), edition=launch.edition, by=launch.lead,
        key=make.key(), now=now,
    )  # fmt: skip


def place_of(launch, kind):
    """The place and the number of the first item that stands on something."""
    rules = [(one.item.invalidated_by, one.item.ref) for one in launch.items.select_related("item")]
    place = next(place for place, (kinds, _) in enumerate(rules, start=1) if kinds == [kind])
    return make.item(launch, place), rules[place - 1][1]


def test_a_sign_off_that_fell_says_what_changed_from_what_to_what_when_and_by_whom(launch):
    model, model_ref = place_of(launch, "model_version")
    day, day_ref = place_of(launch, "launch_date")
    team, team_ref = place_of(launch, "team")
    for item in (model, day, team):
        make.sign(item, by=launch.lead)

    edit(launch, LATER, candidate={"name": "ranker", "version": "14.3.0", "digest": "",
                                   "registry_url": ""})  # fmt: skip
    edit(launch, LATER, launch_at=launch.launch_at + timedelta(days=2))
    configs.declare(read(launch), kind="team", value="Search", edition=read(launch).edition,
                    by=launch.lead, key=make.key(), now=LATER)  # fmt: skip

    found = lines(launch, LATER)
    signed = "Mei Tan signed on 23 Nov"
    assert found[model_ref] == (
        "superseded_model_version",
        "superseded: candidate changed from 14.2.0 to 14.3.0 on 3 Dec by Mei Tan · " + signed,
        "0",
    )
    assert found[day_ref][1].startswith(
        "superseded: the launch moved from 7 Dec to 9 Dec on 3 Dec by Mei Tan · " + signed
    )
    assert found[team_ref][:2] == (
        "superseded_team",
        "superseded: team changed to “Search” on 3 Dec by Mei Tan · " + signed,
    )
    board = board_of(read(launch), LATER)
    in_rows = reasons_of(board, board.places.values())
    for item, ref in ((model, model_ref), (day, day_ref), (team, team_ref)):
        assert found[ref][1].startswith(f"superseded: {in_rows[item.pk]}")


def test_evidence_that_was_removed_is_named(launch):
    item = make.item(launch, 2)
    make.link(item, by=launch.lead)
    make.sign(item, by=launch.lead)
    link = EvidenceLink.objects.select_related("item__launch").get(item=item)
    evidence.remove_evidence(link, **said(item, by=launch.lead, at=LATER))

    assert lines(launch, LATER)["1.2"] == (
        "superseded_evidence",
        "superseded: evidence “Run 1” was removed on 3 Dec by Mei Tan · Mei Tan signed on 23 Nov",
        "0",
    )


def test_every_other_state_says_why_in_words(launch):
    mei, ann = launch.lead, make.user("Ann Ash", team=launch.team, role=Role.LEAD)
    for place in (1, 2, 3):
        make.sign(make.item(launch, place), by=mei)
    word = make.item(launch, 3).signoffs.get()
    word.item = make.item(launch, 3)
    signoff_services.withdraw(word, because="Wrong run.", **said(word.item, by=mei))
    exempting.agree(exempting.ask(make.item(launch, 4), by=mei), by=ann)

    found = lines(launch)
    late = lines(launch, make.NOW + timedelta(days=100))

    assert found["1.1"] == (
        "signed_off", "Mei Tan signed on 23 Nov · holds until 21 Feb 2027", "+1",
    )  # fmt: skip
    assert late["1.1"][:2] == (
        "expired",
        (
            "expired on 21 Feb 2027: a sign-off holds for 90 days · Mei Tan signed on 23 Nov"
            " · must-have: holds the launch"
        ),
    )
    assert found["1.3"] == (
        "open_taken_back", "Mei Tan’s check was taken back on 23 Nov: Wrong run.", "0",
    )  # fmt: skip
    assert found["1.4"][0] == "open"
    assert found["1.4"][1].startswith("nobody signed it off · waived until 24 Dec, agreed by Ann")


def test_what_is_not_applicable_says_by_whose_word_or_by_which_answer():
    team = make.team()
    mei = make.user("Mei Tan", team=team, role=Role.LEAD)
    ann = make.user("Ann Ash", team=team, role=Role.LEAD)
    value = make.document(40)
    for item in value["sections"][0]["items"][:2]:
        item["na_allowed"] = True
    launch = make.launch(version=make.published(value), by=mei, team=team,
                         facets={"genai": False})  # fmt: skip
    exempting.propose(make.item(launch, 1), by=mei)
    exempting.agree(exempting.propose(make.item(launch, 2), by=mei), by=ann)

    found = lines(launch)

    assert found["1.1"][:2] == (
        "na_proposed",
        (
            "proposed as not applicable, nobody agreed yet; asked by Mei Tan: There is no traffic"
            " to switch. · must-have: holds the launch"
        ),
    )
    assert found["1.2"] == (
        "na_confirmed",
        "not applicable: There is no traffic to switch.; Ann Ash agreed on 23 Nov",
        "left out",
    )
    assert ("na_by_facet", "does not apply: genai is no", "left out") in found.values()


def test_what_is_incomplete_says_what_is_missing():
    value = make.document(3)
    first, second, third = value["sections"][0]["items"]
    first["requires"] = ["evidence"]
    second["signing"] = {"rule": "two_persons"}
    third["requires"], third["evidence_policy"] = ["evidence"], {"kinds": ["metric"]}
    launch = make.launch(version=make.published(value))
    make.link(make.item(launch, 3), by=launch.lead)
    for place in (1, 2, 3):
        make.sign(make.item(launch, place), by=launch.lead)

    found = lines(launch)

    assert {ref: (code, why.partition(" · ")[0]) for ref, (code, why, _) in found.items()} == {
        "1.1": ("provisional_evidence", "incomplete: no evidence is linked"),
        "1.2": ("provisional_signature", "incomplete: 1 of 2 signatures are there"),
        "1.3": (
            "provisional_evidence",
            "incomplete: none of its evidence is of a kind that it asks for",
        ),
    }


def test_what_time_will_change_is_told_with_the_verdict_that_follows(launch):
    for place in range(1, 41):
        make.sign(make.item(launch, place), by=launch.lead)

    page = why_of(read(launch), None, make.NOW)

    moments = [one.moment for one in page.coming]
    scores = [Fraction(one.becomes.shown.rstrip("%")) for one in page.coming]
    assert page.coming[0].ends[0][1] == "its sign-off expires"
    assert moments == sorted(set(moments))
    assert scores == sorted(set(scores), reverse=True)
    assert scores[0] < 100


def test_the_page_shows_the_formula_the_cuts_and_what_was_kept(client, launch):
    for place in range(1, 34):
        make.sign(make.item(launch, place), by=launch.lead)
    client.force_login(launch.lead)

    answer = client.get(f"/launches/{launch.pk}/why/")

    assert "33 checked ÷ 40 items = 82.5% from 80% to 95%" in words(answer, "sum")[0]
    assert words(answer, "kept")[0].startswith("Extra monitoring 82.5%, kept on Mon 23 Nov 2026")
    assert "Recomputed from the log: the same." in words(answer, "kept")[0]
    assert len(words(answer, "whys__earns")) == 40
    assert "Times on this page are in Europe/Berlin" in words(answer, "asof__zone")[0]


def test_what_the_approver_saw_then_is_the_snapshot_that_was_stored_then(client, launch):
    for hours, place in enumerate(range(1, 6)):
        make.sign(make.item(launch, place), by=launch.lead, at=make.NOW + timedelta(hours=hours))
    client.force_login(launch.lead)
    with time_machine.travel(LATER, tick=False):
        answer = client.get(f"/launches/{launch.pk}/why/?at=2026-11-23T15:30")

    stored = VerdictSnapshot.objects.filter(launch=launch, at__lte=make.NOW + timedelta(hours=2))
    assert stored.latest("pk").checked == 3
    assert "3 of 40 items are checked." in words(answer, "vcard__main")[0]
    assert "Mon 23 Nov 2026, 15:30" in words(answer, "asof__then")[0]
    assert "Recomputed from the log: the same." in words(answer, "kept")[0]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("yesterday", "Write a day and a time, like 2026-12-08T14:02."),
        ("9999-99-99T99:99", "Write a day and a time, like 2026-12-08T14:02."),
        ("0001-01-01T00:00", "Write a day and a time, like 2026-12-08T14:02."),
        ("2026-11-01T10:00", "This launch was opened on Mon 23 Nov 2026, 13:00: ask for later."),
        ("2027-11-01T10:00", "That is yet to come: ask what if."),
        ("1" * 5000, "Write a day and a time, like 2026-12-08T14:02."),
    ],
)
def test_an_instant_that_cannot_be_told_is_said_so_beside_the_field(client, launch, asked, says):
    client.force_login(launch.lead)

    answer = client.get(f"/launches/{launch.pk}/why/", {"at": asked})

    assert answer.status_code == 422
    assert says in words(answer, "error")


def test_a_line_of_the_history_leads_to_what_was_to_be_seen_right_after_it(client, launch):
    make.sign(make.item(launch, 1), by=launch.lead, at=make.NOW + timedelta(microseconds=7))
    make.sign(make.item(launch, 2), by=launch.lead, at=make.NOW + timedelta(microseconds=9))
    client.force_login(launch.lead)
    with time_machine.travel(LATER, tick=False):
        history = client.get(f"/launches/{launch.pk}/history/")
        leads = [one["href"] for one in marks(history, "hev__then")]

        seen = [words(client.get(href), "vcard__main")[0] for href in leads[:3]]

    counts = [next(n for n in (2, 1, 0) if f"{n} of 40 items are checked" in one) for one in seen]
    assert counts == [2, 1, 0]


def test_htmx_gets_the_explanation_without_the_page_around_it(client, launch):
    client.force_login(launch.lead)

    part = client.get(f"/launches/{launch.pk}/why/", headers={"HX-Request": "true"})

    assert b"<html" not in part.content
    assert b'id="found"' in part.content
    assert "HX-Request" in part["Vary"]


def test_a_stranger_does_not_learn_that_the_launch_exists(client, launch):
    client.force_login(make.user("Sam", team=make.team()))

    assert client.get(f"/launches/{launch.pk}/why/").status_code == 404


def test_the_page_costs_as_many_statements_for_one_item_as_for_forty(client):
    few, many = make.launch(items=1), make.launch(items=40, signed_off=30)
    counts = []
    for one in (few, many):
        client.force_login(one.lead)
        address = f"/launches/{one.pk}/why/"
        past = f"{address}?at=2026-11-23T12:00:00Z"
        counts.append([len(statements(client, one)) for one in (address, past)])

    assert counts[0] == counts[1]
    assert max(counts[1]) <= 14


def test_the_card_of_a_launch_leads_to_the_explanation(client, launch):
    client.force_login(launch.lead)

    answer = client.get(f"/launches/{launch.pk}/")

    assert f'<a class="quiet-link" href="/launches/{launch.pk}/why/" data-key="y">Why</a>' in (
        answer.content.decode()
    )


def test_a_kept_verdict_that_the_log_does_not_tell_is_shown_loudly(client, launch):
    client.force_login(launch.lead)
    address = f"/launches/{launch.pk}/why/"
    before = client.get(address).content.decode()
    kept = VerdictSnapshot.objects.filter(launch=launch).latest("pk")
    kept.pk, kept.checked, kept.shown = None, 39, "97.5%"
    kept.save()

    after = client.get(address).content.decode()

    assert "The log does not tell the verdict that was kept." not in before
    assert "The log does not tell the verdict that was kept." in after
    assert "shown, checked" in after
