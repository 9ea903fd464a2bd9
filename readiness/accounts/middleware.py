"""The permission table at the door: no page without a row, no verb that the row does not name."""

from collections.abc import Callable
from functools import partial

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from readiness.accounts.pages import PAGES
from readiness.accounts.permissions import Action, can
from readiness.accounts.sessions import person_of
from readiness.web import locales
from readiness.web.errors import error_page


class Person(AuthenticationMiddleware):
    """Who asks, looked up when somebody wants to know; the session brings them along."""

    def process_request(self, request: HttpRequest) -> None:
        request.user = SimpleLazyObject(partial(person_of, request))  # type: ignore[assignment]


class PermissionTable:
    """Looks the page up, refuses what nobody may, and leaves the act on the request.

    Acts on one thing are checked by `permitted`, which reads the thing. What is answered is
    written as the person who asks writes dates and numbers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with locales.written_for():
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict
    ) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        acts = PAGES.get(name)
        if acts is None:
            raise ImproperlyConfigured(f"The page {name!r} has no row in the permission table.")
        action = acts.get("GET" if request.method == "HEAD" else request.method or "")
        if action is None:
            response = error_page(request, 405)
            response["Allow"] = ", ".join(sorted(acts))
            return response
        if action is Action.ADMINISTER and not can(request.user, action):  # type: ignore[arg-type]
            raise PermissionDenied
        request.action = action  # type: ignore[attr-defined]
        if action is not Action.PUBLIC:
            person = request.user = person_of(request)  # the stand-in is slow to ask
            locales.read_by(person.locale)  # type: ignore[union-attr]
        return None
