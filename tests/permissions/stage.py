"""Everyone there is to be, and everything there is to ask for; made once, and taken back."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import SimpleCookie

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.client import ClientHandler

from readiness import clock
from readiness.accounts.addresses import token_of as token_of_address
from readiness.accounts.invitations import LASTS, token_of
from readiness.accounts.models import AddressChange, Invitation, Membership, Role, Team, User
from readiness.accounts.services import want_address
from readiness.audit.models import Event
from readiness.launches.models import Act, Decision, EvidenceLink, Launch, LaunchItem, SignOff
from readiness.launches.models.decisions import Says
from readiness.launches.services.badges import make_badge
from readiness.launches.services.bulk import Picked, change_together
from readiness.launches.services.comments import comment
from readiness.launches.services.decisions import Condition, Word, take_back
from readiness.notifications.models import Call, Channel, Delivery, Hook, Kind, Way
from readiness.notifications.queries.passes import url_for
from readiness.notifications.services.calendar_links import make_link
from readiness.notifications.services.subscribing import unsubscribe_url
from readiness.reviews.models import Review
from readiness.reviews.models.room import Device
from readiness.reviews.services import finishing, parking, polling, presence, starting
from readiness.reviews.services.planning import Plan, plan
from readiness.web.tasks import beat_tick
from tests import make
from tests.launches.deciding import Room
from tests.launches.exempting import ask
from tests.permissions.watch import contents
from tests.stage import session_of

SIGNED_OUT, DEACTIVATED, NO_ROLE = "signed out", "deactivated", "no role"
LAUNCH_LEAD, GUEST = "lead of this launch", "guest of this launch"
SITE_ADMIN = "site admin"
ALL_TEAMS = {"approver of all teams": Role.APPROVER, "auditor of all teams": Role.AUDITOR}
IN_TEAM = {role.value: role for role in Role}
WHO = [SIGNED_OUT, DEACTIVATED, NO_ROLE, *IN_TEAM, *ALL_TEAMS, LAUNCH_LEAD, GUEST, SITE_ADMIN]
OWN, FOREIGN, MISSING = "own", "foreign", "missing"
NOWHERE = 2**62
# Reviews are asked for in three states: to come, and by these meeting, and finished.
ROOM = re.compile(
    r".*/(me|wall|items/.*|move|seat|let-go|let-in|pulse|here|pause|resume|extend|poll.*|finish)/"
)
ENDED = re.compile(r".*/(minutes.*|reopen/)")
PASSWORD = "long enough for everyone"


class Door(RequestFactory):
    """The whole product as a server calls it, without the test client's look at templates."""

    def __init__(self, session: str = "", *, is_strict: bool = False) -> None:
        super().__init__(SERVER_NAME="localhost")
        self.session = session
        self.handler = ClientHandler(enforce_csrf_checks=is_strict)

    def request(self, **said: object) -> HttpResponse:
        self.cookies = SimpleCookie()
        if self.session:
            self.cookies[settings.SESSION_COOKIE_NAME] = self.session
        return self.handler(self._base_environ(**said))


@dataclass
class Stage:
    """Who is there, by what they are; and which things, by relation and first word of address."""

    people: dict[str, User]
    things: dict[str, dict[str, object]]
    doors: dict[str, Door] = field(default_factory=dict)
    contents: dict[str, tuple[int, str]] = field(default_factory=contents)

    def path(self, address: str, relation: str = OWN) -> str:
        """An address of the table, made out for one thing."""
        things = self.things[relation]
        kind = address.split("/")[1]
        key = "reset" if "<uidb36>" in address else kind
        if kind == "reviews":
            key = _state_of(address)
        address = address.replace("/decisions/<id>", "/decisions/1")  # the first of its launch
        address = re.sub(r"(?<=.)/items/<\w+>", f"/items/{things['at hand']}", address)
        return re.sub(r"<.+>", str(things.get(key, "")), address)

    @property
    def room(self) -> str:
        """The room of a review, which has the address of its plan."""
        return f"/reviews/{self.things[OWN]['room']}/"

    @property
    def joining(self) -> str:
        """Where one comes into it: other addresses of its kind are about the plan."""
        return f"{self.room}join/"


def _state_of(address: str) -> str:
    """Which review an address is about."""
    if address.startswith("/reviews/join/"):
        return "code"
    if ROOM.fullmatch(address):
        return "room"
    return "ended" if ENDED.fullmatch(address) else "reviews"


