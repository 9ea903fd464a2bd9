"""Where one is signed in, and the way out of all of it."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from readiness import clock
from readiness.accounts.requests import Asked
from readiness.audit import people as services
from readiness.launches.queries.people import sign_ins_of

LONGEST = 20


@require_safe
def sessions(request: Asked) -> HttpResponse:
    """My sign-ins, this one marked."""
    current = request.session.session_key
    rows = sign_ins_of(request.user, current=current, now=clock.now())
    context = {"nav": "me", "rows": rows}
    return render(request, "accounts/sessions.html", context)


@require_POST
def end(request: Asked) -> HttpResponse:
    """End one, all others, or all: the browsers are signed out with their next request."""
    which = request.POST.get("which", "")[:LONGEST]
    current = request.session.session_key
    ended = services.end_sessions(
        request.user, current=current, which=which, by=request.user, now=clock.now()
    )
    if which == "all":
        logout(request)
        return redirect("account_login")
    words = (
        f"{ended} session{'' if ended == 1 else 's'} ended." if ended else "It had ended already."
    )
    messages.success(request, words)
    return redirect("people:sessions")
