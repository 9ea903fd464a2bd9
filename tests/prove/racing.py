"""Eight at once on one item: one wins; eight times the same form: one effect."""

import threading
from collections.abc import Callable

from readiness.audit.kinds import Kind
from readiness.audit.models import Event
from readiness.launches.models import LaunchItem, SignOff
from tests.prove.client import Answer, Browser
from tests.prove.findings import Finding, scaled, tally
from tests.prove.given import CROWD, Crowd, open_items

PATIENCE = 60


def race(crowd: Crowd, port: int) -> Finding:
    """Eight people sign the same version of an item off: one is told yes, the others 409."""
    items = open_items(crowd, scaled(1_000))

    def sign(browser: Browser, number: int, item: int) -> Answer:
        key = f"race-{number}-{item}"
        return browser.post(f"/items/{item}/sign-off/", v=1, key=key, note=key)

    rounds = all_at_once(crowd.browsers(port), items, sign)
    one_winner = [200] + [409] * (CROWD - 1)
    wrong = sum(sorted(one.status for one in answers) != one_winner for answers in rounds)
    several = sum(effects_on(item) != (1, 1, 2) for item in items)
    return Finding(
        "race",
        f"{len(items)} rounds of {CROWD}: "
        + tally(without_one_winner=wrong, several_written=several),
        "exactly one winner each, the rest 409",
        wrong == several == 0,
    )  # fmt: skip


def idempotency(crowd: Crowd, port: int) -> Finding:
    """One form sent eight times at once, and later again: one effect, the same answer."""
    items = open_items(crowd, scaled(1_000))
    browsers = crowd.browsers(port, as_one=True)

    def sign(browser: Browser, number: int, item: int) -> Answer:
        return browser.post(f"/items/{item}/sign-off/", v=1, key=f"same-{item}", note="Once.")

    rounds = all_at_once(browsers, items, sign)
    refused = sum(any(answer.status != 200 for answer in answers) for answers in rounds)
    differing = sum(len({answer.body for answer in answers}) != 1 for answers in rounds)
    reused = 0
    for item in items:
        again = browsers[0].post(f"/items/{item}/sign-off/", v=2, key=f"same-{item}", note="Else.")
        reused += again.status != 422
    several = sum(effects_on(item) != (1, 1, 2) for item in items)
    return Finding(
        "idempotency",
        f"{len(items)} rounds of {CROWD}: "
        + tally(
            refused=refused, answered_differently=differing, several_effects=several,
            taken_with_another_body=reused,
        ),
        "one effect, all 2xx with the same outcome; another body 422",
        refused == differing == several == reused == 0,
    )  # fmt: skip


def all_at_once(
    browsers: list[Browser], items: list[int], act: Callable[[Browser, int, int], Answer]
) -> list[list[Answer]]:
    """In each round every browser acts on the round's item at the same moment."""
    rounds = [[Answer(0, b"", 0.0)] * len(browsers) for _ in items]
    barrier = threading.Barrier(len(browsers))

    def run(number: int, browser: Browser) -> None:
        for place, item in enumerate(items):
            barrier.wait(PATIENCE)
            rounds[place][number] = act(browser, number, item)
        browser.close()

    threads = [
        threading.Thread(target=run, args=[number, browser], daemon=True)
        for number, browser in enumerate(browsers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return rounds


def effects_on(item: int) -> tuple[int, int, int]:
    """How often an item was signed off: rows, events, and the version it is at."""
    found = LaunchItem.objects.select_related("launch").get(pk=item)
    events = Event.objects.filter(
        subject=found.launch.subject_id, kind=Kind.ITEM_SIGNED_OFF.value, payload__item=item
    )
    return SignOff.objects.filter(item=item).count(), events.count(), found.version
