"""What a person asks the list of launches for, and how each wish narrows it."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import (
    BooleanField,
    CharField,
    Exists,
    Func,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast, Concat
from django.db.models.lookups import IRegex

from readiness.accounts.models import User
from readiness.launches.models import (
    Exemption,
    ExemptionKind,
    LaunchApprover,
    LaunchItem,
    SignOff,
    VerdictSnapshot,
)
from readiness.launches.models.items import LaunchItemQuerySet
from readiness.launches.models.launches import SEARCHED, LaunchQuerySet
from readiness.launches.queries.listing import Place, Sort
from readiness.launches.queries.pinned import pinned
from readiness.rules.scheme import Outcome
from readiness.rules.truth import Truth
from readiness.web import locales

A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
ME = "me"
YES_OR_NO = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a person asked to see. `today` is when their day began.

    `owner` is `me` or a part of the name or address of who owns open items, `facet` a key and
    an answer, `problems` what of the address nobody could make sense of, in words.
    """

    today: datetime
    verdict: str = ""
    team: int | None = None
    words: str = ""
    owner: str = ""
    facet: tuple[str, str] | None = None
    since: date | None = None
    until: date | None = None
    within: int | None = None
    is_held: bool = False
    is_for_me: bool = False
    is_falling: bool = False
    sort: Sort = Sort.DATE
    after: Place | None = None
    problems: tuple[str, ...] = ()

    @property
    def are_on(self) -> bool:
        return bool(self.verdict or self.team or self.words or self.more)

    @property
    def more(self) -> tuple[str, ...]:
        """Those of the panel that are on, in words."""
        said = {
            "my open items" if self.owner == ME else f"open items of {self.owner}": self.owner,
            ": ".join(self.facet or ()): self.facet,
            f"from {_day(self.since)}": self.since,
            f"until {_day(self.until)}": self.until,
            f"next {self.within} days": self.within,
            "must-have open": self.is_held,
            "waiting for my decision": self.is_for_me,
            "falling readiness": self.is_falling,
        }
        return tuple(words for words, is_on in said.items() if is_on)

    @property
    def panel(self) -> "Filters":
        """What the panel shows: the same for everyone who chose the same in it."""
        return replace(
            self, verdict="", team=None, words="", sort=Sort.DATE, after=None, problems=()
        )

    @property
    def bounds(self) -> tuple[datetime | None, datetime | None]:
        """The first instant of the launches wanted, and the first after them."""
        zone, firsts, lasts = self.today.tzinfo, [], []
        if self.since:
            firsts.append(datetime.combine(self.since, time(), zone))
        if self.until:
            lasts.append(datetime.combine(self.until + A_DAY, time(), zone))
        if self.within:
            firsts.append(self.today)
            lasts.append(self.today + (self.within + 1) * A_DAY)
        return max(firsts, default=None), min(lasts, default=None)

    @property
    def asked_facet(self) -> str:
        """The facet as an address carries it."""
        return ":".join(self.facet or ())

    @property
    def facet_json(self) -> str:
        """The answer as the launch holds it."""
        answer = self.facet[1] if self.facet else ""
        return json.dumps(YES_OR_NO.get(answer, answer))


@lru_cache(maxsize=64)
def answers_of(version: int) -> tuple[tuple[str, str], ...]:
    """All answers to the questions of a version: keys of facets, each with an option."""
    return tuple(
        (facet.key, option)
        for facet in pinned(version).facets.values()
        for option in facet.options or YES_OR_NO
    )


# Stand-ins for what a reader asks; each differs from any value in a statement.
PERSON, OWNER, FACET, ANSWER = -101, "an-owner", "a-facet", '"an-answer"'
NOW, FIRST, LAST = (datetime(year, 1, 1, tzinfo=UTC) for year in (1971, 1974, 1975))
WISHES = frozenset({PERSON, OWNER, FACET, ANSWER, NOW, NOW - A_WEEK, FIRST, LAST})


def values_of(filters: Filters) -> dict[object, object]:
    """What stands in the places of the stand-ins, but for who asks and when."""
    first, last = filters.bounds
    return {
        OWNER: plain(filters.owner),
        FACET: filters.facet[0] if filters.facet else "",
        ANSWER: filters.facet_json,
        FIRST: first,
        LAST: last,
    }


