"""`make soak`: 200 streams for half an hour, while people work, come and go; nothing may grow.

`SECONDS` and `STREAMS` change that. Prints memory, connections and open files of the web
process as it goes; exits with 1 where the end holds more than the begin.
"""

import asyncio
import os
import sys
import time
from pathlib import Path

from tests.bench import stage

SECONDS = int(os.environ.get("SECONDS", "1800"))
STREAMS = int(os.environ.get("STREAMS", "200"))
SETTLED_SECONDS = 60  # by then all that is loaded late is there
SAID_EVERY = 60
GROWTH = 1.1
MEGABYTE = 1_000_000


def main() -> int:
    with stage.engines():
        from tests.bench.__main__ import PRODUCT, manage

        manage("migrate", "--database", "owner", "--verbosity", "0")
        manage("load_checklist", "--library")
        manage("seed_scale", "--launches", "100")
        with stage.server("soak", PRODUCT) as product:
            return asyncio.run(soak(product))


async def soak(product: stage.Server) -> int:
    """Work once a second; every fifth second one reader goes and another comes."""
    from tests.bench import database
    from tests.bench.fan_out import FanOut

    database.session_of_bench_user()
    fan_out = FanOut(product, product)
    crowd = fan_out.crowd()
    hellos = fan_out.hellos(STREAMS)
    await crowd.come(product.port, hellos)
    await asyncio.sleep(2)
    await crowd.told()  # the first change may have pages load themselves again
    crowd.forget()
    began, begin, said = time.monotonic(), None, -SAID_EVERY
    second = 0
    while time.monotonic() < began + SECONDS:
        await crowd.told()
        if second % 5 == 0:
            leaver = crowd.pages.pop(0)
            leaver.transport.abort()
            await crowd.come(product.port, [leaver.hello])
        await asyncio.sleep(max(0, began + second - time.monotonic()))
        second += 1
        at = time.monotonic() - began
        if at >= said + SAID_EVERY:
            said = at
            held = now(product.pid)
            print(f"{at:5.0f} s  {words(held)}  {crowd.missing} missing", flush=True)
        if begin is None and at >= min(SETTLED_SECONDS, SECONDS / 4):
            begin = now(product.pid)
    end = now(product.pid)
    print(f"begin    {words(begin or end)}\nend      {words(end)}")
    grew = [most > GROWTH * least + 2 for least, most in zip(begin or end, end, strict=True)]
    return 1 if any(grew) or crowd.missing else 0


def now(pid: int) -> tuple[float, int, int]:
    """Megabytes that the web process wrote, its connections to PostgreSQL, its open files."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        [connections] = cursor.fetchone()
    files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    return stage.memory_of([pid], kind="Pss_Anon") / MEGABYTE, connections, files


def words(held: tuple[float, int, int]) -> str:
    memory, connections, files = held
    return f"{memory:.1f} MB, {connections} connections, {files} open files"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "readiness.settings")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    sys.exit(main())
