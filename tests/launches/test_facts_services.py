"""Structured facts: saved in revisions, and settled with all that they follow from."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from readiness.accounts.models import Role
from readiness.audit.kinds import Kind
from readiness.audit.models import Event
from readiness.audit.services import AlreadyDone
from readiness.launches import policies
from readiness.launches.models import FactRevision, Launch
from readiness.launches.queries.fact_card import card_of
from readiness.launches.queries.foreseeing import falling
from readiness.launches.queries.item_page import items_with_launch
from readiness.launches.services.facts import Faulty, remove_row, save_fact
from readiness.launches.services.launches import answer_facets, edit_launch
from readiness.launches.services.redacting import redact
from readiness.rules.states import State
from tests import make
from tests.launches.facts import (
    LOAD,
    REHEARSAL,
    STAGES,
    a_launch,
    item_of,
    load_test,
    rehearsal,
    save,
)
from tests.launches.given import at_once, count_told, faults, refused, said, states, told
from tests.launches.intakes import intake_of

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(hours=1)
DAY = 86_400


def redacted(launch: Launch, *, event: int) -> list[str | None]:
    """What is left of the source of the peak, after the nth fill-in was redacted."""
    admin = make.user("Olu", is_site_admin=True)
    saved = Event.objects.filter(subject=launch.subject, kind=Kind.FACT_SAVED.value)
    event = saved.order_by("sequence")[event - 1]
    redact(event, by=admin, because="A token.", key=make.key(), now=LATER)
    revisions = FactRevision.objects.order_by("number")
    return list(revisions.values_list("payload__peak_source", flat=True))


def test_a_row_is_kept_as_a_revision_with_its_author_and_told():
    launch = a_launch()
    before = count_told(launch)

    item = save(launch, LOAD, **load_test())

    revision = FactRevision.objects.get()
    assert (revision.item, revision.fact, revision.row, revision.number) == (
        item,
        "load_test",
        1,
        1,
    )
    assert (revision.author, revision.at, revision.definition) == (launch.lead, make.NOW, "1.0.0")
    assert revision.payload == {
        "peak_rps": "100",
        "peak_source": "Last December",
        "headroom_factor": "2",
        "achieved_rps": "200",
        "steady_minutes": 30,
        "p99_ms": "180",
        "p99_limit_ms": "200",
        "error_percent": "0.1",
        "error_limit_percent": "0.5",
        "environment": "production",
        "model_version": "14.2.0",
        "ran_at": "2026-11-23T12:00:00+00:00",
        "report_url": "https://k6.example/1",
    }
    assert (item.version, item.has_fact) == (2, True)
    [(kind, by, at, payload)] = told(launch, before)
    assert (kind, by, at) == (Kind.FACT_SAVED, launch.lead, make.NOW)
    assert (payload["title"], payload["row"], payload["number"]) == ("Load test", 1, 1)
    assert "Last December" not in str(payload)


def test_a_change_is_another_revision_and_the_same_again_is_none():
    launch = a_launch()
    save(launch, LOAD, **load_test())
    before = count_told(launch)

    save(launch, LOAD, row=1, **load_test(steady_minutes=40))
    save(launch, LOAD, row=1, **load_test(steady_minutes=40))

    numbers = list(FactRevision.objects.order_by("number").values_list("row", "number"))
    assert numbers == [(1, 1), (1, 2)]
    [(kind, _, _, payload)] = told(launch, before)
    assert (kind, payload["changed"]) == (Kind.FACT_SAVED, ["Steady for"])


def test_what_an_error_rule_refuses_changes_nothing():
    launch = a_launch()
    item, before = item_of(launch, LOAD), count_told(launch)

    with pytest.raises(Faulty) as problem:
        save(launch, LOAD, **load_test(peak_rps=Decimal(0)))

    assert [(one.field, one.says) for one in problem.value.errors] == [
        ("peak_rps", "Give a peak above 0.")
    ]
    item.refresh_from_db()
    assert (item.version, FactRevision.objects.count(), count_told(launch)) == (1, 0, before)


def test_a_check_without_the_fact_it_requires_is_incomplete_until_nothing_blocks_the_fact():
    launch = a_launch(LOAD)
    item = item_of(launch, LOAD)
    make.sign(item, by=launch.lead)
    found = [states(launch)[item.position]]

    save(launch, LOAD, **load_test(achieved_rps=Decimal("199.9")))
    found.append(states(launch)[item.position])
    save(launch, LOAD, row=1, **load_test(achieved_rps=Decimal(200)))
    found.append(states(launch)[item.position])

    assert found == [State.PROVISIONAL, State.PROVISIONAL, State.MET]
    launch.refresh_from_db()
    assert launch.checked == 1


def test_what_a_rule_only_warns_of_keeps_nothing_from_counting():
    launch = a_launch(LOAD)
    item = item_of(launch, LOAD)
    make.sign(item, by=launch.lead)

    save(launch, LOAD, **load_test(environment="staging", steady_minutes=5))

    card = card_of(items_with_launch().get(pk=item.pk), reader=launch.lead, now=make.NOW)
    assert states(launch)[item.position] == State.MET
    assert (card.said.blocks, card.said.warns) == (
        [],
        [
            "It ran in staging: other hardware, other numbers.",
            "Steady for 5 minutes: less than 10 show little.",
        ],
    )


def test_a_fact_that_nobody_requires_only_offers_its_form():
    launch = a_launch()
    item = item_of(launch, LOAD)
    make.sign(item, by=launch.lead)

    saved = save(launch, LOAD, **load_test(achieved_rps=Decimal(1)))

    assert (saved.has_fact, states(launch)[item.position]) == (False, State.MET)


def test_a_new_candidate_takes_away_the_load_test_of_the_old_one_at_once():
    launch = a_launch(LOAD)
    make.sign(item_of(launch, LOAD), by=launch.lead)
    save(launch, LOAD, **load_test())
    launch.refresh_from_db()
    was = launch.checked

    candidate = {"name": "ranker", "version": "14.3.0", "digest": "", "registry_url": ""}
    intake = intake_of(launch, candidate=candidate)
    edit_launch(launch, intake, edition=launch.edition, by=launch.lead, key=make.key(), now=LATER)

    launch.refresh_from_db()
    assert (was, launch.checked, item_of(launch, LOAD).has_fact) == (1, 0, False)


def test_what_a_new_candidate_takes_away_with_its_load_test_is_shown_first():
    launch = a_launch(LOAD)
    make.sign(item_of(launch, LOAD), by=launch.lead)
    save(launch, LOAD, **load_test())
    launch.refresh_from_db()
    proposed = {"name": "ranker", "version": "14.3.0", "digest": "", "registry_url": ""}

    shown = falling(launch, candidate=proposed, launch_on=launch.launch_on, now=LATER)
    same = dict(proposed, version="14.2.0")
    kept = falling(launch, candidate=same, launch_on=launch.launch_on, now=LATER)

    assert [one.key for one in shown.items] == [LOAD]
    assert (shown.was.checked, shown.becomes.checked, kept.items) == (1, 0, ())


def test_answers_about_serving_decide_which_datasets_are_needed():
    launch = a_launch(facets={"serving": ["batch"]})
    key = "data-freshness-slas"
    row = {
        "dataset": "Clicks",
        "purpose": "training",
        "max_lag": DAY,
        "owner": launch.lead_id,
        "on_breach": "serve_stale",
    }
    save(launch, key, **row)
    was = item_of(launch, key).has_fact

    answers = {"serving": ["online"]}
    answer_facets(
        launch, answers, edition=launch.edition, by=launch.lead, key=make.key(), now=LATER
    )

    assert (was, item_of(launch, key).has_fact) == (True, False)


def test_the_author_of_a_plan_is_who_wrote_it_first():
    launch = a_launch()
    ann = make.user("Ann", team=launch.team)
    save(launch, "ab-test-plan-approved", hypothesis="More clicks", by=ann)

    save(launch, "ab-test-plan-approved", hypothesis="More clicks", approved_by=launch.lead_id)

    payloads = FactRevision.objects.order_by("number").values_list("payload__author", flat=True)
    assert list(payloads) == [ann.pk, ann.pk]


def test_a_row_that_is_removed_keeps_its_revisions_and_its_number():
    launch = a_launch()
    for minutes in ("9", "12"):
        save(launch, REHEARSAL, **rehearsal(operator=launch.lead_id, minutes=Decimal(minutes)))
    item = item_of(launch, REHEARSAL)

    remove_row(item, row=2, **said(item, by=launch.lead, at=LATER))
    save(launch, REHEARSAL, **rehearsal(operator=launch.lead_id))

    rows = FactRevision.objects.order_by("id").values_list("row", "number", "is_removed")
    assert list(rows) == [(1, 1, False), (2, 1, False), (2, 2, True), (3, 1, False)]
    with refused("This row was removed meanwhile. Look at the others, or add it again."):
        save(launch, REHEARSAL, row=2, **rehearsal(operator=launch.lead_id))


def test_a_fact_that_is_there_once_is_changed_and_not_removed():
    launch = a_launch()
    item = save(launch, STAGES, stages=[{"share": Decimal(100), "hold": 1}])

    with refused("This is there once. Change what it says instead."):
        remove_row(item, row=1, **said(item, by=launch.lead))


def test_an_item_without_a_fact_takes_none():
    launch = a_launch()

    with refused("This item carries no form to fill in."):
        save(launch, "golden-test-suite", anything="x")


def test_a_row_names_only_people_who_are_here():
    launch = a_launch()
    gone = make.user("Gone", is_active=False)

    with refused("Choose people who are here."):
        save(launch, REHEARSAL, **rehearsal(operator=gone.pk))
    with refused("Choose people who are here."):
        save(launch, REHEARSAL, **rehearsal(operator=10**9))


def test_who_may_not_work_on_an_item_fills_in_nothing():
    launch = a_launch()
    viewer = make.user("Vic", team=launch.team, role=Role.VIEWER)

    with refused(policies.NO_LONGER):
        save(launch, LOAD, by=viewer, **load_test())


def test_the_same_form_twice_is_one_revision():
    launch = a_launch()
    item = item_of(launch, LOAD)
    form = said(item, by=launch.lead)
    save_fact(item, row=None, values=load_test(), **form)

    with pytest.raises(AlreadyDone):
        save_fact(item, row=None, values=load_test(), **form)

    assert FactRevision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_looks_again():
    launch = a_launch()
    item = item_of(launch, LOAD)

    def saving() -> object:
        form = {"by": launch.lead, "version": item.version, "key": make.key(), "now": make.NOW}
        return save_fact(item, row=None, values=load_test(), **form)

    outcomes = at_once(saving, saving)

    assert sorted(type(one).__name__ for one in outcomes) == ["Judged", "Refused"]
    assert FactRevision.objects.count() == 1


def test_revisions_are_numbered_once():
    launch = a_launch()
    save(launch, LOAD, **load_test())
    revision = FactRevision.objects.get()

    revision.pk = None
    with (
        pytest.raises(IntegrityError, match="revisions_of_a_fact_are_numbered"),
        transaction.atomic(),
    ):
        revision.save()


def test_a_redacted_text_goes_from_every_revision_that_says_it():
    launch = a_launch(LOAD)
    sources = ["Last December", "token-123", "token-123", "Last December"]
    for number, source in enumerate(sources):
        row = load_test(peak_source=source, steady_minutes=30 + number // 2)
        save(launch, LOAD, row=1 if number else None, **row)

    left = redacted(launch, event=2)

    assert left == ["Last December", None, None, "Last December"]
    assert item_of(launch, LOAD).has_fact
    assert faults(launch) == []


def test_a_redacted_row_says_nothing_any_more_and_no_longer_counts():
    launch = a_launch(LOAD)
    make.sign(item_of(launch, LOAD), by=launch.lead)
    save(launch, LOAD, **load_test(peak_source="token-123"))

    left = redacted(launch, event=1)

    launch.refresh_from_db()
    assert (left, item_of(launch, LOAD).has_fact, launch.checked) == ([None], False, 0)
    assert faults(launch) == []


def test_facts_never_change_what_a_sign_off_stands_on():
    launch = a_launch()
    item = item_of(launch, LOAD)
    make.sign(item, by=launch.lead)
    was = item_of(launch, LOAD).basis

    save(launch, LOAD, **load_test())

    assert (item_of(launch, LOAD).basis, states(launch)[item.position]) == (was, State.MET)


def test_a_launch_date_in_the_past_of_the_review_blocks_it():
    launch = a_launch()
    key = "post-launch-review-scheduled"
    at = launch.launch_at + timedelta(days=14)
    save(launch, key, review_at=at, owner=launch.lead_id)
    was = item_of(launch, key).has_fact

    edit_launch(
        launch,
        intake_of(launch, launch_at=at),
        edition=launch.edition,
        by=launch.lead,
        key=make.key(),
        now=datetime(2026, 11, 24, tzinfo=UTC),
        moved_because="Later.",
    )

    assert (was, item_of(launch, key).has_fact) == (True, False)
