"""Who may read the stream of a launch, or of a review: whoever may see the launch."""

from collections.abc import Sequence

from readiness import clock
from readiness.accounts.permissions import Action, roles_for
from readiness.web import prepared
from readiness.web.live import Asked, Seat

# Says in words of SQL what `visible_to` says, of many people at once: a test holds them equal.
SEEN = """
SELECT asked.place, l.subject_id
FROM unnest(%(people)s::bigint[], %(admins)s::boolean[], %(things)s::bigint[])
     WITH ORDINALITY AS asked (person, is_admin, thing, place)
JOIN {launches}
WHERE asked.is_admin OR l.lead_id = asked.person OR EXISTS (
    SELECT FROM accounts_membership m
    WHERE m.person_id = asked.person AND (m.team_id = l.team_id OR m.team_id IS NULL)
          AND m.role = ANY(%(roles)s)
) OR EXISTS (
    SELECT FROM launches_guest g
    WHERE g.person_id = asked.person AND g.launch_id = l.id AND g.until > %(now)s
)
"""
LAUNCHES = SEEN.format(launches="launches_launch l ON l.id = asked.thing")
REVIEWS = SEEN.format(
    launches="reviews_review r ON r.id = asked.thing JOIN launches_launch l ON l.id = r.launch_id"
)


def of_launches(asked: Sequence[Asked]) -> list[Seat | None]:
    """A stream of a launch is drawn anew when something happens in its chain."""
    subjects = _subjects(LAUNCHES, asked)
    return [Seat(frozenset({f"subjects/{one}"})) if one else None for one in subjects]


def of_reviews(asked: Sequence[Asked]) -> list[Seat | None]:
    """That of a review also when something happens in the room that is not in the chain."""
    subjects = _subjects(REVIEWS, asked)
    return [
        Seat(frozenset({f"subjects/{subject}", f"reviews/{one.pk}"})) if subject else None
        for subject, one in zip(subjects, asked, strict=True)
    ]


def _subjects(sql: str, asked: Sequence[Asked]) -> list[int | None]:
    """The chain of each launch asked for; nothing where it may not be seen, or is not there."""
    rows = prepared.rows(
        sql,
        {
            "people": [one.person.pk for one in asked],
            "admins": [one.person.is_site_admin for one in asked],
            "things": [one.pk for one in asked],
            "roles": roles_for(Action.LAUNCH_VIEW),
            "now": clock.now(),
        },
    )
    found = dict(rows)
    return [found.get(place) for place in range(1, len(asked) + 1)]
