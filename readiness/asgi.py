"""What uvicorn serves: streams have a door of their own, pages go through the WSGI handler.

Pages are answered in a pool of threads; a stream takes none.
"""

from typing import Any

from readiness.web.bodies import with_short_bodies
from readiness.web.live.door import PREFIX, Door
from readiness.web.threads import Threads
from readiness.wsgi import application as pages

threads = with_short_bodies(Threads(pages, workers=10))  # type: ignore[arg-type]
streams = Door()


async def application(scope: Any, receive: Any, send: Any) -> None:
    is_stream = scope["type"] == "lifespan" or scope.get("path", "").startswith(PREFIX)
    await (streams if is_stream else threads)(scope, receive, send)
