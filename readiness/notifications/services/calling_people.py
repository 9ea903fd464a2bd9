"""Calling people on the channels of their own: what they hear there is what a mail would say.

A delivery by such a channel is checked, written and brought to its end as a mail is; only the
last step is a call by HTTP, as those to the channels of teams are.
"""

import time
from datetime import datetime

from readiness.notifications.models import Delivery, OwnHook, State, Way
from readiness.notifications.queries.told import Told
from readiness.notifications.services.delivering import (
    CALLS,
    LeaseLost,
    claim,
    letter_to_send,
    mark_handed_over,
    settle,
    try_again,
)
from readiness.notifications.services.own_hooks import remove_gone
from readiness.notifications.services.posting import Place, may_repeat, posted

BUDGET_SECONDS, CALL_SECONDS = 30.0, 10.0
REMOVED = "They have no such channel any more."


def call_people(*, now: datetime) -> int:
    """Call whom it is time to call; says how many. Safe to run twice and beside itself."""
    started, done = time.monotonic(), 0
    while time.monotonic() - started < BUDGET_SECONDS - CALL_SECONDS:
        delivery = claim(now, CALLS)
        if delivery is None:
            break
        done += 1
        bring_to_an_end(delivery, now)
    return done


def bring_to_an_end(delivery: Delivery, now: datetime) -> None:
    """Bring one claimed row to an end, or back to waiting."""
    standing = OwnHook.objects.filter(person=delivery.recipient_id, removed_at=None)
    hook = standing.filter(way=delivery.channel).first()
    if hook is None:
        settle(delivery, State.SKIPPED, now, because=REMOVED)
        return
    letter = letter_to_send(delivery, now, may_repeat=may_repeat(Way(hook.way)))
    if letter and letter.told:
        _call(delivery, hook, letter.told, now)


def _call(delivery: Delivery, hook: OwnHook, told: Told, now: datetime) -> None:
    """Make the call, and write down what came of it."""
    said = "\n".join([told.sentence, *(line.words for line in told.lines)])
    try:
        mark_handed_over(delivery, now, subject=told.sentence[:300], text=said)
    except LeaseLost:
        return
    place = Place(Way(hook.way), hook.url, hook.secret)
    outcome = posted(told, place, name_of(delivery, hook), now, seconds=CALL_SECONDS)
    if outcome.state:
        settle(delivery, outcome.state, now, because=outcome.because)
    else:
        try_again(delivery, now + outcome.wait(delivery.attempts), because=outcome.because)
    if outcome.is_gone:
        remove_gone(hook, now=now)


def name_of(delivery: Delivery, hook: OwnHook) -> str:
    """The name under which the other side knows it: the same through all tries."""
    return f"delivery-{delivery.pk}-own-{hook.pk}"