@dataclass(frozen=True, slots=True)
class Wishes:
    """Which of the filters of the panel are on: all of them that decides on a statement's text."""

    owner: str = ""
    has_facet: bool = False
    has_first: bool = False
    has_last: bool = False
    is_held: bool = False
    is_for_me: bool = False
    is_falling: bool = False


def wishes_of(filters: Filters) -> Wishes:
    first, last = filters.bounds
    return Wishes(
        owner=ME if filters.owner == ME else OWNER if filters.owner else "",
        has_facet=filters.facet is not None,
        has_first=first is not None,
        has_last=last is not None,
        is_held=filters.is_held,
        is_for_me=filters.is_for_me,
        is_falling=filters.is_falling,
    )


def narrowed(launches: LaunchQuerySet, wishes: Wishes) -> LaunchQuerySet:
    """What no verdict decides on: dates, people, answers; written with stand-ins."""
    if wishes.has_first:
        launches = launches.filter(launch_at__gte=FIRST)
    if wishes.has_last:
        launches = launches.filter(launch_at__lt=LAST)
    if wishes.has_facet:
        answered = KeyTransform(FACET, "facets")
        wanted = Cast(Value(ANSWER), JSONField())
        launches = launches.filter(
            Func(answered, wanted, template="%(expressions)s", arg_joiner=" @> ",
                 output_field=BooleanField())
        )  # fmt: skip
    if wishes.owner:
        launches = launches.filter(pk__in=_open_items(wishes.owner).values("launch"))
    if wishes.is_for_me:
        seats = LaunchApprover.objects.filter(launch=OuterRef("pk"), person=PERSON)
        launches = launches.filter(Exists(seats))
    return launches


def judged_so(launches: LaunchQuerySet, wishes: Wishes) -> LaunchQuerySet:
    """What the stored verdict decides on; `is_wanted` says the same of one judged just now."""
    if wishes.is_held:
        launches = launches.filter(holds__gt=0)
    if wishes.is_for_me:
        launches = launches.filter(holds=0).exclude(outcome=Outcome.NO_GO.value)
    if wishes.is_falling:
        launches = launches.filter(score__lt=Subquery(score_at(NOW - A_WEEK)))
    return launches


def is_wanted(filters: Filters, *, holds: int, outcome: str, falls: bool) -> bool:
    is_ready = not holds and outcome != Outcome.NO_GO.value
    return (
        (holds > 0 or not filters.is_held)
        and (is_ready or not filters.is_for_me)
        and (falls or not filters.is_falling)
    )


def score_at(at: datetime) -> "QuerySet[Any, Any]":
    """The score a launch had then, along the index of its snapshots."""
    kept = VerdictSnapshot.objects.filter(launch=OuterRef("pk"), at__lte=at)
    return kept.order_by("-at", "-pk").values("score")[:1]


def _open_items(owner: str) -> LaunchItemQuerySet:
    """Items of this owner for which nobody's word counts as things stand."""
    words = SignOff.objects.standing().filter(
        Q(expires_at=None) | Q(expires_at__gt=NOW),
        item=OuterRef("pk"),
        basis=OuterRef("basis"),
        evidence__contained_by=OuterRef("evidence"),
    )
    spared = Exemption.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=NOW),
        item=OuterRef("pk"),
        kind=ExemptionKind.NA.value,
        agreed_at__isnull=False,
        closed_at=None,
    )
    items = LaunchItem.objects.exclude(applies=Truth.NO.value)
    if owner == ME:
        items = items.filter(owner=PERSON)
    else:
        named = IRegex(Concat("name", Value(" "), "email", output_field=CharField()), Value(OWNER))
        items = items.filter(owner__in=User.objects.filter(named).values("pk"))
    return items.filter(~Exists(words), ~Exists(spared)).order_by()


def searched(launches: LaunchQuerySet, words: Iterable[str]) -> LaunchQuerySet:
    """Those with all the words in name or model."""
    for word in words:
        launches = launches.filter(IRegex(SEARCHED, Value(word)))
    return launches


def plain(words: str) -> str:
    """What people typed, as a pattern that means just this."""
    return re.escape(words)


def _day(on: date | None) -> str:
    return locales.current().dated(on) if on else ""
