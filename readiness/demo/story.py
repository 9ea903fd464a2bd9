"""Playing the demo through the services, as if people had worked for the last weeks."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from django.contrib.auth.hashers import make_password

from readiness.accounts import services as accounts
from readiness.accounts.models import Role, Team, User
from readiness.audit.inviting import invite
from readiness.checklists.models import Version
from readiness.demo.absences import tell_absences
from readiness.demo.channels import tell_channels
from readiness.demo.company import (
    COMMENTS,
    DOMAIN,
    EVIDENCE,
    PASSWORD,
    PEOPLE,
    PLANS,
    SITE_ADMIN,
    Plan,
)  # fmt: skip
from readiness.demo.decisions import tell_decisions
from readiness.demo.exemptions import pleas
from readiness.demo.facts import tell_facts
from readiness.demo.high_risk import tell_high_risk
from readiness.demo.proofs import tell_proofs
from readiness.demo.reviews import met_last_week, tell_reviews
from readiness.launches.models import Launch, LaunchItem, Progress
from readiness.launches.services import comments, evidence, items, signoffs
from readiness.launches.services.judging import judge_due
from readiness.launches.services.launches import Intake, open_launch

CHECKLIST = "production-ml-safety-nets"
OPENED_DAYS_AGO = 24
HISTORY_DAYS = 14
Act = tuple[datetime, Callable[..., object]]


def is_told() -> bool:
    """Whether the company is here already."""
    return Launch.objects.filter(name__in=[plan.name for plan in PLANS]).exists()


def tell(now: datetime) -> int:
    """Make the company, its people and its launches; says how many launches."""
    people = _people(now - timedelta(days=60))
    _invite(people, now - timedelta(hours=20))
    version = Version.objects.filter(checklist__key=CHECKLIST).published().newest_first()[0]
    for number, plan in enumerate(PLANS):
        _play(plan, people, version, now, random.Random(number))  # noqa: S311
    tell_facts(people, now)
    tell_high_risk(people, now)
    judge_due(now=now)  # what ended in the story has ended
    tell_decisions(people, now)
    tell_proofs(people, now)
    tell_reviews(people, now)
    tell_absences(people, now)
    tell_channels(people, now)
    return len(PLANS)


def _people(now: datetime) -> dict[str, User]:
    teams: dict[str, Team] = {}
    people = {}
    for name, zone, roles in PEOPLE:
        email = f"{name.split()[0].lower().replace('á', 'a')}@{DOMAIN}"
        person = accounts.add_person(email, name=name, now=now)
        accounts.set_preferences(person, {"zone": zone})
        if name == SITE_ADMIN:
            accounts.make_site_admin(person)
        for team, role in roles.items():
            if team and team not in teams:
                teams[team] = accounts.add_team(team)
            accounts.give_role(person, role, team=teams.get(team))
        people[name] = person
    # Hashed once: fifteen times takes longer than a year of their work.
    User.objects.filter(pk__in=[one.pk for one in people.values()]).update(
        password=make_password(PASSWORD)
    )
    return people


def _invite(people: dict[str, User], now: datetime) -> None:
    """Somebody who has not answered yet."""
    lead = people["Hannah Cohen"]
    team = Team.objects.get(name="Ads ranking")
    email, roles = f"zoe@{DOMAIN}", [Role.MEMBER, Role.APPROVER]
    invite(email, team=team, roles=roles, by=lead, key=str(uuid4()), now=now)


def _play(
    plan: Plan, people: dict[str, User], version: Version, now: datetime, dice: random.Random
) -> None:
    """Open a launch, then let its crew work through the weeks."""
    crew = [people[name] for name in plan.crew]
    launch = _open(plan, people, crew, version, now)
    for at, act in sorted(_acts(plan, launch, crew, now, dice), key=lambda act: act[0]):
        act(now=at)


def _open(
    plan: Plan, people: dict[str, User], crew: list[User], version: Version, now: datetime
) -> Launch:
    lead = crew[0]
    day = (now + timedelta(days=plan.days)).astimezone(lead.tzinfo).date()
    duties = [duty.key for duty in version.duties.order_by("position")]
    intake = Intake(
        team=Team.objects.get(name=plan.team),
        name=plan.name,
        model=plan.model,
        purpose=plan.purpose,
        launch_at=datetime.combine(day, time(10), tzinfo=lead.tzinfo),
        zone=lead.zone,
        lead=lead,
        approvers=[people["Amara Okafor"], people["Lucas Moreau"]],
        candidate={
            "name": plan.model,
            "version": plan.version,
            "digest": "sha256:" + f"{hash_like(plan.name):064x}",
            "registry_url": f"https://registry.{DOMAIN}/models/{plan.model}/{plan.version}",
        },
        duties={duty: crew[place % len(crew)] for place, duty in enumerate(duties)},
    )
    opened_at = now - timedelta(days=OPENED_DAYS_AGO)
    return open_launch(
        intake, version=version, facets=plan.facets, by=lead, key=str(uuid4()), now=opened_at
    )


def _acts(
    plan: Plan, launch: Launch, crew: list[User], now: datetime, dice: random.Random
) -> Iterator[Act]:
    """What happened in one launch: a time and a service each."""
    applying = [item for item in launch.items.all() if item.applies != "no"]
    named = [item for item in applying if item.key in plan.open]
    others = [item for item in applying if item.key not in plan.open]
    undone = others[len(others) - plan.more :]
    done = others[: len(others) - plan.more]
    dice.shuffle(done)
    for place, item in enumerate(done):
        days = OPENED_DAYS_AGO - 1 - place * (OPENED_DAYS_AGO - 1.5) / len(done)
        yield from _finishing(item, crew, now - timedelta(days=days), dice)
    for item in undone[: plan.falling]:
        yield from _finishing(item, crew, now - timedelta(days=9), dice)
        yield now - timedelta(days=dice.uniform(1, 3)), partial(_take_back, item)
    for item in named:
        at = now - timedelta(days=dice.uniform(1, HISTORY_DAYS - 1))
        yield from _working(item, plan.open[item.key], at)
    for item in named:
        for place, text in enumerate(COMMENTS.get(item.key, [])):
            by = crew[(place + 1) % len(crew)]
            at = now - timedelta(hours=6 - 2 * place, minutes=dice.randint(0, 50))
            yield at, partial(comments.comment, item, text=text, by=by, key=str(uuid4()))
    yield from pleas(launch, now)
    yield from met_last_week(launch, crew, now)


def _finishing(
    item: LaunchItem, crew: list[User], at: datetime, dice: random.Random
) -> Iterator[Act]:
    at += timedelta(minutes=dice.randint(0, 300))
    if item.key in EVIDENCE:
        title, path = EVIDENCE[item.key]
        url = f"https://{path.replace('/', f'.{DOMAIN}/', 1)}"
        yield at, partial(_link, item, title=title, url=url)
    yield at + timedelta(minutes=4), partial(_sign, item, by=item.owner or crew[0])


def _working(item: LaunchItem, holdup: str, at: datetime) -> Iterator[Act]:
    if holdup == "...":
        yield at, partial(_progress, item, to=Progress.IN_PROGRESS)
    elif holdup:
        yield at, partial(_progress, item, to=Progress.BLOCKED, because=holdup)


def _link(item: LaunchItem, *, title: str, url: str, now: datetime) -> None:
    evidence.add_evidence(item, title=title, url=url, **_as_it_stands(item), now=now)


def _progress(item: LaunchItem, *, now: datetime, **said: Any) -> None:
    items.set_progress(item, **said, **_as_it_stands(item), now=now)


def _sign(item: LaunchItem, *, by: User, now: datetime) -> None:
    signoffs.sign_off(item, **_as_it_stands(item) | {"by": by}, now=now)


def _take_back(item: LaunchItem, *, now: datetime) -> None:
    word = item.signoffs.standing().select_related("item", "by").get()
    because = "The numbers came from the wrong dashboard."
    signoffs.withdraw(word, **_as_it_stands(item) | {"by": word.by}, because=because, now=now)


def _as_it_stands(item: LaunchItem) -> dict[str, Any]:
    """By its owner, on the row's present version, with a fresh key."""
    row = LaunchItem.objects.select_related("owner", "launch__lead").get(pk=item.pk)
    by = row.owner or row.launch.lead
    return {"by": by, "version": row.version, "key": str(uuid4())}


def hash_like(text: str) -> int:
    """A number that looks like a digest, the same for the same text."""
    return int.from_bytes(random.Random(text).randbytes(32), "big")  # noqa: S311
