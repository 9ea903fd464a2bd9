"""What exemptions go through: extended, asked otherwise, declined, taken back, run out."""

from datetime import timedelta

import pytest

from readiness.audit.kinds import Kind
from readiness.audit.models import Event
from readiness.launches.models import Launch, Stage
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.sentences import SENTENCES
from readiness.launches.services import exemptions, judging
from readiness.launches.services.redacting import redact
from tests import make
from tests.launches.exempting import (
    SOON,
    agree,
    ask,
    crew,
    latest,
    must_have,
    propose,
    seal_of,
)
from tests.launches.given import (
    faults,
    key_is_free,
    recomputed,
    refused,
    said,
    stored,
    told,
)

pytestmark = pytest.mark.django_db
TODAY = make.NOW.date()
LATER = make.NOW + timedelta(hours=1)


def test_an_extension_waits_while_what_stands_goes_on_to_its_own_end():
    launch, ann, amara = crew()
    item = must_have(launch, 5)
    first = agree(ask(item, by=ann), by=amara)

    longer = ask(item, by=ann, until=SOON + timedelta(days=20))

    assert (longer.extends, longer.agreed_at) == (first, None)
    assert stored(launch)["next_change"] == first.ends_at
    judging.judge_due(now=first.ends_at)
    assert stored(launch)["holds"] == 1


def test_an_extension_that_is_agreed_to_takes_the_place_of_what_stood():
    launch, ann, amara = crew()
    item = must_have(launch, 5)
    first = agree(ask(item, by=ann), by=amara)
    longer = ask(item, by=ann, until=SOON + timedelta(days=20))

    agree(longer, by=amara, at=LATER)

    first.refresh_from_db()
    assert (first.closed_at, first.closed_by, first.closed_because) == (LATER, None, "")
    assert (stored(launch)["next_change"], stored(launch)["holds"]) == (longer.ends_at, 0)


def test_an_extension_is_longer():
    launch, ann, amara = crew()
    item = make.item(launch, 5)
    agree(ask(item, by=ann), by=amara)

    with refused("The waiver stands until 23 Dec 2026. Choose a later day."):
        ask(item, by=ann)


def test_what_ran_out_can_be_asked_for_again():
    launch, ann, amara = crew()
    item = must_have(launch, 5)
    first = agree(ask(item, by=ann, until=TODAY), by=amara)
    again = ask(item, by=ann, at=first.ends_at)

    agree(again, by=amara, at=first.ends_at)

    first.refresh_from_db()
    assert (again.extends, first.closed_at) == (None, first.ends_at)
    assert stored(launch)["holds"] == 0


def test_ones_own_question_makes_way_for_another_and_nobody_elses_does():
    launch, ann, _ = crew()
    item = make.item(launch, 5)
    first = ask(item, by=ann)

    with refused("Ann asked for this already. It waits for somebody to agree."):
        ask(item, by=launch.lead)
    second = ask(item, by=ann, reason="Booked for March.")

    first.refresh_from_db()
    assert (first.closed_by, first.closed_because) == (ann, "Asked again.")
    assert (second.extends, second.closed_at) == (None, None)


def test_a_question_whose_end_has_passed_is_not_agreed_to_and_makes_way_for_anybodys():
    launch, ann, amara = crew()
    item = make.item(launch, 5)
    first = ask(item, by=ann, until=TODAY)

    with refused("Its end has passed while it waited. It has to be asked for again."):
        agree(first, by=amara, at=first.ends_at)
    second = ask(item, by=launch.lead, at=first.ends_at)

    first.refresh_from_db()
    assert (first.closed_at, first.closed_by) == (second.asked_at, None)


def test_an_agreement_is_bound_to_what_was_shown():
    launch, ann, amara = crew(signed_off=3)
    item = must_have(launch, 5)
    waiver = ask(item, by=ann)
    seen = said(item, by=amara)

    with refused("What this agrees to has changed since you loaded the page. Look at it again."):
        exemptions.agree(waiver, seal="another", **seen)
    seal = seal_of(waiver)
    make.sign(make.item(launch, 4), by=ann)
    with refused("What this agrees to has changed since you loaded the page. Look at it again."):
        exemptions.agree(waiver, seal=seal, **seen)

    assert latest(item).agreed_at is None


