"""For whom else somebody acts: those who are away, and whose word was waited for."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from readiness.accounts.absences import absent_for
from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.launches.models import LaunchItem
from readiness.launches.queries.signing import not_theirs


def agreed_for(
    item: LaunchItem, *, to: Action, asker: int, by: User, now: datetime
) -> dict[str, Any]:
    """What an event says of those in whose place a person agrees, or confirms; mostly nothing."""
    absent = [one for one in _absent(by, now) if one.pk != asker]
    return _said(one for one in absent if to in item.launch.acts_of(one))


def signed_for(item: LaunchItem, *, is_shared: bool, by: User, now: datetime) -> dict[str, Any]:
    """The same of who signs: for the owner, or as one of several whom the item asks for.

    Whether the owner may be away came with the item, so that a check costs nothing more.
    """
    is_others = item.owner_id != by.pk and item.owner_may_be_away
    if not (is_others or is_shared):
        return {}
    absent = _absent(by, now)
    waits = {*_waiting(item, absent, by)} if is_shared and absent else set()
    return _said(one for one in absent if one.pk == item.owner_id or one.pk in waits)


def _absent(by: User, now: datetime) -> list[User]:
    found = [one.pk for one in absent_for(by, now)]
    return list(User.objects.filter(pk__in=found).order_by("name")) if found else []


def _waiting(item: LaunchItem, absent: Collection[User], by: User) -> list[int]:
    """Those of them whose signature is waited for, since others signed."""
    signed = {*item.signoffs.standing().exclude(by=by).values_list("by", flat=True)}
    if not signed:
        return []
    return [
        one.pk
        for one in absent
        if one.pk not in signed
        and Action.ITEM_SIGN in item.launch.acts_of(one)
        and not not_theirs(item, one)
    ]


def _said(people: Iterable[User]) -> dict[str, Any]:
    names = [one.name for one in people]
    return {"absent": names} if names else {}
