"""`audit verify` finds what was done to the log behind the application's back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from readiness.audit import chain, queries
from readiness.audit.kinds import Kind
from readiness.audit.models import Event, Subject
from readiness.audit.services import new_subject, record
from tests import make

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def told(*notes: str) -> Subject:
    """A chain of one comment after the other."""
    subject, ann = new_subject("launch"), make.user("Ann")
    for minutes, note in enumerate(notes):
        at = make.NOW + timedelta(minutes=minutes)
        record(Kind.COMMENT_WRITTEN, subject=subject, by=ann, at=at, note=note)
    return subject


@contextmanager
def as_owner() -> Iterator[CursorWrapper]:
    """The owner of the tables, with the guards out of the way."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as owner:
        owner.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
        yield owner
        owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for guard in ("rows_stay", "table_stays"):
            owner.execute(f"ALTER TABLE audit_event ENABLE ALWAYS TRIGGER {guard}")


def tamper(statement: str, subject: Subject, sequence: int) -> None:
    with as_owner() as owner:
        owner.execute(
            f"{statement} WHERE subject_id = %s AND sequence = %s", [subject.pk, sequence]
        )


def verify(*said: str) -> list[str]:
    """What the command prints, its last line included."""
    out = StringIO()
    try:
        call_command("audit", "verify", *said, stdout=out)
    except CommandError as problem:
        return [*out.getvalue().splitlines(), str(problem)]
    return out.getvalue().splitlines()


def heads() -> list[str]:
    out = StringIO()
    call_command("audit", "heads", stdout=out)
    return out.getvalue().splitlines()


def with_heads(lines: list[str]) -> list[str]:
    return [word for line in lines for word in ("--head", line)]


def rewrite(subject: Subject, *, upto: int) -> None:
    """Forge a chain that is whole in itself: hashes anew from what the rows now say."""
    previous = chain.GENESIS
    with as_owner() as owner:
        for event in Event.objects.filter(subject=subject, sequence__lte=upto).order_by("sequence"):
            payload_hash = chain.payload_hash(event.payload)
            statement = chain.statement_of(
                subject=subject.pk,
                team=event.team_id,
                kind=event.kind,
                at=event.at,
                by=event.by_id,
                printed_name=event.printed_name,
                payload_version=event.payload_version,
                payload_hash=payload_hash,
            )
            forged = chain.event_hash(
                previous=previous, sequence=event.sequence, statement=statement
            )
            owner.execute(
                "UPDATE audit_event SET payload_hash = %s, previous = %s, hash = %s WHERE id = %s",
                [payload_hash, previous, forged, event.pk],
            )
            previous = forged
        owner.execute(
            "UPDATE audit_subject SET head = %s, sequence = %s WHERE id = %s",
            [previous, upto, subject.pk],
        )


def test_a_log_that_nobody_touched_is_whole():
    make.launch(items=5, signed_off=2)
    told("one", "two", "three")
    count, subjects = Event.objects.count(), Subject.objects.filter(sequence__gt=0).count()
    empty = new_subject("launch")

    found = verify(*with_heads(heads()))

    assert found == [f"{count} events in {subjects + 1} chains, none changed."]
    assert not Event.objects.filter(subject=empty).exists()


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'item.signed_off'",
        "at = at + interval '1 microsecond'",
        "by_id = NULL",
        "printed_name = 'Bob'",
        "payload_version = 2",
    ],
)
def test_an_edited_event_is_found(change):
    subject = told("one", "two", "three")

    tamper(f"UPDATE audit_event SET {change}", subject, 2)

    assert verify() == [
        f"Subject {subject.pk} (launch): event 2 was changed.",
        "1 faults in the log.",
    ]


def test_an_edited_payload_is_found():
    subject = told("one", "two", "three")

    tamper("""UPDATE audit_event SET payload = '{"note": "2"}'""", subject, 2)

    assert verify() == [
        f"Subject {subject.pk} (launch): the payload of event 2 was changed.",
        "1 faults in the log.",
    ]


def test_a_payload_edited_together_with_its_hash_is_found():
    subject = told("one", "two", "three")
    forged = chain.payload_hash({"note": "2"})

    tamper(
        f"""UPDATE audit_event SET payload = '{{"note": "2"}}', payload_hash = '{forged}'""",
        subject,
        2,
    )

    assert verify() == [
        f"Subject {subject.pk} (launch): event 2 was changed.",
        "1 faults in the log.",
    ]


def test_a_payload_taken_out_by_a_redaction_leaves_the_chain_whole():
    subject, ada = told("one", "a password", "three"), make.user("Ada")
    record(Kind.EVENT_REDACTED, subject=subject, by=ada, at=make.NOW, events=[{"sequence": 2}])

    tamper("UPDATE audit_event SET payload = 'null'", subject, 2)

    assert verify() == ["4 events in 1 chains, none changed."]


@pytest.mark.parametrize("covered", [[], [1], [3], [4], ["2"], [None]])
def test_a_payload_taken_out_without_its_redaction_is_found(covered):
    subject, ada = told("one", "a password", "three"), make.user("Ada")
    events = [{"sequence": number} for number in covered]
    record(Kind.EVENT_REDACTED, subject=subject, by=ada, at=make.NOW, events=events)

    tamper("UPDATE audit_event SET payload = 'null'", subject, 2)

    assert verify() == [
        (
            f"Subject {subject.pk} (launch): "
            "the payload of event 2 was taken out without a redaction."
        ),
        "1 faults in the log.",
    ]


