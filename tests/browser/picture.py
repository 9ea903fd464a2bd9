"""Takes the README's picture of the demo: `python -m tests.browser.picture [ADDRESS]`.

Run it while `make up` runs.
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.chromium import launch_options

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "pictures" / "dashboard.png"
APPROVER, PASSWORD = "amara@northwind.example", "northwind-demo-2026"
SIZE = {"width": 1280, "height": 860}


def take(address: str) -> None:
    """Sign in as the approver, and keep what she sees first."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.goto(f"{address}/sign-in/")
        page.get_by_label("Email").fill(APPROVER)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("heading", name="Launches", exact=True).wait_for()
        page.screenshot(path=PICTURE)
        browser.close()
    print(f"{PICTURE.name} is {PICTURE.stat().st_size // 1024} KB.")


if __name__ == "__main__":
    take(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000")
