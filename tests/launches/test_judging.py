"""Judging: the stored verdict is always the right one, and each change of it is kept."""

import random
from datetime import datetime, timedelta

import pytest

from readiness.accounts.models import User
from readiness.audit.kinds import Kind
from readiness.launches.models import (
    EvidenceLink,
    Launch,
    LaunchItem,
    Progress,
    SignOff,
    VerdictSnapshot,
)
from readiness.launches.services import evidence, items, signoffs
from readiness.launches.services.judging import judge_due
from readiness.launches.services.launches import answer_facets
from readiness.web.refusal import Refused
from tests import make
from tests.launches.given import count_told, faults, recomputed, said, stored, told
from tests.launches.intakes import another, edited

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def snapshots(launch: Launch) -> list[tuple[str, int, int]]:
    kept = VerdictSnapshot.objects.filter(launch=launch).order_by("pk")
    return list(kept.values_list("verdict", "checked", "counted"))


def test_a_snapshot_is_kept_for_each_new_verdict_and_for_nothing_else():
    launch = make.launch(items=5)
    ann = make.user("Ann", team=launch.team)
    make.sign(make.item(launch, 1), by=ann)
    make.link(make.item(launch, 1), by=ann)
    make.sign(make.item(launch, 1), by=launch.lead)

    make.sign(make.item(launch, 2), by=ann)

    assert snapshots(launch) == [("delay", 0, 5), ("delay", 1, 5), ("delay", 2, 5)]


def test_a_snapshot_says_what_was_seen():
    launch = make.launch(items=5, signed_off=4)

    kept = VerdictSnapshot.objects.filter(launch=launch).latest("pk")

    row = Launch.objects.get(pk=launch.pk)
    same = ("verdict", "outcome", "score", "shown", "earned", "total", "checked", "counted")
    assert {name: getattr(kept, name) for name in same} == {
        name: getattr(row, name) for name in same
    }
    assert (kept.candidate_id, kept.version_id, kept.at) == (
        launch.candidate_id,
        launch.version_id,
        make.NOW,
    )
    assert sorted(kept.states.values()) == ["met"] * 4 + ["open"]
    assert kept.holds == []
    assert kept.sequence == count_told(launch) - 1  # the sign-off; the new verdict came after


def test_a_hold_that_is_lifted_is_a_changed_verdict():
    launch = make.launch(items=1)
    before = count_told(launch)

    make.sign(make.item(launch), by=launch.lead)

    [_, (kind, by, _, payload)] = told(launch, before)
    assert (kind, by) == (Kind.VERDICT_CHANGED, launch.lead)
    assert payload == {"was": "delay", "becomes": "ready", "shown": "100%", "holds": []}


def test_time_that_passes_is_judged_by_nobody_at_the_instant_it_is_found():
    launch = make.launch(items=5, signed_off=5)
    later, before = make.NOW + 30 * DAY, count_told(launch)

    judged = judge_due(now=later)

    launch.refresh_from_db()
    fall = {"was": "ready", "becomes": "monitor", "shown": "80%", "holds": []}
    assert (judged, launch.checked, launch.judged_at) == (1, 4, later)
    assert told(launch, before) == [(Kind.VERDICT_CHANGED, None, later, fall)]
    assert snapshots(launch)[-1] == ("monitor", 4, 5)
    assert stored(launch) == recomputed(launch)


def test_a_moment_before_the_first_expiry_nothing_is_due():
    launch = make.launch(items=5, signed_off=5)

    judged = judge_due(now=make.NOW + 30 * DAY - timedelta(microseconds=1))

    assert (judged, launch.next_change) == (0, make.NOW + 30 * DAY)


def test_judging_what_is_due_twice_changes_nothing_more():
    launch = make.launch(items=5, signed_off=5)
    later = make.NOW + 30 * DAY
    judge_due(now=later)
    count, kept = count_told(launch), snapshots(launch)

    judged = judge_due(now=later)

    assert (judged, count_told(launch), snapshots(launch)) == (0, count, kept)


def test_launches_that_time_has_not_overtaken_are_left_alone():
    due, fresh = make.launch(items=3, signed_off=3), make.launch(items=2, signed_off=2)
    before = stored(fresh)

    judge_due(now=make.NOW + 30 * DAY)

    assert (stored(fresh), stored(due)["checked"]) == (before, 2)


