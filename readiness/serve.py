"""The web processes: one loads the product, and the others are forked from it.

What nobody writes to again is one copy in memory for all of them. They live and die together:
`python -m readiness.serve --processes 2 --port 8000`.
"""

import argparse
import gc
import os
import signal
import socket
import sys
from threading import Thread
from types import FrameType
from typing import NoReturn

from django.template.loader import get_template
from django.urls import get_resolver
from uvicorn import Config, Server

from readiness.celery import app

FIRST_PAGES = ("base.html", "shell.html", "launches/dashboard.html", "launches/detail.html")


class First(Server):
    """The process that loaded the product: it serves as the others do, and ends with them."""

    def __init__(self, config: Config, others: list[int]) -> None:
        super().__init__(config)
        self.others = others
        self.lost = ""

    def serve_on(self, door: socket.socket) -> None:
        watching = [Thread(target=self.watch, args=[pid]) for pid in self.others]
        for one in watching:
            one.start()
        try:
            self.run([door])
        finally:
            self.should_exit = True  # also where it never began to serve
            self.end_others()
            for one in watching:
                one.join()
            if self.lost:
                sys.exit(self.lost)

    def watch(self, pid: int) -> None:
        """Wait for the end of one of the others, and end if nobody asked for it."""
        _, status = os.waitpid(pid, 0)
        if not self.should_exit:
            code = os.waitstatus_to_exitcode(status)
            self.lost = f"Web process {pid} ended (exit {code}), so the others end."
            os.kill(os.getpid(), signal.SIGTERM)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self.end_others()

    def end_others(self) -> None:
        for pid in self.others:
            try:
                os.kill(pid, signal.SIGTERM)
            except ProcessLookupError:
                continue


def main(words: list[str]) -> None:
    asked = asked_in(words)
    config = Config(
        "readiness.asgi:application", host=asked.host, port=asked.port,
        proxy_headers=False, access_log=False, timeout_graceful_shutdown=2,
    )  # fmt: skip
    config.load()
    load_ahead()
    door = config.bind_socket() if asked.fd is None else socket.socket(fileno=asked.fd)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, leave)
    ear, voice = os.pipe()
    others = []
    for _ in range(asked.processes - 1):
        pid = os.fork()
        if not pid:
            os.close(voice)
            Thread(target=die_with_first, args=[ear], daemon=True).start()
            Server(config).run([door])
            return
        others.append(pid)
    First(config, others).serve_on(door)


def load_ahead() -> None:
    """What each process would load for itself with its first pages and sign-offs."""
    app.finalize()
    app.loader.import_default_modules()
    get_resolver().reverse_dict  # noqa: B018  # all addresses are put together when it is asked for
    for name in FIRST_PAGES:
        get_template(name)
    gc.collect()
    gc.freeze()


def leave(number: int, frame: FrameType | None) -> NoReturn:
    """What uvicorn hands a signal on to, after it has closed everything."""
    sys.exit(0)


def die_with_first(ear: int) -> None:
    """Nothing is ever said: the pipe ends where the process does that loaded the product."""
    os.read(ear, 1)
    os.kill(os.getpid(), signal.SIGKILL)


def asked_in(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="readiness.serve", description=__doc__)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--fd", type=int, help="a listening socket that is open already")
    return parser.parse_args(words)


if __name__ == "__main__":
    main(sys.argv[1:])
