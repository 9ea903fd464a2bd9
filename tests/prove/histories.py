"""Random histories of launches: after each act, what is stored is what the log means."""

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import cache
from typing import Any

from readiness.accounts.models import Role, Team, User
from readiness.audit.models import Event
from readiness.checklists.models import Version
from readiness.launches.models import EvidenceLink, Launch, LaunchItem, Progress, SignOff
from readiness.launches.services import (
    breaking_glass,
    comments,
    configs,
    evidence,
    judging,
    reaffirming,
    signoffs,
)
from readiness.launches.services import items as item_services
from readiness.launches.services import launches as launch_services
from readiness.launches.services.launches import Intake
from readiness.web.refusal import Refused
from tests import make
from tests.prove import given
from tests.prove.findings import Finding, scaled
from tests.prove.recount import Count, Said, recount

SIZES = (1, 4, 5, 10, 19, 20, 40)
ZONES = ("UTC", "Asia/Kolkata", "America/Los_Angeles", "Pacific/Auckland")
PREFIXES = 15


def verdict() -> Finding:
    """Many random histories, compared after every act."""
    dice, prefixes, differences = random.Random(4), 0, []
    count = scaled(1_000)
    team = make.team()
    people = [make.user(team=team, role=Role.MEMBER) for _ in range(3)]
    for _ in range(count):
        history = History(dice, team, people)
        for act in [*[history.go_on] * PREFIXES, history.end]:
            act()
            prefixes += 1
            stored, meant = history.stored(), history.meant()
            if stored != meant:
                differences.append((history.launch.pk, stored, meant))
                break
    which = f": {differences[0]}" if differences else ""
    return Finding(
        "verdict",
        f"{count} histories, {prefixes} prefixes: {len(differences)} differences{which}",
        "0 differences",
        not differences,
    )


@cache
def checklist_of(size: int, rule: str) -> tuple[Version, dict[str, Any]]:
    """The shipped checklist's first items under a signing rule, published, and its file."""
    value = make.document(size, signing={"rule": rule})
    return make.published(value), value


