"""Evidence with a history, and a discussion: the load test of one launch, run by run."""

from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from readiness.accounts.models import User
from readiness.demo.company import DOMAIN
from readiness.launches.models import EvidenceKind, EvidenceLink, Launch, LaunchItem
from readiness.launches.models.evidence import canonical
from readiness.launches.services import comments
from readiness.launches.services.evidence import (
    Content,
    add_evidence,
    revise_evidence,
    use_evidence,
)

LAUNCH, LOAD_TEST, LATENCY = "Ads ranking v14", "load-test-headroom", "latency-percentiles"
FOUND = """Two runs against a copy of production, **30 minutes** at each step.

| Load | p99 | Errors |
|------|-----|--------|
| 1.4x | 141 ms | 0.00% |
| 1.7x | 168 ms | 0.02% |
| 1.8x | 204 ms | 0.31% |

- The embedding cache is full from 1.8x on.
- With 12 shards it should hold: run 3 is booked.
"""


def tell_proofs(people: dict[str, User], now: datetime) -> None:
    """What supports the load test, and what people say about it and about the launch."""
    launch = Launch.objects.get(name=LAUNCH)
    sam, item = people["Sam Whitaker"], launch.items.get(key=LOAD_TEST)
    _runs(item, sam, now)
    _threads(launch, item, people, now)


def _runs(item: LaunchItem, by: User, now: datetime) -> None:
    """A metric that was measured twice, the run it comes from, and a note."""
    peak = partial(_peak, by=by)
    when = partial(_ago, now)
    _add(item, peak("1.4", now - timedelta(days=5)), by=by, now=when(52))
    link = EvidenceLink.objects.select_related("item", "evidence").latest("pk")
    item.refresh_from_db()
    items = [(item.pk, item.version)]
    content = peak("1.7", now - timedelta(days=1))
    revise_evidence(link, content, items=items, by=by, key=str(uuid4()), now=when(50))
    run = canonical({"commit": "9f3c1e7a04d2", "status": "passed"})
    nightly = Content(
        "Load test, nightly",
        f"https://ci.{DOMAIN}/runs/8841",
        EvidenceKind.CI_RUN,
        run,
        captured_at=now - timedelta(days=1),
        expires_at=now + timedelta(days=21),
    )
    _add(item, nightly, by=by, now=when(48))
    _add(item, Content("What the runs showed", "", EvidenceKind.NOTE, FOUND), by=by, now=when(45))
    other = item.launch.items.get(key=LATENCY)
    revision = link.evidence.revisions.latest("number").pk
    version, key = other.version, str(uuid4())
    use_evidence(other, revision=revision, by=by, version=version, key=key, now=when(44))


def _peak(value: str, at: datetime, *, by: User) -> Content:
    said = {"value": value, "unit": "x peak", "window": "30 min", "target": "2 x peak"}
    url = f"https://grafana.{DOMAIN}/d/ads-load"
    return Content("Throughput at 200 ms", url, EvidenceKind.METRIC, canonical(said), at)


def _add(item: LaunchItem, content: Content, *, by: User, now: datetime) -> None:
    item.refresh_from_db()
    said = {name: getattr(content, name) for name in Content.__slots__}
    add_evidence(item, **said, by=by, version=item.version, key=str(uuid4()), now=now)


def _threads(launch: Launch, item: LaunchItem, people: dict[str, User], now: datetime) -> None:
    """One thread is open and waits for an answer, one is resolved."""
    hannah, priya, sam = (people[name] for name in ("Hannah Cohen", "Priya Raman", "Sam Whitaker"))
    when = partial(_ago, now)
    text = "@Sam Whitaker, does **1.7x** still hold with the `v14` embeddings? They are 20% larger."
    asked = comments.comment(item, text=text, by=hannah, key=str(uuid4()), now=when(40))
    answer = "It does: run 2 was with them. @Priya has the cache numbers."
    comments.reply(asked, text=answer, by=sam, key=str(uuid4()), now=when(31))
    text = "Cache hit rate falls from 97% to 88% at 1.8x. See the note above."
    comments.reply(asked, text=text, by=priya, key=str(uuid4()), now=when(27))
    text = "Is the price floor experiment over before we ramp up?"
    floor = comments.comment_on_launch(launch, text=text, by=priya, key=str(uuid4()), now=when(25))
    text = "Yes, it ended on Friday. The holdout is closed."
    comments.reply(floor, text=text, by=hannah, key=str(uuid4()), now=when(21))
    comments.resolve(floor, by=priya, key=str(uuid4()), now=when(20))
    text = "@Amara Okafor, we would like your decision on the Tuesday before the launch."
    comments.comment_on_launch(launch, text=text, by=hannah, key=str(uuid4()), now=when(18))


def _ago(now: datetime, minutes: int) -> datetime:
    return now - timedelta(minutes=minutes)