@contextmanager
def staged() -> Iterator[Stage]:
    """A stage inside a transaction that leaves nothing behind."""
    with transaction.atomic():
        beat_tick()
        stage = set_up()
        yield stage
        transaction.set_rollback(True)


def set_up() -> Stage:
    here, there = make.team(), make.team()
    people = crowd(here)
    User.objects.update(password=make_password(PASSWORD))  # one for all: hashing is slow
    version = make.checklist(items=3)
    shared = {"items": 3, "signed_off": 1, "version": version}
    ours = {"team": here, "by": people[Role.LEAD.value], "lead": people[LAUNCH_LEAD], **shared}
    own, met = make.launch(**ours), make.launch(**ours, approvers=[people[Role.APPROVER.value]])
    Membership.objects.filter(person=people[LAUNCH_LEAD]).delete()
    foreign, theirs = (make.launch(team=there, **shared) for _ in range(2))
    member, stranger = people[Role.MEMBER.value], make.user("Fay", team=there)
    things = {
        OWN: things_of(own, people[NO_ROLE]) | room_of(met) | people_of(here, member),
        FOREIGN: things_of(foreign, people[SITE_ADMIN])
        | room_of(theirs)
        | people_of(there, stranger),
    }
    for launch in (own, met):
        make.let_in(launch, people[GUEST])
    things[MISSING] = dict.fromkeys(things[OWN], NOWHERE)
    people = {who: User.objects.get(pk=person.pk) for who, person in people.items()}
    doors = {who: Door(session_of(person)) for who, person in people.items()}
    User.objects.filter(pk=people[DEACTIVATED].pk).update(is_active=False)
    return Stage(people, things, {SIGNED_OUT: Door(), **doors})


def crowd(here: Team) -> dict[str, User]:
    """One person of each kind; the lead of the launch is a member until it is opened."""
    return {
        DEACTIVATED: make.user("Dea", team=here, role=Role.LEAD),
        NO_ROLE: make.user("Nora"),
        **{name: make.user(name, team=here, role=role) for name, role in IN_TEAM.items()},
        **{name: make.everywhere(make.user(name), role) for name, role in ALL_TEAMS.items()},
        LAUNCH_LEAD: make.user("Lea", team=here),
        GUEST: make.user("Gus"),
        SITE_ADMIN: make.user("Ada", is_site_admin=True),
    }


def things_of(launch: Launch, mailed: User) -> dict[str, object]:
    """One thing of each kind that an address can name."""
    item = make.item(launch, 2)
    make.link(item, by=launch.opened_by)
    exemption = ask(make.item(launch, 3), by=launch.opened_by)
    decided = decided_on(launch)
    review = a_review(launch)
    token = unsubscribe_url(mailed, Kind.DIGEST).rstrip("/").rpartition("/")[2]
    return {
        "launches": launch.pk,
        "reviews": review.pk,
        "code": review.code,
        "items": item.pk,
        "sign-offs": SignOff.objects.get(item__launch=launch).pk,
        "evidence": EvidenceLink.objects.get(item=item).pk,
        "exemptions": exemption.pk,
        "signatures": decided.signatures.latest("pk").pk,
        "actions": decided.action_items.get().pk,
        "comments": comment(item, text="Why?", by=launch.lead, key=make.key(), now=make.NOW).pk,
        "changes": change_of_all(launch).pk,
        "checklists": launch.version_id,
        "events": Event.objects.get(subject=launch.subject, kind="evidence.added").pk,
        "badges": make_badge(launch, by=launch.lead, key=make.key(), now=make.NOW).token,
        "outbox": a_mail(mailed).pk,
        "unsubscribe": token,
        "a": pass_to(make.item(launch, 1), launch.opened_by),
        "calendar": make_link(mailed, key=make.key(), now=make.NOW).token,
        "reset": "a-set-password",
        "me": token_of_address(another_address(mailed)),
    }


def another_address(person: User) -> AddressChange:
    """A mail address that a person asked for."""
    now = clock.now()
    address = f"new-{person.pk}@example.test"
    return want_address(person, address, asked_at=now, ends_at=now + timedelta(hours=1))


def a_review(launch: Launch) -> Review:
    """A review that is to come, facilitated by who opened the launch."""
    starts_at = clock.now() + timedelta(days=1)
    to_be = Plan(starts_at, "UTC", 60, facilitator=launch.opened_by)
    return plan(launch, to_be, by=launch.opened_by, key=make.key(), now=make.NOW)


