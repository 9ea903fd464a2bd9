"""Something to look at on every page: a busy launch beside others, and people in every seat."""

from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit

from readiness import clock
from readiness.accounts.invitations import token_of
from readiness.accounts.models import Invitation, Role, User
from readiness.audit.inviting import invite
from readiness.audit.models import Event
from readiness.launches.models import Exemption, Launch, LaunchItem, Progress
from readiness.launches.models.decisions import Says
from readiness.launches.services import comments, items, signoffs
from readiness.launches.services.decisions import Condition, Word, confirm
from readiness.notifications.models import Delivery, Hook, State, Way
from readiness.notifications.queries.passes import url_for
from readiness.notifications.services import hooks
from readiness.notifications.services.delivering import deliver_due
from readiness.notifications.services.escalating import queue_escalations
from readiness.notifications.services.queueing import (
    call_to_reviews,
    queue_digests,
    queue_invitations,
    queue_weeks,
)
from readiness.notifications.topics import Topic
from readiness.reviews.models import Review
from readiness.reviews.models.room import Device, Outcome, Signal
from readiness.reviews.services import (
    deciding,
    finishing,
    parking,
    planning,
    polling,
    presence,
    pulses,
    starting,
)
from readiness.reviews.services.deciding import Said
from readiness.reviews.services.planning import Plan
from tests import make
from tests.browser import given
from tests.launches.deciding import OVERRIDE, Room, seal
from tests.launches.exempting import agree, ask

LONG = "A ranker whose name goes on and on, as names do, 𝔵 العربية " + "unbroken" * 6


@dataclass
class World:
    """A busy launch beside others, and people in every seat."""

    launch: Launch
    lead: User
    admin: User
    guest: User
    ben: User
    mail: Delivery
    invitation: Invitation
    exemption: Exemption
    amara: User
    decided: Launch
    asked: Launch
    met: Review
    finished: Review
    polled: Review
    channel: Hook


def made() -> World:
    """Everything there is to look at."""
    crew = given.crew()
    now = clock.now()
    busy = crew.launch(signed_off=20, name=LONG, model="two-tower", facets={"feature_store": False})
    crew.launch(signed_off=40, name="All checked")
    near = crew.launch(signed_off=34, launch_at=now + timedelta(days=3), approvers=[crew.lead])
    amara, *_ = approvers = [
        make.user(name, team=crew.team, role=Role.APPROVER) for name in ("Amara Okafor", "Lu Mo")
    ]
    decided, asked = (crew.launch(signed_off=done, approvers=approvers) for done in (30, 35))
    decide(decided, crew, approvers)
    work_on(busy, crew)
    LaunchItem.objects.filter(launch=busy, item__position__gt=30).update(
        owner=crew.lead,
        owned_since=now - timedelta(days=9),
        due_on=(now - timedelta(days=2)).date(),
    )
    crew.lead.digest_hour, crew.lead.workdays = 0, [1, 2, 3, 4, 5, 6, 7]
    crew.lead.save()
    queue_digests(now=now)
    deliver_due(now=now)
    world = World(
        launch=busy,
        lead=crew.lead,
        admin=make.user("Olu Adeyemi", is_site_admin=True),
        guest=make.user("Vic Viewer", team=crew.team, role=Role.VIEWER),
        ben=crew.ben,
        mail=Delivery.objects.get(recipient=crew.lead, kind="digest"),
        invitation=invite(
            "somebody.with.a.long.name@example.test",
            team=crew.team,
            roles=[Role.MEMBER],
            by=crew.lead,
            key=make.key(),
            now=now,
        ),
        exemption=waivers_of(near, crew),
        amara=amara,
        decided=decided,
        asked=ask_and_propose(asked, crew, approvers),
        met=meet(crew.launch(signed_off=34, name=LONG), crew),
        finished=finish(meet(crew.launch(signed_off=34, name=LONG), crew), crew),
        polled=poll(crew.launch(signed_off=35, approvers=approvers), crew, approvers),
        channel=channel(crew),
    )
    write(world, crew)
    return world


