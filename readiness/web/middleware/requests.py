"""Every request has an id, in its logs, its answer and its error page; and is counted."""

import logging
import time
from collections.abc import Callable
from contextvars import ContextVar
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

from readiness.web.metrics import REQUESTS, SECONDS

BEING_ANSWERED: ContextVar[str] = ContextVar("request_id", default="-")


class RequestId:
    """Names the request, and binds the name to everything that is logged on its way."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = f"r-{uuid4().hex[:12]}"  # type: ignore[attr-defined]
        token = BEING_ANSWERED.set(request.id)  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            BEING_ANSWERED.reset(token)
        response["X-Request-Id"] = request.id  # type: ignore[attr-defined]
        return response


class RequestIdFilter(logging.Filter):
    """Lets the formatters of plain loggers show `%(request_id)s`."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = BEING_ANSWERED.get()
        return True


class RequestMeter:
    """Counts answers and how long they took, by the name of the page, never by its address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        page = match.view_name if match else "none"
        REQUESTS.labels(page, request.method, str(response.status_code)).inc()
        SECONDS.labels(page).observe(time.perf_counter() - began)
        return response
