"""What somebody wants to change, with what they may do to it, in one statement."""

from collections.abc import Collection
from functools import cache

from readiness import clock
from readiness.accounts.models import User
from readiness.accounts.permissions import ALLOWED, Action, Relation, roles_for
from readiness.launches.models import Launch, LaunchItem
from readiness.web import prepared

FIELDS = prepared.columns_of(LaunchItem)
# Says in words of SQL what `permissions.grants` says: a test holds the two equal.
ITEMS = """
SELECT {fields},
       l.lead_id = %(by)s OR coalesce(rights.see, %(is_admin)s) OR rights.guest AS is_visible,
       l.lead_id = %(by)s OR coalesce(rights.may, false)
           OR %(guests_may)s AND rights.guest AS is_permitted,
       EXISTS (
           SELECT FROM launches_signoff s
           WHERE s.item_id = i.id AND s.by_id = %(by)s AND s.withdrawn_at IS NULL
       ) AS is_signed_by_them,
       EXISTS (
           SELECT FROM accounts_absence away WHERE away.person_id = i.owner_id
       ) AS owner_may_be_away
FROM launches_launchitem i
JOIN launches_launch l ON l.id = i.launch_id
CROSS JOIN LATERAL (
    SELECT bool_or(m.role = ANY(%(see)s::text[])) OR %(is_admin)s AS see,
           bool_or(m.role = ANY(%(may)s::text[])) AS may,
           %(was_guest)s AND EXISTS (
               SELECT FROM launches_guest g
               WHERE g.person_id = %(by)s AND g.launch_id = l.id AND g.until > %(now)s
           ) AS guest
    FROM accounts_membership m
    WHERE m.person_id = %(by)s AND (m.team_id = l.team_id OR m.team_id IS NULL)
) rights
""".format(fields=", ".join(f"i.{name}" for name in FIELDS))  # noqa: S608
ITEM = f"{ITEMS} WHERE i.id = %(item)s"
OF_LAUNCH = f"{ITEMS} WHERE i.launch_id = %(launch)s AND i.id = ANY(%(items)s)"


def item_for(pk: int, *, by: User, to: Action) -> LaunchItem:
    """The item, with what this person may do: `is_visible`, `is_permitted` for the act.

    It also says in `is_signed_by_them` whether their sign-off stands. Raises
    LaunchItem.DoesNotExist.
    """
    return found_in(asked_for(pk, by=by, to=to))


def numbered(pk: int) -> LaunchItem:
    """An item of which only its number is known, for a service that reads it again.

    Django would make up all its other fields.
    """
    return prepared.instance(LaunchItem, ("id",), (pk,))


def asked_for(pk: int, *, by: User, to: Action) -> prepared.Answer[tuple | None]:
    """The same, under way: `found_in` says what was found."""
    return prepared.ask(ITEM, {"item": pk, **_asked(by, to)}, prepared.first)


def found_in(answer: prepared.Answer[tuple | None]) -> LaunchItem:
    found = answer.read()
    if found is None:
        raise LaunchItem.DoesNotExist
    return _item(found)


def items_for(
    launch: Launch, pks: Collection[int], *, by: User, to: Action
) -> dict[int, LaunchItem]:
    """The same of those of these items that are the launch's, by id, in one statement."""
    rows = prepared.rows(OF_LAUNCH, {"launch": launch.pk, "items": list(pks), **_asked(by, to)})
    items = {item.pk: item for item in map(_item, rows)}
    for item in items.values():
        item.launch = launch
    return items


def _asked(by: User, to: Action) -> dict[str, object]:
    return {
        "by": by.pk,
        "is_admin": by.is_site_admin,
        "was_guest": by.is_guest,
        "guests_may": Relation.GUEST in ALLOWED[to],
        "now": clock.now(),
        "see": _as_array(Action.LAUNCH_VIEW),
        "may": _as_array(to),
    }


@cache
def _as_array(act: Action) -> str:
    """The roles that allow an act, as PostgreSQL writes arrays: each statement would make it."""
    return f"{{{','.join(roles_for(act))}}}"


def _item(found: tuple) -> LaunchItem:
    item = prepared.instance(LaunchItem, FIELDS, found[: len(FIELDS)])
    item.is_visible, item.is_permitted, item.is_signed_by_them, item.owner_may_be_away = found[
        len(FIELDS) :
    ]
    return item
