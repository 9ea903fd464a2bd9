"""People: all of them for who administers, and one of them for who leads their team."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from readiness import clock
from readiness.accounts import policies
from readiness.accounts.models import User
from readiness.accounts.requests import Asked
from readiness.audit import people as services
from readiness.launches.forms.people import SAYS, RolesForm
from readiness.launches.queries import people as queries
from readiness.launches.queries.handing_over import shares_of

LONGEST = 120


@require_safe
def people(request: Asked) -> HttpResponse:
    """Everyone, by name or mail address."""
    words = " ".join(request.GET.get("q", "").split())[:LONGEST]
    found = queries.found_people(words)
    is_cut = len(found) == queries.MOST
    context = {"nav": "teams", "people": found, "words": words, "is_cut": is_cut}
    return render(request, "accounts/people.html", context)


@require_safe
def person(request: Asked, pk: int) -> HttpResponse:
    """One person: their roles, and what they hold."""
    return _person(request, managed(request, pk))


@require_POST
def set_roles(request: Asked, pk: int) -> HttpResponse:
    """Let a person hold roles in every team."""
    found = managed(request, pk)
    sent = request.POST.copy()
    sent["person"] = str(found.pk)
    form = RolesForm(sent, people=[found], roles=policies.OF_ALL)
    if not form.is_valid():
        return _person(request, found, problem="Choose roles of the list.", status=422)
    roles = form.cleaned_data["roles"]
    services.set_roles(found, roles, team=None, by=request.user, now=clock.now())
    return redirect("people:person", found.pk)


def managed(request: Asked, pk: int) -> User:
    """A person of a team that the reader leads, or anybody for a site admin; else 404."""
    return get_object_or_404(policies.people_managed_by(request.user), pk=pk)


def _person(request: Asked, found: User, *, problem: str = "", status: int = 200) -> HttpResponse:
    held = queries.roles_of(found)
    shares = shares_of(found)
    context = {
        "nav": "teams",
        "person": found,
        "held": held,
        "everywhere": [one.role for one in held if one.team_id is None],
        "roles": [(role.value, SAYS[role]) for role in policies.OF_ALL],
        "shares": shares[: queries.LATEST],
        "more": max(0, len(shares) - queries.LATEST),
        "count": len(shares),
        "because": policies.deactivating(request.user, found) if found.is_active else "",
        "problem": problem,
    }
    return render(request, "accounts/person.html", context, status=status)