class History:
    """What people do to one launch, act by act, while time goes by."""

    def __init__(self, dice: random.Random, team: Team, people: Sequence[User]) -> None:
        self.dice, self.people = dice, people
        self.began = self.now = given.now()
        self.size = dice.choice(SIZES)
        version, self.document = checklist_of(
            self.size, dice.choice(["anyone", "anyone", "two_persons"])
        )
        self.launch = make.launch(
            version=version, team=team, by=people[0], zone=dice.choice(ZONES),
            facets=self.answers(), at=self.now,
        )  # fmt: skip
        for item in self.items()[: round(self.size * dice.random())]:
            with suppress(Refused):
                signoffs.sign_off(item, **self.about(item, people[0]))
        self.acts: list[Callable[[User], object]] = [
            *[self.sign] * 8, *[self.withdraw] * 3, *[self.edit] * 2, *[self.answer] * 2,
            *[self.add_evidence] * 2, *[self.remove_evidence] * 2, self.revise_evidence,
            self.progress, self.comment,
            *[self.declare] * 2, *[self.reaffirm] * 2, *[self.break_glass] * 2,
            *[self.confirm] * 2,
        ]  # fmt: skip

    def go_on(self) -> None:
        """Time goes by, and somebody does something, or is refused."""
        hours = self.dice.choice([0, 1, 5, 24, 24, 72, 24 * 20, 24 * 60])
        self.pass_time(timedelta(hours=hours, seconds=self.dice.randint(1, 3_600)))
        with suppress(Refused):
            self.dice.choice(self.acts)(self.dice.choice(self.people))

    def end(self) -> None:
        """So much time goes by that nothing counts any more."""
        self.pass_time(timedelta(days=2_000))

    def pass_time(self, span: timedelta) -> None:
        """Every launch that time has overtaken is judged: in as many runs as that takes."""
        self.now += span
        while judging.judge_due(now=self.now):
            pass

    def stored(self) -> Count:
        launch = Launch.objects.get(pk=self.launch.pk)
        return Count(
            launch.verdict, launch.outcome, launch.checked, launch.counted, launch.holds,
            launch.next_change,
        )  # fmt: skip

    def meant(self) -> Count:
        events = Event.objects.filter(subject=self.launch.subject_id).order_by("sequence")
        log = [Said(*one) for one in events.values_list("kind", "at", "payload", "printed_name")]
        return recount(self.document, log, self.now)

    def items(self) -> Sequence[LaunchItem]:
        items = LaunchItem.objects.filter(launch=self.launch).order_by("position")
        return items.select_related("launch")

    def item(self) -> LaunchItem:
        return self.items()[self.dice.randrange(self.size)]

    def about(self, item: LaunchItem, by: User) -> dict[str, Any]:
        return {"by": by, "version": item.version, "key": make.key(), "now": self.now}

    def sign(self, by: User) -> None:
        item = self.item()
        signoffs.sign_off(item, **self.about(item, by))

    def reaffirm(self, by: User) -> None:
        item = self.item()
        reaffirming.reaffirm(item, **self.about(item, by))

    def break_glass(self, by: User) -> None:
        item = self.item()
        breaking_glass.break_glass(item, because="Nobody is there.", **self.about(item, by))

    def confirm(self, by: User) -> None:
        broken = SignOff.objects.standing().filter(item__launch=self.launch, broke_glass=True)
        word = self.dice.choice([*broken.select_related("item__launch").order_by("pk"), None])
        if word:
            breaking_glass.confirm(word, **self.about(word.item, by))

    def declare(self, by: User) -> None:
        launch = Launch.objects.get(pk=self.launch.pk)
        kind = self.dice.choice(["serving_config", "feature_set", "alert_rules"])
        value = self.dice.choice(["1", "2"])
        configs.declare(launch, kind=kind, value=value, **self.of(launch, by))

    def withdraw(self, by: User) -> None:
        standing = SignOff.objects.filter(item__launch=self.launch, withdrawn_at=None)
        word = self.dice.choice([*standing.select_related("item__launch").order_by("pk"), None])
        if word:
            signoffs.withdraw(word, **self.about(word.item, by))

    def add_evidence(self, by: User) -> None:
        item, title = self.item(), f"Run {next(make.NUMBERS)}"
        url = "https://runs.example/"
        evidence.add_evidence(item, title=title, url=url, **self.about(item, by))

    def remove_evidence(self, by: User) -> None:
        links = EvidenceLink.objects.filter(item__launch=self.launch, removed_at=None)
        link = self.dice.choice([*links.select_related("item__launch").order_by("pk"), None])
        if link:
            evidence.remove_evidence(link, **self.about(link.item, by))

    def revise_evidence(self, by: User) -> None:
        links = EvidenceLink.objects.filter(item__launch=self.launch, removed_at=None)
        link = self.dice.choice([*links.select_related("item", "evidence").order_by("pk"), None])
        if link:
            said = {"items": [(link.item_id, link.item.version)], "by": by, "key": make.key()}
            content = evidence.Content(f"Run {next(make.NUMBERS)}", "https://runs.example/")
            evidence.revise_evidence(link, content, **said, now=self.now)

    def progress(self, by: User) -> None:
        item = self.item()
        to = self.dice.choice(list(Progress))
        item_services.set_progress(item, to=to, because="It waits.", **self.about(item, by))

    def comment(self, by: User) -> None:
        said = {"by": by, "key": make.key(), "now": self.now}
        comments.comment(self.item(), text="Look at it.", **said)

    def answer(self, by: User) -> None:
        launch = Launch.objects.get(pk=self.launch.pk)
        launch_services.answer_facets(launch, self.answers(), **self.of(launch, by))

    def answers(self) -> dict[str, object]:
        """Some facets answered, some not."""
        answers: dict[str, object] = {}
        for facet in self.document["facets"]:
            if self.dice.random() < 0.6:
                options = facet.get("options", [])
                chosen = self.dice.sample(options, self.dice.randint(0, len(options)))
                is_boolean = facet["type"] == "boolean"
                answers[facet["key"]] = self.dice.random() < 0.5 if is_boolean else chosen
        return answers

    def edit(self, by: User) -> None:
        """Another candidate, date or zone; at times one that was there before."""
        launch = Launch.objects.select_related("team", "lead", "candidate").get(pk=self.launch.pk)
        dice, was = self.dice, launch.candidate
        day = self.began + timedelta(days=dice.choice([14, 15]), hours=dice.choice([0, 11]))
        version = dice.choice([was.version, "14.2.0", "14.3.0"])
        digest = dice.choice([was.digest, "", "sha256:1"])
        intake = Intake(
            team=launch.team, name=launch.name, model=launch.model, purpose="",
            launch_at=dice.choice([launch.launch_at, day]), zone=dice.choice([launch.zone, *ZONES]),
            lead=launch.lead, approvers=[], duties={},
            candidate={"name": was.name, "version": version, "digest": digest, "registry_url": ""},
        )  # fmt: skip
        launch_services.edit_launch(launch, intake, **self.of(launch, by))

    def of(self, launch: Launch, by: User) -> dict[str, Any]:
        return {"by": by, "edition": launch.edition, "key": make.key(), "now": self.now}
