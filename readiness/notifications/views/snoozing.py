"""Putting reminders off: of one item, of all, and hearing of them again."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from readiness import clock
from readiness.accounts.permissions import permitted
from readiness.accounts.requests import Asked
from readiness.audit.services import AlreadyDone
from readiness.launches.models import LaunchItem
from readiness.notifications.forms import SnoozeForm
from readiness.notifications.models import Snooze
from readiness.notifications.queries.snoozes import snoozes_of
from readiness.notifications.services import snoozing
from readiness.web.forms import new_key, sent_key, whole_number
from readiness.web.ours import ours
from readiness.web.refusal import Refused
from readiness.web.templatetags.face import day


@require_POST
def item(request: Asked, pk: int) -> HttpResponse:
    """Hear nothing of an item of mine until a day; back to the page that says so in `next`."""
    found = permitted(request, LaunchItem.objects.all(), pk)
    back = redirect(ours(request, request.POST.get("next", "")) or found)
    return _until(request, partial(snoozing.snooze_item, found), back)


@require_http_methods(["GET", "HEAD", "POST"])
def snoozes(request: Asked) -> HttpResponse:
    """What I hear nothing of; POST puts off all that is mine."""
    if request.method == "POST":
        return _until(request, snoozing.snooze_all, redirect("notifications:snoozes"))
    now = clock.now()
    context = {
        "nav": "me",
        "rows": snoozes_of(request.user, now),
        "until": snoozing.soonest(request.user, now),
        "key": new_key(),
    }
    return render(request, "notifications/snoozes.html", context)


@require_POST
def wake(request: Asked) -> HttpResponse:
    """Hear of it again."""
    snooze = Snooze(pk=whole_number(request.POST.get("snooze", ""), digits=18))
    back = redirect("notifications:snoozes")
    return _done(request, partial(snoozing.wake, snooze), back, "You hear of it again.")


def _until(request: Asked, act: Callable[..., object], back: HttpResponse) -> HttpResponse:
    form = SnoozeForm(request.POST)
    if not form.is_valid():
        messages.error(request, snoozing.WHEN)
        return back
    until = form.cleaned_data["until"]
    return _done(request, partial(act, until=until), back, f"No reminders until {day(until)}.")


def _done(
    request: Asked, act: Callable[..., object], back: HttpResponse, says: str
) -> HttpResponse:
    try:
        act(by=request.user, key=sent_key(request), now=clock.now())
        messages.success(request, says)
    except AlreadyDone:
        messages.success(request, says)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return back
