"""Who may do what now, or why not: "" or a sentence for the person."""

from datetime import date, datetime
from fractions import Fraction

from readiness.accounts.models import Team, User
from readiness.accounts.permissions import Action, can
from readiness.audit.kinds import TEXTS
from readiness.audit.models import Event
from readiness.checklists.models import Version
from readiness.launches.models import Launch, LaunchItem, SignOff
from readiness.launches.models.launches import Stage
from readiness.rules.truth import Truth

OVER = "This launch is over: its checklist is closed."
OVER_STAGES = (Stage.CANCELLED, Stage.ARCHIVED)
NOT_THERE = "This is not an item of this launch."
TAKEN_BACK = "This was taken back already."
NO_LONGER = "You no longer have the right to do this in this team."


def stale(item: LaunchItem, version: int, now: datetime) -> str:
    """Somebody changed the item since the page was loaded."""
    if item.version == version:
        return ""
    seconds = max(0, round((now - item.changed_at).total_seconds()))
    return f"{item.changed_by.name} changed this {ago_in_words(seconds)}. Nothing was lost."


def ago_in_words(seconds: int) -> str:
    """A span that ends now, in words."""
    for size, word in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {word}{'' if count == 1 else 's'} ago"
    return "just now"


def opening(by: User, team: Team, version: Version) -> str:
    """A launch is opened in one's own team, on a checklist that no longer changes."""
    if not can(by, Action.LAUNCH_OPEN, team_id=team.pk):
        return NO_LONGER
    if not version.is_published:
        return "This version of the checklist is still a draft."
    return ""


MOVES: dict[str, tuple[Stage, ...]] = {
    Stage.PREPARING.value: (Stage.IN_REVIEW, Stage.ON_HOLD, Stage.CANCELLED, Stage.ARCHIVED),
    Stage.IN_REVIEW.value: (Stage.PREPARING, Stage.ON_HOLD, Stage.CANCELLED, Stage.ARCHIVED),
    Stage.ON_HOLD.value: (Stage.PREPARING, Stage.IN_REVIEW, Stage.CANCELLED),
    Stage.CANCELLED.value: (Stage.PREPARING, Stage.ARCHIVED),
    Stage.ARCHIVED.value: (Stage.PREPARING,),
}


def moves_from(launch: Launch) -> tuple[Stage, ...]:
    """The stages a launch may go to from where it is."""
    return MOVES[launch.stage]


def owes_reason(launch: Launch, to: Stage) -> bool:
    """Whether a move has to be explained: a stop, and taking up what was over."""
    return to in (Stage.ON_HOLD, Stage.CANCELLED) or (launch.is_over and to not in OVER_STAGES)


def moving(launch: Launch, to: Stage, because: str) -> str:
    if to.value == launch.stage:
        return f"This launch is {said_of(to)} already."
    if to not in moves_from(launch):
        return f"A launch that is {said_of(Stage(launch.stage))} cannot be {said_of(to)} next."
    if owes_reason(launch, to) and not because.strip():
        return "Say why."
    return ""


def said_of(stage: Stage) -> str:
    """A stage within a sentence."""
    return stage.value.replace("_", " ")


def editing(launch: Launch, edition: int | None = None) -> str:
    return OVER if launch.is_over else edited_since(launch, edition)


def edited_since(launch: Launch, edition: int | None) -> str:
    if edition is not None and launch.edition != edition:
        return "Someone edited this launch since you loaded the page. Look at it again."
    return ""


def working_on(item: LaunchItem) -> str:
    """Owner, due date, progress, evidence."""
    return OVER if item.launch.is_over else ""


def progressing(*, is_checked: bool) -> str:
    """Among several items: what is checked is not marked as anything less in passing."""
    return "This is checked. Take the check back first." if is_checked else ""


def undoing(event: Event, by: User) -> str:
    """One takes back what one did oneself to several items; an undo stays."""
    if event.by_id != by.pk:
        return f"Only {event.printed_name} can take this back."
    if "undoes" in event.said:
        return "This took something back. Change the items again instead."
    return ""


def signing_off(item: LaunchItem) -> str:
    if item.launch.is_over:
        return OVER
    if item.applies == Truth.NO.value:
        return "This item does not apply to this launch, so there is nothing to check."
    return ""


def signing_again(*, counts: bool, credit: Fraction, becomes: Fraction) -> str:
    """One's own standing word makes way when it no longer counts, or for one that says more."""
    return "You signed this off already." if counts and becomes <= credit else ""


def withdrawing(signoff: SignOff, by: User) -> str:
    """One takes back one's own word; the lead of the launch may take back any."""
    launch = signoff.item.launch
    if launch.is_over:
        return OVER
    if signoff.withdrawn_at:
        return TAKEN_BACK
    if by.pk not in (signoff.by_id, launch.lead_id):
        return f"Only {signoff.printed_name} or the lead can take this back."
    return ""


def owning(launch: Launch, person: User | None) -> str:
    """An owner is someone who may work on the launch."""
    if person is None:
        return ""
    if not person.is_active:
        return f"{person.name} has left and can own nothing."
    if person.pk != launch.lead_id and not can(person, Action.ITEM_WORK, team_id=launch.team_id):
        return f"{person.name} is not a member of {launch.team.name}."
    return ""


def keeping_views(by: User, team: Team | None) -> str:
    """One's own views are one's own business; those of a team are kept by who works in it."""
    if team is not None and not can(by, Action.LAUNCH_OPEN, team_id=team.pk):
        return NO_LONGER
    return ""


def approving(launch: Launch, person: User) -> str:
    if not person.is_active:
        return f"{person.name} has left and can decide nothing."
    return ""


def due_by(launch: Launch, on: date | None) -> str:
    if on and on > launch.launch_on:
        return "An item cannot be due after the launch."
    return ""


def redacting(event: Event, because: str) -> str:
    """Why the words of an event cannot be taken out, if so."""
    if event.payload is None:
        return "This was redacted already."
    if event.kind not in [*TEXTS]:
        return "This holds nothing that people typed."
    return "" if because.strip() else "Say why: the reason stays where the words were."
