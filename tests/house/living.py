"""Which processes belong to a state folder."""

import os
import time
from pathlib import Path


def living_in(folder: Path) -> list[str]:
    """The processes that name this folder, work in it, or were told of it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().replace(b"\0", b" ")
            told = (process / "environ").read_bytes() + bytes((process / "cwd").readlink())
        except OSError:
            continue
        if str(folder).encode() in words + told and process.name != str(os.getpid()):
            found.append(f"{process.name} {words.decode(errors='replace')}")
    return found


def left_after(folder: Path, *, seconds: float) -> list[str]:
    """Those that still live when the time is over; it ends early when none do."""
    deadline = time.monotonic() + seconds
    while living_in(folder) and time.monotonic() < deadline:
        time.sleep(0.1)
    return living_in(folder)
