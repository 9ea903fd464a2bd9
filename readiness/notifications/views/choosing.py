"""What a person wants to hear, on which ways, and what their next digest would say."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from readiness import clock
from readiness.accounts.requests import Asked
from readiness.notifications.forms import ChoicesForm
from readiness.notifications.queries.preferences import groups_for
from readiness.notifications.services.letters import preview_of
from readiness.notifications.services.subscribing import choose
from readiness.notifications.views.outbox import OF_A_MAIL
from readiness.web.middleware.headers import CONTENT_SECURITY_POLICY


@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: Asked) -> HttpResponse:
    """Every kind of message by every way out: a tick is a yes."""
    if request.method == "POST":
        form = ChoicesForm(request.POST)
        form.full_clean()
        choose(request.user, form.chosen, now=clock.now())
        return redirect(reverse("notifications:choices") + "?saved")
    context = {
        "nav": "me",
        "groups": groups_for(request.user),
        "preview": preview_of(request.user, clock.now()),
        "is_saved": "saved" in request.GET,
    }
    response = render(request, "notifications/choices.html", context)
    response["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return response


@require_safe
def preview(request: Asked) -> HttpResponse:
    """The HTML of the person's next digest, for the frame on that page."""
    found = preview_of(request.user, clock.now())
    if found.letter is None:
        return HttpResponse(status=204)
    return HttpResponse(found.letter.html, headers=OF_A_MAIL)
