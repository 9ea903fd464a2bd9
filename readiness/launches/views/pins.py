"""Pinning launches, and taking the pins out again."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from readiness import clock
from readiness.accounts.permissions import permitted
from readiness.accounts.requests import Asked
from readiness.launches.models import Launch
from readiness.launches.services import pins as services
from readiness.web.ours import ours


@require_POST
def pin(request: Asked, pk: int) -> HttpResponse:
    launch = permitted(request, Launch.objects.all(), pk)
    services.pin(launch, by=request.user, now=clock.now())
    return redirect(launch)


@require_POST
def unpin(request: Asked, pk: int) -> HttpResponse:
    """Back to where the pin was taken out: the launch, or the list of what is pinned."""
    launch = permitted(request, Launch.objects.all(), pk)
    services.unpin(launch, by=request.user)
    return redirect(ours(request, request.POST.get("next", "")) or launch)
