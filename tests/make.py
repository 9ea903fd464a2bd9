"""Test data: each function says only what matters, and makes it through the services."""

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path

import yaml

from readiness import checklists, clock
from readiness.accounts.models import Membership, Role, Team, User
from readiness.audit import absences
from readiness.checklists.document.reading import Document, hash_of
from readiness.checklists.models import Version
from readiness.checklists.services import publish
from readiness.launches.models import Comment, Launch, LaunchItem
from readiness.launches.services import comments, facts, guests, signoffs
from readiness.launches.services import evidence as evidence_services
from readiness.launches.services import launches as launch_services
from readiness.launches.services.launches import Intake
from tests import shelf

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NUMBERS = count(1)
LIBRARY = Path(checklists.__file__).parent / "library"


def user(name: str = "", *, team: Team | None = None, role: Role = Role.MEMBER, **fields) -> User:
    """A person; with a team, in a role of it. No password: hashing is slow."""
    number = next(NUMBERS)
    name = name or f"Person {number}"
    email = f"{name.split()[0].lower()}-{number}@example.test"
    person = User(email=email, name=name, **fields)
    person.set_unusable_password()
    person.save()
    if team:
        Membership.objects.create(person=person, team=team, role=role.value)
    return person


def everywhere(person: User, role: Role) -> User:
    """The person, holding the role in every team."""
    Membership.objects.create(person=person, team=None, role=role.value)
    return person


def team(name: str = "") -> Team:
    number = next(NUMBERS)
    return Team.objects.create(name=name or f"Team {number}", slug=f"team-{number}")


@cache
def shipped() -> str:
    """The shipped checklist's file, read once: that takes longer than most tests."""
    value = yaml.safe_load((LIBRARY / "production-ml-safety-nets.yaml").read_bytes())
    return json.dumps(value)


def document(items: int = 40, **policy: object) -> dict:
    """The shipped checklist's file with its first items, under a key of its own."""
    value = json.loads(shipped())
    value["template"]["key"] = f"checklist-{next(NUMBERS)}"
    value["policy"] |= policy
    left = items
    for section in value["sections"]:
        section["items"] = section["items"][:left]
        left -= len(section["items"])
    value["sections"] = [section for section in value["sections"] if section["items"]]
    return value


def checklist(items: int = 40, **policy: object) -> Version:
    """Such a file, published."""
    kind = json.dumps([items, policy], sort_keys=True)
    return shelf.taken(kind, lambda: published(document(items, **policy)))


def published(value: dict) -> Version:
    version, _ = publish(Document(value, hash_of(value)), now=NOW)
    return version


def launch(
    *,
    items: int = 40,
    signed_off: int = 0,
    by: User | None = None,
    at: datetime = NOW,
    version: Version | None = None,
    facets: dict | None = None,
    duties: dict[str, User] | None = None,
    **said: object,
) -> Launch:
    """A launch on the shipped checklist, `signed_off` of its items checked by its lead."""
    in_team = said.pop("team", None) or team()
    by = by or user(team=in_team, role=Role.LEAD)
    intake = Intake(
        team=in_team,
        name=str(said.pop("name", f"Ranker {next(NUMBERS)}")),
        model=str(said.pop("model", "ranker")),
        purpose="",
        launch_at=said.pop("launch_at", at + timedelta(days=14)),
        zone=str(said.pop("zone", "UTC")),
        lead=said.pop("lead", by),
        approvers=said.pop("approvers", []),
        candidate={"name": "ranker", "version": "14.2.0", "digest": "", "registry_url": ""},
        duties=duties or {},
    )
    assert not said, f"a launch has no {', '.join(said)}"
    opened = launch_services.open_launch(
        intake,
        version=version or checklist(items),
        facets=facets or {},
        by=by,
        key=key(),
        now=at,
    )
    for item in opened.items.all()[:signed_off]:
        sign(item, by=by, at=at)
    opened.refresh_from_db()
    return opened


def item(of: Launch, position: int = 1) -> LaunchItem:
    """An item of a launch by its place in the checklist, from 1."""
    return of.items.select_related("launch", "item")[position - 1]


def key() -> str:
    """The key of a form that was not sent before."""
    return f"form-{next(NUMBERS)}"


def sign(item: LaunchItem, *, by: User, at: datetime = NOW, **said: object) -> None:
    """Sign an item off as it stands now."""
    version = LaunchItem.objects.get(pk=item.pk).version
    signoffs.sign_off(item, by=by, version=version, key=key(), now=at, **said)


def link(item: LaunchItem, *, by: User, url: str = "https://runs.example/1") -> None:
    """Add a link as evidence to an item as it stands now."""
    version = LaunchItem.objects.get(pk=item.pk).version
    evidence_services.add_evidence(
        item, title="Run 1", url=url, by=by, version=version, key=key(), now=NOW
    )


def fact(item: LaunchItem, *, by: User, row: int | None = None, **values: object) -> None:
    """Fill in the fact of an item as it stands now."""
    version = LaunchItem.objects.get(pk=item.pk).version
    facts.save_fact(item, row=row, values=values, by=by, version=version, key=key(), now=NOW)


def let_in(of: Launch, person: User, *, until: datetime | None = None) -> User:
    """The person, whom a launch lets in as a guest: till tomorrow, or as long as is said."""
    now = clock.now()
    until = until or now + timedelta(days=1)
    guests.let_in(of, person, until=until, by=of.lead, now=min(now, until))
    return person


def say(launch: Launch, text: str, *, by: User, at: datetime = NOW) -> Comment:
    """Begin a thread about a launch."""
    return comments.comment_on_launch(launch, text=text, by=by, key=key(), now=at)


def away(
    person: User,
    *,
    days: tuple[int, int] = (0, 10),
    stand_in: User | None = None,
    at: datetime = NOW,
) -> None:
    """Away from so many days after `at` to so many, in the person's zone."""
    today = at.astimezone(person.tzinfo).date()
    first_on, last_on = (today + timedelta(days=number) for number in days)
    absences.go_away(
        person, first_on=first_on, last_on=last_on, stand_in=stand_in, by=person, now=at
    )
