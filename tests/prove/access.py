"""Every page, verb and kind of person: what the table by hand says is what the door does."""

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from readiness.accounts.pages import PAGES
from readiness.accounts.permissions import Action
from tests.accounts.test_permissions import LEAD_OF_THIS_LAUNCH, MAY, TEAM_ACTS
from tests.prove.ammunition import VERBS, Shot, Target, targets
from tests.prove.client import Answer
from tests.prove.findings import Finding, scaled
from tests.prove.shooting import NOBODY, Gun, crowd_of_every_kind, ids_of

SHOWN = 5
LEAD = "lead of this launch"
MANAGERS = ("lead", "site admin")
FOR_ALL = (Action.PUBLIC, Action.SIGNED_IN)
LET_IN, FORBIDDEN, HIDDEN, NO_SUCH_VERB, SIGN_IN = 0, 403, 404, 405, 302


@dataclass(frozen=True)
class Cell:
    """One person at one page with one verb, and what must come of it."""

    target: Target
    role: str
    verb: str
    path: str
    noun: str
    is_launch: bool
    is_missing: bool

    @property
    def action(self) -> Action | None:
        return PAGES[self.target.name].get("GET" if self.verb == "HEAD" else self.verb)

    @property
    def expected(self) -> int:
        action = self.action
        if self.role == NOBODY and action is not Action.PUBLIC:
            return SIGN_IN
        if action is None:
            return NO_SUCH_VERB
        if action in FOR_ALL:
            return LET_IN
        if action is Action.ADMINISTER:
            return LET_IN if self.role == "site admin" else FORBIDDEN
        if action is Action.LAUNCH_OPEN and self.role == "stranger":
            return LET_IN  # as the lead of another team
        if action in (Action.TEAM_VIEW, Action.TEAM_MANAGE):
            return self._of_a_team(action)
        if self.is_missing:
            return HIDDEN
        may = dict(zip(TEAM_ACTS, ROLES[self.role], strict=True))
        if self.is_launch and not may[Action.LAUNCH_VIEW]:
            return HIDDEN
        return LET_IN if may[action] else FORBIDDEN

    def _of_a_team(self, action: Action) -> int:
        """Who is in a team is read by its people; leads and site admins change it."""
        manages = self.role in MANAGERS
        if self.noun not in ("teams", "people"):
            return HIDDEN  # there is no invitation
        if self.role in ("stranger", LEAD) or (self.noun == "people" and not manages):
            return HIDDEN
        return LET_IN if manages or action is Action.TEAM_VIEW else FORBIDDEN

    def is_met_by(self, answer: Answer) -> bool:
        if self.expected == SIGN_IN:
            return answer.status in (SIGN_IN, NO_SUCH_VERB)
        if self.expected != LET_IN:
            return answer.status == self.expected
        if self.action in FOR_ALL:
            return answer.status != NO_SUCH_VERB  # the page itself may have more to ask
        return answer.status in (200, 302, 409, 422) or not self.is_launch

    def __str__(self) -> str:
        return f"{self.verb} {self.path} as {self.role}"


ROLES = MAY | {LEAD: LEAD_OF_THIS_LAUNCH}


def access(port: int) -> Finding:
    """Each cell of patterns x roles x verbs is asked; below full scale, some of them."""
    people, launch = crowd_of_every_kind()
    gun = Gun(port, people | {LEAD: launch.lead})
    everything = list(cells([NOBODY, *people, LEAD], ids_of(launch)))
    asked = random.Random(3).sample(everything, min(scaled(len(everything)), len(everything)))
    wrong = []
    for cell in asked:
        answer = gun.fire(Shot(cell.role, cell.verb, cell.path, {}, b""))
        if not cell.is_met_by(answer):
            wrong.append(f"{cell}: {answer.status}, not {cell.expected or 'let in'}")
    for one in wrong[:SHOWN]:
        print(f"       {one}", flush=True)
    return Finding(
        "access",
        f"{len(asked)} of {len(everything)} patterns x roles x verbs: {len(wrong)} wrong",
        "all of them, 0 wrong",
        not wrong,
    )


def cells(roles: list[str], ids: Mapping[str, list[int]]) -> Iterator[Cell]:
    for target, role, verb in product(targets(), roles, VERBS):
        before, _, after = target.route.partition("<id:pk>")
        noun = before.strip("/").split("/")[0]
        is_launch = bool(after) and noun in ("launches", "items", "sign-offs", "evidence")
        path = re.sub("<[^>]*>", str(ids.get(noun, [1])[0]), target.route)
        is_missing = bool(after) and (noun not in ids or "/decisions/" in after)
        is_missing |= "<str:code>" in target.route  # no review has this code
        yield Cell(target, role, verb, path, noun, is_launch, is_missing)