def channel(crew: given.Crew) -> Hook:
    """A webhook that took one call, did not take another, and is called a third time."""
    said = {"way": Way.WEBHOOK, "name": "#launches-" + "long" * 15, "topics": [*Topic]}
    url, now = "https://hooks.example/services/T000", clock.now()
    hook = hooks.add_hook(crew.team, url=url, by=crew.lead, key=make.key(), now=now, **said)
    calls = [hooks.test_hook(hook, by=crew.lead, key=make.key(), now=now) for _ in range(3)]
    ends = ((State.SENT, 200, ""), (State.FAILED, 404, "404 no such channel " + "x" * 80))
    for call, (state, status, because) in zip(calls, ends, strict=False):
        call.state, call.status, call.because = state.value, status, because
        call.settled_at = now
        call.save()
    return hook


def write(world: World, crew: given.Crew) -> None:
    """A mail of every kind that there is."""
    now = clock.now()
    for place, days in ((21, 5), (22, 6), (23, 7)):  # three workdays late, whatever day it is
        LaunchItem.objects.filter(pk=make.item(world.launch, place).pk).update(
            owner=crew.ben, due_on=(now - timedelta(days=days)).date()
        )
    make.say(world.launch, "Can you look at this today, @Ann? " * 3, by=crew.lead, at=now)
    soon = Plan(now + timedelta(minutes=8), "UTC", 45, crew.lead, (crew.ann,))
    planning.plan(crew.launch(name=LONG), soon, by=crew.lead, key=make.key(), now=now)
    fallen = crew.launch(name=LONG, signed_off=40, approvers=[world.amara])
    must_have = fallen.items.filter(item__blocker__isnull=False)[0]
    LaunchItem.objects.filter(pk=must_have.pk).update(owner=crew.ben)
    plain = fallen.items.filter(item__blocker__isnull=True, signoffs__isnull=False)
    for item in (must_have, *plain[:3]):
        said = {"by": crew.lead, "version": item.version, "key": make.key(), "now": now}
        signoffs.withdraw(item.signoffs.get(), because="It fails again.", **said)
    world.amara.digest_hour, world.amara.workdays = 0, [1, 2, 3, 4, 5, 6, 7]
    world.amara.save()
    for queue in (queue_weeks, queue_escalations, queue_invitations, call_to_reviews):
        queue(now=now)
    deliver_due(now=clock.now())


def decide(launch: Launch, crew: given.Crew, approvers: list[User]) -> None:
    """An override with conditions, owed by the lead since yesterday."""
    here = Room(crew.team, launch, crew.lead, *approvers)
    now = clock.now()
    here.ask(at=now)
    reason = "The sale begins on Friday. " + "x" * 60
    conditions = (Condition("Somebody watches it. " * 8, crew.lead, now.date()),)
    word = Word(Says.APPROVE_WITH_CONDITIONS, reason, conditions)
    proposal = here.say(approvers[0], word, at=now)
    said = {"by": approvers[1], "key": make.key(), "now": now}
    confirm(proposal, seal=seal(launch, now), **said)


def ask_and_propose(launch: Launch, crew: given.Crew, approvers: list[User]) -> Launch:
    """An override that waits for the first of the approvers."""
    here = Room(crew.team, launch, crew.lead, *approvers)
    here.ask(at=clock.now())
    here.say(approvers[1], OVERRIDE, at=clock.now())
    return launch


def waivers_of(launch: Launch, crew: given.Crew) -> Exemption:
    """A waiver that stands, and a longer one that waits to take its place."""
    item, today = make.item(launch, 39), clock.now().date()
    words = {"reason": "Waits for the log schema " + "x" * 60, "control": "We look. " * 20}
    soon = {"until": today + timedelta(days=2), "at": clock.now(), **words}
    agree(ask(item, by=crew.ann, **soon), by=crew.lead, at=clock.now())
    return ask(item, by=crew.ben, **soon | {"until": today + timedelta(days=9)})


def meet(launch: Launch, crew: given.Crew) -> Review:
    """A review that meets: something is decided, proposed, parked, agreed with and asked."""
    now = clock.now()
    to_be = Plan(now, "UTC", 45, facilitator=crew.lead, invited=(crew.ann, crew.ben))
    planned = planning.plan(launch, to_be, by=crew.lead, key=make.key(), now=now)
    review = starting.start(planned, by=crew.lead, key=make.key(), now=now)
    for person, device in ((crew.lead, Device.LAPTOP), (crew.ben, Device.PHONE)):
        presence.join(review, by=person, device=device, now=now)
    words = "Ship filter v2 and rerun the red team set. " * 4
    later = launch.day_at(now) + timedelta(days=3)
    not_done = Said(Outcome.NOT_DONE, words, owner=crew.ben, due_on=later)
    waived = Said(Outcome.WAIVE, words, control=words, until=later)
    for place, said in ((35, not_done), (36, waived)):
        item = make.item(launch, place)
        act = {"by": crew.lead, "version": item.version, "key": make.key(), "now": now}
        deciding.decide(review, item, said, **act)
    parked = make.item(launch, 37)
    parking.park(review, parked, because=words, by=crew.lead, key=make.key(), now=now)
    for signal in Signal:
        for place in (36, 38):
            said = {"is_on": True, "by": crew.ben, "text": words, "now": now}
            pulses.pulse(review, make.item(launch, place), signal, **said)
    again = {"starts_at": now + timedelta(days=2), "wants_poll": True}
    planning.plan(launch, replace(to_be, **again), by=crew.lead, key=make.key(), now=now)
    return review


