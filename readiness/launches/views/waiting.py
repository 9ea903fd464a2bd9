"""All that waits for one person's word."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from readiness import clock
from readiness.accounts.requests import Asked
from readiness.launches.queries.waiting import waiting_for


@require_safe
def waiting(request: Asked) -> HttpResponse:
    rows = waiting_for(request.user, clock.now())
    context = {"nav": "waiting", "rows": rows, "waiting": len(rows)}
    return render(request, "launches/waiting.html", context)
