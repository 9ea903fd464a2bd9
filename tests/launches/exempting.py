"""Exemptions as tests ask for them and agree to them, from the page as it stands."""

from datetime import date, datetime, timedelta

from readiness.accounts.models import User
from readiness.launches.models import Exemption, LaunchItem
from readiness.launches.queries.exempting import agreement_of
from readiness.launches.queries.facts import facts_of
from readiness.launches.services import exemptions
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
