"""What may be done to an item now, or why not."""

from datetime import date

from readiness.accounts.models import User
from readiness.accounts.permissions import Action, can
from readiness.accounts.policies import stays
from readiness.audit.models import Event
from readiness.launches.models import Launch, LaunchItem
from readiness.launches.policies.words import OVER


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


def owning(launch: Launch, person: User | None) -> str:
    """An owner is someone who may work on the launch."""
    if person is None:
        return ""
    if not stays(person):
        return f"{person.name} has left and can own nothing."
    if person.pk != launch.lead_id and not can(person, Action.ITEM_WORK, team_id=launch.team_id):
        return f"{person.name} is not a member of {launch.team.name}."
    return ""


def due_by(launch: Launch, on: date | None) -> str:
    if on and on > launch.launch_on:
        return "An item cannot be due after the launch."
    return ""
