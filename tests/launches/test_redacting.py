"""A secret pasted by mistake goes, everywhere; who did what stays, and so does the chain."""

from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction

from readiness.accounts.models import Role
from readiness.audit.kinds import Kind
from readiness.audit.models import Event
from readiness.audit.services import record
from readiness.launches.models import Comment, EvidenceKind, EvidenceLink, Launch, Progress
from readiness.launches.services import comments
from readiness.launches.services import items as services
from readiness.launches.services.evidence import (
    Content,
    add_evidence,
    remove_evidence,
    revise_evidence,
)
from readiness.launches.services.redacting import redact
from readiness.launches.services.signoffs import withdraw
from readiness.web.refusal import NotPermitted, Refused
from tests import database, make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
SECRET = "hunter2-token-9f3"
TABLES = """
SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
   AND c.relkind = 'r' AND has_table_privilege(c.oid, 'SELECT')
"""


@pytest.fixture
def launch():
    return make.launch(items=3)


@pytest.fixture
def admin():
    return make.user("Ada Admin", is_site_admin=True)


def comment(launch):
    comments.comment(make.item(launch), text=f"It is {SECRET}", by=launch.lead, key=make.key(),
                     now=make.NOW)  # fmt: skip
    return "comment.written"


def evidence(launch):
    item = make.item(launch)
    said = {"by": launch.lead, "now": make.NOW}
    url = f"https://x.example/?k={SECRET}"
    add_evidence(item, title=f"Run {SECRET}", url=url, version=1, key=make.key(), **said)
    remove_evidence(item.evidence_links.get(), version=2, key=make.key(), **said)
    return "evidence.removed"


def edited(launch):
    comment(launch)
    said = {"number": 1, "by": launch.lead, "key": make.key(), "now": make.NOW}
    comments.edit(Comment.objects.get(), text=f"It was {SECRET}", **said)
    return "comment.edited"


def revised(launch):
    make.link(make.item(launch), by=launch.lead)
    link, item = EvidenceLink.objects.get(), make.item(launch)
    content = Content(f"Run {SECRET}", kind=EvidenceKind.NOTE, body=f"With {SECRET}")
    said = {"by": launch.lead, "key": make.key(), "now": make.NOW}
    revise_evidence(link, content, items=[(item.pk, item.version)], **said)
    return "evidence.revised"


def note(launch):
    make.sign(make.item(launch), by=launch.lead, note=f"With {SECRET}")
    return "item.signed_off"


def blocked(launch):
    services.set_progress(make.item(launch), to=Progress.BLOCKED, because=f"Needs {SECRET}",
                          by=launch.lead, version=1, key=make.key(), now=make.NOW)  # fmt: skip
    return "item.progressed"


def blocked_together(launch):
    for position in (1, 2):
        services.set_progress(make.item(launch, position), to=Progress.BLOCKED,
                              because=f"Needs {SECRET}", by=launch.lead, version=1, key=make.key(),
                              now=make.NOW)  # fmt: skip
    return "item.progressed"


def withdrawal(launch):
    make.sign(make.item(launch), by=launch.lead)
    item = make.item(launch)
    withdraw(item.signoffs.get(), because=f"Leaked {SECRET}", progress=Progress.BLOCKED,
             by=launch.lead, version=item.version, key=make.key(), now=make.NOW)  # fmt: skip
    return "signoff.withdrawn"


def redacted(launch, kind, by, because="A token was pasted"):
    event = Event.objects.filter(subject=launch.subject, kind=kind).latest("pk")
    redact(event, by=by, because=because, key=make.key(), now=make.NOW)
    return event


