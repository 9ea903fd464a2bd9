"""What must be looked at before Django makes a request of it."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.http import parse_header_parameters

from readiness.web.bodies import at_hand

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
UNREADABLE = "text/plain; charset=unreadable"


def door(application: Application) -> Application:
    """Keep charsets from Django, which fails on some as it makes the request.

    The guard then refuses such a request as it refuses others: with a page, and headers. A
    body that is at hand takes the place of what would read it piece by piece.
    """

    def enter(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not is_utf8(environ.get("CONTENT_TYPE", "")):
            environ["CONTENT_TYPE"] = UNREADABLE
        if (body := at_hand(environ)) is not None:
            environ["wsgi.input"] = body
        return application(environ, start_response)

    return enter


def is_utf8(content_type: str) -> bool:
    """Does this content type name no charset, or UTF-8?"""
    try:
        _, params = parse_header_parameters(content_type)
    except (ValueError, LookupError):
        return False
    return params.get("charset", "utf-8").strip("\"'").lower() == "utf-8"
