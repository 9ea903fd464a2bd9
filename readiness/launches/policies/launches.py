"""What may be done to a launch now, or why not."""

from readiness.accounts.models import Team, User
from readiness.accounts.permissions import Action, can
from readiness.accounts.policies import stays
from readiness.audit.kinds import TEXTS
from readiness.audit.models import Event
from readiness.checklists.models import Version
from readiness.launches.models import Launch
from readiness.launches.models.launches import Stage
from readiness.launches.policies.words import NO_LONGER, OVER

OVER_STAGES = (Stage.CANCELLED, Stage.ARCHIVED)


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
    Stage.APPROVED.value: (Stage.PREPARING, Stage.ON_HOLD, Stage.CANCELLED, Stage.ARCHIVED),
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


def approving(launch: Launch, person: User) -> str:
    if not stays(person):
        return f"{person.name} has left and can decide nothing."
    return ""


def keeping_views(by: User, team: Team | None) -> str:
    """One's own views are one's own business; those of a team are kept by who works in it."""
    if team is not None and not can(by, Action.LAUNCH_OPEN, team_id=team.pk):
        return NO_LONGER
    return ""


def redacting(event: Event, because: str) -> str:
    """Why the words of an event cannot be taken out, if so."""
    if event.payload is None:
        return "This was redacted already."
    if event.kind not in [*TEXTS]:
        return "This holds nothing that people typed."
    return "" if because.strip() else "Say why: the reason stays where the words were."