def room_of(launch: Launch) -> dict[str, object]:
    """A review that meets, driven by who opened the launch, and another that is finished.

    At hand is an item that something is asked for; one is parked, an approver is called.
    """
    by, now = launch.opened_by, clock.now()

    def meeting(**said: object) -> Review:
        people = (one.person for one in launch.approvers.select_related("person"))
        to_be = Plan(now, "UTC", 60, facilitator=by, invited=tuple(people), **said)
        planned = plan(launch, to_be, by=by, key=make.key(), now=now)
        return starting.start(planned, by=by, key=make.key(), now=now)

    ended = meeting()
    finishing.finish(ended, by=by, key=make.key(), now=now)
    room = meeting(wants_poll=True)
    for one in room.invited.select_related("person"):
        presence.join(room, by=one.person, device=Device.PHONE, now=now)
    ask(make.item(launch, 2), by=make.user("Ivy", team=launch.team))
    parking.park(room, make.item(launch, 3), because="Later", by=by, key=make.key(), now=now)
    if launch.approvers.exists():
        polling.begin(room, by=by, key=make.key(), now=now)
    return {"room": room.pk, "ended": ended.pk, "at hand": make.item(launch, 2).pk}


def decided_on(launch: Launch) -> Decision:
    """An override of a launch that two approvers took, one of whom took it back: asked again."""
    team, lead = launch.team, launch.lead
    ann, bob = (make.user(name, team=team, role=Role.APPROVER) for name in ("Ann Ash", "Bob Oz"))
    make.user("Ike", team=team)
    launch.approvers.create(person=ann)
    launch.approvers.create(person=bob)
    here = Room(team, launch, lead, ann, bob)
    asker = lead if launch.lead.memberships.exists() else launch.opened_by
    here.ask(by=asker)
    condition = Condition("Watch it", asker, make.NOW.date())
    word = Word(Says.APPROVE_WITH_CONDITIONS, "It is only us.", (condition,))
    decided = here.confirm(here.say(ann, word), bob).decision
    said = {"because": "", "by": ann, "key": make.key(), "now": make.NOW}
    take_back(decided.signatures.get(by=ann), **said)
    here.ask(by=asker)
    return decided


def people_of(team: Team, person: User) -> dict[str, object]:
    """A team, somebody in it and in no other, and an invitation into it with its link."""
    invitation = Invitation.objects.create(
        team=team,
        email=f"new-{team.pk}@example.test",
        roles=[Role.MEMBER.value],
        invited_by=make.user(is_site_admin=True),
        sent_at=clock.now(),
        ends_at=clock.now() + LASTS,
    )
    call = a_call(team, person)
    return {
        "teams": team.pk,
        "channels": call.hook_id,
        "calls": call.pk,
        "people": person.pk,
        "invitations": invitation.pk,
        "join": token_of(invitation),
    }


def pass_to(item: LaunchItem, owner: User) -> str:
    """The token of a mail to the owner of an item."""
    LaunchItem.objects.filter(pk=item.pk).update(owner=owner)
    item.refresh_from_db()
    return url_for(item, clock.now()).rstrip("/").rpartition("/")[2]


def a_call(team: Team, by: User) -> Call:
    """A call to a channel of the team that waits to be made."""
    said = {"name": "#launches", "url": "https://hooks.example/", "topics": ["checks"]}
    hook = Hook.objects.create(team=team, way=Way.SLACK.value, made_at=make.NOW, made_by=by, **said)
    later = make.NOW + timedelta(hours=1)
    return Call.objects.create(hook=hook, queued_at=make.NOW, not_before=make.NOW, give_up_at=later)


def change_of_all(launch: Launch) -> Event:
    """An act on all items of a launch, by the one who opened it."""
    items = [Picked(pk, version) for pk, version in launch.items.values_list("pk", "version")]
    by = launch.opened_by
    said = {"on": None, "by": by, "key": make.key(), "now": make.NOW}
    return change_together(launch, act=Act.DUE, items=items, **said).event


def a_mail(to: User) -> Delivery:
    """A mail that waits to be sent."""
    return Delivery.objects.create(
        recipient=to,
        kind=Kind.DIGEST.value,
        window=f"window of {to.pk}",
        channel=Channel.MAIL.value,
        due_at=make.NOW,
        give_up_at=make.NOW + timedelta(hours=1),
        not_before=make.NOW,
        message_id=f"<{to.pk}@example.test>",
        subject="Your items",
        html="<h1>Your items</h1>",
        queued_at=make.NOW,
    )