def test_a_payload_edited_and_then_named_in_a_redaction_is_still_found():
    subject, ada = told("one", "two", "three"), make.user("Ada")
    record(Kind.EVENT_REDACTED, subject=subject, by=ada, at=make.NOW, events=[{"sequence": 2}])

    tamper("""UPDATE audit_event SET payload = '{"note": "2"}'""", subject, 2)

    assert verify() == [
        f"Subject {subject.pk} (launch): the payload of event 2 was changed.",
        "1 faults in the log.",
    ]


def test_a_deleted_event_is_found():
    subject = told("one", "two", "three")

    tamper("DELETE FROM audit_event", subject, 2)

    assert verify() == [
        f"Subject {subject.pk} (launch): event 2 is missing, 3 stands there.",
        f"Subject {subject.pk} (launch): event 3 does not follow the one before it.",
        "2 faults in the log.",
    ]


def test_reordered_events_are_found():
    subject = told("one", "two", "three")

    tamper("UPDATE audit_event SET sequence = 9", subject, 2)
    tamper("UPDATE audit_event SET sequence = 2", subject, 3)
    tamper("UPDATE audit_event SET sequence = 3", subject, 9)

    found = verify()
    assert found[:2] == [
        f"Subject {subject.pk} (launch): event 2 does not follow the one before it.",
        f"Subject {subject.pk} (launch): event 2 was changed.",
    ]
    assert f"Subject {subject.pk} (launch): event 3 was changed." in found


@pytest.mark.parametrize(
    ("sequence", "fault"),
    [
        (0, "event 1 is missing, 0 stands there"),
        (4, "the subject claims event 3, the chain ends at 4"),
    ],
)
def test_an_inserted_event_is_found(sequence, fault):
    subject = told("one", "two", "three")
    copied = "kind, at, printed_name, payload, payload_version, payload_hash, previous, hash"

    with as_owner() as owner:
        owner.execute(
            f"INSERT INTO audit_event (subject_id, sequence, {copied})"
            f" SELECT subject_id, %s, {copied} FROM audit_event WHERE sequence = 3",
            [sequence],
        )

    assert f"Subject {subject.pk} (launch): {fault}." in verify()


def test_a_tail_cut_off_is_found():
    subject = told("one", "two", "three")

    tamper("DELETE FROM audit_event", subject, 3)

    assert verify() == [
        f"Subject {subject.pk} (launch): the subject claims event 3, the chain ends at 2.",
        "1 faults in the log.",
    ]


def test_a_tail_cut_off_with_its_head_set_back_is_found_only_by_a_noted_head():
    subject = told("one", "two", "three")
    noted = heads()

    tamper("DELETE FROM audit_event", subject, 3)
    rewrite(subject, upto=2)

    assert verify() == ["2 events in 1 chains, none changed."]
    assert verify(*with_heads(noted)) == [
        f"Subject {subject.pk} (launch): event 3, noted earlier, is gone.",
        "1 faults in the log.",
    ]


def test_a_chain_rewritten_with_new_hashes_is_found_only_by_a_noted_head(tmp_path):
    subject = told("one", "two", "three")
    file = tmp_path / "heads"
    file.write_text("\n".join(heads()) + "\n")

    tamper("""UPDATE audit_event SET payload = '{"note": "2"}'""", subject, 2)
    rewrite(subject, upto=3)

    assert verify() == ["3 events in 1 chains, none changed."]
    assert verify("--heads-file", str(file)) == [
        f"Subject {subject.pk} (launch): event 3 is not the one noted earlier.",
        "1 faults in the log.",
    ]


def test_a_whole_chain_that_vanished_is_found_only_by_a_noted_head():
    subject = told("one", "two")
    noted = heads()

    with as_owner() as owner:
        owner.execute("DELETE FROM audit_event")
        owner.execute("DELETE FROM audit_subject")

    assert verify() == ["0 events in 0 chains, none changed."]
    assert verify(*with_heads(noted)) == [
        f"Subject {subject.pk}: noted earlier, is gone.",
        "1 faults in the log.",
    ]


def test_an_old_head_still_holds_after_the_chain_went_on():
    subject = told("one", "two")
    noted = heads()
    record(Kind.COMMENT_WRITTEN, subject=subject, by=None, at=make.NOW, note="three")

    found = verify(*with_heads([*noted, *heads()]))

    assert found == ["3 events in 1 chains, none changed."]


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (["--head", "1:2"], "'1:2' is no head: write SUBJECT:SEQUENCE:HASH."),
        (["--head", f"1:0:{'a' * 64}"], f"'1:0:{'a' * 64}' is no head"),
        (
            ["--head", f"1:2:{'a' * 64}", "--head", f"1:2:{'b' * 64}"],
            "Event 2 of subject 1 is noted with two hashes.",
        ),
        (["--heads-file", "no-such-file"], "no-such-file cannot be read"),
    ],
)
def test_a_head_that_cannot_be_one_is_refused_with_a_sentence(said, problem):
    with pytest.raises(CommandError, match=problem):
        call_command("audit", "verify", *said)


def test_a_chain_longer_than_one_read_is_whole(monkeypatch):
    monkeypatch.setattr(queries, "CHUNK", 2)
    told("one", "two", "three", "four", "five")
    told("one")

    assert verify() == ["6 events in 2 chains, none changed."]


@pytest.mark.parametrize("name", ["Zoë 🙂", 'Ann "the\\hammer" O’Neil', "مريم", "a:b:c %s"])
def test_the_database_links_an_event_as_the_verifier_reads_it_whatever_is_said(name):
    subject = new_subject("launch")

    record(Kind.COMMENT_WRITTEN, subject=subject, by=make.user(name), at=make.NOW, note=[name, 1])

    assert verify() == ["1 events in 1 chains, none changed."]
