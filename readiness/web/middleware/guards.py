"""Refuses what no page can read, before anything tries to."""

from collections.abc import Callable
from io import BytesIO
from typing import IO, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError

from readiness.web.door import is_utf8
from readiness.web.errors import error_page

VERBS = ("GET", "HEAD", "POST", "OPTIONS")
NUL, NUL_QUOTED = b"\x00", b"%00"


class RequestGuard:
    """One verb of four, UTF-8, no NUL, at most as many bytes as the settings say."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        status = refusal(request)
        if not status:
            return self.get_response(request)
        response = error_page(request, status)
        if status == 405:
            response["Allow"] = ", ".join(VERBS)
        return response


def refusal(request: HttpRequest) -> int:
    """The status to refuse this request with, or 0."""
    if request.method not in VERBS:
        return 405
    if not is_utf8(request.META.get("CONTENT_TYPE", "")):
        return 415
    if has_nul_outside_body(request):
        return 400
    return refusal_of_body(request)


def has_nul_outside_body(request: HttpRequest) -> bool:
    """PostgreSQL holds no NUL; a quoted cookie may carry one as \\000."""
    query = request.META.get("QUERY_STRING", "")
    return (
        "\x00" in request.path
        or "%00" in query
        or "\x00" in query
        or any("\x00" in value for value in request.COOKIES.values())
    )


def refusal_of_body(request: HttpRequest) -> int:
    """Read the body, with or without a length given beforehand, and no further than allowed."""
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    declared = request.META.get("CONTENT_LENGTH") or ""
    if declared and not declared.isascii():
        return 400
    if declared and not declared.isdigit():
        return 400
    if len(declared) > 15 or int(declared or 0) > limit:
        return 413
    try:
        if "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
            body = read_chunks(request, limit)
        else:
            body = request.body
    except (UnreadablePostError, OSError):
        return 400
    if len(body) > limit:
        return 413
    return 400 if NUL in body or NUL_QUOTED in body else 0


def read_chunks(request: HttpRequest, limit: int) -> bytes:
    """The body of a request that does not say its length; at most a byte more than allowed."""
    stream = cast("IO[bytes]", request.META["wsgi.input"])
    parts, size = [], 0
    while size <= limit:
        part = stream.read(min(65_536, limit + 1 - size))
        if not part:
            break
        parts.append(part)
        size += len(part)
    body = b"".join(parts)
    request.META["CONTENT_LENGTH"] = str(len(body))
    request._stream = BytesIO(body)
    request._body = body
    return body
