"""What the page of one item shows."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from readiness.accounts.models import User
from readiness.accounts.permissions import Action, roles_for
from readiness.launches import policies
from readiness.launches.models import (
    ActionItem,
    Exemption,
    FactRevision,
    Launch,
    LaunchItem,
    SignOff,
)
from readiness.launches.models.items import LaunchItemQuerySet
from readiness.launches.policies import exempting
from readiness.launches.queries.board import Board, Place
from readiness.launches.queries.exempting import Excuses, excuses_of
from readiness.launches.queries.fact_card import FactCard, card_of
from readiness.launches.queries.feed import Line, latest
from readiness.launches.queries.following import SETTLED
from readiness.launches.queries.hands import Hands, hands_of
from readiness.launches.queries.launch_page import partial_answers
from readiness.launches.queries.looks import WORDS
from readiness.launches.queries.pinned import AnswerRule
from readiness.launches.queries.proofs import CHOICES, NEW, Link, asked_of, is_needed, links_of
from readiness.launches.queries.rows import (
    Row,
    deciding_word,
    extras_of,
    row_of,
    split_title,
    weekday,
)
from readiness.launches.queries.threads import Thread, threads_of_item
from readiness.rules import steps
from readiness.web.locales import number
from readiness.web.templatetags.face import countdown

PARTS = {
    "text": "the item's text",
    "model_version": "the candidate",
    "launch_date": "the launch date",
}


@dataclass(frozen=True, slots=True)
class Signature:
    """One sign-off, whether it counts, and whether the reader may take it back."""

    signoff: SignOff
    word: str
    stands: bool
    taking_back: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What a check would do to the verdict."""

    was: str
    becomes: str
    then: str


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One item in its launch, for one reader."""

    item: LaunchItem
    may_work: bool
    may_add_evidence: bool
    may_sign: bool
    may_comment: bool
    now: datetime
    place: Place
    row: Row
    head: str
    tail: str
    section: str
    word: str
    due: str
    due_in: str
    due_tone: str
    effect: Effect | None
    links: list[Link]
    asks: str
    needs_evidence: bool
    signatures: list[Signature]
    threads: tuple[Thread, ...]
    owners: list[User]
    follow_ups: tuple[ActionItem, ...]
    feed: tuple[Line, ...]
    answers: tuple[AnswerRule, ...]
    before: int | None
    after: int | None
    taking_back: Signature | None
    closed: str
    not_signing: str
    excuses: Excuses
    hands: Hands
    fact: FactCard | None

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """The ways to add evidence; what the team has is for who works in it."""
        return CHOICES if self.may_work else NEW

    @property
    def settled(self) -> str:
        """Why nothing is left to do for its follow-ups, though nobody closed them."""
        return SETTLED.get(self.place.look, "")

    @property
    def version(self) -> int:
        return self.place.fact.version

    @property
    def blocked_because(self) -> str:
        return self.item.blocked_because

    @property
    def due_on(self) -> str:
        """The day as a date field holds it."""
        return self.item.due_on.isoformat() if self.item.due_on else ""


def items_with_launch() -> LaunchItemQuerySet:
    """Items with all that their page says of them and their launch."""
    items = LaunchItem.objects.annotate(  # type: ignore[no-redef]
        has_exemptions=Exists(Exemption.objects.filter(item=OuterRef("pk"))),
        has_revisions=Exists(FactRevision.objects.filter(item=OuterRef("pk"))),
        has_follow_ups=Exists(ActionItem.objects.filter(item=OuterRef("pk"), done_at=None)),
    )
    return items.select_related("item__duty", "owner", "launch__team", "launch__lead")


def item_page(item: LaunchItem, board: Board, *, reader: User) -> ItemPage:
    """The page of an item; the item comes from `items_with_launch`, read after any change."""
    place = board.place(item.pk)
    head, tail = split_title(place.rule.title)
    row = row_of(board, place, extras_of(board, {item.pk})[item.pk])
    keys = list(board.places)
    at = keys.index(place.fact.key)
    signatures = _signatures(board, place, item, reader)
    due = place.fact.item.due_on
    titles = {section.key: section.title for section in board.content.sections}
    acts = item.launch.acts_of(reader)
    needed = is_needed(place.rule, board.content)
    hands = hands_of(item, board, place, acts, [one.signoff for one in signatures], reader=reader)
    return ItemPage(
        item=item,
        may_work=Action.ITEM_WORK in acts,
        may_add_evidence=Action.EVIDENCE_ADD in acts,
        may_sign=Action.ITEM_SIGN in acts,
        may_comment=Action.COMMENT in acts,
        now=board.now,
        place=place,
        row=row,
        head=head,
        tail=tail,
        section=titles[place.rule.section],
        word=WORDS[place.look],
        due=weekday(due) if due else "",
        due_in=countdown((due - board.today).days) if due else "",
        due_tone=row.due_tone,
        effect=_effect(board, place),
        links=links_of(item, place.rule, reader=reader, now=board.now),
        asks=asked_of(place.rule, needed=needed),
        needs_evidence=needed,
        signatures=signatures,
        threads=threads_of_item(item, reader=reader, acts=acts),
        owners=_owners(item) if Action.ITEM_WORK in acts else [],
        follow_ups=_follow_ups(item),
        feed=latest(board, item=item.pk),
        answers=partial_answers(board.content),
        before=board.places[keys[at - 1]].fact.pk if at else None,
        after=board.places[keys[at + 1]].fact.pk if at + 1 < len(keys) else None,
        taking_back=_taking_back(board, place, signatures, reader),
        closed=policies.working_on(item),
        not_signing=exempting.left_out(item, board.now)
        or _not_signing(item, place, board, reader)
        or hands.not_theirs,
        excuses=excuses_of(item, board, place, acts, reader=reader),
        hands=hands,
        fact=card_of(item, reader=reader, now=board.now),
    )


def _follow_ups(item: LaunchItem) -> tuple[ActionItem, ...]:
    """What reviews left to do on the item, as far as it is still owed."""
    if not item.has_follow_ups:
        return ()
    return tuple(item.follow_ups.filter(done_at=None).select_related("owner"))


def _not_signing(item: LaunchItem, place: Place, board: Board, reader: User) -> str:
    """Why this reader cannot check the item now."""
    mine = next((word for word in place.fact.words if word.by == reader.pk), None)
    full = board.content.full_answer.credit
    again = (
        policies.signing_again(counts=mine.counts(board.now), credit=mine.credit, becomes=full)
        if mine
        else ""
    )
    return policies.signing_off(item) or again


def _taking_back(
    board: Board, place: Place, signatures: list[Signature], reader: User
) -> Signature | None:
    """The sign-off that goes when the item is no longer done: the reader's own, else the latest."""
    counting = {word.pk for word in place.fact.words if word.counts(board.now)}
    standing = [one for one in signatures if one.signoff.pk in counting]
    mine = [one for one in standing if one.signoff.by_id == reader.pk]
    return next(iter(mine or standing), None)


