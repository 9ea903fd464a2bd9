"""A launch handed over: as Markdown, on paper, as a badge."""

from collections.abc import Callable
from contextlib import suppress

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST, require_safe

from readiness import clock
from readiness.accounts.permissions import Action, permitted
from readiness.accounts.requests import Asked
from readiness.audit.services import AlreadyDone
from readiness.launches.models import Badge, Launch
from readiness.launches.queries.badges import standing_badge, status_of
from readiness.launches.queries.markdown import markdown
from readiness.launches.queries.opened import opened
from readiness.launches.queries.report import Report, report_of
from readiness.launches.services import badges as services
from readiness.web.forms import new_key, sent_key

MARKDOWN = "text/markdown; charset=utf-8"
SECONDS = 60  # how old a badge on somebody's page may be


@require_safe
def share(request: Asked, pk: int) -> HttpResponse:
    """The ways to hand a launch over."""
    return share_page(request, pk)


@require_safe
def as_markdown(request: Asked, pk: int) -> HttpResponse:
    report, _ = reported(request, pk)
    return HttpResponse(markdown(report) + "\n", content_type=MARKDOWN)


@require_safe
def as_print(request: Asked, pk: int) -> HttpResponse:
    """All of a launch on paper, for somebody who was not there."""
    report, _ = reported(request, pk)
    return render(request, "launches/print.html", {"report": report})


def reported(request: Asked, pk: int) -> tuple[Report, frozenset[Action]]:
    """The launch as it is now, and what the reader may do to it."""
    try:
        launch, acts = opened(pk, reader=request.user)
    except Launch.DoesNotExist:
        raise Http404 from None
    return report_of(launch, clock.now()), acts


def share_page(request: Asked, pk: int) -> HttpResponse:
    report, acts = reported(request, pk)
    context = {
        "nav": "launches",
        "report": report,
        "markdown": markdown(report),
        "badge": standing_badge(pk),
        "may_edit": Action.LAUNCH_EDIT in acts,
        "key": new_key(),
    }
    return render(request, "launches/share.html", context)


@require_POST
def make_badge(request: Asked, pk: int) -> HttpResponse:
    """Make the link under which everybody sees the launch's badge."""
    return _carried_out(request, pk, services.make_badge, "The badge has a link now.")


@require_POST
def revoke_badge(request: Asked, pk: int) -> HttpResponse:
    return _carried_out(request, pk, services.revoke_badge, "The link leads nowhere now.")


def _carried_out(request: Asked, pk: int, act: Callable[..., Badge], says: str) -> HttpResponse:
    launch = permitted(request, Launch.objects.all(), pk)
    with suppress(AlreadyDone):
        act(launch, by=request.user, key=sent_key(request), now=clock.now())
    messages.success(request, says)
    return redirect("launches:share", pk)


@login_not_required
@require_safe
def badge_image(request: HttpRequest, token: str) -> HttpResponse:
    """The badge, to whoever has its link; a token that is none, or no more, looks like nothing."""
    try:
        status = status_of(token, clock.now())
    except Badge.DoesNotExist:
        raise Http404 from None
    image = render_to_string("launches/badge.svg", {"status": status})
    headers = {"Cache-Control": f"public, max-age={SECONDS}"}
    return HttpResponse(image.strip(), content_type="image/svg+xml", headers=headers)
