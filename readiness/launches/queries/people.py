"""People and teams as their pages show them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from readiness.accounts.browsers import browser_of
from readiness.accounts.models import Invitation, Membership, Role, Session, Team, User
from readiness.accounts.policies import teams_seen_by
from readiness.accounts.sessions import mark_of
from readiness.audit.kinds import Kind
from readiness.audit.models import Event
from readiness.launches.queries.sentences import SENTENCES
from readiness.web.templatetags.face import ago, day

MOST = 200
LATEST = 8
ORDER = [role.value for role in (Role.LEAD, Role.APPROVER, Role.MEMBER, Role.EDITOR)]
TONES = {Role.LEAD.value: "accent", Role.APPROVER.value: "green"}
AN_HOUR = 3_600


@dataclass(frozen=True, slots=True)
class RoleChip:
    """A role somebody holds, as it is shown."""

    word: str
    tone: str


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a team, with the roles they hold there."""

    person: User
    roles: tuple[str, ...]

    @property
    def chips(self) -> list[RoleChip]:
        return [RoleChip(role.capitalize(), TONES.get(role, "grey")) for role in self.roles]


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team in the list of teams."""

    team: Team
    people: int
    leads: tuple[User, ...]
    yours: tuple[RoleChip, ...]


@dataclass(frozen=True, slots=True)
class Pending:
    """An invitation that waits for its answer."""

    invitation: Invitation
    roles: str
    sent: str
    state: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of what happened in a team."""

    who: str
    did: str
    icon: str
    ago: str
    at: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """One browser in which somebody is signed in."""

    mark: str
    browser: str
    since: str
    seen: str
    is_this: bool


def team_rows(reader: User) -> list[TeamRow]:
    """The teams the reader may see, with how many people they have and who leads them."""
    active = Q(memberships__person__is_active=True)
    people = Count("memberships__person", filter=active, distinct=True)
    teams = list(teams_seen_by(reader).annotate(people=people).order_by("name")[:MOST])
    held = Membership.objects.filter(team__in=teams).select_related("person")
    leads = held.filter(role=Role.LEAD.value, person__is_active=True).order_by("person__name")
    by_team: dict[int | None, list[User]] = {}
    for one in leads:
        by_team.setdefault(one.team_id, []).append(one.person)
    yours: dict[int | None, list[str]] = {}
    for team, role in held.filter(person=reader).values_list("team_id", "role"):
        yours.setdefault(team, []).append(role)
    return [
        TeamRow(
            team=team,
            people=team.people,
            leads=tuple(by_team.get(team.pk, [])),
            yours=tuple(Member(reader, in_order(yours.get(team.pk, []))).chips),
        )
        for team in teams
    ]


def members_of(team: Team | None) -> list[Member]:
    """Who is in a team, or holds roles in every team: leads first, and who left not at all."""
    held = Membership.objects.filter(team=team, person__is_active=True).select_related("person")
    return sorted(
        _members(held),
        key=lambda one: (_rank(one.roles[0]), one.person.name.casefold(), one.person.pk),
    )


def _members(held: Iterable[Membership]) -> Iterator[Member]:
    people: dict[int, User] = {}
    roles: dict[int, list[str]] = {}
    for one in held:
        people[one.person_id] = one.person
        roles.setdefault(one.person_id, []).append(one.role)
    for pk, person in people.items():
        yield Member(person, in_order(roles[pk]))


def in_order(roles: Iterable[str]) -> tuple[str, ...]:
    """Roles as they are told: the lead first."""
    return tuple(sorted(roles, key=lambda role: (_rank(role), role)))


def _rank(role: str) -> int:
    return ORDER.index(role) if role in ORDER else len(ORDER)


def pending_in(team: Team, reader: User, now: datetime) -> list[Pending]:
    """Invitations nobody has answered or revoked, the latest first."""
    standing = Invitation.objects.filter(team=team, accepted_at=None, revoked_at=None)
    return [
        Pending(
            invitation=one,
            roles=", ".join(in_order(one.roles)),
            sent=_sent(one, now),
            state=_until(one, reader, now),
            is_over=one.ends_at <= now,
        )
        for one in standing.select_related("invited_by").order_by("-sent_at")[:MOST]
    ]


def _sent(invitation: Invitation, now: datetime) -> str:
    """Sent now; sent 3 times, last 2 h ago."""
    at = since(invitation.sent_at, now)
    return f"Sent {at}" if invitation.sent == 1 else f"Sent {invitation.sent} times, last {at}"


def since(at: datetime, now: datetime) -> str:
    """How long ago, as it stands in a sentence."""
    said = ago(at, now)
    return f"{said} ago" if said.endswith((" h", " min")) else said


def _until(invitation: Invitation, reader: User, now: datetime) -> str:
    ends = day(invitation.ends_at.astimezone(reader.tzinfo))
    return f"Ended {ends}" if invitation.ends_at <= now else f"Open until {ends}"


def latest_in(team: Team, now: datetime) -> list[Happened]:
    """The last things that happened to the people of a team."""
    told = Event.objects.filter(subject__team_chain__team=team, payload__isnull=False)
    return [_happened(event, now) for event in told.order_by("-pk")[:LATEST]]


def _happened(event: Event, now: datetime) -> Happened:
    said = SENTENCES[Kind(event.kind)](event.payload or {}, None)
    did = f"{said.did} {said.then}".strip()
    return Happened(event.printed_name, did, said.icon, since(event.at, now), event.at.isoformat())


def found_people(words: str) -> list[User]:
    """People by name or mail address, those who left last."""
    people = User.objects.filter(Q(name__icontains=words) | Q(email__icontains=words))
    return list(people.order_by("-is_active", "name", "pk")[:MOST])


def roles_of(person: User) -> list[Membership]:
    """Every role a person holds, those of all teams first."""
    held = person.memberships.select_related("team").order_by("team__name", "pk")
    return sorted(held, key=lambda one: (one.team_id is not None,))


def sign_ins_of(person: User, *, current: str | None, now: datetime) -> list[SignIn]:
    """Where somebody is signed in, this browser first, then by when it was last seen."""
    live = Session.objects.filter(person=person, expire_date__gt=now)
    found = live.order_by("-last_seen_at", "-signed_in_at", "pk").defer("session_data")
    rows = [_sign_in(one, person, current, now) for one in found[:MOST]]
    return sorted(rows, key=lambda one: not one.is_this)


def _sign_in(session: Session, person: User, current: str | None, now: datetime) -> SignIn:
    since = session.signed_in_at
    return SignIn(
        mark=mark_of(session),
        browser=browser_of(session.agent),
        since=day(since.astimezone(person.tzinfo)) if since else "",
        seen=_seen(session.last_seen_at, now),
        is_this=session.pk == current,
    )


def _seen(at: datetime | None, now: datetime) -> str:
    """Only to the hour: it is noted no oftener."""
    if at is None:
        return ""
    if (now - at).total_seconds() < 2 * AN_HOUR:
        return "in the last two hours"
    return since(at, now)
