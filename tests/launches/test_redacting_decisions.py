"""A secret pasted in deciding goes from the decision and its record; what was decided stays."""

import json

import pytest

from readiness.audit.models import Event
from readiness.launches.models import ActionItem, Decision, DecisionSignature, Launch
from readiness.launches.models.decisions import Says
from readiness.launches.services import actions, decisions
from readiness.launches.services.decisions import Condition, Word
from tests import make
from tests.launches.deciding import DUE, Room, room
from tests.launches.test_redacting import SECRET, as_application, redacted, tables_with, verify

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


@pytest.fixture
def admin():
    return make.user("Ada Admin", is_site_admin=True)


def asked(here: Room) -> str:
    launch = here.again()
    said = {"by": here.lead, "edition": launch.edition, "key": make.key(), "now": make.NOW}
    decisions.ask(launch, note=f"With {SECRET}", **said)
    here.say(here.ann)
    here.say(here.bob)
    return "decision.asked"


def sent_back(here: Room) -> str:
    here.ask()
    here.say(here.ann, Word(Says.SEND_BACK, f"It shows {SECRET}"))
    return "decision.signed"


def with_conditions(here: Room) -> str:
    """One condition is done, and a second approver asks for the same."""
    here.ask()
    condition = Condition(f"Change {SECRET}", here.lead, DUE)
    other = Condition("Watch the board", here.lead, DUE)
    word = Word(Says.APPROVE_WITH_CONDITIONS, f"Once {SECRET} is gone", (condition, other))
    here.say(here.bob, Word(Says.APPROVE_WITH_CONDITIONS, "", (condition,)))
    here.say(here.ann, word)
    owed = ActionItem.objects.get(text__contains=SECRET)
    actions.finish(owed, note="Done.", by=here.lead, key=make.key(), now=make.NOW)
    return "decision.signed"


def done(here: Room) -> str:
    here.ask()
    condition = Condition(f"Change {SECRET}", here.lead, DUE, "quick_rollback_plan")
    word = Word(Says.APPROVE_WITH_CONDITIONS, "", (condition,))
    here.say(here.ann, word)
    here.say(here.bob, word)
    owed = ActionItem.objects.get()
    actions.finish(owed, note=f"It was {SECRET}", by=here.lead, key=make.key(), now=make.NOW)
    return "action_item.done"


def taken_back(here: Room) -> str:
    here.approve()
    word = DecisionSignature.objects.get(by=here.ann)
    decisions.take_back(word, because=f"I pasted {SECRET}", by=here.ann, key=make.key(),
                        now=make.NOW)  # fmt: skip
    return "decision.unsigned"


def ended(here: Room) -> str:
    taken_back(here)
    return "decision.voided"


def noted(here: Room) -> str:
    """A note of a sign-off, which the record of a decision took over."""
    here.untick(5)
    make.sign(make.item(here.launch, 5), by=here.lead, note=f"With {SECRET}")
    here.approve()
    return "item.signed_off"


def proven(here: Room) -> str:
    make.link(make.item(here.launch), by=here.lead, url=f"https://x.example/?k={SECRET}")
    here.approve()
    return "evidence.added"


def standing(launch: Launch) -> tuple:
    """Where the launch stands, and what was decided on it."""
    columns = ("number", "outcome", "against", "verdict", "shown", "record_hash", "voided_at")
    rows = Decision.objects.order_by("number").values_list(*columns)
    return Launch.objects.values_list("verdict", "stage", "decision").get(pk=launch.pk), [*rows]


@pytest.mark.parametrize(
    "paste", [asked, sent_back, with_conditions, done, taken_back, ended, noted, proven]
)
def test_a_secret_of_a_decision_stands_nowhere_and_what_was_decided_stays(client, admin, paste):
    here = room()
    kind = paste(here)
    hashes = list(Event.objects.order_by("pk").values_list("hash", "payload_hash"))
    before = standing(here.launch)
    assert tables_with(SECRET)

    redacted(here.launch, kind, admin)

    assert tables_with(SECRET) == []
    assert standing(here.launch) == before
    assert list(Event.objects.order_by("pk").values_list("hash", "payload_hash"))[:-1] == hashes
    assert verify()[-1].endswith("none changed.")
    client.force_login(here.ann)
    for path in ("decision/", "history/", "decisions/1/", "decisions/1.md", "decisions/1.json"):
        answer = client.get(f"/launches/{here.launch.pk}/{path}")
        assert answer.status_code == 200, path
        assert SECRET not in answer.text
        assert "This record was changed since it was signed" not in answer.text


def test_the_record_says_redacted_in_place_and_by_whom_and_keeps_both_hashes(client, admin):
    here = room()
    sent_back(here)
    signed = Decision.objects.get().record_hash

    redacted(here.launch, "decision.signed", admin, because="A token was pasted")

    client.force_login(here.ann)
    path = f"/launches/{here.launch.pk}/decisions/1"
    page, text = client.get(f"{path}/").text, client.get(f"{path}.md").text
    record = client.get(f"{path}.json").json()
    [hashes] = Event.objects.latest("pk").said["records"]
    assert record["signatures"][0]["reason"] == "[redacted]"
    assert hashes["was"] == signed
    for shown in (page, text):
        assert "[redacted]" in shown.replace("\\", "")
        assert "Redacted by Ada Admin, 23 Nov 2026, 12:00 UTC, because: A token was pasted" in shown
        assert signed in shown
        assert hashes["sha256"] in shown


def test_two_redactions_of_one_record_are_followed_by_their_hashes(client, admin):
    here = room()
    noted(here)
    make_said = {"by": admin, "because": "A token was pasted"}
    redacted(here.launch, "item.signed_off", **make_said)
    redacted(here.launch, "decision.asked", **make_said)

    client.force_login(here.ann)
    page = client.get(f"/launches/{here.launch.pk}/decisions/1/").text

    assert page.count("Words were taken out of this record.") == 2
    assert "This record was changed" not in page


def test_the_database_lets_a_redaction_do_nothing_but_take_words_out(admin):
    here = room()
    noted(here)
    decision = Decision.objects.get()
    rewrite = "SELECT redact_launches_decision_record(%s, %s::jsonb)"
    changed = decision.record | {"verdict": decision.record["verdict"] | {"shown": "99%"}}
    shorter = decision.record | {"items": decision.record["items"][1:]}
    blotted = decision.record | {"format": "[redacted]"}

    before = as_application(rewrite, decision.pk, json.dumps(blotted))
    redacted(here.launch, "item.signed_off", admin)
    refused = [
        as_application(rewrite, decision.pk, json.dumps(changed)),
        as_application(rewrite, decision.pk, json.dumps(shorter)),
        as_application(rewrite, decision.pk, json.dumps([])),
        as_application("UPDATE launches_decision SET record_hash = 'x'"),
        as_application("UPDATE launches_decisionsignature SET conditions = '[]'"),
    ]

    assert before == "launches_decision.record is written once"
    assert refused == [
        "launches_decision.record is written once",
        "launches_decision.record is written once",
        "launches_decision.record is written once",
        "launches_decision.record_hash is written once",
        "permission denied for table launches_decisionsignature",
    ]