def tables_with(secret):
    """Every table that the application reads and in which these words still stand."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        names = [name for (name,) in cursor.fetchall()]
        found = []
        for name in names:
            cursor.execute(f"SELECT count(*) FROM {name} t WHERE t::text LIKE %s", [f"%{secret}%"])
            found += [name] if cursor.fetchone()[0] else []
    return found


def verify():
    out = StringIO()
    try:
        call_command("audit", "verify", stdout=out)
    except CommandError as problem:
        return [*out.getvalue().splitlines(), str(problem)]
    return out.getvalue().splitlines()


@pytest.mark.parametrize(
    "paste", [comment, edited, evidence, revised, note, blocked, blocked_together, withdrawal]
)
def test_a_redacted_secret_stands_nowhere_and_the_chain_is_whole(launch, admin, paste):
    kind = paste(launch)
    hashes = list(Event.objects.order_by("pk").values_list("hash", "payload_hash"))
    assert tables_with(SECRET)

    event = redacted(launch, kind, admin)

    event.refresh_from_db()
    assert event.payload is None
    assert tables_with(SECRET) == []
    assert list(Event.objects.order_by("pk").values_list("hash", "payload_hash"))[:-1] == hashes
    assert verify()[-1].endswith("none changed.")


@pytest.mark.parametrize("paste", [comment, edited, evidence, revised, note, blocked, withdrawal])
def test_everybody_reads_who_redacted_it_and_why(client, launch, admin, paste):
    kind = paste(launch)
    redacted(launch, kind, admin)
    client.force_login(launch.lead)

    pages = [
        client.get(path).content.decode()
        for path in (
            f"/launches/{launch.pk}/history/",
            "/history/",
            f"/launches/{launch.pk}/",
            f"/items/{make.item(launch).pk}/",
            f"/launches/{launch.pk}/print/",
        )
    ]
    table = b"".join(client.get(f"/launches/{launch.pk}/history.csv")).decode()

    assert not any(SECRET in page for page in [*pages, table])
    for page in pages[:2]:
        assert "Redacted by Ada Admin because: A token was pasted" in page
    assert f"1.1 {make.item(launch).item.title}" in table


def test_the_verdict_stays_as_it_was(launch, admin):
    make.link(make.item(launch), by=launch.lead)
    make.sign(make.item(launch), by=launch.lead, note=SECRET)
    before = Launch.objects.values("verdict", "shown", "checked", "earned").get(pk=launch.pk)

    redacted(launch, "item.signed_off", admin)
    redacted(launch, "evidence.added", admin)

    after = Launch.objects.values("verdict", "shown", "checked", "earned").get(pk=launch.pk)
    assert after == before
    assert call_command("judge", "--check", stdout=StringIO()) is None


def test_only_site_admins_redact_only_once_only_words_and_only_with_a_reason(launch, admin):
    comment(launch)
    event = Event.objects.get(subject=launch.subject, kind="comment.written")
    said = {"because": "Pasted", "now": make.NOW}

    with pytest.raises(NotPermitted):
        redact(event, by=launch.lead, key=make.key(), **said)
    with pytest.raises(Refused, match="Say why"):
        redact(event, by=admin, key=make.key(), **(said | {"because": " "}))
    with pytest.raises(Refused, match="nothing that people typed"):
        redacted(launch, "launch.opened", admin)
    redact(event, by=admin, key=make.key(), **said)
    with pytest.raises(Refused, match="redacted already"):
        redact(event, by=admin, key=make.key(), **said)
    with pytest.raises(Refused, match="nothing that people typed"):
        redacted(launch, "event.redacted", admin)


def as_application(statement, *values):
    """Why the database refuses this to the application; "" when it does not."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError as problem:
        return str(problem).splitlines()[0]
    return ""


