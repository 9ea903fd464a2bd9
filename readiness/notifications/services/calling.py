"""Calling the channels outside: queueing what they should hear, and bringing calls to an end.

As with mails no statement waits for the network, and each step is fenced by a lease. A call that
was not answered may have arrived: who tells repeats by their name is called again, the others
are not, unless the settings say so.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from readiness.launches.models import Launch
from readiness.notifications.models import UNSENT, Call, Hook, State, Way
from readiness.notifications.queries.told import Told, told_as_test, told_of
from readiness.notifications.services.hooks import LASTS, REMOVED, remove_gone
from readiness.notifications.services.nudging import CALL, nudge
from readiness.notifications.topics import BY_EVENT
from readiness.notifications.ways import KNOWS_REPEATS, WRITERS
from readiness.web import outgoing, prepared

LEASE = timedelta(seconds=90)  # longer than a task may live
BUDGET_SECONDS, CALL_SECONDS = 30.0, 10.0
STALE = timedelta(days=1)  # what is older is history, not news
WAITS = [timedelta(seconds=seconds) for seconds in (10, 60, 300, 1_800, 7_200, 18_000, 36_000)]
LONGEST_WAIT = timedelta(hours=12)
LATER = {408, 425, 429}  # with 5xx: not now
GONE = 410
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
    elif call.handed_over_at and not _may_repeat(hook):
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
    body, headers = WRITERS[Way(call.hook.way)](told, call.hook, name_of(call), now)
    if not _held(call).update(handed_over_at=now):
        return  # somebody else has it now
    try:
        answer = outgoing.post(call.hook.url, body, headers, seconds=CALL_SECONDS)
    except outgoing.Refused as fault:
        _settle(call, State.FAILED, now, because=str(fault))
    except outgoing.Unreached as silence:
        if silence.was_sent and not _may_repeat(call.hook):
            _settle(call, State.UNKNOWN, now, because=str(silence))
        else:
            _put_back(call, now, because=str(silence))
    else:
        _answered(call, answer, now)


def _answered(call: Call, answer: outgoing.Answer, now: datetime) -> None:
    """2xx is taken, 5xx and a few more are for later, all else is for ever."""
    said = f"{answer.status} {answer.words}".strip()
    _held(call).update(status=answer.status)
    if 200 <= answer.status < 300:
        _settle(call, State.SENT, now)
    elif answer.status in LATER or answer.status >= 500:
        _put_back(call, now, because=said, asked_for=answer.retry_after)
    else:
        _settle(call, State.FAILED, now, because=said)
    if answer.status == GONE:
        remove_gone(call.hook, now=now)


def name_of(call: Call) -> str:
    """The name under which the other side knows a call: the same through all tries and rounds."""
    what = f"event-{call.event_id}" if call.event_id else f"test-{call.pk}"
    return f"{what}-hook-{call.hook_id}"


def _may_repeat(hook: Hook) -> bool:
    return Way(hook.way) in KNOWS_REPEATS or settings.RESENDS_AFTER_SILENCE


def _put_back(call: Call, now: datetime, *, because: str, asked_for: str = "") -> None:
    """Let it wait for its next try, longer each time, or as long as the other side asks."""
    wait = WAITS[min(call.attempts, len(WAITS)) - 1]
    if asked_for.isascii() and asked_for.isdigit():
        wait = max(wait, min(timedelta(seconds=int(asked_for[:6])), LONGEST_WAIT))
    _held(call).update(
        state=State.QUEUED.value,
        because=because[:300],
        handed_over_at=None,
        lease=None,
        not_before=now + wait,
    )


def _settle(call: Call, state: State, now: datetime, *, because: str = "") -> None:
    _held(call).update(state=state.value, because=because[:300], settled_at=now, lease=None)


def _held(call: Call) -> QuerySet[Call]:
    """The call, if it is still under the lease that it was claimed with."""
    return Call.objects.filter(pk=call.pk, lease=call.lease, state__in=UNSENT)
