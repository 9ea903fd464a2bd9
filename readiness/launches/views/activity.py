"""What happened, in one launch and everywhere."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from readiness import clock
from readiness.accounts.permissions import permitted
from readiness.accounts.requests import Asked
from readiness.launches.forms.filters import number_of
from readiness.launches.models import Launch
from readiness.launches.queries import history as queries


@require_safe
def history(request: Asked, pk: int) -> HttpResponse:
    """The history of a launch; htmx gets the days that are appended."""
    launch = permitted(request, Launch.objects.select_related("lead", "candidate"), pk)
    before = number_of(request.GET.get("before", ""))
    now = clock.now()
    page = queries.of_launch(launch, request.user, before=before, now=now)
    days = (launch.launch_on - now.astimezone(launch.tzinfo).date()).days
    return answer(request, {"nav": "launches", "launch": launch, "days": days, "history": page})


@require_safe
def activity(request: Asked) -> HttpResponse:
    """The history of all launches the reader may see."""
    before = number_of(request.GET.get("before", ""))
    page = queries.of_everything(request.user, before=before, now=clock.now())
    return answer(request, {"nav": "history", "launch": None, "history": page})


def answer(request: Asked, context: dict[str, object]) -> HttpResponse:
    is_part = request.htmx and not request.htmx.boosted
    template = "launches/history.html#days" if is_part else "launches/history.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response