def test_a_snapshot_that_time_made_stands_at_the_latest_event_before_it():
    launch = make.launch(items=5, signed_off=5)
    count = count_told(launch)

    judge_due(now=make.NOW + 30 * DAY)

    assert VerdictSnapshot.objects.filter(launch=launch).latest("pk").sequence == count


def test_a_snapshot_that_an_edit_without_news_made_stands_there_too():
    launch = make.launch(items=5, signed_off=5)
    count = count_told(launch)

    edited(launch, at=make.NOW + 30 * DAY)

    assert VerdictSnapshot.objects.filter(launch=launch).latest("pk").sequence == count


class Story:
    """A random history of one launch, told through the services."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.launch = make.launch(items=self.dice.choice([6, 9, 13]))
        team = self.launch.team
        self.people = [self.launch.lead, make.user("Ann", team=team), make.user("Bob", team=team)]
        self.now = make.NOW
        self.acts = [self.sign, self.take_back, self.link, self.unlink, self.block]
        self.acts += [self.propose, self.move, self.answer, self.wait]

    def step(self) -> str:
        """One act of somebody; says which. A refusal is an answer too."""
        self.now += self.dice.choice([timedelta(seconds=1), DAY, 20 * DAY])
        act = self.dice.choice([self.sign, self.sign, *self.acts])
        try:
            act()
        except Refused as problem:
            return f"{act.__name__}: {problem}"
        return act.__name__

    def who(self) -> User:
        return self.dice.choice(self.people)

    def item(self) -> LaunchItem:
        return self.dice.choice(list(self.launch.items.all()))

    def sent(self, item: LaunchItem, by: User) -> dict:
        return said(item, by=by, at=self.now)

    def sign(self) -> None:
        item = self.item()
        signoffs.sign_off(item, **self.sent(item, self.who()))

    def take_back(self) -> None:
        for word in SignOff.objects.standing().filter(item__launch=self.launch).order_by("?")[:1]:
            signoffs.withdraw(word, **self.sent(word.item, word.by))

    def link(self) -> None:
        item = self.item()
        evidence.add_evidence(
            item, title="Run", url="https://r.example", **self.sent(item, self.who())
        )

    def unlink(self) -> None:
        linked = EvidenceLink.objects.filter(item__launch=self.launch, removed_at=None)
        for link in linked[:1]:
            evidence.remove_evidence(link, **self.sent(link.item, self.who()))

    def block(self) -> None:
        item, to = self.item(), self.dice.choice(list(Progress))
        items.set_progress(item, to=to, because="A GPU.", **self.sent(item, self.who()))

    def propose(self) -> None:
        version = str(self.dice.randint(1, 3))
        edited(self.launch, at=self.now, candidate=another(self.launch, version=version))

    def move(self) -> None:
        days = self.dice.randint(-2, 2)
        edited(self.launch, at=self.now, launch_at=make.NOW + (90 + days) * DAY)

    def answer(self) -> None:
        launch = Launch.objects.get(pk=self.launch.pk)
        serving = self.dice.choice([{}, {"serving": ["batch"]}, {"serving": ["online"]}])
        sent = {"edition": launch.edition, "by": launch.lead, "key": make.key(), "now": self.now}
        answer_facets(launch, serving, **sent)

    def wait(self) -> None:
        judge_due(now=self.now)


@pytest.mark.parametrize("seed", range(8))
def test_after_every_step_of_any_history_the_stored_verdict_is_the_right_one(seed):
    story = Story(seed)

    for _ in range(25):
        before, kept = stored(story.launch), len(snapshots(story.launch))
        what = story.step()

        after = stored(story.launch)
        assert after == recomputed(story.launch), what
        names = ("verdict", "earned", "total", "checked", "counted", "holds")
        is_new = any(before[name] != after[name] for name in names)
        assert len(snapshots(story.launch)) - kept == is_new, what
    assert faults(story.launch) == []


@pytest.mark.parametrize("seed", range(2))
def test_every_event_of_a_history_says_who_and_when_and_time_never_runs_backwards(seed):
    story = Story(seed)

    for _ in range(25):
        story.step()

    events = told(story.launch)
    people = set(story.people)
    at: list[datetime] = [when for _, _, when, _ in events]
    assert at == sorted(at)
    assert {by for kind, by, *_ in events if kind != Kind.VERDICT_CHANGED} <= people
