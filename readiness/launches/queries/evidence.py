"""Evidence as it supports items: what is linked, what the team has, and what would fall."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db.models import F, Max, QuerySet

from readiness.accounts.models import User
from readiness.launches.models import EvidenceLink, EvidenceRevision, Launch, LaunchItem
from readiness.launches.models.evidence import words_of_evidence
from readiness.launches.queries.pinned import ItemRule
from readiness.rules.support import Piece, Support, support_of
from readiness.web.words import holds, resembles, words_of

OFFERED = 20
Pieces = Mapping[int, Piece]


def linked_to(items: Iterable[int]) -> dict[int, dict[int, Piece]]:
    """The pieces that support these items now, by item and by the id of the revision."""
    standing = EvidenceLink.objects.filter(item__in=list(items), removed_at=None)
    found: dict[int, dict[int, Piece]] = defaultdict(dict)
    for item, revision, kind, captured_at, expires_at in standing.values_list(
        "item", "revision", "revision__kind", "revision__captured_at", "revision__expires_at"
    ):
        found[item][revision] = Piece(kind, captured_at, expires_at)
    return found


def supported(rule: ItemRule, pieces: Collection[Piece]) -> dict[str, object]:
    """The columns of an item that say what its evidence is worth."""
    found = _support(rule, pieces)
    return {"lacks_evidence": found.lacks, "supported_until": found.until}


def _support(rule: ItemRule, pieces: Collection[Piece]) -> Support:
    return support_of([*pieces], kinds=rule.evidence_kinds, max_age=rule.evidence_max_age)


def usable_by(reader: User, *, team_id: int) -> QuerySet[EvidenceRevision]:
    """The revisions that a team has, in launches that this person may read."""
    seen = Launch.objects.visible_to(reader).filter(team=team_id)
    return EvidenceRevision.objects.filter(evidence__launch__in=seen)


def offered(item: LaunchItem, *, reader: User, words: str) -> list[EvidenceRevision]:
    """What the team has that does not support the item yet: the newest, or what has the words.

    Each piece stands in its latest revision; one that supports nothing any more is left out.
    """
    standing = EvidenceLink.objects.filter(removed_at=None, team=item.team_id)
    here = standing.filter(item=item).values("evidence")
    latest = usable_by(reader, team_id=item.team_id).filter(
        evidence__in=standing.exclude(evidence__in=here).values("evidence")
    )
    latest = latest.annotate(newest=Max("evidence__revisions__number")).filter(number=F("newest"))
    if words:
        latest = _with_words(latest, words)
    chosen = latest.select_related("evidence__launch", "author").order_by("-pk")
    return list(chosen[:OFFERED])


def _with_words(revisions: QuerySet[EvidenceRevision], words: str) -> QuerySet[EvidenceRevision]:
    """Those that have all the words; where there are none, those with words like them."""
    wanted = words_of(words)
    exact = revisions.filter(holds(words_of_evidence(), wanted))
    return exact if exact.exists() else revisions.filter(resembles(words_of_evidence(), wanted))
