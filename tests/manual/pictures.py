"""Pictures of the demo for the manual and the README, taken with a real browser."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, sync_playwright

from readiness.embedded.house import ROOT
from readiness.embedded.processes import start, wait_until
from readiness.embedded.throwaway import throwaway_engines
from tests.browser.chromium import launch_options

PICTURES = ROOT / "docs" / "pictures"
PASSWORD = "northwind-demo-2026"
LAPTOP, PHONE = (1280, 860), (360, 740)


@dataclass(frozen=True)
class Picture:
    """One picture: whose page it is, how to get there, and what must be seen on it."""

    name: str
    who: str
    way: tuple[str, ...]
    size: tuple[int, int] = LAPTOP
    theme: str = "light"


ALL = (
    Picture("dashboard", "amara", ()),
    Picture("launch", "hannah", ("Ads ranking v14",)),
    Picture("launch-phone", "hannah", ("Ads ranking v14",), PHONE, "dark"),
    Picture("item", "hannah", ("Ads ranking v14", "Counterfactual logging")),
    Picture("my-items", "priya", ("My items",)),
    Picture("history", "ravi", ("History",)),
)


def take_pictures() -> None:
    """Take every picture from a demo of this moment."""
    with product() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        for picture in ALL:
            take(browser, address, picture)
            size = (PICTURES / f"{picture.name}.png").stat().st_size // 1024
            print(f"{picture.name}.png, {size} KB")
        browser.close()


@contextmanager
def product() -> Iterator[str]:
    """The product with its demo, on engines of its own; where it answers."""
    with throwaway_engines() as addresses, socket.socket() as door:
        env = {**os.environ, **addresses}
        for words in (["migrate", "--database", "owner", "--verbosity", "0"], ["demo"]):
            command = [sys.executable, "manage.py", *words]
            subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
        door.bind(("127.0.0.1", 0))
        door.listen(64)
        here = f"http://localhost:{door.getsockname()[1]}"
        child = start(
            [sys.executable, "-m", "uvicorn", "readiness.asgi:application",
             "--fd", str(door.fileno()), "--no-access-log"],
            name="web", log=ROOT / "build" / "pictures.log", keep=[door.fileno()], cwd=ROOT,
            env=env | {"READINESS_BASE_URL": here, "READINESS_DATABASE_POOL": "4"},
        )  # fmt: skip
        try:
            wait_until(lambda: "startup complete" in child.log.read_text(), child=child, seconds=60)
            yield here
        finally:
            child.stop()


def take(browser: Browser, address: str, picture: Picture) -> None:
    width, height = picture.size
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": height},
        color_scheme="dark" if picture.theme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    sign_in(page, f"{picture.who}@northwind.example")
    for words in picture.way:
        page.get_by_role("link", name=words).locator("visible=true").first.click()
        page.wait_for_load_state("load")
    page.screenshot(path=PICTURES / f"{picture.name}.png")
    context.close()


def sign_in(page: Page, email: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")
