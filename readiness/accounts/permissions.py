"""The permission table: who may do what at all, on which page.

It is the check, the filter of every list, and the matrix of the tests. Whether a thing may
be done *now* is a policy's business, asked after this.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import cache
from typing import Any, Self, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField as Boolean
from django.db.models import Exists, ExpressionWrapper, Model, OuterRef, Q, QuerySet, Value
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from readiness.accounts.models import Membership, Role, User

VIEWER, MEMBER, LEAD = Role.VIEWER, Role.MEMBER, Role.LEAD
APPROVER, EDITOR, AUDITOR = Role.APPROVER, Role.EDITOR, Role.AUDITOR


class Relation(StrEnum):
    """What a person is to one thing, beside their roles in its team."""

    LAUNCH_LEAD = "lead of this launch"
    GUEST = "guest of this launch"
    SITE_ADMIN = "site admin"


class Action(StrEnum):
    """What people do, as far as permission tells acts apart."""

    PUBLIC = "read without signing in"
    SIGNED_IN = "use what every signed-in person may"
    ADMINISTER = "administer the installation"
    TEAM_VIEW = "read who is in a team"
    TEAM_MANAGE = "invite people and give roles"
    LAUNCH_VIEW = "read a launch"
    LAUNCH_OPEN = "open a launch"
    LAUNCH_EDIT = "edit a launch"
    ITEM_WORK = "work on an item"
    EVIDENCE_ADD = "add evidence to an item"
    ITEM_SIGN = "sign an item off"
    GLASS_CONFIRM = "confirm that one person signed alone"
    EXEMPTION_ASK = "ask to leave an item out, or for a waiver"
    EXEMPTION_AGREE = "agree to leaving an item out, or to a waiver"
    LAUNCH_DECIDE = "decide on a launch"
    COMMENT = "comment"
    REVIEW_PLAN = "plan a review"
    REVIEW_DRIVE = "drive a review"


ALLOWED: dict[Action, frozenset[Role | Relation]] = {
    Action.ADMINISTER: frozenset({Relation.SITE_ADMIN}),
    Action.TEAM_VIEW: frozenset({*Role, Relation.SITE_ADMIN}),
    Action.TEAM_MANAGE: frozenset({LEAD, Relation.SITE_ADMIN}),
    Action.LAUNCH_VIEW: frozenset({*Role, *Relation}),
    Action.LAUNCH_OPEN: frozenset({MEMBER, LEAD}),
    Action.LAUNCH_EDIT: frozenset({LEAD, Relation.LAUNCH_LEAD}),
    Action.ITEM_WORK: frozenset({MEMBER, LEAD, Relation.LAUNCH_LEAD}),
    Action.EVIDENCE_ADD: frozenset({MEMBER, LEAD, Relation.LAUNCH_LEAD, Relation.GUEST}),
    Action.ITEM_SIGN: frozenset({MEMBER, LEAD, Relation.LAUNCH_LEAD}),
    Action.GLASS_CONFIRM: frozenset({MEMBER, LEAD, APPROVER, Relation.LAUNCH_LEAD}),
    Action.EXEMPTION_ASK: frozenset({MEMBER, LEAD, Relation.LAUNCH_LEAD}),
    Action.EXEMPTION_AGREE: frozenset({LEAD, APPROVER, Relation.LAUNCH_LEAD}),
    Action.LAUNCH_DECIDE: frozenset({APPROVER}),
    Action.REVIEW_PLAN: frozenset({MEMBER, LEAD, APPROVER, Relation.LAUNCH_LEAD}),
    Action.REVIEW_DRIVE: frozenset({MEMBER, LEAD, APPROVER, Relation.LAUNCH_LEAD}),
    Action.COMMENT: frozenset({*Role, Relation.LAUNCH_LEAD, Relation.GUEST}) - {AUDITOR},
}
EVERYONE = frozenset({Action.PUBLIC, Action.SIGNED_IN})

Thing = TypeVar("Thing", bound=Model)
_let_in: list[Callable[[User], QuerySet[Any]]] = []


def guests_known_by(let_in: Callable[[User], QuerySet[Any]]) -> None:
    """Say how to find the ids of the launches that let a person in as their guest now."""
    _let_in[:] = [let_in]


def grants(
    user: User, action: Action, *, team: str = "team", lead: str = "lead"
) -> Exists | ExpressionWrapper | Q | Value:
    """An expression over rows: may this person do this to the row's launch?

    `team` and `lead` are the paths from the row to the launch's team and lead. One EXISTS
    over memberships, so that the cost does not grow with what the person may see. Only of who
    was ever a guest it is asked where they are one.
    """
    allowed = ALLOWED[action]
    if user.is_site_admin and Relation.SITE_ADMIN in allowed:
        return Value(True, output_field=Boolean())
    held = Membership.objects.filter(
        Q(team=OuterRef(team)) | Q(team=None), person=user.pk, role__in=roles_for(action)
    )
    ways = Q(**{lead: user.pk}) if Relation.LAUNCH_LEAD in allowed and lead else Q()
    if Relation.GUEST in allowed and lead and user.is_guest:
        launch = lead.removesuffix("lead") or "pk__"
        ways |= Q(**{f"{launch.removesuffix('__')}__in": _let_in[0](user)})
    return (
        ExpressionWrapper(Q(Exists(held)) | ways, output_field=Boolean()) if ways else Exists(held)
    )


@cache
def roles_for(action: Action) -> list[str]:
    """The roles that allow an act, as they stand in the database."""
    return [one.value for one in ALLOWED[action] if isinstance(one, Role)]


def can(user: User, action: Action, *, team_id: int | None = None) -> bool:
    """May this person do this in this team at all? Without a team: in any of them."""
    if action in EVERYONE:
        return True
    allowed = ALLOWED[action]
    if user.is_site_admin and Relation.SITE_ADMIN in allowed:
        return True
    held = user.memberships.filter(role__in=roles_for(action))
    if team_id is not None:
        held = held.filter(Q(team=team_id) | Q(team=None))
    return held.exists()


def acts_of(
    user: User, *, team_id: int, is_lead: bool, is_guest: bool = False
) -> frozenset[Action]:
    """All that this person may do to one launch, in one statement."""
    held = user.memberships.filter(Q(team=team_id) | Q(team=None)).values_list("role", flat=True)
    return acts_with(held, is_lead=is_lead, is_guest=is_guest, is_admin=user.is_site_admin)


def acts_with(
    roles: Iterable[str], *, is_lead: bool, is_guest: bool = False, is_admin: bool
) -> frozenset[Action]:
    """All that these roles in its team, and what a person is to it, allow with one launch."""
    seats: set[Role | Relation] = {Role(role) for role in roles}
    seats |= {Relation.LAUNCH_LEAD} if is_lead else set()
    seats |= {Relation.GUEST} if is_guest else set()
    seats |= {Relation.SITE_ADMIN} if is_admin else set()
    return frozenset(action for action, allowed in ALLOWED.items() if allowed & seats)


def is_guest(user: User, launch: int) -> bool:
    """Whether a launch lets this person in as its guest now."""
    return user.is_guest and _let_in[0](user).filter(launch=launch).exists()


class GuardedQuerySet(QuerySet[Thing]):
    """Rows that belong to a launch, and so to its team."""

    team_path = "team"
    lead_path = "lead"

    def visible_to(self, user: User) -> Self:
        """The rows this person may read."""
        return self.filter(self._grants(user, Action.LAUNCH_VIEW))

    def with_permission(self, user: User, action: Action) -> Self:
        """Each row says in `is_permitted` whether this person may do this to it."""
        return self.annotate(is_permitted=self._grants(user, action))

    def _grants(self, user: User, action: Action) -> Any:
        return grants(user, action, team=self.team_path, lead=self.lead_path)


def permitted(request: HttpRequest, queryset: "GuardedQuerySet[Thing]", pk: int) -> Thing:
    """The row this page is about: 404 unless the person may see it, 403 unless the act is theirs.

    The act is the one the table names for the page and verb of the request.
    """
    action: Action = request.action  # type: ignore[attr-defined]
    rows = queryset.visible_to(request.user)  # type: ignore[arg-type]
    if action is Action.LAUNCH_VIEW:
        return get_object_or_404(rows, pk=pk)
    thing: Thing = get_object_or_404(rows.with_permission(request.user, action), pk=pk)  # type: ignore[arg-type]
    if not thing.is_permitted:  # type: ignore[attr-defined]
        raise PermissionDenied
    return thing
