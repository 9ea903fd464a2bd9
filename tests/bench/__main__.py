"""`make bench`: measure each path against its floor, print a row each, exit 1 on a missed goal.

`LAUNCHES` says how many launches there are (10,000 unless set), `ROUNDS` how often each
request is sent. Writes build/bench.json.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from types import ModuleType

from readiness.embedded.house import ROOT
from tests.bench import stage
from tests.bench.client import Sample, Shot, at_once, interleaved

LAUNCHES = int(os.environ.get("LAUNCHES", "10000"))
ROUNDS = int(os.environ.get("ROUNDS", "200"))
CLIENTS = 8
MEGABYTE, KILOBYTE = 1_000_000, 1_000
PRODUCT, FLOORS = "readiness.asgi:application", "tests.bench.floors:application"


@dataclass(frozen=True)
class Row:
    """One path: what it costs as a multiple of its floor (or in its own unit), and the goal."""

    path: str
    ratio: float
    goal: float
    ok: bool


def row(path: str, ratio: float, goal: float) -> Row:
    return Row(path, round(ratio, 2), goal, ratio <= goal)


def main() -> None:
    (ROOT / "build").mkdir(exist_ok=True)
    with stage.engines():
        manage("migrate", "--database", "owner", "--verbosity", "0")
        manage("load_checklist", "--library")
        rows = measure()
    print(f"\n{'path':<18}{'ratio':>9}{'goal':>8}")
    for one in rows:
        print(f"{one.path:<18}{one.ratio:>9}{one.goal:>8}  {'ok' if one.ok else 'MISSED'}")
    (ROOT / "build" / "bench.json").write_text(json.dumps([asdict(one) for one in rows], indent=1))
    sys.exit(0 if all(one.ok for one in rows) else 1)


def manage(*words: str) -> None:
    subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, check=True)


def measure() -> list[Row]:
    """All rows; beside the database there is one with a tenth of the launches.

    Who asks is there before any launch, so that they own and lead a share of them in both.
    """
    from tests.bench import database

    bench = Bench(database)
    manage("seed_scale", "--launches", str(LAUNCHES // 10))
    database.lay_floor()
    with ExitStack() as stack:
        tenth = stack.enter_context(database.copied())
        manage("seed_scale", "--launches", str(LAUNCHES - LAUNCHES // 10))
        database.lay_floor()
        bench.product = stack.enter_context(stage.server("product", PRODUCT))
        bench.tenth = stack.enter_context(stage.server("tenth", PRODUCT, environment=tenth))
        bench.floors = stack.enter_context(stage.server("floors", FLOORS, "--factory"))
        rows = [
            row("dashboard", bench.read("/"), 3.0),
            row("dashboard_growth", bench.growth("/"), 1.2),
            *bench.ticks(),
            row("launch_page", bench.read("/launches/{}/"), 3.0),
            row("search", bench.found("search", "/?q=copilot+{}", bench.headers), 6.0),
            row("palette", bench.found("palette", "/palette/?q=copilot+{}", bench.part), 6.0),
            row("judge", database.judge_ratio(), 4.0),
            row("due_owners", database.due_owners_ratio(), 3.0),
            row("queue_digests", database.queue_digests_ratio(), 3.0),
            row("queueing_memory", database.queueing_memory() / MEGABYTE, 5),
            row("digest_render", bench.digest(), 10.0),
        ]
        rows += bench.streams()
        memory = bench.memory()
        first, later = stage.weight_of_first_load(bench.product.port, "/", bench.headers)
    return [
        *rows,
        row("memory", memory / MEGABYTE, 200),
        row("first_load", first / KILOBYTE, 180),
        row("later_page", later / KILOBYTE, 30),
    ]


class Bench:
    """The requests, sent to the product and to the floors in turn."""

    product: stage.Server
    tenth: stage.Server
    floors: stage.Server

    def __init__(self, database: ModuleType) -> None:
        self.database = database
        session = database.session_of_bench_user()
        self.headers = stage.headers_for(session)
        self.part = stage.headers_for(session, htmx=True)

    def read(self, path: str) -> float:
        """The p50 of a page as a multiple of the page floor's."""
        launches = self.database.launch_ids(50)
        samples = interleaved(
            {
                "page": self._product(lambda n: self._page(path.format(launches[n % 50]))),
                "floor": self._floor(lambda n: self._bare(f"/page/{launches[n % 50]}/")),
            },
            rounds=ROUNDS,
        )
        report(path, samples)
        return samples["page"].p50 / samples["floor"].p50

    def digest(self) -> float:
        """The CPU of writing a digest of ten items as a multiple of a page of the floor."""
        launches = self.database.launch_ids(50)
        write = self.database.digest_of_ten()
        shares = []
        for _ in range(5):
            began = time.process_time()
            for _ in range(ROUNDS // 5):
                write()
            each = (time.process_time() - began) / (ROUNDS // 5)
            floor = interleaved(
                {"floor": self._floor(lambda n: self._bare(f"/page/{launches[n % 50]}/"))},
                rounds=ROUNDS,
            )["floor"]
            shares.append((each / floor.cpu_each, each, floor.cpu_each))
        ratio, each, floor_each = sorted(shares)[2]
        print(f"digest: CPU {each * 1000:.2f} ms, floor CPU {floor_each * 1000:.2f} ms")
        return ratio

    def growth(self, path: str) -> float:
        """The p50 of a page as a multiple of what it is with a tenth of the launches.

        Both are asked in turn: minutes apart the machine's drift would be measured.
        """
        samples = interleaved(
            {
                "all": self._product(lambda n: self._page(path)),
                "tenth": (self.tenth.port, self.tenth.pid, lambda n: self._page(path)),
            },
            rounds=ROUNDS,
        )
        report(f"{path} with all launches, and a tenth", samples)
        return samples["all"].p50 / samples["tenth"].p50

    def streams(self) -> list[Row]:
        """A tick told to 10, 200 and 1,000 open pages, and other requests beside 200 of them."""
        from tests.bench.fan_out import FanOut

        with (
            stage.server("streams", PRODUCT) as product,
            stage.listening("floor of streams", "tests.bench.fan_out_floor") as floor,
        ):
            fan_out = FanOut(product, floor)
            found = [asyncio.run(fan_out.measure(size)) for size in fan_out.sizes]
            shots = [self._page("/")] * (ROUNDS // 2)
            beside = asyncio.run(fan_out.beside(shots, size=200))
        most = found[-1]
        return [
            *(row(f"fan_out_{one.size}", one.ratio, 5.0) for one in found),
            row("fan_out_missing", sum(one.missing for one in found), 0),
            row("fan_out_cpu", most.cpu_ms, 30),
            row("fan_out_kilobytes", most.kilobytes, 64),
            row("beside_streams", beside, 2.0),
        ]

    def found(self, path: str, address: str, headers: tuple) -> float:
        """The p50 of looking for words as a multiple of the tick floor's."""
        items = self.database.open_items(1)
        samples = interleaved(
            {
                path: self._product(
                    lambda n: Shot("GET", address.format(100 + n), headers=headers)
                ),
                "floor": self._floor(lambda n: self._bare(f"/tick/{items[0][0]}/")),
            },
            rounds=ROUNDS,
        )
        report(path, samples)
        return samples[path].p50 / samples["floor"].p50

    def ticks(self) -> list[Row]:
        """A sign-off by one person, then by eight at once, against the tick floor.

        One that ends a hold has more to write down; what that costs is said, too.
        """
        items = self.database.open_items(3 * ROUNDS)
        samples = self._ticked(items)
        report("tick", samples)
        rest = [self._tick(*item) for item in items[ROUNDS + 20 :]]
        crowd = at_once(self.product.port, [rest[n::CLIENTS] for n in range(CLIENTS)])
        print(f"tick_8_clients: p50 {crowd.p50 * 1000:.1f} ms, p99 {crowd.p99 * 1000:.1f} ms")
        must_haves = self.database.open_items(ROUNDS + 10, blocker="yes")
        report("tick of a must-have", self._ticked(must_haves))
        tick, floor = samples["tick"], samples["floor"]
        return [
            row("tick", tick.p50 / floor.p50, 3.0),
            row("tick_cpu", tick.cpu_each / floor.cpu_each, 3.0),
            row("tick_8_clients", crowd.p99 / crowd.p50, 4.0),
        ]

    def _ticked(self, items: list[tuple[int, int]]) -> dict[str, Sample]:
        return interleaved(
            {
                "tick": self._product(lambda n: self._tick(*items[n])),
                "floor": self._floor(lambda n: self._bare(f"/tick/{items[n][0]}/")),
            },
            rounds=ROUNDS,
        )

    def memory(self) -> int:
        """What the web tree holds once both processes have answered everything many times."""
        launches = self.database.launch_ids(50)
        shots = [
            shot
            for number, item in enumerate(self.database.open_items(2 * ROUNDS))
            for shot in (
                self._tick(*item),
                self._page("/"),
                self._page(f"/launches/{launches[number % 50]}/"),
                self._page(f"/?q=copilot+{number}"),
                Shot("GET", f"/palette/?q=copilot+{number}", headers=self.part),
            )
        ]
        with stage.listening("tree", "readiness.serve", "--processes", "2", "--port") as tree:
            for some in range(20):  # new connections each time: either process takes some of them
                mine = shots[some::20]
                at_once(tree.port, [mine[n::CLIENTS] for n in range(CLIENTS)])
            return stage.memory_of(stage.tree_of(tree.pid))

    def _tick(self, item: int, version: int) -> Shot:
        body = f"v={version}&key=sign-off-{item}-{version}"
        return Shot("POST", f"/items/{item}/sign-off/", body, self.part)

    def _page(self, path: str) -> Shot:
        return Shot("GET", path, headers=self.headers)

    def _bare(self, path: str) -> Shot:
        return Shot("GET", path)

    def _product(self, make: object) -> tuple:
        return self.product.port, self.product.pid, make

    def _floor(self, make: object) -> tuple:
        return self.floors.port, self.floors.pid, make


def report(path: str, samples: dict[str, Sample]) -> None:
    """The figures behind a ratio, for the reader."""
    said = ", ".join(
        f"{name} p50 {one.p50 * 1000:.2f} ms p99 {one.p99 * 1000:.2f} ms "
        f"CPU {one.cpu_each * 1000:.2f} ms"
        for name, one in samples.items()
    )
    print(f"{path}: {said}", flush=True)


if __name__ == "__main__":
    main()
