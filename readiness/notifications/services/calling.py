"""Calling the channels outside: queueing what they should hear, and bringing calls to an end.

As with mails no statement waits for the network, and each step is fenced by a lease. A call that
was not answered may have arrived: who tells repeats by their name is called again, the others
are not, unless the settings say so.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet

from readiness.launches.models import Launch
from readiness.notifications.models import UNSENT, Call, State, Way
from readiness.notifications.queries.told import Told, told_as_test, told_of
from readiness.notifications.services.hooks import LASTS, REMOVED, remove_gone
from readiness.notifications.services.nudging import CALL, nudge
from readiness.notifications.services.posting import Place, may_repeat, posted
from readiness.notifications.topics import BY_EVENT
from readiness.web import prepared

LEASE = timedelta(seconds=90)  # longer than a task may live
BUDGET_SECONDS, CALL_SECONDS = 30.0, 10.0
STALE = timedelta(days=1)  # what is older is history, not news
NOTHING = "There is nothing to tell any more."
NO_ANSWER = "The worker stopped while the call was under way. It may have arrived."
TOO_LATE = "It was not reached in time."

QUEUE = """
INSERT INTO notifications_call (
    hook_id, event_id, round, state, queued_at, not_before, give_up_at, attempts, because)
SELECT hook.id, event.id, 1, 'queued', %(now)s, %(now)s, %(until)s, 0, ''
FROM audit_event event
JOIN unnest(%(kinds)s::text[], %(topics)s::text[]) AS heard(kind, topic)
    ON heard.kind = event.kind
JOIN notifications_hook hook
    ON hook.team_id = event.team_id AND hook.removed_at IS NULL
   AND hook.made_at <= event.at AND heard.topic = ANY (hook.topics)
WHERE event.id = ANY (%(events)s::bigint[]) AND event.at >= %(since)s
ON CONFLICT DO NOTHING RETURNING id
"""
CLAIM = """
UPDATE notifications_call
SET state = 'sending', lease = gen_random_uuid(), not_before = %(until)s, attempts = attempts + 1
WHERE id = (
    SELECT id FROM notifications_call
    WHERE state IN ('queued', 'sending') AND not_before <= %(now)s
    ORDER BY not_before, id LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING *
"""


def queue_calls(events: Sequence[int], *, now: datetime) -> int:
    """Queue events for the channels of their teams that want to hear of them; says how many.

    Doing it again changes nothing. A channel hears nothing that happened before it was added.
    """
    if not events:
        return 0
    values = {
        "events": prepared.numbers(events),
        "kinds": list(BY_EVENT),
        "topics": [topic.value for topic in BY_EVENT.values()],
        "since": now - STALE,
        "now": now,
        "until": now + LASTS,
    }
    queued = len(prepared.rows(QUEUE, values))
    if queued:
        nudge(CALL)
    return queued


def call_due(*, now: datetime) -> int:
    """Call whom it is time to call; says how many. Safe to run twice and beside itself."""
    started, done = time.monotonic(), 0
    while time.monotonic() - started < BUDGET_SECONDS - CALL_SECONDS:
        call = _claimed(now)
        if call is None:
            break
        done += 1
        bring_to_an_end(call, now)
    return done


def _claimed(now: datetime) -> Call | None:
    return next(iter(Call.objects.raw(CLAIM, {"now": now, "until": now + LEASE})), None)


def bring_to_an_end(call: Call, now: datetime) -> None:
    """Bring one claimed call to its end, or back to waiting."""
    hook = call.hook
    if hook.removed_at:
        _settle(call, State.SKIPPED, now, because=REMOVED)
    elif call.handed_over_at and not may_repeat(Way(hook.way)):
        _settle(call, State.UNKNOWN, now, because=NO_ANSWER)
    elif call.give_up_at <= now:
        _settle(call, State.FAILED, now, because=call.because or TOO_LATE)
    elif told := _told(call, now):
        _make(call, told, now)
    else:
        _settle(call, State.SKIPPED, now, because=NOTHING)


def _told(call: Call, now: datetime) -> Told | None:
    if call.event is None:
        return told_as_test(call.hook.name, now)
    seen = Launch.objects.filter(subject=call.event.subject_id, team=call.hook.team_id)
    return told_of(call.event, now) if seen.exists() else None


def _make(call: Call, told: Told, now: datetime) -> None:
    """Make the call, and write down what came of it."""
    if not _held(call).update(handed_over_at=now):
        return  # somebody else has it now
    hook = call.hook
    place = Place(Way(hook.way), hook.url, hook.secret)
    outcome = posted(told, place, name_of(call), now, seconds=CALL_SECONDS)
    if outcome.status:
        _held(call).update(status=outcome.status)
    if outcome.state:
        _settle(call, outcome.state, now, because=outcome.because)
    else:
        _put_back(call, now + outcome.wait(call.attempts), because=outcome.because)
    if outcome.is_gone:
        remove_gone(hook, now=now)


def name_of(call: Call) -> str:
    """The name under which the other side knows a call: the same through all tries and rounds."""
    what = f"event-{call.event_id}" if call.event_id else f"test-{call.pk}"
    return f"{what}-hook-{call.hook_id}"


def _put_back(call: Call, until: datetime, *, because: str) -> None:
    """Let it wait for its next try."""
    _held(call).update(
        state=State.QUEUED.value,
        because=because,
        handed_over_at=None,
        lease=None,
        not_before=until,
    )


def _settle(call: Call, state: State, now: datetime, *, because: str = "") -> None:
    _held(call).update(state=state.value, because=because, settled_at=now, lease=None)


def _held(call: Call) -> QuerySet[Call]:
    """The call, if it is still under the lease that it was claimed with."""
    return Call.objects.filter(pk=call.pk, lease=call.lease, state__in=UNSENT)
