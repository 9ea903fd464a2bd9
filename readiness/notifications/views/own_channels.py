"""Channels of one's own: added, tried and removed, with what became of the latest messages."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from readiness import clock
from readiness.accounts.requests import Asked
from readiness.audit.services import AlreadyDone
from readiness.notifications.forms import OwnChannelForm
from readiness.notifications.models import Way
from readiness.notifications.queries.own_channels import free_ways, own_channels_of
from readiness.notifications.services import own_hooks
from readiness.notifications.ways import NAMES
from readiness.web.forms import focus_first_error, new_key, sent_key
from readiness.web.refusal import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def own_channels(request: Asked) -> HttpResponse:
    """My channels; POST adds one."""
    if request.method != "POST":
        return _page(request)
    form = OwnChannelForm(request.POST, free=Way)
    if not form.is_valid():
        return _page(request, form, status=422)
    way = Way(form.cleaned_data["way"])
    try:
        own_hooks.add_own(
            request.user,
            way=way,
            url=form.cleaned_data["url"],
            key=sent_key(request),
            now=clock.now(),
        )
    except AlreadyDone:
        return redirect("notifications:own-channels")
    except Refused as refusal:
        form.add_error("url", str(refusal))
        return _page(request, form, status=refusal.status)
    messages.success(request, f"You hear by {NAMES[way]} from now on. Send a test to see.")
    return redirect("notifications:own-channels")


@require_POST
def test(request: Asked) -> HttpResponse:
    """Send a test."""
    return _done(request, own_hooks.test_own, "A test goes out within a minute.")


@require_POST
def remove(request: Asked) -> HttpResponse:
    """Tell it nothing more."""
    return _done(request, own_hooks.remove_own, "Nothing more goes there.")


def _done(request: Asked, act: Callable[..., object], says: str) -> HttpResponse:
    """Do it, once, and lead back."""
    said = request.POST.get("way", "")
    try:
        if said not in set(Way):
            raise Refused(own_hooks.REMOVED)
        act(request.user, way=Way(said), key=sent_key(request), now=clock.now())
        messages.success(request, says)
    except AlreadyDone:
        messages.success(request, says)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("notifications:own-channels")


def _page(request: Asked, form: OwnChannelForm | None = None, status: int = 200) -> HttpResponse:
    channels = own_channels_of(request.user)
    free = free_ways(channels)
    if form:
        focus_first_error(form)
    context = {
        "nav": "me",
        "channels": channels,
        "form": form or OwnChannelForm(free=free),
        "is_free": bool(free) or form is not None,
        "key": new_key(),
    }
    return render(request, "notifications/own_channels.html", context, status=status)
