"""Why a launch has the verdict it has, now or as of any instant since it was opened."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from readiness import clock
from readiness.accounts.permissions import permitted
from readiness.accounts.requests import Asked
from readiness.launches.forms.why import WhyForm
from readiness.launches.models import Launch
from readiness.launches.queries.tabs import tabs_of
from readiness.launches.queries.why import can_be_told, why_of


@require_safe
def why(request: Asked, pk: int) -> HttpResponse:
    """The explanation; htmx gets it without the page around it."""
    launches = Launch.objects.select_related("lead", "candidate", "version")
    launch, now = permitted(request, launches, pk), clock.now()
    form = WhyForm(request.GET, zone=launch.tzinfo)
    at = form.cleaned_data["at"] if form.is_valid() else None
    problem = can_be_told(launch, at, now) if at else ""
    if problem:
        form.add_error("at", problem)
    is_asked = at is not None and not problem
    context = {
        "nav": "launches",
        "launch": launch,
        "tabs": tabs_of(launch),
        "form": form,
        "page": why_of(launch, at if is_asked else None, now),
    }
    is_part = request.htmx and not request.htmx.boosted
    template = "launches/why.html#found" if is_part else "launches/why.html"
    response = render(request, template, context, status=422 if form.errors else 200)
    patch_vary_headers(response, ["HX-Request"])
    return response