def test_the_application_takes_nothing_out_without_a_redaction(launch, admin):
    comment(launch)
    note(launch)
    evidence_of = make.item(launch, 2)
    make.link(evidence_of, by=launch.lead)
    event = Event.objects.get(subject=launch.subject, kind="comment.written")
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM launches_commentrevision")
        [wording] = cursor.fetchone()
        cursor.execute("SELECT max(id) FROM launches_signoff")
        [signoff] = cursor.fetchone()

    refused = [
        as_application("SELECT redact_audit_event(%s, '{payload}')", event.pk),
        as_application("SELECT redact_launches_commentrevision(%s, '{text}')", wording),
        as_application("SELECT redact_launches_signoff(%s, '{note}')", signoff),
        as_application("UPDATE audit_event SET payload = NULL WHERE id = %s", event.pk),
        as_application("UPDATE launches_signoff SET note = '[redacted]'"),
    ]

    assert refused == [
        "audit_event is append-only",
        "launches_commentrevision is append-only",
        "launches_signoff.note is written once",
        "permission denied for table audit_event",
        "permission denied for table launches_signoff",
    ]


def test_a_redaction_takes_out_what_it_names_and_nothing_else(launch, admin):
    note(launch)
    comment(launch)
    other = Event.objects.get(subject=launch.subject, kind="comment.written")

    redacted(launch, "item.signed_off", admin)

    assert as_application("SELECT redact_audit_event(%s, '{payload}')", other.pk) == (
        "audit_event is append-only"
    )
    assert Event.objects.get(pk=other.pk).payload


def test_an_event_of_somebody_who_is_no_site_admin_redacts_nothing(launch, admin):
    comment(launch)
    redaction = redacted_event_by(launch)

    refused = as_application("SELECT redact_audit_event(%s, '{payload}')", redaction)

    assert refused == "audit_event is append-only"


def redacted_event_by(launch):
    """A comment's event, and a redaction of it that its author has written into the log."""
    event = Event.objects.get(subject=launch.subject, kind="comment.written")
    record(Kind.EVENT_REDACTED, subject=launch.subject, by=launch.lead, at=make.NOW, because="x",
           places=[["audit_event", event.pk]], events=[])  # fmt: skip
    return event.pk


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_payload_taken_out_behind_the_applications_back_is_found(launch):
    comment(launch)
    event = Event.objects.get(subject=launch.subject, kind="comment.written")
    address = database.owner_address(connection.settings_dict["NAME"])

    with psycopg.connect(address, autocommit=True) as owner:
        with pytest.raises(psycopg.Error, match="audit_event is append-only"):
            owner.execute("UPDATE audit_event SET payload = NULL WHERE id = %s", [event.pk])
        owner.execute("ALTER TABLE audit_event DISABLE TRIGGER rows_stay")
        owner.execute("UPDATE audit_event SET payload = NULL WHERE id = %s", [event.pk])
        owner.execute("ALTER TABLE audit_event ENABLE ALWAYS TRIGGER rows_stay")
    connections.close_all()

    fault = f"the payload of event {event.sequence} was taken out without a redaction"
    assert verify() == [
        f"Subject {launch.subject_id} (launch): {fault}.",
        "1 faults in the log.",
    ]


def test_a_site_admin_redacts_on_a_page_that_says_what_will_go(client, launch, admin):
    comment(launch)
    event = Event.objects.get(subject=launch.subject, kind="comment.written")
    client.force_login(admin)
    path = f"/events/{event.pk}/redact/"

    page = client.get(path).content.decode()
    faulty = client.post(path, {"because": "", "key": "a"})
    done = client.post(path, {"because": "A token", "key": "b"})
    again = client.post(path, {"because": "A token", "key": "b"})
    after = client.get(path).content.decode()

    assert SECRET in page
    assert (faulty.status_code, "Say why" in faulty.content.decode()) == (422, True)
    assert done["Location"] == again["Location"] == f"/launches/{launch.pk}/history/"
    assert "This was redacted already." in after
    assert "Redacted by Ada Admin because: A token" in after


def test_nobody_else_is_offered_to_redact(client, launch):
    comment(launch)
    event = Event.objects.get(subject=launch.subject, kind="comment.written")
    client.force_login(make.everywhere(launch.lead, Role.AUDITOR))

    page = client.get(f"/launches/{launch.pk}/history/").content.decode()

    assert "/redact/" not in page
    assert client.get(f"/events/{event.pk}/redact/").status_code == 403
