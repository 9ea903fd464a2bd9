"""Bad input from every kind of person at every place: a clear answer, and soon."""

import http.client
import random
import threading
import time
from collections.abc import Callable, Mapping
from operator import attrgetter
from queue import Empty, SimpleQueue

from django.db import connections

from readiness.accounts.models import Role, User
from readiness.launches.models import EvidenceLink, Launch, LaunchItem, SignOff
from tests import make, stage
from tests.prove import given
from tests.prove.ammunition import Shot, shots
from tests.prove.client import CUT_OFF, PATIENCE, Answer
from tests.prove.findings import Finding, scaled, tally

GUNS = 4
SLOW_SECONDS = 1.0
SHOWN = 3
NOBODY = "nobody"

MISSES: dict[str, Callable[[Shot, Answer], bool]] = {
    "answered_5xx": lambda shot, answer: answer.status >= 500,
    "not_answered": lambda shot, answer: answer.status == 0,
    "slower_than_1_s": lambda shot, answer: answer.seconds >= SLOW_SECONDS,
    "of_10_MB_not_413": lambda shot, answer: shot.is_huge and answer.status != 413,
}


class Gun:
    """Sends each shot on a connection of its own, as the person it names."""

    def __init__(self, port: int, people: Mapping[str, User]) -> None:
        self.port, self.people = port, people
        self.sessions = {role: stage.session_of(person) for role, person in people.items()}

    def fire(self, shot: Shot) -> Answer:
        """What comes back; who is told of a refusal while still sending can read it."""
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = self.headers(shot) | shot.headers
        try:
            try:
                connection.request(shot.method, shot.path, shot.body or None, headers)
            except (BrokenPipeError, ConnectionResetError):
                if not shot.is_huge:
                    raise
            response = connection.getresponse()
            status, body = response.status, response.read()
        except CUT_OFF:
            status, body = 0, b""
        finally:
            connection.close()
        return Answer(status, body, time.monotonic() - began)

    def fire_again(self, shot: Shot) -> Answer:
        """The quickest of three: a page is slow, a machine is only busy."""
        return min((self.fire(shot) for _ in range(3)), key=attrgetter("seconds"))

    def headers(self, shot: Shot) -> dict[str, str]:
        """As a signed-in browser; who signs out gets a session anew."""
        if shot.role == NOBODY:
            return stage.headers_for("")
        headers = stage.headers_for(self.sessions[shot.role])
        if shot.path.startswith("/sign-out"):
            self.sessions[shot.role] = stage.session_of(self.people[shot.role])
        return headers

    def empty(self, magazine: SimpleQueue, misses: list[tuple[Shot, Answer]]) -> None:
        while True:
            try:
                shot = magazine.get_nowait()
            except Empty:
                break
            answer = self.fire(shot)
            if any(is_miss(shot, answer) for is_miss in MISSES.values()):
                misses.append((shot, answer))
        connections.close_all()


def bad_input(port: int) -> Finding:
    """Many shots by several at once; what was slow or silent gets a second chance alone."""
    people, launch = crowd_of_every_kind()
    count, magazine, misses = scaled(100_000), SimpleQueue(), []
    roles = [NOBODY, *people]
    for shot in shots(count, roles=roles, ids=ids_of(launch), dice=random.Random(7)):
        magazine.put(shot)
    guns = [
        threading.Thread(target=Gun(port, people).empty, args=[magazine, misses], daemon=True)
        for _ in range(GUNS)
    ]
    for gun in guns:
        gun.start()
    for gun in guns:
        gun.join()
    alone = Gun(port, people)
    misses = [
        (shot, answer if answer.status >= 500 else alone.fire_again(shot))
        for shot, answer in misses
    ]
    counts = {}
    for name, is_miss in MISSES.items():
        found = [shot for shot, answer in misses if is_miss(shot, answer)]
        counts[name] = len(found)
        for shot in found[:SHOWN]:
            print(f"       {name}: {shot}", flush=True)
    return Finding(
        "bad_input",
        f"{count} shots: {tally(**counts)}",
        "0 5xx, < 1 s each, 10 MB gets 413",
        not any(counts.values()),
    )


def crowd_of_every_kind() -> tuple[dict[str, User], Launch]:
    """A person in every role, a site admin and a stranger; and a launch of the first team."""
    team = make.team()
    people = {role.value: make.user(team=team, role=role) for role in Role}
    people["site admin"] = make.user(is_site_admin=True)
    people["stranger"] = make.user(team=make.team(), role=Role.LEAD)
    launch = make.launch(
        team=team, by=people[Role.LEAD.value], lead=make.user(), signed_off=3, at=given.now()
    )
    make.link(make.item(launch), by=people[Role.LEAD.value])
    return people, launch


def ids_of(launch: Launch) -> dict[str, list[int]]:
    """Ids that are there, by the first word of the addresses that take them."""
    return {
        "launches": [launch.pk],
        "items": list(LaunchItem.objects.filter(launch=launch).values_list("pk", flat=True)),
        "sign-offs": list(SignOff.objects.filter(item__launch=launch).values_list("pk", flat=True)),
        "evidence": list(
            EvidenceLink.objects.filter(item__launch=launch).values_list("pk", flat=True)
        ),
        "checklists": [launch.version_id],
        "teams": [launch.team_id],
        "people": [launch.opened_by_id],
    }
