"""What a person owns."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from readiness import clock
from readiness.accounts.requests import Asked
from readiness.launches.queries import mine as queries
from readiness.web.forms import new_key


@require_safe
def mine(request: Asked) -> HttpResponse:
    """A person's open items, what is late first."""
    page = queries.mine(request.user, clock.now())
    badges = queries.badges(request.user, page.workload)
    shown = {"nav": "mine", "mine": page, "badges": badges, "key": new_key()}
    return render(request, "launches/mine.html", shown)
