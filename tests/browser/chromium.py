"""How Debian's Chromium is started: quietly, and never calling home."""

import os
import shutil

NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str:
    """Its path: what `make test` found, or the first on PATH."""
    given = os.environ.get("CHROMIUM", "")
    return given or next((path for path in map(shutil.which, NAMES) if path), "")


def launch_options() -> dict[str, object]:
    return {"executable_path": chromium(), "args": ARGUMENTS}
