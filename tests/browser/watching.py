"""What a browser complains about while people work: errors, refused contents, broken answers."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Response, WebError

REFUSALS = range(400, 500)
EXPECTED = (
    "Failed to load resource: the server responded",  # an answer to a person, looked at below
    "Failed to load resource: net::ERR_INTERNET_DISCONNECTED",  # the test took it away
    "Blocked script execution in",  # Playwright looks into the frame of a mail: nothing may run
)


class Watch:
    """Keeps every complaint of every page it looks at."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.faults: list[str] = []
        self.expected: set[int] = {*REFUSALS}

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(EXPECTED):
            self.faults.append(f"{message.type}: {message.text}")

    def _error(self, error: WebError) -> None:
        self.faults.append(f"script: {error.error}")

    def _response(self, response: Response) -> None:
        path = response.url.removeprefix(self.address)
        is_page = not path.startswith("/static/")
        if response.status >= 400 and not (is_page and response.status in self.expected):
            self.faults.append(f"{response.status} from {path}")
