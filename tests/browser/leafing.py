"""One tab for each who looks at pages, in which one page follows the other.

A browser of its own for every page costs four times what the page costs: it begins with an
empty cache, and starts processes. The product leaves nothing behind in a browser but cookies.
"""

from playwright.sync_api import Browser, Page

from readiness.accounts.models import User
from tests.browser.conftest import LAPTOP, opened
from tests.browser.watching import Watch


class Tabs:
    """The tabs of everybody, and what went wrong in any of them since somebody last asked."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.watch = Watch(address)
        self.pages: dict[User | None, Page] = {}

    def turn_to(self, path: str, person: User | None) -> Page:
        """The page as this person sees it on a laptop, in light."""
        if person not in self.pages:
            context = opened(self.browser, self.address, person)
            self.watch.over(context)
            self.pages[person] = context.new_page()
        page = self.pages[person]
        page.set_viewport_size(LAPTOP)
        page.emulate_media(color_scheme="light")
        page.goto(path)
        return page

    def faults(self) -> list[str]:
        found, self.watch.faults = self.watch.faults, []
        return found

    def close(self) -> None:
        for page in self.pages.values():
            page.context.close()
