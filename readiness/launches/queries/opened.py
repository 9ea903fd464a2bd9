"""The launch that somebody opens, with its head and with what they may do, in one statement."""

from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Model

from readiness import clock
from readiness.accounts.models import Team, User
from readiness.accounts.permissions import Action, acts_with
from readiness.checklists.models import Version
from readiness.launches.models import Launch
from readiness.launches.models.launches import Candidate
from readiness.launches.queries.tabs import counts
from readiness.web import prepared

Read = TypeVar("Read", bound=Model)
Asked = prepared.Answer[tuple | None]
NOBODY = 0

# What the head of a launch's page says, each in the order of its model.
LAUNCH = (
    "id", "team_id", "subject_id", "name", "purpose", "launch_at", "zone", "lead_id",
    "version_id", "candidate_id", "stage", "broke_glass",
)  # fmt: skip
TEAM = ("id", "name")
LEAD = ("id", "email", "name")
VERSION = ("id", "number", "title")
CANDIDATE = ("id", "name", "version", "registry_url")
OPENED = """
SELECT ARRAY(
           SELECT m.role FROM accounts_membership m
           WHERE m.person_id = %(reader)s AND (m.team_id = l.team_id OR m.team_id IS NULL)
       ),
       %(was_guest)s AND EXISTS (
           SELECT FROM launches_guest g
           WHERE g.person_id = %(reader)s AND g.launch_id = l.id AND g.until > %(now)s
       ),
       l.id, l.team_id, l.subject_id, l.name, l.purpose, l.launch_at, l.zone, l.lead_id,
       l.version_id, l.candidate_id, l.stage, l.broke_glass,
       t.id, t.name, u.id, u.email, u.name, v.id, v.number, v.title,
       c.id, c.name, c.version, c.registry_url, {},
       EXISTS (SELECT FROM launches_pin p WHERE p.person_id = %(reader)s AND p.launch_id = l.id)
FROM launches_launch l
JOIN accounts_team t ON t.id = l.team_id
JOIN accounts_user u ON u.id = l.lead_id
JOIN checklists_version v ON v.id = l.version_id
LEFT JOIN launches_candidate c ON c.id = l.candidate_id
WHERE l.id = %(launch)s
"""


def opened(pk: int, *, reader: User) -> tuple[Launch, frozenset[Action]]:
    """The launch, and all that the reader may do to it.

    Raises Launch.DoesNotExist, also where they may not read it.
    """
    launch, roles, is_guest = _read(_asked(pk, reader.pk, was_guest=reader.is_guest))
    acts = acts_with(
        roles,
        is_lead=launch.lead_id == reader.pk,
        is_guest=is_guest,
        is_admin=reader.is_site_admin,
    )
    if Action.LAUNCH_VIEW not in acts:
        raise Launch.DoesNotExist
    return launch, acts


def asked_for_all(pk: int) -> Asked:
    """Ask for what all readers of a launch are shown alike: their rights are looked up apart."""
    return _asked(pk, NOBODY)


def open_to_all(asked: Asked) -> Launch:
    """The launch that was asked for; raises Launch.DoesNotExist."""
    return _read(asked)[0]


def _asked(pk: int, reader: int, *, was_guest: bool = False) -> Asked:
    asked = {"launch": pk, "reader": reader, "was_guest": was_guest, "now": clock.now()}
    return prepared.ask(_opening(), asked, prepared.first)


def _read(asked: Asked) -> tuple[Launch, list[str], bool]:
    """The launch with its head, the roles of the reader in its team, and if it lets them in."""
    row = asked.read()
    if row is None:
        raise Launch.DoesNotExist
    values = iter(row)
    roles, is_guest = next(values), next(values)
    launch = _next(Launch, LAUNCH, values)
    launch.team = _next(Team, TEAM, values)
    launch.lead = _next(User, LEAD, values)
    launch.version = _next(Version, VERSION, values)
    candidate = _next(Candidate, CANDIDATE, values)
    if launch.candidate_id:
        launch.candidate = candidate
    launch.thread_count, launch.review_count, launch.is_pinned = values
    return launch, roles, is_guest


@cache
def _opening() -> str:
    return OPENED.format(counts())


def _next(model: type[Read], names: tuple[str, ...], values: Iterator[Any]) -> Read:
    return prepared.instance(model, names, islice(values, len(names)))
