"""Exemptions as tests ask for them and agree to them, from the page as it stands."""

from datetime import date, datetime, timedelta

from readiness.accounts.models import Role, User
from readiness.checklists.models import Version
from readiness.launches.models import Exemption, Launch, LaunchItem
from readiness.launches.queries.exempting import agreement_of
from readiness.launches.queries.facts import facts_of
from readiness.launches.services import exemptions
from readiness.rules.truth import Truth
from tests import make
from tests.launches.given import said

SOON: date = (make.NOW + timedelta(days=30)).date()


def propose(item: LaunchItem, *, by: User, at: datetime = make.NOW, **more: object) -> Exemption:
    what = {"reason": "There is no traffic to switch."} | more
    exemptions.propose_na(item, **said(item, by=by, at=at), **what)
    return latest(item)


def ask(item: LaunchItem, *, by: User, at: datetime = make.NOW, **more: object) -> Exemption:
    what = {"reason": "Booked for January.", "control": "A person looks daily.", "until": SOON}
    exemptions.ask_waiver(item, **said(item, by=by, at=at), **what | more)
    return latest(item)


def latest(item: LaunchItem) -> Exemption:
    return Exemption.objects.select_related("item__launch").filter(item=item.pk).latest("pk")


def seal_of(exemption: Exemption, at: datetime = make.NOW) -> str:
    """What somebody who looks at it now is shown."""
    launch = exemption.item.launch
    return agreement_of(exemption, launch, facts_of(launch, at), at).seal


def agree(exemption: Exemption, *, by: User, at: datetime = make.NOW) -> Exemption:
    seal = seal_of(exemption, at)
    exemptions.agree(exemption, seal=seal, **said(exemption.item, by=by, at=at))
    return latest(exemption.item)


def checklist(last: dict | None = None, **policy: object) -> Version:
    """Five items that may all be left out, none a must-have; and what is said of the last."""
    value = make.document(5, **policy)
    for item in value["sections"][0]["items"]:
        item["na_allowed"] = True
        for name in ("blocker", "fresh_days"):
            item.pop(name, None)
    value["sections"][0]["items"][4] |= last or {}
    return make.published(value)


def crew(last: dict | None = None, policy: dict | None = None, **launch: object):
    """A launch of five items, Ann who works on it and Amara who approves."""
    opened = make.launch(version=checklist(last, **policy or {}), **launch)
    ann = make.user("Ann", team=opened.team)
    return opened, ann, make.user("Amara", team=opened.team, role=Role.APPROVER)


def must_have(launch: Launch, position: int) -> LaunchItem:
    item = make.item(launch, position)
    LaunchItem.objects.filter(pk=item.pk).update(blocker=Truth.YES.value)
    return item
