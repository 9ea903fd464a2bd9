"""A launch as of any instant, from what is kept for ever, is the launch that was seen then."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from readiness.accounts.models import Role
from readiness.audit.models import Event
from readiness.launches.models import Launch, LaunchItem, SignOff
from readiness.launches.queries.as_of import as_of, kept_at
from readiness.launches.queries.facts import Fact, facts_of
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.told import record_of
from readiness.launches.services import redacting
from readiness.launches.services.launches import edit_launch
from readiness.rules.verdict import Verdict, judge
from tests import make
from tests.launches import lives
from tests.launches.intakes import intake_of
from tests.launches.lives import Life
from tests.launches.test_facts_services import LOAD, a_launch, item_of, load_test, save
from tests.prove import histories
from tests.prove.recount import Count, Said, recount

pytestmark = pytest.mark.django_db
ACTS = 30


@pytest.fixture(autouse=True)
def _checklists_of_this_test():
    """What is published is gone with the test that did it."""
    yield
    lives.rich.cache_clear()
    histories.checklist_of.cache_clear()


@dataclass(frozen=True)
class Seen:
    """What was to be seen at one instant."""

    at: datetime
    facts: list[Fact]
    verdict: Verdict


def see(launch: Launch, at: datetime) -> Seen:
    launch = Launch.objects.get(pk=launch.pk)
    facts = facts_of(launch, at)
    verdict = judge([fact.item for fact in facts], pinned(launch.version_id).scheme, at)
    return Seen(at, [fact._replace(version=0, owner=None) for fact in facts], verdict)


def crowd() -> list:
    team = make.team()
    return [team, [make.user(team=team, role=Role.LEAD) for _ in range(3)]]


@pytest.mark.parametrize("seed", range(6))
def test_every_prefix_is_rebuilt_as_it_was_seen_and_as_it_was_kept(seed):
    life, seen = Life(random.Random(seed), *crowd()), []
    for _ in range(ACTS):
        life.go_on()
        seen.append(see(life.launch, life.now))
    life.end()
    seen.append(see(life.launch, life.now))

    record = record_of(Launch.objects.get(pk=life.launch.pk))

    for one in seen:
        past = as_of(record, one.at)
        kept = kept_at(past)
        assert past.facts() == one.facts
        assert past.verdict() == one.verdict
        assert (kept.differences, past.gaps) == ((), ())


def test_every_prefix_is_what_an_independent_recount_of_the_log_finds():
    life = histories.History(random.Random(7), *crowd())
    instants = []
    for _ in range(ACTS):
        life.go_on()
        instants.append(life.now)
    record = record_of(Launch.objects.get(pk=life.launch.pk))
    events = Event.objects.filter(subject=life.launch.subject_id).order_by("sequence")
    log = [Said(*one) for one in events.values_list("kind", "at", "payload", "printed_name")]

    for at in instants:
        found = as_of(record, at).verdict()

        prefix = [said for said in log if said.at <= at]
        assert recount(life.document, prefix, at) == Count(
            found.key, found.outcome.value, found.checked, found.counted, len(found.holds),
            found.next_change,
        )  # fmt: skip


def test_time_alone_only_takes_away():
    for seed in range(4):
        life = Life(random.Random(seed), *crowd())
        for _ in range(ACTS):
            life.go_on()
        past = as_of(record_of(Launch.objects.get(pk=life.launch.pk)), life.now)

        verdict, checked = past.verdict(), []
        while verdict.next_change is not None:
            checked.append(verdict.checked)
            verdict = past.verdict(verdict.next_change)

        assert checked == sorted(checked, reverse=True)


def test_acts_are_told_in_the_order_of_the_log_however_late_they_were_begun():
    launch = make.launch(items=2)
    lead, later = launch.lead, make.NOW + timedelta(seconds=2)
    make.sign(make.item(launch, 1), by=lead, at=later)
    make.sign(make.item(launch, 2), by=lead, at=later - timedelta(seconds=1))
    record = record_of(launch)

    checked = {
        seconds: as_of(record, make.NOW + timedelta(seconds=seconds)).verdict().checked
        for seconds in (0, 1, 2)
    }

    assert checked == {0: 0, 1: 0, 2: 2}
    assert kept_at(as_of(record, later)).agrees


def test_columns_of_today_say_nothing_about_the_past():
    launch = make.launch(items=5, signed_off=3, facets={"feature_store": True})
    before = see(launch, make.NOW)
    LaunchItem.objects.filter(launch=launch).update(
        basis="another", applies="no", progress="blocked", blocked_because="x", due_on=None
    )
    Launch.objects.filter(pk=launch.pk).update(facets={}, zone="Asia/Kolkata")

    past = as_of(record_of(Launch.objects.get(pk=launch.pk)), make.NOW)

    assert past.facts() == before.facts
    assert past.launch.facets == {"feature_store": True}


def test_a_change_that_went_past_the_log_is_said_loudly():
    launch = make.launch(items=5, signed_off=3)
    word = SignOff.objects.filter(item__launch=launch).latest("pk")
    record = record_of(launch)
    record.signoffs[word.item_id].remove(word)

    kept = kept_at(as_of(record, make.NOW))

    assert not kept.agrees
    assert "checked" in kept.differences


def test_structured_facts_are_looked_at_as_they_were_said_then():
    launch = a_launch(LOAD)
    make.sign(item_of(launch, LOAD), by=launch.lead)
    hours = [make.NOW + timedelta(hours=hour) for hour in range(4)]
    seen = [see(launch, hours[0])]
    save(launch, LOAD, at=hours[1], **load_test(achieved_rps=Decimal("199.9")))
    seen.append(see(launch, hours[1]))
    save(launch, LOAD, row=1, at=hours[2], **load_test())
    seen.append(see(launch, hours[2]))
    launch.refresh_from_db()
    candidate = {"name": "ranker", "version": "14.3.0", "digest": "", "registry_url": ""}
    edit_launch(
        launch, intake_of(launch, candidate=candidate), edition=launch.edition, by=launch.lead,
        key=make.key(), now=hours[3],
    )  # fmt: skip
    seen.append(see(launch, hours[3]))

    record = record_of(Launch.objects.get(pk=launch.pk))

    assert [one.verdict.checked for one in seen] == [0, 0, 1, 0]
    assert [as_of(record, at).facts() for at in hours] == [one.facts for one in seen]
    assert [kept_at(as_of(record, at)).differences for at in hours] == [()] * 4


def test_a_redacted_reason_changes_nothing_of_what_is_rebuilt():
    launch = make.launch(items=5)
    admin = make.user(is_site_admin=True)
    make.sign(make.item(launch, 1), by=launch.lead, note="the password is 1234")
    before = see(launch, make.NOW)
    event = Event.objects.get(subject=launch.subject_id, kind="item.signed_off")
    redacting.redact(event, by=admin, because="A secret.", key=make.key(), now=make.NOW)

    past = as_of(record_of(launch), make.NOW)

    assert past.facts() == before.facts
    assert kept_at(past).agrees


def test_an_event_that_is_needed_and_was_redacted_is_told_from_what_came_after():
    launch = make.launch(items=1, zone="UTC")
    admin = make.user(is_site_admin=True)
    later = make.NOW + timedelta(hours=1)
    edit_launch(
        launch, intake_of(launch, zone="Asia/Kolkata"), edition=launch.edition, by=launch.lead,
        key=make.key(), now=later,
    )  # fmt: skip
    event = Event.objects.get(subject=launch.subject_id, kind="launch.edited")
    redacting.redact(event, by=admin, because="A secret.", key=make.key(), now=later)
    record = record_of(Launch.objects.get(pk=launch.pk))

    before, after = as_of(record, make.NOW), as_of(record, later)

    assert (before.launch.zone, before.gaps) == ("UTC", ())
    assert after.launch.zone == "Asia/Kolkata"
    [gap] = after.gaps
    assert gap == (
        f"Event {event.sequence}, which changed the time zone of the launch, was redacted:"
        " its zone is taken from what came after."
    )


def test_a_fact_that_was_redacted_since_is_said_to_be_gone():
    launch = a_launch(LOAD)
    make.sign(item_of(launch, LOAD), by=launch.lead)
    save(launch, LOAD, **load_test())
    event = Event.objects.get(subject=launch.subject_id, kind="fact.saved")
    admin = make.user(is_site_admin=True)
    redacting.redact(event, by=admin, because="A secret.", key=make.key(), now=make.NOW)

    past = as_of(record_of(Launch.objects.get(pk=launch.pk)), make.NOW)

    ref = past.content.items[LOAD].ref
    assert past.gaps == (f"The fact of {ref} was redacted since: it counts as missing here.",)
