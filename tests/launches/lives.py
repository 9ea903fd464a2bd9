"""Random lives of launches, with all that moves a verdict, for tests that look back or ahead."""

import random
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from typing import Any

from readiness.accounts.models import Team, User
from readiness.checklists.models import Version
from readiness.launches.models import (
    EvidenceKind,
    EvidenceLink,
    ExemptionKind,
    Launch,
    LaunchItem,
    SignOff,
)
from readiness.launches.queries.exempting import agreement_of
from readiness.launches.queries.facts import facts_of
from readiness.launches.services import breaking_glass, configs, evidence, exemptions, reaffirming
from tests import make
from tests.prove import histories
from tests.prove.histories import History

KINDS = ("serving_config", "team", "dependencies")
POLICIES: list[dict[str, Any]] = [
    {},
    {"signing": {"rule": "two_persons"}},
    {"waiver_counts_as": "excluded", "blockers": "cap_verdict"},
    {"na_counts_as": "met", "waiver_counts_as": "met"},
]


@cache
def rich(size: int, policy: int) -> tuple[Version, dict[str, Any]]:
    """A checklist that asks for evidence of kinds and ages, under one of the policies."""
    value = make.document(size, **POLICIES[policy])
    items = [item for section in value["sections"] for item in section["items"]]
    for item in items[::3]:
        item["requires"] = ["evidence"]
        item["evidence_policy"] = {"kinds": ["link", "metric"], "max_age_days": 60}
    for item in items[::4]:
        item["na_allowed"], item["na_max_days"] = True, 30
    for item in items[1::5]:
        item["signing"] = {"rule": "two_persons"}
    return make.published(value), value


class Life(History):
    """A history, with exemptions, declared changes, glass that breaks and evidence that ages."""

    def __init__(self, dice: random.Random, team: Team, people: Sequence[User]) -> None:
        policy, usual = dice.randrange(len(POLICIES)), histories.checklist_of
        histories.checklist_of = lambda size, *_: rich(size, policy)
        try:
            super().__init__(dice, team, people)
        finally:
            histories.checklist_of = usual
        self.acts += [
            *[self.exempt] * 6, *[self.declare] * 2, *[self.break_glass] * 2,
            *[self.reaffirm] * 2, *[self.age] * 3,
        ]  # fmt: skip

    def another(self, person: User | None) -> User:
        return self.dice.choice([one for one in self.people if one != person])

    def exempt(self, by: User) -> None:
        """Ask for an exemption, agree to it, or say no."""
        item = self.item()
        found = item.exemptions.filter(closed_at=None).select_related("item__launch", "asked_by")
        exemption = self.dice.choice([*found.order_by("pk"), None])
        until = (self.now + timedelta(days=self.dice.choice([1, 20, 25]))).date()
        if exemption is None:
            self.ask(item, by, until)
        elif exemption.agreed_at is None and self.dice.random() < 0.8:
            launch = Launch.objects.get(pk=self.launch.pk)
            facts = facts_of(launch, self.now)
            seal = agreement_of(exemption, launch, facts, self.now).seal
            other = self.another(exemption.asked_by)
            exemptions.agree(exemption, seal=seal, **self.about(item, other))
        else:
            exemptions.decline(exemption, because="No.", **self.about(item, by))

    def ask(self, item: LaunchItem, by: User, until: Any) -> None:
        if self.dice.choice(list(ExemptionKind)) is ExemptionKind.NA:
            until = self.dice.choice([until, None])
            exemptions.propose_na(item, reason="Not here.", until=until, **self.about(item, by))
        else:
            said = {"reason": "Later.", "control": "Somebody looks."}
            exemptions.ask_waiver(item, until=until, **said, **self.about(item, by))

    def declare(self, by: User) -> None:
        launch = Launch.objects.get(pk=self.launch.pk)
        what = {"kind": self.dice.choice(KINDS), "value": self.dice.choice("abc")}
        configs.declare(launch, **what, **self.of(launch, by))

    def break_glass(self, by: User) -> None:
        """Sign alone where two must, or confirm that somebody did."""
        broken = SignOff.objects.filter(
            item__launch=self.launch, broke_glass=True, confirmed_at=None, withdrawn_at=None
        ).select_related("item__launch", "by")
        signoff = broken.order_by("pk").first()
        if signoff:
            other = self.another(signoff.by)
            breaking_glass.confirm(signoff, **self.about(signoff.item, other))
        else:
            item = self.item()
            breaking_glass.break_glass(item, because="Nobody else is here.", **self.about(item, by))

    def reaffirm(self, by: User) -> None:
        item = self.item()
        reaffirming.reaffirm(item, **self.about(item, by))

    def age(self, by: User) -> None:
        """Evidence that is too old some day, or of a kind that nobody asked for; or take it off."""
        links = EvidenceLink.objects.filter(item__launch=self.launch, removed_at=None)
        link = self.dice.choice([*links.select_related("item__launch").order_by("pk"), None, None])
        if link:
            evidence.remove_evidence(link, **self.about(link.item, by))
            return
        item, url = self.item(), "https://runs.example/"
        evidence.add_evidence(
            item, title=f"Run {next(make.NUMBERS)}", url=url,
            kind=self.dice.choice([EvidenceKind.LINK, EvidenceKind.CI_RUN]),
            captured_at=self.now - timedelta(days=self.dice.choice([0, 30, 59])),
            **self.about(item, by),
        )  # fmt: skip
