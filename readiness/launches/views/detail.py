"""One launch with its items and its verdict."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from readiness import clock
from readiness.accounts.requests import Asked
from readiness.launches.models import Launch
from readiness.launches.queries.launch_page import page_of
from readiness.launches.queries.opened import opened
from readiness.web.live import following


@require_safe
def detail(request: Asked, pk: int) -> HttpResponse:
    live = following(f"/live/launches/{pk}/")
    try:
        launch, acts = opened(pk, reader=request.user)
    except Launch.DoesNotExist:
        raise Http404 from None
    show = request.GET.get("show", "")
    page = page_of(launch, acts, reader=request.user, show=show, now=clock.now())
    context = {"nav": "launches", "page": page, "is_pinned": launch.is_pinned, "live": live}
    return render(request, "launches/detail.html", context)
