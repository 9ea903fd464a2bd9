"""Who may leave an item out or have it waived now, who may agree, and until when, or why not."""

from datetime import date, datetime, timedelta

from readiness.accounts.models import User
from readiness.launches.models import Exemption, Launch, LaunchItem
from readiness.launches.policies.words import OVER, TAKEN_BACK
from readiness.rules.states import State
from readiness.rules.truth import Truth
from readiness.web import locales

LONGEST_DAYS = 3_650
FALLEN = "Its end has passed while it waited. It has to be asked for again."
CHANGED = "What this agrees to has changed since you loaded the page. Look at it again."


def left_out(item: LaunchItem, now: datetime) -> str:
    """Nobody checks what is agreed not to apply: once that ran out, it would count by itself."""
    if item.na_until is None or now >= item.na_until:
        return ""
    return "It is agreed that this does not apply. Take that back before you check it."


def asking(item: LaunchItem) -> str:
    """Whatever is asked for: the launch goes on, and the item applies to it."""
    if item.launch.is_over:
        return OVER
    if item.applies == Truth.NO.value:
        return "This item does not apply to this launch already, by the answers about it."
    return ""


def proposing_na(item: LaunchItem, *, na_allowed: bool) -> str:
    if not na_allowed:
        return (
            "This checklist expects this item of every launch, so it cannot be marked as not "
            "applicable. Ask for a waiver instead."
        )
    return asking(item)


def waiving(item: LaunchItem, state: State) -> str:
    """A waiver is for what applies and is open."""
    if state is State.NA_CONFIRMED:
        return "It is agreed that this does not apply, so there is nothing to waive."
    if state is State.MET:
        return "This is done, so there is nothing to waive."
    return asking(item)


def ending(launch: Launch, until: date | None, *, longest: int | None, now: datetime) -> str:
    """Whether the last day of an exemption is one that the checklist allows."""
    if until is None:
        return ""
    today = launch.day_at(now)
    if until < today:
        return "Choose a day that is still to come."
    days = min(longest or LONGEST_DAYS, LONGEST_DAYS)
    if until > today + timedelta(days=days):
        last = today + timedelta(days=days)
        dated = locales.current().dated(last)
        many = "1 day" if days == 1 else f"{days} days"
        return f"This may last {many} at most. Choose {dated} or earlier."
    return ""


def going_on(standing: Exemption, launch: Launch, ends_at: datetime | None) -> str:
    """What stands is asked for again only to last longer."""
    is_longer = standing.ends_at is not None and (ends_at is None or ends_at > standing.ends_at)
    if is_longer:
        return ""
    if standing.ends_at is None:
        return "It is agreed already that this does not apply."
    last = launch.last_day_before(standing.ends_at)
    word = "waiver" if standing.is_waiver else "agreement"
    return f"The {word} stands until {locales.current().dated(last)}. Choose a later day."


def asking_beside(waiting: Exemption, by: User) -> str:
    """One's own question makes way for the one that is asked now; another's has to be answered."""
    if waiting.asked_by_id == by.pk:
        return ""
    return f"{waiting.asked_by.name} asked for this already. It waits for somebody to agree."


def agreeing(exemption: Exemption, launch: Launch, by: User, now: datetime) -> str:
    """An agreement takes another person than the asker, and something that still waits."""
    if launch.is_over:
        return OVER
    if reason := _closed(exemption) or _agreed(exemption):
        return reason
    if exemption.asked_by_id == by.pk:
        return "You asked for this yourself. Somebody else has to agree."
    return FALLEN if has_ended(exemption, now) else ""


def declining(exemption: Exemption, launch: Launch, by: User, because: str, now: datetime) -> str:
    """Who may agree may also say no, or say no later on; the asker takes back instead."""
    if launch.is_over:
        return OVER
    if reason := _over(exemption, now):
        return reason
    if exemption.asked_by_id == by.pk:
        return "You asked for this yourself. Take it back instead."
    return "" if because.strip() else "Say why not."


def withdrawing(exemption: Exemption, launch: Launch, by: User, now: datetime) -> str:
    """One takes back what one asked for; the lead of the launch may take back any."""
    if launch.is_over:
        return OVER
    if reason := _over(exemption, now):
        return reason
    if by.pk not in (exemption.asked_by_id, launch.lead_id):
        return f"Only {exemption.asked_by.name} or the lead can take this back."
    return ""


def has_ended(exemption: Exemption, now: datetime) -> bool:
    return exemption.ends_at is not None and exemption.ends_at <= now


def _closed(exemption: Exemption) -> str:
    if exemption.closed_at is None:
        return ""
    if exemption.closed_by is None:
        return "Something later took the place of this."
    if exemption.closed_by_id == exemption.asked_by_id:
        return TAKEN_BACK
    return f"{exemption.closed_by.name} ended this already."


def _over(exemption: Exemption, now: datetime) -> str:
    """What was closed, or ran out, is not ended once more; a question that ran out may be."""
    is_past = exemption.agreed_at is not None and has_ended(exemption, now)
    return _closed(exemption) or ("This has ended already." if is_past else "")


def _agreed(exemption: Exemption) -> str:
    if exemption.agreed_at is None:
        return ""
    by = exemption.agreed_by
    return f"{by.name} agreed to this already." if by else "This stands already."
