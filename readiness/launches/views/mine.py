"""What a person owns."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from readiness import clock
from readiness.accounts.requests import Asked
from readiness.launches.queries import mine as queries
from readiness.launches.queries.meetings import meetings_of
from readiness.web.forms import new_key


@require_safe
def mine(request: Asked) -> HttpResponse:
    """A person's open items, what is late first, and the reviews they are to come to."""
    now = clock.now()
    page = queries.mine(request.user, now)
    shown = {
        "nav": "mine",
        "mine": page,
        "meetings": meetings_of(request.user, now),
        "badges": queries.badges(request.user, page.workload),
        "key": new_key(),
    }
    return render(request, "launches/mine.html", shown)
