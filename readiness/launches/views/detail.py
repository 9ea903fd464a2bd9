"""One launch with its items and its verdict."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from readiness import clock
from readiness.accounts.permissions import permitted
from readiness.launches.queries.launch_page import launches_for, page_of


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    launch = permitted(request, launches_for(request.user), pk)
    show = request.GET.get("show", "")
    page = page_of(launch, reader=request.user, show=show, now=clock.now())
    return render(request, "launches/detail.html", {"nav": "launches", "page": page})
