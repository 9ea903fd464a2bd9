"""Launches whose checklist says who signs, for tests of signing policies."""

from readiness.accounts.models import User
from readiness.launches.models import Launch, LaunchItem, SignOff
from readiness.launches.services import breaking_glass, items, reaffirming
from tests import make
from tests.launches.given import said

SRE = "sre"


def launch(rule: str, *, items: int = 3, duties: dict | None = None, **said: object) -> Launch:
    """A launch on which every item is signed by this rule; a quorum is two of the SREs."""
    signing = {"rule": rule} | ({"role": SRE, "quorum": 2} if rule == "role_quorum" else {})
    more = {key: said.pop(key) for key in ("reaffirm",) if key in said}
    value = make.document(items)
    value["policy"]["signing"] = signing | more
    for section in value["sections"]:
        for item in section["items"]:
            item["invalidated_by"] = ["model_version", "serving_config"]
    return make.launch(version=make.published(value), duties=duties, **said)


def own(item: LaunchItem, person: User | None, *, by: User) -> None:
    """Hand the item to a person."""
    items.assign(item, to=person, **said(item, by=by))


def break_glass(item: LaunchItem, *, by: User, because: str = "Everyone else is on a plane."):
    return breaking_glass.break_glass(item, because=because, **said(item, by=by))


def confirm(item: LaunchItem, *, by: User, note: str = "") -> object:
    """Confirm what broke the glass on an item."""
    signoff = SignOff.objects.select_related("item").get(
        item=item, broke_glass=True, withdrawn_at=None
    )
    return breaking_glass.confirm(signoff, note=note, **said(item, by=by))


def reaffirm(item: LaunchItem, *, by: User, **more: object) -> object:
    return reaffirming.reaffirm(item, **said(item, by=by), **more)
