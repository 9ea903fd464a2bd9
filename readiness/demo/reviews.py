"""Design reviews of the demo: one that was finished last week, one today, and one tomorrow."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from readiness.accounts.models import User
from readiness.launches.models import Launch
from readiness.reviews.models import Review
from readiness.reviews.models.room import Device, Outcome, Signal
from readiness.reviews.services import deciding, finishing, parking, presence, stage, starting
from readiness.reviews.services.deciding import Said
from readiness.reviews.services.planning import Plan, plan
from readiness.reviews.services.pulses import pulse

Act = tuple[datetime, Callable[..., object]]
COPILOT, ADS = "Support Copilot 2.0", "Ads ranking v14"
DONE = ("explainability-high-stakes", "latency-percentiles", "counterfactual-logging")
FOLLOW_UPS = {
    "golden-test-suite": "Write 200 questions of agents down, with the answers that pass.",
    "oncall-knows-model": "Walk the on-call through the two runbooks.",
    "stakeholder-comms-plan": "Tell support leads in three regions what changes, and when.",
}
PARKED = {
    "rollback-runbook-rehearsed": "Needs the old prompt pack restored.",
    "genai-safety-filters": "The red team has to be in the room.",
}
STEPS = ("rollback-runbook-rehearsed", *DONE, *FOLLOW_UPS, "genai-safety-filters")
PACE = timedelta(minutes=4)


@dataclass
class Meeting:
    """The review that was finished, as one act after the other leads through it."""

    launch: Launch
    crew: Sequence[User]
    pk: int = 0

    def plan(self, *, now: datetime) -> None:
        self.pk = _planned(self.launch, self.crew, now + timedelta(days=1), now).pk

    def start(self, *, now: datetime) -> None:
        starting.start(self.now, **self._sent(now))
        for person in self.crew:
            presence.join(self.now, by=person, device=self._device(person), now=now)

    def decide(self, key: str, *, now: datetime) -> None:
        """Go to an item, and check it, follow it up, or park it."""
        review = self.now
        item = self.launch.items.select_related("owner").get(key=key)
        self._hear(now)
        stage.move(review, turn=review.turn, item=item.pk, **self._sent(now))
        if key in PARKED:
            parking.park(review, item, because=PARKED[key], **self._sent(now + PACE / 2))
            return
        pulse(review, item, Signal.AGREE, is_on=True, by=self.crew[1], now=now)
        said = Said(Outcome.DONE)
        if key in FOLLOW_UPS:
            due_on = (now + timedelta(days=12)).date()
            owner = item.owner or self.crew[0]
            said = Said(Outcome.NOT_DONE, FOLLOW_UPS[key], owner=owner, due_on=due_on)
        deciding.decide(review, item, said, version=item.version, **self._sent(now + PACE / 2))

    def finish(self, *, now: datetime) -> None:
        self._hear(now)
        finishing.finish(self.now, **self._sent(now))

    def _hear(self, now: datetime) -> None:
        """Everybody is still there."""
        for person in self.crew:
            said: dict[str, Any] = {"by": person, "device": self._device(person), "now": now}
            presence.here(self.now, item=None, is_following=True, **said)

    def _device(self, person: User) -> Device:
        return Device.PHONE if person == self.crew[1] else Device.LAPTOP

    @property
    def now(self) -> Review:
        return Review.objects.get(pk=self.pk)

    def _sent(self, now: datetime) -> dict[str, Any]:
        return {"by": self.crew[0], "key": str(uuid4()), "now": now}


def met_last_week(launch: Launch, crew: Sequence[User], now: datetime) -> Iterator[Act]:
    """The acts of the review that was finished, among those of its launch."""
    if launch.name != COPILOT:
        return
    meeting = Meeting(launch, crew)
    starts_at = (now - timedelta(days=7)).replace(hour=15, minute=2, second=0, microsecond=0)
    yield starts_at - timedelta(days=1), meeting.plan
    yield starts_at, meeting.start
    for place, key in enumerate(STEPS):
        yield starts_at + place * PACE, partial(meeting.decide, key)
    yield starts_at + len(STEPS) * PACE, meeting.finish


def tell_reviews(people: Mapping[str, User], now: datetime) -> None:
    """What is to come: Hannah's today, in an hour or two and with a guest; Daniel's tomorrow."""
    soon = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)
    hannah, daniel = people["Hannah Cohen"], people["Daniel Reyes"]
    priya, nadia, amara = (
        people[name] for name in ("Priya Raman", "Nadia El-Sayed", "Amara Okafor")
    )
    crew = (hannah, priya, people["Sam Whitaker"], nadia, amara)
    wishes = {"wants_poll": True, "guests": (people["Lena Müller"],)}
    _planned(_launch(ADS), crew, soon, now - timedelta(hours=26), **wishes)
    tomorrow = (now.astimezone(daniel.tzinfo) + timedelta(days=1)).date()
    at_ten = datetime.combine(tomorrow, time(10), daniel.tzinfo)
    crew = (daniel, priya, nadia, people["Mei Tanaka"], amara)
    _planned(_launch(COPILOT), crew, at_ten, now - timedelta(hours=3), is_invited_first=True)


def _planned(
    launch: Launch, crew: Sequence[User], starts_at: datetime, at: datetime, **said: Any
) -> Review:
    by, *invited = crew
    to_be = Plan(starts_at, by.zone, 45, facilitator=by, invited=tuple(invited), **said)
    return plan(launch, to_be, by=by, key=str(uuid4()), now=at)


def _launch(name: str) -> Launch:
    return Launch.objects.get(name=name)
