"""A server as in production, people signed in with browsers, and an eye on what goes wrong.

The data is committed and stays until the run ends: every journey makes a team of its own,
and people see their own team's launches only.
"""

import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from readiness.accounts.models import User
from readiness.embedded.processes import start, wait_until
from tests import stage
from tests.browser.chromium import launch_options
from tests.browser.line import Line, line_to
from tests.browser.watching import Watch

# Playwright keeps a loop in this thread, and Django would refuse to query beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
ROOT = Path(__file__).resolve().parents[2]
LAPTOP = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 780}
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)
Open = Callable[..., Page]


@pytest.fixture(scope="session", autouse=True)
def _committed(django_db_setup, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args) -> dict:
    return browser_type_launch_args | launch_options()


@pytest.fixture(scope="session")
def valkey(tmp_path_factory) -> Iterator[Line]:
    """What the product reaches Valkey by; the tests themselves go there without it."""
    with line_to(os.environ["READINESS_REDIS_URL"], tmp_path_factory.mktemp("line")) as line:
        yield line


@pytest.fixture(scope="session")
def address(environment, valkey, tmp_path_factory) -> Iterator[str]:
    """Where the product answers: uvicorn with both doors, on this run's database."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(128)
        here = f"http://localhost:{door.getsockname()[1]}"
        more = {"READINESS_BASE_URL": here, "READINESS_DATABASE_POOL": "4"}
        more["READINESS_REDIS_URL"] = valkey.url
        child = start(
            [sys.executable, "-m", "uvicorn", "readiness.asgi:application",
             "--fd", str(door.fileno()), "--no-access-log", "--timeout-graceful-shutdown", "1"],
            name="web", log=tmp_path_factory.mktemp("web") / "web.log",
            env=environment | more, cwd=ROOT, farewell=signal.SIGTERM, keep=[door.fileno()],
        )  # fmt: skip
        wait_until(lambda: "startup complete" in child.log.read_text(), child=child, seconds=60)
        urlopen(f"{here}/healthz", timeout=10).close()
        yield here
        child.stop()


def opened(
    browser: Browser,
    address: str,
    person: User | None,
    *,
    size: ViewportSize = LAPTOP,
    theme: str = "light",
    script: bool = True,
) -> BrowserContext:
    """A browser of somebody who is signed in, or of a stranger."""
    is_phone = size["width"] < 640
    context = browser.new_context(
        base_url=address, viewport=size, color_scheme=theme, reduced_motion="reduce",
        java_script_enabled=script, has_touch=is_phone, is_mobile=is_phone,
    )  # fmt: skip
    context.set_default_timeout(PATIENCE)
    if person:
        session = stage.session_of(person)
        context.add_cookies([{"name": "readiness-session", "value": session, "url": address}])
    return context


@pytest.fixture
def watch(address: str) -> Watch:
    """What keeps an eye on the browsers of a test."""
    return Watch(address)


@pytest.fixture
def visit(browser: Browser, address: str, watch: Watch) -> Iterator[Open]:
    """Open a browser, as somebody who is signed in or as a stranger; `before` runs in it first.

    When the test ends, nothing may have failed in any of them.
    """
    contexts: list[BrowserContext] = []

    def visit(
        person: User | None = None, path: str = "/", *, before: str = "", **looks: Any
    ) -> Page:
        context = opened(browser, address, person, **looks)
        contexts.append(context)
        watch.over(context)
        page = context.new_page()
        if before:
            page.add_init_script(before)
        page.goto(path)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert watch.faults == []
