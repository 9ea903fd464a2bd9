"""One launch with its items and its verdict."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from readiness import clock
from readiness.accounts.permissions import permitted
from readiness.accounts.requests import Asked
from readiness.launches.queries.launch_page import launches_with_head, page_of


@require_safe
def detail(request: Asked, pk: int) -> HttpResponse:
    launch = permitted(request, launches_with_head(), pk)
    show = request.GET.get("show", "")
    page = page_of(launch, reader=request.user, show=show, now=clock.now())
    return render(request, "launches/detail.html", {"nav": "launches", "page": page})
