"""Turns a refusal into words for the person: a toast for htmx, a page for a plain request."""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.template.loader import render_to_string

from readiness.web.errors import error_page
from readiness.web.ours import ours
from readiness.web.refusal import Refused

HTMX = "HTTP_HX_REQUEST"


class RefusalToast:
    """Answers 409 when a service refused, and sends htmx to the sign-in page as a whole."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_htmx(request) and leads_to_sign_in(response):
            return whole_sign_in(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        sentence = str(exception)
        if not is_htmx(request):
            return error_page(request, 409, sentence=sentence, back=back(request))
        toast = render_to_string("web/refusal.html", {"sentence": sentence})
        return HttpResponse(
            toast,
            status=exception.status,
            headers={"HX-Retarget": "#toasts", "HX-Reswap": "beforeend"},
        )


def is_htmx(request: HttpRequest) -> bool:
    return request.META.get(HTMX) == "true"  # `request.headers` would put all of them together


def leads_to_sign_in(response: HttpResponse) -> bool:
    """Has the session ended, so that a part of a page would be filled with the sign-in page?"""
    target = urlsplit(response.headers.get("Location", "")).path
    return response.status_code == 302 and target == resolve_url(settings.LOGIN_URL)


def whole_sign_in(request: HttpRequest) -> HttpResponse:
    then = urlencode({"next": ours(request, request.headers.get("HX-Current-URL", "")) or "/"})
    to = f"{resolve_url(settings.LOGIN_URL)}?{then}"
    return HttpResponse(status=401, headers={"HX-Redirect": to})


def back(request: HttpRequest) -> str:
    """The page the person came from, if it is ours."""
    return ours(request, request.headers.get("Referer", "")) or "/"
