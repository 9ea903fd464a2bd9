"""The launches, and what waits for a person."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from readiness import clock
from readiness.accounts.requests import Asked
from readiness.launches.forms.filters import filters_of
from readiness.launches.queries import dashboard as queries
from readiness.launches.queries import mine
from readiness.launches.queries.listing import Sort

SORTS = ((Sort.DATE, "Target date"), (Sort.READINESS, "Readiness"), (Sort.NAME, "Name"))


@require_safe
def dashboard(request: Asked) -> HttpResponse:
    """Launches by verdict, team and words; htmx gets the table and its counts only."""
    user, now = request.user, clock.now()
    filters = filters_of(request.GET, today=queries.start_of_day(now, user.tzinfo))
    is_part = request.htmx and not request.htmx.boosted
    board = queries.dashboard(user, filters, now=now, in_full=not is_part)
    asked = {
        "verdict": filters.verdict,
        "team": filters.team or "",
        "q": filters.words,
        "sort": "" if filters.sort is Sort.DATE else filters.sort,
    }
    context: dict[str, Any] = {
        "nav": "launches",
        "here": request.path,
        "board": board,
        "filters": filters,
        "sorts": SORTS,
        "following": address(asked | {"after": board.following}) if board.following else "",
        "first": address(asked),
        "unfiltered": address({"sort": asked["sort"]}),
    }
    if not is_part:
        context["workload"] = mine.workload(user, now)
        context["badges"] = mine.badges(user, context["workload"])
    template = "launches/dashboard.html#changed" if is_part else "launches/dashboard.html"
    response = render(request, template, context)
    here = address(asked | {"after": filters.after or ""})
    response["HX-Push-Url"] = request.path + (here if here != "?" else "")
    patch_vary_headers(response, ["HX-Request"])
    return response


def address(asked: Mapping[str, object]) -> str:
    """The dashboard with these filters."""
    return "?" + urlencode({name: value for name, value in asked.items() if value})
