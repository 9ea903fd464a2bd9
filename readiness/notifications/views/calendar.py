"""A person's calendar under a link: made, revoked, and read by calendar programs."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from readiness import clock
from readiness.accounts.requests import Asked
from readiness.audit.services import AlreadyDone
from readiness.notifications.models import CalendarLink
from readiness.notifications.queries.calendar import calendar_under, link_of
from readiness.notifications.services import calendar_links
from readiness.web.forms import new_key, sent_key
from readiness.web.refusal import Refused


@require_safe
def link(request: Asked) -> HttpResponse:
    """The link to my calendar, if there is one."""
    found = link_of(request.user)
    path = reverse("notifications:calendar", args=[found.token]) if found else ""
    context = {"nav": "me", "address": path and settings.BASE_URL + path, "key": new_key()}
    return render(request, "notifications/calendar.html", context)


@require_POST
def make(request: Asked) -> HttpResponse:
    return _done(request, calendar_links.make_link, "Your calendar has a new link.")


@require_POST
def revoke(request: Asked) -> HttpResponse:
    return _done(request, calendar_links.revoke_link, "The link leads nowhere now.")


@login_not_required
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar, to whoever has its link; a token that leads nowhere looks like nothing."""
    try:
        found = calendar_under(token, clock.now())
    except CalendarLink.DoesNotExist:
        raise Http404 from None
    return HttpResponse(found, content_type="text/calendar; charset=utf-8")


def _done(request: Asked, act: Callable[..., object], says: str) -> HttpResponse:
    try:
        act(request.user, key=sent_key(request), now=clock.now())
        messages.success(request, says)
    except AlreadyDone:
        messages.success(request, says)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("notifications:calendar-link")
