"""Launches that are being decided on, for the tests of decisions."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from readiness.accounts.models import Role, Team, User
from readiness.launches.models import Decision, DecisionSignature, Launch, LaunchItem
from readiness.launches.models.decisions import Says
from readiness.launches.queries.facts import facts_of
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.seats import seal_of
from readiness.launches.services import decisions, signoffs
from readiness.launches.services.decisions import Condition, Word
from readiness.rules.verdict import judge
from tests import make

APPROVE, SEND_BACK = Word(Says.APPROVE), Word(Says.SEND_BACK, "Rehearse the rollback.")
DUE = date(2026, 12, 1)
LATER = make.NOW + timedelta(hours=1)
OVERRIDE = Word(Says.APPROVE, "The market closes tomorrow.")


@dataclass
class Room:
    """A launch with its lead and two approvers."""

    team: Team
    launch: Launch
    lead: User
    ann: User
    bob: User

    def again(self) -> Launch:
        return Launch.objects.get(pk=self.launch.pk)

    def ask(self, at: datetime = make.NOW, by: User | None = None) -> Decision:
        launch = self.again()
        return decisions.ask(
            launch,
            note="All is checked.",
            by=by or self.lead,
            edition=launch.edition,
            key=make.key(),
            now=at,
        )

    def say(self, by: User, word: Word = APPROVE, *, at: datetime = make.NOW) -> DecisionSignature:
        said = {"by": by, "key": make.key(), "now": at}
        return decisions.decide(self.launch, word, seal=seal(self.launch, at), **said)

    def confirm(self, proposal: DecisionSignature, by: User) -> DecisionSignature:
        said = {"by": by, "key": make.key(), "now": make.NOW}
        return decisions.confirm(proposal, seal=seal(self.launch), **said)

    def approve(self) -> Decision:
        self.ask()
        self.say(self.ann)
        return self.say(self.bob).decision

    def untick(self, position: int = 2) -> None:
        """Take the lead's check of an item back; the second is no must-have."""
        self.untick_at(make.item(self.launch, position), make.NOW)

    def untick_at(self, item: LaunchItem, at: datetime) -> None:
        signoff = item.signoffs.standing().get()
        said = {"by": self.lead, "version": item.version, "key": make.key(), "now": at}
        signoffs.withdraw(signoff, **said)

    def sign_next(self, at: datetime = make.NOW) -> None:
        """Check the first item that is not checked."""
        item = self.launch.items.filter(signoffs=None).order_by("position")[0]
        make.sign(item, by=self.lead, at=at)


def room(*, items: int = 5, signed_off: int = 5, quorum: int | None = None, **said) -> Room:
    team = make.team()
    ann, bob = (make.user(name, team=team, role=Role.APPROVER) for name in ("Ann Ash", "Bob Oz"))
    launch = make.launch(
        team=team, items=items, signed_off=signed_off, approvers=[ann, bob], **said
    )
    Launch.objects.filter(pk=launch.pk).update(quorum=quorum)
    return Room(team, launch, launch.lead, ann, bob)


def seal(launch: Launch, at: datetime = make.NOW) -> str:
    """What the page of the decision carries now."""
    launch = Launch.objects.get(pk=launch.pk)
    items = [fact.item for fact in facts_of(launch, at)]
    return seal_of(launch, judge(items, pinned(launch.version_id).scheme, at))


def conditions(owner: User) -> tuple[Condition, ...]:
    """What the default checklist asks of a conditional GO."""
    return (
        Condition("Watch the launch board for 72 hours", owner, DUE, "extra_monitoring"),
        Condition("One switch back to v13, tried on Friday", owner, DUE, "quick_rollback_plan"),
    )


def with_conditions(owner: User, reason: str = "") -> Word:
    return Word(Says.APPROVE_WITH_CONDITIONS, reason, conditions(owner))
