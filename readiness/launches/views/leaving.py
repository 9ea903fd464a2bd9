"""Letting somebody go: what moves where is shown first, and then done in one step."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from readiness import clock
from readiness.accounts import policies
from readiness.accounts.models import User
from readiness.accounts.requests import Asked
from readiness.audit.services import AlreadyDone
from readiness.launches.forms.people import HandOverForm
from readiness.launches.queries.handing_over import print_of, seats_for, shares_of
from readiness.launches.services import handing_over as services
from readiness.launches.views.people import managed
from readiness.web.forms import focus_first_error, new_key, sent_key


@require_http_methods(["GET", "HEAD", "POST"])
def deactivate(request: Asked, pk: int) -> HttpResponse:
    """GET asks who takes over, and with that in the address shows what moves; POST does it."""
    person = _leaver(request, pk)
    shares = shares_of(person)
    if not person.is_active and not shares:
        return redirect("people:person", person.pk)
    sent = request.POST if request.method == "POST" else request.GET
    is_asked = request.method != "POST" and not sent
    form = HandOverForm(None if is_asked else sent, shares=shares, seats=seats_for(shares, person))
    is_planned = not is_asked and form.is_valid()
    if request.method == "POST" and is_planned:
        return _done(request, person, form)
    focus_first_error(form)
    context = {
        "nav": "teams",
        "person": person,
        "form": form,
        "is_planned": is_planned or not shares,
        "moves": _moves(form) if is_planned else [],
        "seen": print_of(shares),
        "key": new_key(),
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/deactivate.html", context, status=status)


@require_POST
def reactivate(request: Asked, pk: int) -> HttpResponse:
    """Let somebody in again."""
    person = managed(request, pk)
    services.reactivate(person, by=request.user, now=clock.now())
    messages.success(request, f"{person.name} can sign in again.")
    return redirect("people:person", person.pk)


def _leaver(request: Asked, pk: int) -> User:
    """Whom the reader may let go; 403 where only a site admin may."""
    person = managed(request, pk)
    if policies.deactivating(request.user, person):
        raise PermissionDenied(policies.deactivating(request.user, person))
    return person


def _done(request: Asked, person: User, form: HandOverForm) -> HttpResponse:
    try:
        services.deactivate(
            person,
            form.plan(),
            seen=request.POST.get("seen", ""),
            by=request.user,
            key=sent_key(request),
            now=clock.now(),
        )
    except AlreadyDone:
        return redirect("people:person", person.pk)
    messages.success(request, f"{person.name} is deactivated. What they held is handed over.")
    if policies.people_managed_by(request.user).filter(pk=person.pk).exists():
        return redirect("people:person", person.pk)
    return redirect("people:teams")


def _moves(form: HandOverForm) -> list[tuple[str, str, str]]:
    """What goes where: a launch, what is held there, and who gets it."""
    decider = form.cleaned_data.get("decider")
    moves = []
    for share in form.shares:
        to = form.taker_of(share) if share.is_work else None
        names = [to.name if to else "nobody yet"] if share.is_work else []
        if share.is_approver:
            seat = decider.name if decider else "nobody"
            names.append(f"the seat to {seat}" if share.is_work else seat)
        moves.append((share.launch.name, share.words, ", ".join(names)))
    return moves