def finish(review: Review, crew: given.Crew) -> Review:
    """The same at its end, opened again, and at its end once more."""
    said = {"by": crew.lead, "now": clock.now()}
    finishing.finish(review, key=make.key(), **said)
    finishing.reopen(review, key=make.key(), **said)
    finishing.finish(review, key=make.key(), **said)
    return review


def poll(launch: Launch, crew: given.Crew, approvers: list[User]) -> Review:
    """A review whose approvers are asked to decide, and called: the first of them now."""
    now = clock.now()
    Room(crew.team, launch, crew.lead, *approvers).ask(at=now)
    to_be = Plan(now, "UTC", 45, crew.lead, tuple(approvers), wants_poll=True)
    review = planning.plan(launch, to_be, by=crew.lead, key=make.key(), now=now)
    starting.start(review, by=crew.lead, key=make.key(), now=now)
    for person in approvers:
        presence.join(review, by=person, device=Device.LAPTOP, now=now)
    polling.begin(review, by=crew.lead, key=make.key(), now=now)
    return review


def work_on(launch: Launch, crew: given.Crew) -> None:
    """Progress, evidence, comments and a check that was taken back."""
    now = clock.now()
    for place, to, because in (
        (25, Progress.IN_PROGRESS, ""),
        (28, Progress.BLOCKED, "Waits for the log schema " + "x" * 60),
    ):
        item = make.item(launch, place)
        items.set_progress(
            item, to=to, because=because, by=crew.ann, version=item.version, key=make.key(), now=now
        )
    make.link(make.item(launch, 28), by=crew.ann, url="https://runs.example/" + "long" * 40)
    make.fact(make.item(launch, 1), by=crew.ann, from_version="14.2.0", to_version="14.1.0")
    asked = make.say(launch, "Is it **ready**, @Ben? " + "x" * 60, by=crew.lead, at=now)
    said = {"by": crew.ben, "key": make.key(), "now": now}
    comments.reply(asked, text="- It is.\n- `almost`\n\n| a | b |\n|-|-|\n| 1 | 2 |", **said)
    comments.resolve(asked, **said | {"key": make.key()})
    for place in (1, 28):
        comments.comment(
            make.item(launch, place), text="Seen. " * 30, by=crew.ben, key=make.key(), now=now
        )


def item_of_mail(world: World) -> LaunchItem:
    """An item that the lead has a mail about."""
    return LaunchItem.objects.filter(owner=world.lead, launch=world.launch).earliest("pk")


def address_of(name: str, world: World) -> str:
    """Where a page is in this world."""
    item = make.item(world.launch, 28)
    return name.format(
        launch=world.launch.pk,
        then=f"{world.launch.opened_at:%Y-%m-%dT%H:%M:%S}.999Z",
        item=item.pk,
        fact=make.item(world.launch, 2).pk,
        rows=make.item(world.launch, 1).pk,
        proof=item.evidence_links.get().pk,
        version=world.launch.version_id,
        mail=world.mail.pk,
        event=Event.objects.filter(kind="comment.written").latest("pk").pk,
        team=world.launch.team_id,
        lead=world.lead.pk,
        ben=world.ben.pk,
        exemption=world.exemption.pk,
        waived=world.exemption.item_id,
        token=token_of(world.invitation),
        decided=world.decided.pk,
        asked=world.asked.pk,
        review=world.met.pk,
        finished=world.finished.pk,
        polled=world.polled.pk,
        proposed=make.item(world.met.launch, 36).pk,
        code=world.met.code,
        planned=world.met.launch.reviews.latest("pk").pk,
        channel=world.channel.pk,
        link=urlsplit(url_for(item_of_mail(world), clock.now())).path,
    )
