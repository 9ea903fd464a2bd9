"""What reaches somebody in the place of who is away: late work, and what waits for a word.

Who hears is found out when it is asked (`accounts.absences`). Where nobody stands in, or who
does asked for it themselves or may not read the launch, the lead of the launch hears. What
anybody may do about it their own roles decide.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter

from django.conf import settings

from readiness.accounts.absences import Absent, absent_among, absent_for
from readiness.accounts.models import User
from readiness.launches.models import Launch, LaunchApprover, LaunchItem
from readiness.launches.models.launches import QUIET
from readiness.launches.queries.deciding_waits import decisions_to_take
from readiness.launches.queries.mentions import readers_of
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.waits import Wait
from readiness.notifications.queries.besides import QUOTED, SOURCES, Section, cut
from readiness.notifications.queries.decided import Notice
from readiness.notifications.queries.owned import LATE, Owned, open_items_of
from readiness.web.markdown import plain
from readiness.web.templatetags.face import day

Source = Callable[[User, datetime], Iterable[Wait]]


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who is away, as another hears for them: who stands in, or the lead of `led`.

    The lead hears of what nobody else does and does not reach them anyway: who would hear may
    read none of `unheard`, or asked it.
    """

    absent: Absent
    led: frozenset[int] = frozenset()
    unheard: frozenset[int] = frozenset()

    def __str__(self) -> str:
        return f"For {self.absent}" + (": nobody else hears" if self.is_led else "")

    @property
    def is_led(self) -> bool:
        return bool(self.led)

    @property
    def sources(self) -> Iterable[Source]:
        return (decisions_to_take,) if self.is_led else SOURCES


def hearers_for(
    people: Collection[int], launch: Launch, *, asker: int | None, now: datetime
) -> set[int]:
    """Who hears of what somebody asks, in the place of those of these people who are away."""
    absent = absent_among(people, now)
    if not absent:
        return set()
    stand_ins = {one.hearer for one in absent if one.hearer and one.hearer != asker}
    heard = {*readers_of(launch).filter(pk__in=stand_ins).values_list("pk", flat=True)}
    is_unheard = any(one.hearer not in heard for one in absent)
    return heard | ({launch.lead_id} - {asker} if is_unheard else set())


def wait_for_absent(
    person: User, launch: Launch, page: str, now: datetime
) -> tuple[Wait, Seat] | None:
    """What waits on a page for somebody for whom this person hears, and who that is."""
    for seat in _seats(person, [launch], now):
        for wait in _waits(seat, person, now):
            if wait.link == page:
                return wait, seat
    return None


def sections_for_absent(
    person: User, *, today: date, told: Collection[str], now: datetime
) -> tuple[Section, ...]:
    """A section for each who is away: their late work, then what waits for their word.

    `told` are the pages that the digest names already.
    """
    led = Launch.objects.filter(lead=person).exclude(stage__in=QUIET)
    found = []
    for seat in _seats(person, list(led), now):
        late = (_late(one, today) for one in _late_items(seat, person, today, now))
        waits = (_waiting(one, person) for one in _waits(seat, person, now))
        notices = tuple(one for one in (*late, *waits) if one.url not in told)
        if notices:
            found.append(cut(str(seat), f"{len(notices)} for {seat.absent.name}", notices))
    return tuple(found)


def _seats(person: User, led: Collection[Launch], now: datetime) -> Iterator[Seat]:
    """For whom this person hears as who stands in, then as the lead of these launches."""
    for one in absent_for(person, now):
        yield Seat(one)
    mine = {launch.pk for launch in led if launch.lead_id == person.pk}
    if not mine:
        return
    owners = LaunchItem.objects.filter(launch__in=mine, owner__absence__ends_at__gt=now)
    approvers = LaunchApprover.objects.filter(launch__in=mine, person__absence__ends_at__gt=now)
    held = {*owners.values_list("owner", flat=True), *approvers.values_list("person", flat=True)}
    for one in absent_among(held - {person.pk}, now):
        if one.hearer != person.pk:
            heard = _seen(User.objects.get(pk=one.hearer), mine) if one.hearer else set()
            yield Seat(one, frozenset(mine), frozenset(mine - heard))


def _late_items(seat: Seat, person: User, today: date, now: datetime) -> list[Owned]:
    absent = User.objects.get(pk=seat.absent.pk)
    late = [one for one in open_items_of(absent, today, now, now, now) if one.when == LATE]
    if seat.is_led:
        return [one for one in late if one.row.launch_id in seat.unheard]
    seen = _seen(person, {one.row.launch_id for one in late})
    return [one for one in late if one.row.launch_id in seen]


def _waits(seat: Seat, person: User, now: datetime) -> list[Wait]:
    """What waits for the absent one's word, what waits longest first; never one's own question."""
    absent = User.objects.get(pk=seat.absent.pk)
    found = [wait for source in seat.sources for wait in source(absent, now)]
    asked = sorted(
        (wait for wait in found if person.pk not in wait.askers), key=attrgetter("since")
    )
    if seat.is_led:
        return [wait for wait in asked if _is_for_lead(seat, wait)]
    seen = _seen(person, {wait.launch_id for wait in asked})
    return [wait for wait in asked if wait.launch_id in seen]


def _is_for_lead(seat: Seat, wait: Wait) -> bool:
    is_unheard = wait.launch_id in seat.unheard or seat.absent.hearer in wait.askers
    return wait.launch_id in seat.led and is_unheard


def _seen(person: User, launches: Collection[int]) -> set[int]:
    """Those of these launches that a person may read."""
    if not launches:
        return set()
    seen = Launch.objects.visible_to(person).filter(pk__in=launches)
    return {*seen.values_list("pk", flat=True)}


def _late(one: Owned, today: date) -> Notice:
    late = (today - (one.row.due_on or today)).days
    return Notice(
        title=pinned(one.row.launch.version_id).items[one.fact.key].title,
        launch=one.row.launch.name,
        due=f"{late} day{'' if late == 1 else 's'} late",
        then="",
        url=settings.BASE_URL + one.row.get_absolute_url(),
        label="Open item",
    )


def _waiting(wait: Wait, person: User) -> Notice:
    return Notice(
        title=f"{wait.what}: {wait.item}" if wait.item else wait.what,
        launch=wait.launch,
        due=f"Asked by {wait.by} on {day(wait.since.astimezone(person.tzinfo))}",
        then=plain(wait.because, QUOTED),
        url=settings.BASE_URL + wait.link,
        label="Look",
    )
