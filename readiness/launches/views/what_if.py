"""What if: a launch as it would be, from an address alone. Nothing is written."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from readiness import clock
from readiness.accounts.permissions import permitted
from readiness.accounts.requests import Asked
from readiness.launches.forms.what_if import WhatIfForm
from readiness.launches.models import Launch
from readiness.launches.queries.what_if import DONE, what_if
from readiness.launches.queries.why import moment_of


@require_safe
def suppose(request: Asked, pk: int) -> HttpResponse:
    """Both sides; htmx gets them without the page around, and the short address that says so.

    A plain form sends every field, also the empty ones: it is led to that address.
    """
    launches = Launch.objects.select_related("lead", "candidate", "version")
    launch, now = permitted(request, launches, pk), clock.now()
    questions = launch.version.facets.order_by("position")
    form = WhatIfForm(request.GET, launch=launch, questions=questions, now=now)
    is_valid = form.is_valid()
    query = form.address()
    here = f"{request.path}?{query}" if query else request.path
    is_part = bool(request.htmx and not request.htmx.boosted)
    if is_valid and not is_part and "" in request.GET.values():
        return redirect(here)
    page = what_if(launch, form.supposed, now)
    context = {
        "nav": "launches",
        "launch": launch,
        "form": form,
        "page": page,
        "here": request.build_absolute_uri(here),
        "is_bare": not query,
        "launch_on": launch.launch_on.isoformat(),
        "steps": [(step, form.address(**{step.key: DONE})) for step in page.steps],
        "all_steps": form.address(**{step.key: DONE for step in page.steps}),
        "days": (launch.launch_on - now.astimezone(launch.tzinfo).date()).days,
        "when": moment_of(form.supposed.at, launch) if form.supposed.at else "",
    }
    template = "launches/what_if.html#supposed" if is_part else "launches/what_if.html"
    response = render(request, template, context, status=200 if is_valid else 422)
    if is_part and is_valid:
        response["HX-Push-Url"] = here
    patch_vary_headers(response, ["HX-Request"])
    return response
