"""What a person wants to hear, on which ways, and what their next digest would say."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from readiness import clock
from readiness.accounts.requests import Asked
from readiness.notifications.forms import ChoicesForm, HoursForm
from readiness.notifications.queries.hours import hours_of
from readiness.notifications.queries.preferences import groups_for
from readiness.notifications.services.letters import preview_of
from readiness.notifications.services.subscribing import choose, choose_hours
from readiness.notifications.views.outbox import OF_A_MAIL
from readiness.web.forms import focus_first_error
from readiness.web.middleware.headers import CONTENT_SECURITY_POLICY


@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: Asked) -> HttpResponse:
    """Every kind of message by every way out: a tick is a yes."""
    if request.method == "POST":
        form = ChoicesForm(request.POST)
        form.full_clean()
        choose(request.user, form.chosen, now=clock.now())
        return redirect(reverse("notifications:choices") + "?saved")
    kept = hours_of(request.user)
    days = "\n".join(day.isoformat() for day in kept.days_off)
    said = {"quiet_from": kept.quiet_from, "quiet_until": kept.quiet_until, "days_off": days}
    return _page(request, HoursForm(initial=said))


@require_POST
def hours(request: Asked) -> HttpResponse:
    """When a person wants to hear nothing."""
    form = HoursForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    choose_hours(request.user, now=clock.now(), **form.cleaned_data)
    return redirect(reverse("notifications:choices") + "?saved")


def _page(request: Asked, form: HoursForm, status: int = 200) -> HttpResponse:
    focus_first_error(form)
    context = {
        "nav": "me",
        "groups": groups_for(request.user),
        "hours": form,
        "preview": preview_of(request.user, clock.now()),
        "is_saved": "saved" in request.GET,
    }
    response = render(request, "notifications/choices.html", context, status=status)
    response["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return response


@require_safe
def preview(request: Asked) -> HttpResponse:
    """The HTML of the person's next digest, for the frame on that page."""
    found = preview_of(request.user, clock.now())
    if found.letter is None:
        return HttpResponse(status=204)
    return HttpResponse(found.letter.html, headers=OF_A_MAIL)