def test_an_asker_who_asks_otherwise_meanwhile_stops_an_agreement_to_what_was_asked_before():
    launch, ann, amara = crew()
    item = make.item(launch, 5)
    waiver = ask(item, by=ann)
    seal, seen = seal_of(waiver), said(item, by=amara)
    ask(item, by=ann, until=SOON + timedelta(days=1))

    with refused("Ann changed this just now. Nothing was lost."):
        exemptions.agree(waiver, seal=seal, **seen)
    with refused("This was taken back already."):
        exemptions.agree(waiver, seal=seal, **said(item, by=amara))


def test_who_may_agree_may_say_no_with_a_reason():
    launch, ann, amara = crew()
    waiver = ask(make.item(launch, 5), by=ann)

    with refused("Say why not."):
        exemptions.decline(waiver, because=" ", **said(waiver.item, by=amara))
    exemptions.decline(waiver, because="Do it now.", **said(waiver.item, by=amara, at=LATER))

    closed = latest(waiver.item)
    assert (closed.closed_by, closed.closed_at, closed.closed_because) == (
        amara,
        LATER,
        "Do it now.",
    )
    assert closed.agreed_at is None


def test_who_agreed_may_agree_no_longer_and_the_hold_is_back():
    launch, ann, amara = crew()
    waiver = agree(ask(must_have(launch, 5), by=ann), by=amara)

    exemptions.decline(waiver, because="It got worse.", **said(waiver.item, by=amara))

    assert stored(launch)["holds"] == 1
    assert stored(launch) == recomputed(launch)


def test_the_asker_and_the_lead_take_back_and_nobody_else_does():
    launch, ann, amara = crew()
    item = make.item(launch, 5)
    left_out = agree(propose(item, by=ann), by=amara)
    ben = make.user("Ben", team=launch.team)

    with refused("Only Ann or the lead can take this back."):
        exemptions.withdraw(left_out, **said(item, by=ben, key="form"))
    exemptions.withdraw(left_out, **said(item, by=ann))
    with refused("This was taken back already."):
        exemptions.withdraw(left_out, **said(item, by=launch.lead))
    make.sign(item, by=ann)

    assert key_is_free("form")
    assert (stored(launch)["checked"], stored(launch)["counted"]) == (1, 5)


def test_nothing_is_asked_agreed_or_taken_back_once_the_launch_is_over():
    launch, ann, amara = crew()
    item = make.item(launch, 5)
    waiver = ask(item, by=ann)
    Launch.objects.filter(pk=launch.pk).update(stage=Stage.ARCHIVED.value)
    over = "This launch is over: its checklist is closed."

    with refused(over):
        propose(item, by=ann)
    with refused(over):
        agree(waiver, by=amara)
    with refused(over):
        exemptions.decline(waiver, because="No.", **said(item, by=amara))
    with refused(over):
        exemptions.withdraw(waiver, **said(item, by=ann))


def test_a_secret_in_what_was_asked_or_declined_is_taken_out_everywhere():
    launch, ann, amara = crew()
    waiver = ask(make.item(launch, 5), by=ann)
    exemptions.decline(waiver, because="The key is hunter2.", **said(waiver.item, by=amara))
    admin = make.user("Olu", is_site_admin=True)

    for kind in (Kind.EXEMPTION_PROPOSED, Kind.EXEMPTION_DECLINED):
        event = Event.objects.get(subject=launch.subject, kind=kind.value)
        redact(event, by=admin, because="A secret.", key=make.key(), now=LATER)

    found = latest(waiver.item)
    words = (found.reason, found.compensating_control, found.closed_because)
    assert words == ("[redacted]",) * 3
    assert faults(launch) == []


def test_history_says_in_words_what_was_asked_agreed_and_ended():
    launch, ann, amara = crew()
    first = agree(ask(make.item(launch, 5), by=ann), by=amara)
    longer = ask(first.item, by=ann, until=SOON + timedelta(days=5))
    exemptions.decline(longer, because="No.", **said(first.item, by=amara))
    exemptions.withdraw(first, **said(first.item, by=ann))
    propose(make.item(launch, 4), by=ann)

    content = pinned(launch.version_id)
    found = [
        (line.did, line.then, line.quote)
        for kind, _, _, payload in told(launch)
        if kind.startswith("exemption")
        for line in [SENTENCES[Kind(kind)](payload, content)]
    ]

    asked = "Booked for January. Instead: A person looks daily."
    assert found == [
        ("asked for a waiver of", "until 23 Dec 2026", asked),
        ("waived", "until 23 Dec 2026, as Ann asked", ""),
        ("asked for a longer waiver of", "until 28 Dec 2026", asked),
        ("declined a waiver of", "", "No."),
        ("took back the waiver of", "", ""),
        ("proposed as not applicable:", "", "There is no traffic to switch."),
    ]
