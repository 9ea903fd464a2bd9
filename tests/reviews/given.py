"""Reviews as tests plan, start and lead them, through the services."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from readiness.accounts.models import Role, Team, User
from readiness.checklists.models import Version
from readiness.launches.models import Launch, LaunchItem
from readiness.reviews.models import AgendaItem, Review
from readiness.reviews.services import planning, starting
from readiness.reviews.services.planning import Plan
from tests import make

SOON = make.NOW + timedelta(days=1)


@dataclass
class Cast:
    """A launch, who leads it and facilitates, two who work on it, one who approves."""

    team: Team
    launch: Launch
    ann: User
    bob: User
    cem: User
    amara: User

    @property
    def people(self) -> tuple[User, ...]:
        return (self.ann, self.bob, self.cem, self.amara)


def checklist(items: int = 5) -> Version:
    """Items that may all be left out, none a must-have, none that runs out."""
    value = make.document(items)
    for section in value["sections"]:
        for item in section["items"]:
            item["na_allowed"] = True
            for name in ("blocker", "fresh_days"):
                item.pop(name, None)
    return make.published(value)


def cast(items: int = 5, **launch: object) -> Cast:
    team = make.team()
    ann = make.user("Ann Ash", team=team, role=Role.LEAD)
    bob, cem = make.user("Bob Birk", team=team), make.user("Cem Can", team=team)
    amara = make.user("Amara Ade", team=team, role=Role.APPROVER)
    version = launch.pop("version", None) or checklist(items)
    opened = make.launch(team=team, by=ann, version=version, **launch)
    return Cast(team, opened, ann, bob, cem, amara)


def planned_for(here: Cast, **said: object) -> Plan:
    what = {"starts_at": SOON, "zone": "Europe/Berlin", "length_minutes": 60}
    what |= {"facilitator": here.ann, "invited": here.people}
    return Plan(**what | said)  # type: ignore[arg-type]


def plan(here: Cast, *, by: User | None = None, at: datetime = make.NOW, **said: object) -> Review:
    to_be = planned_for(here, **said)
    return planning.plan(here.launch, to_be, by=by or here.ann, key=make.key(), now=at)


def begin(review: Review, *, by: User, at: datetime = make.NOW) -> Review:
    return starting.start(review, by=by, key=make.key(), now=at)


def meeting(here: Cast, *, at: datetime = make.NOW, **said: object) -> Review:
    """A review that runs; Ann drives."""
    return begin(plan(here, at=at, **said), by=here.ann, at=at)


def now_of(review: Review) -> Review:
    return Review.objects.get(pk=review.pk)


def row(review: Review, item: LaunchItem) -> AgendaItem:
    return review.agenda.get(item=item)


def places(review: Review) -> list[int]:
    """The items of the agenda in its order, by their place in the checklist."""
    rows = review.agenda.order_by("position").select_related("item")
    return [one.item.position for one in rows]
