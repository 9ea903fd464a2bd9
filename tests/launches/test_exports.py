"""A history taken along: whole, verifiable, harmless, and only what its reader may see."""

import csv
import json
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest

from readiness.accounts.models import Role
from readiness.audit.chain import Link, faults_of
from readiness.audit.models import Event
from readiness.launches.queries.exporting import plain
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
DOCUMENT = Path(__file__).parents[2] / "docs" / "history.md"


def exported(client, path, **asked):
    response = client.get(path, asked)
    assert response.status_code == 200
    return b"".join(response).decode()


def test_every_event_is_a_line_and_the_lines_are_the_chain(client):
    launch = make.launch(items=5, signed_off=4)
    client.force_login(launch.lead)

    lines = exported(client, f"/launches/{launch.pk}/history.jsonl").splitlines()

    events = [json.loads(line) for line in lines]
    stored = Event.objects.filter(subject=launch.subject).order_by("pk")
    launch.subject.refresh_from_db()
    assert [(one["sequence"], one["hash"]) for one in events] == [
        *stored.values_list("sequence", "hash")
    ]
    links = [Link(**(one | {"at": make.NOW})) for one in events]
    head, sequence = launch.subject.head, launch.subject.sequence
    assert faults_of(links, head=head, sequence=sequence, noted={}) == []


@pytest.mark.parametrize("change", ["", '"note":"Ran', '"printed_name":"A'])
def test_the_documented_program_verifies_an_export(client, tmp_path, change):
    team = make.team()
    ann = make.user("Ann Lée", team=team, role=Role.LEAD)
    launch = make.launch(items=2, by=ann, team=team)
    make.sign(make.item(launch), by=ann, note="Ran twice, ok 🚀")
    client.force_login(ann)
    export = exported(client, f"/launches/{launch.pk}/history.jsonl")
    [program] = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    file = tmp_path / "history.jsonl"
    file.write_text(export.replace(change, change + "x") if change else export, encoding="utf-8")

    said = subprocess.run(
        [sys.executable, "-c", program, str(file)], capture_output=True, text=True, check=False
    )

    launch.subject.refresh_from_db()
    head = f"{launch.subject_id}:{launch.subject.sequence}:{launch.subject.head}\n"
    assert (said.stdout, said.returncode) == (head, 1 if change else 0)
    assert ("was changed" in said.stderr) == bool(change)


def test_the_table_reads_as_the_page_does_and_holds_no_formula(client):
    team = make.team()
    ann = make.user("Ann Lee", team=team, role=Role.LEAD)
    launch = make.launch(items=2, by=ann, team=team, name="=cmd|'/c calc'!A1")
    make.sign(make.item(launch), by=ann, note="@SUM(A1)\nand more")
    client.force_login(ann)

    text = exported(client, f"/launches/{launch.pk}/history.csv", kind="checks")

    [row] = csv.DictReader(StringIO(text.removeprefix("\ufeff")))
    sequence = Event.objects.get(kind="item.signed_off")
    assert row == {
        "at": "2026-11-23T12:00:00+00:00",
        "launch": "'=cmd|'/c calc'!A1",
        "who": "Ann Lee",
        "what": "checked",
        "item": f"1.1 {launch.version.items.get(ref='1.1').title}",
        "more": "",
        "change": "",
        "effect": "Verdict: still Delay, 50%, no longer held",
        "said": "'@SUM(A1)\nand more",
        "kind": "item.signed_off",
        "subject": str(launch.subject_id),
        "sequence": str(sequence.sequence),
        "hash": sequence.hash,
    }


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_what_begins_as_a_formula_gets_an_apostrophe(start):
    assert [plain(f"{start}1"), plain(f"a{start}1"), plain("")] == [f"'{start}1", f"a{start}1", ""]


@pytest.mark.parametrize("end", ["jsonl", "csv"])
def test_nobody_exports_what_they_may_not_see(client, end):
    mine = make.launch(items=1, name="My ranker")
    secret = make.launch(items=1, name="Secret ranker")
    client.force_login(mine.lead)

    everything = exported(client, f"/history.{end}")

    assert "My ranker" in everything
    assert "Secret ranker" not in everything
    assert str(secret.subject_id) not in re.findall(r'"subject":(\d+)', everything)
    assert client.get(f"/launches/{secret.pk}/history.{end}").status_code == 404


@pytest.mark.parametrize("end", ["jsonl", "csv"])
def test_a_faulty_question_is_answered_on_a_page_and_not_in_a_file(client, end):
    launch = make.launch(items=1)
    client.force_login(launch.lead)

    for path in (f"/history.{end}", f"/launches/{launch.pk}/history.{end}"):
        answer = client.get(path, {"since": "soon"})

        assert answer.status_code == 422
        assert "From: Write a day, like 2026-12-08." in answer.content.decode()


@pytest.mark.parametrize("number", [1, 40])
def test_an_export_takes_as_many_statements_for_one_event_as_for_forty(
    client, django_assert_max_num_queries, number
):
    launch = make.launch(items=40, signed_off=number)
    client.force_login(launch.lead)

    with django_assert_max_num_queries(6):
        exported(client, f"/launches/{launch.pk}/history.csv")
