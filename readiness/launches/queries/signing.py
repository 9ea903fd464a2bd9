"""What signing policies look at: who may sign an item, and who could where somebody is missing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from readiness.accounts.models import User
from readiness.accounts.permissions import Action, roles_for
from readiness.checklists.models import SigningRule
from readiness.launches.models import Launch, LaunchItem, SignOff
from readiness.launches.models.items import LaunchItemQuerySet
from readiness.launches.policies.signing import Ties, signing_as
from readiness.launches.queries.board import Board, Place
from readiness.launches.queries.pinned import Signing, pinned
from readiness.web import prepared

LOOK_FURTHER = (SigningRule.INDEPENDENT, SigningRule.ROLE_QUORUM)
NAMED = 3

TIES = """
SELECT i.id, i.owner_id, l.lead_id, c.by_id,
       ARRAY(SELECT r.author_id FROM launches_evidencerevision r WHERE r.id = ANY(i.evidence)),
       ARRAY(SELECT k.added_by_id FROM launches_evidencelink k
             WHERE k.item_id = i.id AND k.removed_at IS NULL),
       ARRAY(SELECT d.duty || ' ' || d.person_id
             FROM launches_launchduty d WHERE d.launch_id = l.id),
       ARRAY(SELECT s.duty || ' ' || s.person_id
             FROM launches_launchsigner s WHERE s.launch_id = l.id)
FROM launches_launchitem i
JOIN launches_launch l ON l.id = i.launch_id
LEFT JOIN launches_candidate c ON c.id = l.candidate_id
WHERE i.id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Missing:
    """What an item waits for: how many signatures are there, of how many, and who could sign."""

    there: int
    wanted: int
    people: tuple[User, ...]

    @property
    def names(self) -> str:
        """Ann, Bob, Cem and 2 more; nothing where nobody could."""
        names = [person.name for person in self.people[:NAMED]]
        more = len(self.people) - len(names)
        if more:
            names.append(f"{more} more")
        return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)

    def __str__(self) -> str:
        said = f"{self.there} of {self.wanted} signatures."
        return f"{said} {self.names or 'Nobody else here'} could sign."


def ties_of(pks: Collection[int]) -> dict[int, Ties]:
    """What people are to these items, in one statement."""
    found = {}
    for pk, owner, lead, proposer, authors, linkers, held, further in prepared.rows(
        TIES, [list(pks)]
    ):
        holders: dict[str, frozenset[int]] = {}
        for seat in held + further:
            duty, _, person = seat.partition(" ")
            holders[duty] = holders.get(duty, frozenset()) | {int(person)}
        found[pk] = Ties(owner, lead, proposer, frozenset(authors + linkers), holders)
    return found


def signing_of(item: LaunchItem) -> Signing:
    """The policy of an item whose launch is at hand."""
    return pinned(item.launch.version_id).items[item.key].signing


def not_theirs(item: LaunchItem, by: User) -> str:
    """Why the policy does not let this person sign the item; a statement only where it must."""
    return why_not_theirs([item], by)[item.pk]


def why_not_theirs(items: Iterable[LaunchItem], by: User) -> dict[int, str]:
    """The same of several items, by id, in one statement at most."""
    asked = {item.pk: (item, signing_of(item)) for item in items}
    further = [pk for pk, (_, signing) in asked.items() if signing.rule in LOOK_FURTHER]
    ties = ties_of(further) if further else {}
    return {
        pk: signing_as(by.pk, signing.rule, signing.duty, ties.get(pk) or Ties(item.owner_id))
        for pk, (item, signing) in asked.items()
    }


def signed_as_peer(person: User, items: "Iterable[LaunchItem] | LaunchItemQuerySet") -> set[int]:
    """Those of the items that this person signed as somebody who does not own them, by id."""
    signed = SignOff.objects.standing().filter(by=person, item__in=items, broke_glass=False)
    return {
        item
        for item, key, version in signed.values_list(
            "item", "item__key", "item__launch__version_id"
        )
        if pinned(version).items[key].signing.bars_owner
    }


def signers_in(launch: Launch) -> "QuerySet[User]":
    """Who may sign items of a launch at all, whatever their policies say."""
    held = Q(memberships__team=launch.team_id) | Q(memberships__team=None)
    signing = User.objects.filter(
        held, memberships__role__in=roles_for(Action.ITEM_SIGN), is_active=True
    ).values("pk")
    people = User.objects.filter(Q(pk__in=signing) | Q(pk=launch.lead_id, is_active=True))
    return people.order_by("name", "pk")


def missing_on(board: Board, places: Iterable[Place]) -> dict[int, Missing]:
    """Who could still sign those of these items that wait for a signature; else no statement."""
    waiting = [place for place in places if place.look == "second_signature"]
    if not waiting:
        return {}
    people, ties = list(signers_in(board.launch)), ties_of([place.fact.pk for place in waiting])
    return {place.fact.pk: _missing(board, place, people, ties) for place in waiting}


def _missing(
    board: Board, place: Place, people: Iterable[User], ties: Mapping[int, Ties]
) -> Missing:
    fact, signing = place.fact, place.rule.signing
    signed = {word.by for word in fact.words if word.counts(board.now)}
    return Missing(
        fact.signed(board.now),
        signing.signatures,
        tuple(
            person
            for person in people
            if person.pk not in signed
            and not signing_as(person.pk, signing.rule, signing.duty, ties[fact.pk])
        ),
    )
