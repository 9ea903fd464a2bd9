"""What a review left to do on items, wherever it is shown: the board, the digest, the history."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from readiness.audit.kinds import Kind
from readiness.launches.models import ActionItem, Launch
from readiness.launches.queries.actions import Show, board_for
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.sentences import SENTENCES
from readiness.launches.services import actions
from readiness.notifications.queries.decided import notices_of
from readiness.reviews.models.room import Outcome
from readiness.reviews.queries.minutes_markdown import markdown
from readiness.reviews.queries.minutes_text import shown_of
from readiness.reviews.services import clock, deciding, finishing, guests, parking, planning
from readiness.reviews.services.deciding import Said
from tests import make
from tests.launches.given import refused, told, version_of
from tests.reviews.given import Cast, cast, meeting, plan
from tests.reviews.test_stage import come, taking_it

pytestmark = pytest.mark.django_db
DUE = (make.NOW + timedelta(days=2)).date()


def left_to_do(here: Cast) -> ActionItem:
    """Cem owes something on the second item."""
    review, item = meeting(here), make.item(here.launch, 2)
    said = Said(Outcome.NOT_DONE, note="Rerun the test.", owner=here.cem, due_on=DUE)
    act = {"version": version_of(item), "by": here.ann, "key": make.key(), "now": make.NOW}
    deciding.decide(review, item, said, **act)
    return ActionItem.objects.get()


def test_a_follow_up_is_on_the_board_with_its_item_and_is_done_there(client):
    here = cast()
    owed = left_to_do(here)
    client.force_login(here.cem)

    with time_machine.travel(make.NOW, tick=False):
        shown = client.get(reverse("launches:actions")).content.decode()
        note = {"note": "Run 12.", "key": make.key()}
        client.post(reverse("launches:action-done", args=[owed.pk]), note)

    owed.refresh_from_db()
    assert "Rerun the test." in shown
    assert f'Follow-up of <a href="/items/{owed.item_id}/">1.2 ' in shown
    assert "Record" not in shown
    assert (owed.done_by, owed.done_note) == (here.cem, "Run 12.")


def test_an_item_says_what_is_left_to_do_on_it_until_that_is_done(client):
    here = cast()
    owed = left_to_do(here)
    client.force_login(here.bob)

    with time_machine.travel(make.NOW, tick=False):
        shown = client.get(owed.item.get_absolute_url()).content.decode()
        actions.finish(owed, note="Run 12.", by=here.cem, key=make.key(), now=make.NOW)
        after = client.get(owed.item.get_absolute_url()).content.decode()

    assert "<dt>Follow-up</dt>" in shown
    assert "Rerun the test." in shown
    assert "<dt>Follow-up</dt>" not in after


def test_who_owes_a_follow_up_is_asked_to_close_it_once_its_item_is_done(client):
    here = cast()
    owed = left_to_do(here)
    make.sign(owed.item, by=here.ann)

    shown = {}
    for person in (here.bob, here.cem):
        client.force_login(person)
        page = client.get(owed.item.get_absolute_url()).content.decode()
        shown[person.name] = f'#action-{owed.pk}">The item is done: close this, too</a>' in page

    assert shown == {here.bob.name: False, here.cem.name: True}


def test_the_board_and_the_digest_say_that_the_item_of_a_follow_up_is_done(client):
    here = cast()
    owed = left_to_do(here)
    span = {"since": make.NOW, "at": make.NOW, "soon": timedelta(days=3)}
    make.sign(owed.item, by=here.ann)
    client.force_login(here.cem)

    with time_machine.travel(make.NOW, tick=False):
        shown = client.get(reverse("launches:actions")).content.decode()
    [notice] = notices_of(here.cem, today=make.NOW.date(), **span)

    assert "The item is done: close this, too." in shown
    assert notice.then == "The item is done: close this, too."


def test_the_minutes_say_of_a_follow_up_that_its_item_is_checked_meanwhile():
    here = cast()
    owed = left_to_do(here)
    make.sign(owed.item, by=here.ann)
    review = here.launch.reviews.get()

    minutes = finishing.finish(review, by=here.ann, key=make.key(), now=make.NOW)

    [shown] = shown_of(minutes).follow_ups
    assert shown["due"] == "Wed 25 Nov, the item is checked"
    assert "by 2026-11-25, the item is checked)" in markdown(shown_of(minutes))


def test_a_follow_up_is_owed_while_its_launch_goes_on():
    here = cast()
    owed = left_to_do(here)

    [group] = board_for(here.cem, Show.MINE, make.NOW).groups
    Launch.objects.update(stage="cancelled")
    gone = board_for(here.cem, Show.MINE, make.NOW).groups

    assert [(row.item, row.is_mine) for row in group.rows] == [(owed, True)]
    assert gone == ()
    with refused("This launch is over: its checklist is closed."):
        actions.finish(owed, note="Done.", by=here.cem, key=make.key(), now=make.NOW)


def test_the_digest_of_its_owner_says_who_asked_for_it():
    here = cast()
    left_to_do(here)
    span = {"since": make.NOW, "at": make.NOW, "soon": timedelta(days=3)}

    [notice] = notices_of(here.cem, today=make.NOW.date(), **span)

    assert notice.then == "A review of the launch asked for this."


def test_every_act_of_a_review_is_a_sentence_of_the_history():
    here = cast()
    first = plan(here)
    said = {"by": here.ann, "now": make.NOW}
    planning.cancel(first, because="The data is late.", key=make.key(), **said)
    owed = left_to_do(here)
    review = here.launch.reviews.latest("pk")
    parking.park(review, make.item(here.launch, 3), because="Cost?", key=make.key(), **said)
    clock.extend(review, minutes=15, key=make.key(), **said)
    clock.pause(review, key=make.key(), **said)
    clock.resume(review, key=make.key(), **said)
    guests.invite(review, person=make.user("Gus Gray"), key=make.key(), **said)
    come(review, here.bob)
    taking_it(review, here.bob)()
    actions.finish(owed, note="Run 12.", by=here.cem, key=make.key(), now=make.NOW)

    sentences = [
        " ".join(filter(None, (one.did, one.then, one.quote, one.change)))
        for kind, _, _, payload in told(here.launch)
        if kind.startswith("review.") or kind == Kind.ACTION_ITEM_DONE
        for one in [SENTENCES[Kind(kind)](payload, pinned(here.launch.version_id))]
    ]

    assert sentences == [
        "planned design review 1 for Tue 24 Nov at 13:00 (Europe/Berlin)",
        "cancelled design review 1 The data is late.",
        "planned design review 2 for Tue 24 Nov at 13:00 (Europe/Berlin)",
        "started design review 2",
        "decided in design review 2 on as not done: Cem Can until Wed 25 Nov Rerun the test.",
        "parked in design review 2 Cost?",
        "gave design review 2 more time 75 minutes, was 60 minutes",
        "paused design review 2",
        "resumed design review 2",
        "invited Gus Gray to design review 2",
        "took the empty driver's seat in design review 2",
        "did “Rerun the test.”, the follow-up of Run 12.",
    ]
