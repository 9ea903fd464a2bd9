"""Pages that belong to no room: theme, palette, health, metrics, and what went wrong."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_POST, require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from readiness.web import health, services
from readiness.web import palette as queries
from readiness.web.context import THEMES
from readiness.web.errors import error_page
from readiness.web.metrics import REGISTRY
from readiness.web.middleware.refusals import is_htmx
from readiness.web.ours import ours
from readiness.web.words import asked

A_YEAR = 31_536_000


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Choose light, dark or the system's; for the person, and for this device."""
    chosen = request.POST.get("theme", "")
    if chosen not in THEMES:
        raise BadRequest("theme")
    if request.user.is_authenticated:
        services.choose_theme(request.user, chosen)
    response = redirect(ours(request, request.POST.get("next", "")) or "/")
    response.set_cookie(
        "theme",
        chosen,
        max_age=A_YEAR,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


@require_safe
def palette(request: HttpRequest) -> HttpResponse:
    """Launches, items, people, checklists and commands to jump to; htmx gets the results only."""
    is_part = is_htmx(request) and "HX-Boosted" not in request.headers
    found = queries.palette(request.user, asked(request.GET.get("q", "")))
    template = "web/palette.html#found" if is_part else "web/palette.html"
    response = render(request, template, {"palette": found, "is_part": is_part})
    patch_vary_headers(response, ["HX-Request"])
    return response


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return HttpResponse("alive\n", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Everything it stands on answers too: 200, or 503 with the part that does not."""
    parts = health.check()
    is_ready = set(parts.values()) == {health.OK}
    return JsonResponse(parts, status=200 if is_ready else 503)


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus, which shows its token; a page that is not here where none is set."""
    if not settings.METRICS_TOKEN:
        raise Http404
    shown = request.headers.get("Authorization", "")
    if not constant_time_compare(shown, f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_page(
        request,
        403,
        title="This page was open too long",
        sentence="Nothing was saved. Load the page again and repeat what you did.",
    )


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return error_page(request, 500)
