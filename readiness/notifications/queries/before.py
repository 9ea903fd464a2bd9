"""What a digest begins with: where the one before left off, and what there may be to tell.

Mostly there is nothing beside items, and asking for each sort of it with the ORM takes longer
than all the rest. So it is asked in one statement that PostgreSQL plans once; it may say yes
too often, never too seldom. What is told is decided by the queries of each sort.

Digests follow each other without a gap: what is new to somebody begins where the one before left
off, or with the absence out of which they come. So they hear what happened meanwhile and is still
so, whenever it was.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from readiness.accounts.models import User
from readiness.accounts.permissions import Action, roles_for
from readiness.launches.models.launches import QUIET
from readiness.notifications.models import Delivery
from readiness.notifications.queries.endings import FURTHEST
from readiness.notifications.queries.seconds import SIGNED, SIGNERS
from readiness.web import prepared

NEW = timedelta(days=7)
REACH = timedelta(days=13)  # over holidays, days off, and days on which no mail could be sent

# Since when things are new to a `person` who hears of them `at`, and was `told_at` last, if ever.
SINCE = """
    CASE WHEN told_at IS NULL THEN at - %(new)s ELSE greatest(told_at, at - %(reach)s) END
"""
# The absence out of which they come with this digest.
RETURN = """
    FROM accounts_absence away
    WHERE away.person_id = person.id AND away.ends_at <= person.at
      AND away.ends_at > greatest(told_at, person.at - %(reach)s)
"""

BEFORE = f"""
WITH person AS (
    SELECT %(person)s::bigint AS id, %(at)s::timestamptz AS at, (
        SELECT due_at FROM notifications_delivery
        WHERE recipient_id = %(person)s AND kind = %(kind)s AND channel = %(channel)s
          AND "window" < %(window)s AND state <> 'failed'
        ORDER BY "window" DESC LIMIT 1
    ) AS told_at
), began AS MATERIALIZED (
    SELECT least({SINCE}, back.since) AS since, back.since IS NOT NULL AS is_back
    FROM person
    LEFT JOIN LATERAL (SELECT greatest(away.begins_at, told_at) AS since {RETURN}) back ON true
)
SELECT (SELECT since FROM began), EXISTS (
    SELECT FROM launches_exemption waiver
    JOIN launches_launchitem item ON item.id = waiver.item_id
    JOIN launches_launch launch ON launch.id = item.launch_id
    WHERE waiver.kind = 'waiver' AND waiver.agreed_at IS NOT NULL AND waiver.closed_at IS NULL
      AND waiver.ends_at >= (SELECT since FROM began) AND waiver.ends_at < %(furthest)s
      AND coalesce(item.owner_id, launch.lead_id) = %(person)s
), EXISTS (
    SELECT FROM launches_actionitem
    WHERE owner_id = %(person)s AND done_at IS NULL AND due_on <= %(soon)s
) OR EXISTS (
    SELECT FROM launches_decision decision
    JOIN launches_launch launch ON launch.id = decision.launch_id
    WHERE greatest(decision.voided_at, decision.asked_at, decision.decided_at)
          >= (SELECT since FROM began)
      AND (launch.lead_id = %(person)s
           OR EXISTS (SELECT FROM launches_launchapprover
                      WHERE launch_id = launch.id AND person_id = %(person)s)
           OR EXISTS (SELECT FROM launches_actionitem
                      WHERE decision_id = decision.id AND owner_id = %(person)s))
), EXISTS (
    SELECT FROM reviews_review review
    WHERE review.state = 'planned' AND review.starts_at >= %(at)s AND review.starts_at < %(until)s
      AND (review.facilitator_id = %(person)s OR EXISTS (
          SELECT FROM reviews_invited
          WHERE review_id = review.id AND person_id = %(person)s))
), EXISTS (
    SELECT FROM launches_decision decision
    JOIN launches_launchapprover seat ON seat.launch_id = decision.launch_id
    WHERE decision.outcome = '' AND seat.person_id = %(person)s
) OR EXISTS (
    SELECT FROM launches_exemption asked
    JOIN launches_launchitem item ON item.id = asked.item_id
    JOIN launches_launch launch ON launch.id = item.launch_id
    WHERE asked.agreed_at IS NULL AND asked.closed_at IS NULL AND asked.asked_by_id <> %(person)s
      AND (launch.lead_id = %(person)s OR EXISTS (
          SELECT FROM accounts_membership held
          WHERE held.person_id = %(person)s AND held.role = ANY (%(agreeing)s)
            AND (held.team_id IS NULL OR held.team_id = launch.team_id)))
) OR EXISTS (
    SELECT FROM launches_signoff word
    JOIN launches_launchitem item ON item.id = word.item_id
    JOIN launches_launch launch ON launch.id = item.launch_id
    WHERE word.broke_glass AND word.confirmed_at IS NULL AND word.withdrawn_at IS NULL
      AND word.by_id <> %(person)s
      AND (launch.lead_id = %(person)s OR EXISTS (
          SELECT FROM accounts_membership held
          WHERE held.person_id = %(person)s AND held.role = ANY (%(confirming)s)
            AND (held.team_id IS NULL OR held.team_id = launch.team_id)))
) OR EXISTS (
    SELECT FROM {SIGNED}
    WHERE launch.stage <> ALL (%(quiet)s) AND %(person)s IN ({SIGNERS})
), EXISTS (
    SELECT FROM launches_signoff word
    JOIN launches_launchitem item ON item.id = word.item_id
    JOIN launches_launch launch ON launch.id = item.launch_id
    WHERE word.by_id = %(person)s AND word.withdrawn_at IS NULL
      AND (word.basis <> item.basis OR word.expires_at <= %(at)s)
      AND launch.stage <> ALL (%(quiet)s)
), EXISTS (
    SELECT FROM launches_commentmention
    WHERE person_id = %(person)s AND at >= (SELECT since FROM began) AND at < %(at)s
), EXISTS (
    SELECT FROM accounts_absence away
    WHERE away.begins_at <= %(at)s AND away.ends_at >= %(at)s AND (
        away.stand_in_id = %(person)s OR EXISTS (
            SELECT FROM launches_launch led
            WHERE led.lead_id = %(person)s AND led.stage <> ALL (%(quiet)s)))
), (SELECT is_back FROM began)
"""  # noqa: S608


class Before(NamedTuple):
    """Since when things are new, and what there may be."""

    since: datetime
    has_endings: bool
    has_notices: bool
    has_reviews: bool
    has_waits: bool
    has_fallen: bool
    has_mentions: bool
    has_absent: bool
    is_back: bool = False


def before(delivery: Delivery, person: User, *, until: datetime, soon: timedelta) -> Before:
    """Where the digest before left off, and what there may be to tell."""
    at = delivery.due_at
    found = prepared.row(
        BEFORE,
        {
            "person": person.pk,
            "kind": delivery.kind,
            "channel": delivery.channel,
            "window": delivery.window,
            "at": at,
            "now": until,  # what runs out today is asked for rather than not
            "new": NEW,
            "reach": REACH,
            "until": until,
            "furthest": at + FURTHEST,
            "soon": date.fromisoformat(delivery.window) + soon,
            "quiet": list(QUIET),
            "agreeing": roles_for(Action.EXEMPTION_AGREE),
            "confirming": roles_for(Action.GLASS_CONFIRM),
            "signing": roles_for(Action.ITEM_SIGN),
        },
    )
    return Before(*found) if found else Before(at - NEW, *[True] * 7)
