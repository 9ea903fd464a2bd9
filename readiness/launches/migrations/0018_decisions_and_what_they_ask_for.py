"""Decisions with their signatures, kept for ever, and the action items a GO asks for."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from readiness.audit.guards import append_only

DECIDING = [
    "outcome", "decided_at", "against", "verdict", "shown", "holds", "candidate_id", "version_id",
    "snapshot_id", "record", "record_hash", "voided_at", "voided_by_id", "voided_because",
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_sessions_in_view_and_invitations"),
        ("checklists", "0005_reaffirming_can_be_forbidden"),
        ("launches", "0017_facts_in_revisions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="launch",
            name="quorum",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="launch",
            name="stage",
            field=models.CharField(
                choices=[
                    ("preparing", "Preparing"),
                    ("in_review", "In review"),
                    ("approved", "Approved"),
                    ("on_hold", "On hold"),
                    ("cancelled", "Cancelled"),
                    ("archived", "Archived"),
                ],
                default="preparing",
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("asked_name", models.CharField(max_length=120)),
                ("asked_at", models.DateTimeField()),
                ("asked_shown", models.CharField(blank=True, max_length=32)),
                ("note", models.TextField(blank=True)),
                ("outcome", models.CharField(blank=True, max_length=16)),
                ("decided_at", models.DateTimeField(null=True)),
                ("against", models.TextField(blank=True)),
                ("verdict", models.CharField(blank=True, max_length=64)),
                ("shown", models.CharField(blank=True, max_length=32)),
                ("holds", models.JSONField(null=True)),
                ("record", models.JSONField(null=True)),
                ("record_hash", models.CharField(blank=True, max_length=64)),
                ("voided_at", models.DateTimeField(null=True)),
                ("voided_because", models.TextField(blank=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "candidate",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="launches.candidate",
                    ),
                ),
                (
                    "launch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="launches.launch",
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="launches.verdictsnapshot",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.team",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="checklists.version",
                    ),
                ),
                (
                    "voided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ActionItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("need", models.CharField(blank=True, max_length=64)),
                ("text", models.CharField(max_length=300)),
                ("due_on", models.DateField()),
                ("done_at", models.DateTimeField(null=True)),
                ("done_note", models.TextField(blank=True)),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "launch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="action_items",
                        to="launches.launch",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="action_items",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.team",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="action_items",
                        to="launches.decision",
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "pk"],
            },
        ),
        migrations.AddField(
            model_name="launch",
            name="decision",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="launches.decision",
            ),
        ),
        migrations.CreateModel(
            name="DecisionSignature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("printed_name", models.CharField(max_length=120)),
                ("meaning", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "says",
                    models.CharField(
                        choices=[
                            ("approve", "approve"),
                            ("approve_with_conditions", "approve_with_conditions"),
                            ("send_back", "send_back"),
                            ("confirm", "confirm"),
                        ],
                        max_length=24,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("against", models.TextField(blank=True)),
                ("conditions", models.JSONField(default=list)),
                ("seal", models.CharField(max_length=64)),
                ("shown", models.CharField(blank=True, max_length=160)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_because", models.TextField(blank=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "confirms",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmations",
                        to="launches.decisionsignature",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="launches.decision",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.team",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                fields=("launch", "number"), name="rounds_are_numbered"
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "")),
                fields=("launch",),
                name="one_open_round_per_launch",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("outcome", "")),
                    models.Q(("decided_at__isnull", False), ("outcome", "withdrawn")),
                    models.Q(
                        ("outcome__in", ("go", "conditional_go", "no_go")),
                        ("decided_at__isnull", False),
                        ("record__isnull", False),
                        models.Q(("record_hash", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="what_is_decided_is_recorded",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("voided_at", None),
                    models.Q(
                        ("outcome__in", ("go", "conditional_go")),
                        models.Q(("voided_because", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="only_a_go_is_voided_and_says_why",
            ),
        ),
        migrations.AddIndex(
            model_name="actionitem",
            index=models.Index(
                condition=models.Q(("done_at", None)),
                fields=["owner", "due_on"],
                name="action_item_by_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="actionitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at", None), ("done_by", None)),
                    models.Q(
                        ("done_at__isnull", False),
                        ("done_by__isnull", False),
                        models.Q(("done_note", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="what_is_done_says_who_when_and_how",
            ),
        ),
        migrations.AddConstraint(
            model_name="decisionsignature",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("decision", "by"),
                name="one_standing_signature_per_approver",
            ),
        ),
        migrations.AddConstraint(
            model_name="decisionsignature",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("confirms",),
                name="an_override_is_confirmed_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="decisionsignature",
            constraint=models.CheckConstraint(
                condition=models.Q(("by", models.F("asked_by")), _negated=True),
                name="who_asks_does_not_decide",
            ),
        ),
        migrations.AddConstraint(
            model_name="decisionsignature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("proposed_by", None),
                    models.Q(("by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="nobody_confirms_their_own_override",
            ),
        ),
        migrations.AddConstraint(
            model_name="decisionsignature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("confirms__isnull", False),
                        ("says", "confirm"),
                        ("proposed_by__isnull", False),
                    ),
                    models.Q(
                        models.Q(("says", "confirm"), _negated=True),
                        ("confirms", None),
                        ("proposed_by", None),
                    ),
                    _connector="OR",
                ),
                name="a_confirmation_is_of_an_override",
            ),
        ),
        migrations.AddConstraint(
            model_name="decisionsignature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), _negated=True),
                    ("says", "confirm"),
                    models.Q(("against", ""), models.Q(("says", "send_back"), _negated=True)),
                    _connector="OR",
                ),
                name="an_override_and_a_sending_back_have_a_reason",
            ),
        ),
        append_only("launches_decision", fillable=DECIDING),
        append_only("launches_decisionsignature", fillable=["withdrawn_at", "withdrawn_because"]),
    ]
