"""Going away, with somebody who stands in, and coming back: written down where people are."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction

from readiness.accounts import policies
from readiness.accounts.absences import absence_of
from readiness.accounts.models import Absence, User
from readiness.audit.kinds import Kind
from readiness.audit.people import again, take_site
from readiness.audit.services import record
from readiness.web.refusal import Refused, refuse_if

NOT_BESIDE = "Choose somebody else who is in one of the same teams."
IS_BACK = "This ended already."


@transaction.atomic
def go_away(
    person: User,
    *,
    first_on: date,
    last_on: date,
    stand_in: User | None,
    by: User,
    now: datetime,
) -> None:
    """Say from which day to which a person is away, and who stands in. Raises Refused."""
    site = take_site()
    person = again(person)
    refuse_if(policies.saying_away(again(by), person))
    refuse_if(policies.going_away(person, first_on, last_on, now))
    is_beside = stand_in is None or policies.stand_ins_for(person).filter(pk=stand_in.pk).exists()
    refuse_if("" if is_beside else NOT_BESIDE)
    chosen: dict[str, Any] = {"first_on": first_on, "last_on": last_on, "stand_in": stand_in}
    was = absence_of(person, now)
    if was and all(getattr(was, name) == value for name, value in chosen.items()):
        return
    instants = {
        "begins_at": _midnight(person, first_on),
        "ends_at": _midnight(person, last_on + timedelta(days=1)),
    }
    Absence.objects.update_or_create(person=person, defaults=chosen | instants)
    said = {
        **_about(person, by),
        "from": first_on.isoformat(),
        "until": last_on.isoformat(),
        "stand_in": stand_in.name if stand_in else "",
        "stand_in_id": stand_in.pk if stand_in else None,
    }
    record(Kind.PERSON_AWAY, subject=site, by=by, at=now, **said)


@transaction.atomic
def come_back(person: User, *, by: User, now: datetime) -> None:
    """Say that a person is there from now on; what is over of the absence stays known."""
    site = take_site()
    refuse_if(policies.saying_away(again(by), person))
    absence = absence_of(person, now)
    if absence is None:
        raise Refused(IS_BACK)
    if absence.begins_at < now:
        absence.ends_at, absence.last_on = now, now.astimezone(person.tzinfo).date()
        absence.save(update_fields=["ends_at", "last_on"])
    else:
        absence.delete()
    said = {**_about(person, by), "stand_in": absence.stand_in.name if absence.stand_in else ""}
    record(Kind.PERSON_BACK, subject=site, by=by, at=now, **said)


def _midnight(person: User, day: date) -> datetime:
    return datetime.combine(day, time(), person.tzinfo)


def _about(person: User, by: User) -> dict[str, Any]:
    """Whom the event is about; their name only where somebody else says it."""
    return {"person_id": person.pk, "person": person.name if person.pk != by.pk else ""}
