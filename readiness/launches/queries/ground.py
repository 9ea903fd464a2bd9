"""The page of what sign-offs stand on: the candidates, what is declared, and who signs for whom."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from readiness.accounts.models import User
from readiness.launches.models import Candidate, ConfigEvent, Launch
from readiness.launches.policies.signing import spoken
from readiness.launches.queries.pinned import Pinned, pinned
from readiness.launches.queries.signing import signers_in
from readiness.launches.queries.standing_on import LAUNCH_DATE, MODEL_VERSION, kinds_declared_in


@dataclass(frozen=True, slots=True)
class Config:
    """One kind of configuration: what it is now, what it was, and how many items stand on it."""

    kind: str
    name: str
    items: int
    history: Sequence[ConfigEvent]

    @property
    def now(self) -> ConfigEvent | None:
        return self.history[0] if self.history else None


@dataclass(frozen=True, slots=True)
class Quorum:
    """A duty for which people sign: who holds it, and who signs beside them."""

    duty: str
    name: str
    wanted: int
    holder: User | None
    others: tuple[User, ...]
    offered: tuple[User, ...]

    @property
    def lacks(self) -> int:
        """How many more people have to be able to sign before the quorum can be met."""
        return max(0, self.wanted - len(self.others) - (self.holder is not None))


@dataclass(frozen=True, slots=True)
class Ground:
    """All that sign-offs of a launch stand on."""

    candidates: Sequence[Candidate]
    on_candidate: int
    on_date: int
    configs: Sequence[Config]
    quorums: Sequence[Quorum]


def ground_of(launch: Launch) -> Ground:
    content = pinned(launch.version_id)
    standing = Counter(kind for rule in content.items.values() for kind in rule.invalidated_by)
    return Ground(
        candidates=list(launch.candidates.select_related("by").order_by("-pk")),
        on_candidate=standing[MODEL_VERSION],
        on_date=standing[LAUNCH_DATE],
        configs=_configs(launch, content, standing),
        quorums=_quorums(launch, content),
    )


def seatable(launch: Launch) -> "QuerySet[User]":
    """Who may be let sign for a duty, and who is already."""
    seated = launch.signers.values("person")
    return User.objects.filter(Q(pk__in=signers_in(launch).values("pk")) | Q(pk__in=seated))


def _configs(launch: Launch, content: Pinned, standing: Counter[str]) -> list[Config]:
    declared = list(launch.config_events.select_related("by").order_by("-pk"))
    return [
        Config(
            kind,
            spoken(kind).capitalize(),
            standing[kind],
            [one for one in declared if one.kind == kind],
        )
        for kind in kinds_declared_in(content)
    ]


def _quorums(launch: Launch, content: Pinned) -> list[Quorum]:
    wanted: Counter[str] = Counter()
    for rule in content.items.values():
        if duty := rule.signing.duty:
            wanted[duty] = max(wanted[duty], rule.signing.signatures)
    if not wanted:
        return []
    held = {one.duty: one.person for one in launch.duties.select_related("person")}
    seated = list(launch.signers.select_related("person").order_by("person__name", "pk"))
    people = list(signers_in(launch))
    return [
        _quorum(
            duty, count, held.get(duty), [one.person for one in seated if one.duty == duty], people
        )
        for duty, count in wanted.items()
    ]


def _quorum(
    duty: str, wanted: int, holder: User | None, others: Sequence[User], people: Iterable[User]
) -> Quorum:
    offered = tuple(one for one in people if one != holder and one not in others)
    return Quorum(duty, spoken(duty).capitalize(), wanted, holder, tuple(others), offered)
