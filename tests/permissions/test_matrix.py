"""Every page, asked by everyone, with every verb, about their own and what is not theirs."""

import re

import pytest
from django.db import transaction
from django.http import HttpResponse

from readiness.accounts.management.commands.permissions import addresses
from readiness.accounts.pages import PAGES
from readiness.accounts.permissions import ALLOWED, Action, Relation
from tests.permissions.conftest import METRICS_TOKEN
from tests.permissions.stage import (
    ALL_TEAMS,
    DEACTIVATED,
    FOREIGN,
    GUEST,
    IN_TEAM,
    LAUNCH_LEAD,
    MISSING,
    OWN,
    SIGNED_OUT,
    SITE_ADMIN,
    WHO,
    Stage,
)
from tests.permissions.watch import contents, written

ADDRESSES = addresses()
VERBS = ["GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE"]
OF_NO_PAGE = {"PUT", "PATCH", "DELETE", "TRACE"}
SIGN_IN, NO_VERB, NOT_HERE, FORBIDDEN = "sign in first", "no such verb", "not here", "forbidden"
ANSWERED = "answered"
WORDS = {405: NO_VERB, 404: NOT_HERE, 403: FORBIDDEN}
Cell = tuple[str, str, str]


def relations_of(address: str) -> list[str]:
    """A page about one thing is asked about three."""
    return [OWN, FOREIGN, MISSING] if re.search("<(id|token)>", address) else [OWN]


def expected(name: str, who: str, relation: str, verb: str) -> str:
    """What the table says of a cell."""
    acts = PAGES[name]
    action = acts.get("GET" if verb == "HEAD" else verb)
    if verb in OF_NO_PAGE:
        return NO_VERB
    if who in {SIGNED_OUT, DEACTIVATED} and Action.PUBLIC not in acts.values():
        return SIGN_IN
    if action is None:
        return NO_VERB
    if action in {Action.ADMINISTER, Action.LAUNCH_OPEN} and not holds(who, action, OWN):
        return FORBIDDEN
    sight = sight_of(name)
    is_seen = sight is None or holds(who, sight, relation)
    if relation == MISSING or not is_seen:
        return NOT_HERE
    return ANSWERED if holds(who, action, relation) else FORBIDDEN


def sight_of(name: str) -> Action | None:
    """The act of reading what a page is about, if not everybody may."""
    if "<" not in ADDRESSES[name] or Action.PUBLIC in PAGES[name].values():
        return None
    if name.startswith(("launches:", "reviews:")):
        return Action.LAUNCH_VIEW
    seen = {
        "teams": Action.TEAM_VIEW,
        "invitations": Action.TEAM_VIEW,
        "channels": Action.TEAM_VIEW,
        "calls": Action.TEAM_VIEW,
        "items": Action.LAUNCH_VIEW,
        "people": Action.TEAM_MANAGE,
    }
    return seen.get(ADDRESSES[name].split("/")[1])


def holds(who: str, action: Action, relation: str) -> bool:
    """Does this person hold something that allows the act on their own launch, or on a foreign?"""
    if action in {Action.PUBLIC, Action.SIGNED_IN}:
        return True
    held: dict[str, set] = {
        **{name: {role} for name, role in (ALL_TEAMS | IN_TEAM).items()},
        LAUNCH_LEAD: {Relation.LAUNCH_LEAD},
        GUEST: {Relation.GUEST},
        SITE_ADMIN: {Relation.SITE_ADMIN},
    }
    is_there = relation == OWN or who in ALL_TEAMS or who == SITE_ADMIN
    return is_there and bool(held.get(who, set()) & ALLOWED[action])


def outcome(response: HttpResponse) -> str:
    to = response.headers.get("Location", "") + response.headers.get("HX-Redirect", "")
    if to.startswith("/sign-in/?next="):
        return SIGN_IN
    if response.status_code >= 500:
        return str(response.status_code)
    return WORDS.get(response.status_code, ANSWERED)


def asked(stage: Stage, who: str, path: str, verb: str) -> str:
    """What a request with nothing in it comes to; what it may change is undone."""
    mark = transaction.savepoint() if verb == "POST" else ""
    with written() as tables:
        response = stage.doors[who].generic(
            verb, path, HTTP_AUTHORIZATION=f"Bearer {METRICS_TOKEN}"
        )
    found = outcome(response)
    is_change = verb == "POST" and found == ANSWERED
    if mark:
        (transaction.savepoint_rollback if is_change else transaction.savepoint_commit)(mark)
    return found if is_change or not tables else f"{found}, and wrote to {tables}"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_answers_everyone_as_the_table_says_and_only_acts_change_anything(stage, name):
    address = ADDRESSES[name]
    cells = [
        (who, relation, verb) for who in WHO for relation in relations_of(address) for verb in VERBS
    ]
    before = stage.contents

    found = {
        (who, relation, verb): asked(stage, who, stage.path(address, relation), verb)
        for who, relation, verb in cells
    }

    stage.contents = contents()
    assert found == {cell: expected(name, *cell) for cell in cells}
    assert stage.contents == before