def _signatures(board: Board, place: Place, item: LaunchItem, reader: User) -> list[Signature]:
    deciding = deciding_word(board, place)
    words = {word.pk: word for word in place.fact.words}
    found = []
    for signoff in item.signoffs.select_related("by", "withdrawn_by", "confirmed_by").order_by(
        "-at", "-pk"
    ):
        signoff.item = item
        word = words.get(signoff.pk)
        stands = word is not None and word.counts(board.now)
        found.append(
            Signature(
                signoff=signoff,
                word=_fate(signoff, item, is_expired=word is not None and word.is_on_basis)
                if not stands
                else (WORDS[place.look] if deciding and deciding.pk == signoff.pk else "Counts"),
                stands=stands,
                taking_back=policies.withdrawing(signoff, reader),
            )
        )
    return found


def _fate(signoff: SignOff, item: LaunchItem, *, is_expired: bool) -> str:
    """Why a sign-off does not count any more."""
    if signoff.withdrawn_at:
        return "Taken back"
    if signoff.broke_glass and not signoff.confirmed_at and is_expired:
        return "Waits for a second person"
    if is_expired:
        return "Expired"
    changed = [
        PARTS.get(part, part.replace("_", " "))
        for part, now_on in item.basis_parts.items()
        if signoff.basis_parts.get(part) != now_on
    ]
    if not set(signoff.evidence) <= set(item.evidence):
        changed.append("its evidence")
    return f"Out of date: {' and '.join(changed)} changed" if changed else "Out of date"


def _owners(item: LaunchItem) -> list[User]:
    """Who may own the item; and who owns it now."""
    owner = User.objects.filter(pk__in=[item.owner_id or 0])
    return list((workers_of(item.launch) | owner).order_by("name", "pk"))


def workers_of(launch: Launch) -> "QuerySet[User]":
    """Who may work on the items of a launch, and so own them."""
    team = Q(memberships__team=launch.team_id) | Q(memberships__team=None)
    working = User.objects.filter(
        team, memberships__role__in=roles_for(Action.ITEM_WORK), is_active=True
    ).values("pk")
    workers = User.objects.filter(Q(pk__in=working) | Q(pk=launch.lead_id, is_active=True))
    return workers.order_by("name", "pk")


def _effect(board: Board, place: Place) -> Effect | None:
    """What checking an open item that counts would do."""
    if not place.is_left or board.verdict.band is None:
        return None
    scheme = board.content.scheme
    items = [one.fact.item for one in board.places.values()]
    verdict = steps.after(items, scheme, board.now, place.fact.key)
    if verdict.band is None:
        return None
    if verdict.band == board.verdict.band:
        then = f"Still {verdict.band.title}{_short_of(board, place)}."
    else:
        then = f"That is {verdict.band.title}."
    return Effect(number(board.verdict.shown), number(verdict.shown), then)


def _short_of(board: Board, place: Place) -> str:
    """How far it would be to the next band afterwards."""
    items = [
        steps.checked(one.fact.item) if one is place else one.fact.item
        for one in board.places.values()
    ]
    way = steps.to_next(items, board.content.scheme, board.now)
    return f", {len(way.items)} short of {way.band.title}" if way else ""
