"""What happened: events in one chain per subject, and the keys of acts already done."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Func

from readiness.accounts.models import Team
from readiness.audit.chain import GENESIS


class Subject(models.Model):
    """What a chain of events is about: a launch, a checklist, a team or the site.

    `head` is the hash of its latest event, `sequence` that event's number. Both move
    only with an event.
    """

    kind = models.CharField(max_length=16)
    head = models.CharField(max_length=64, default=GENESIS)
    sequence = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(kind="site"), name="there_is_one_site"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} at {self.sequence}"


class TeamChain(models.Model):
    """The chain of a team: who was let in, and what they became."""

    team = models.OneToOneField(Team, models.PROTECT, primary_key=True, related_name="chain")
    subject = models.OneToOneField(Subject, models.PROTECT, related_name="team_chain")

    def __str__(self) -> str:
        return f"the chain of {self.team}"


class CurrentTransaction(Func):
    """The number of the running transaction, comparable with pg_snapshot_xmin."""

    template = "(pg_current_xact_id()::text)::bigint"
    output_field = models.BigIntegerField()


class Event(models.Model):
    """One thing that happened. Appended, never changed; also the outbox of what goes out.

    The payload is hashed apart, so that a secret pasted by mistake can be taken out with
    the chain intact. Readers keep a cursor over (transaction, id), below pg_snapshot_xmin.
    """

    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+", db_index=False)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="events", db_index=False)
    sequence = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=48)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    printed_name = models.CharField(max_length=120)
    payload = models.JSONField(null=True)  # nothing once it was redacted
    payload_version = models.PositiveSmallIntegerField(default=1)
    payload_hash = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    transaction = models.BigIntegerField(db_default=CurrentTransaction())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "sequence"], name="events_of_a_subject_are_numbered"
            ),
        ]
        indexes = [
            models.Index(F("subject"), F("id").desc(), name="event_by_subject"),
            models.Index(F("team"), F("id").desc(), name="event_by_team"),
            models.Index(F("kind"), F("id").desc(), name="event_by_kind"),
            models.Index(fields=["transaction", "id"], name="event_by_transaction"),
            BrinIndex(fields=["at"], name="event_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}/{self.sequence}"

    @property
    def said(self) -> dict[str, Any]:
        """The payload; nothing where it was redacted."""
        return self.payload or {}


class ActKey(models.Model):
    """A form that was carried out: sent again with the same body, it has no second effect."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    key = models.CharField(max_length=80)
    body_hash = models.CharField(max_length=64)
    outcome = models.CharField(max_length=80, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="a_form_is_carried_out_once"),
        ]

    def __str__(self) -> str:
        return self.key
