"""The launches, and what waits for a person."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from readiness import clock
from readiness.accounts.models import User
from readiness.accounts.requests import Asked
from readiness.launches.forms.filters import asked_by, filters_of
from readiness.launches.queries import dashboard as queries
from readiness.launches.queries import exported, mine
from readiness.launches.queries.filtering import Filters, answers_of
from readiness.launches.queries.listing import Sort, start_of_day
from readiness.launches.queries.view_counts import numbers_of
from readiness.launches.queries.views import PRESETS, View
from readiness.launches.views.exports import CSV, download, nothing_exported
from readiness.web.live import following

SPANS = (14, 30, 90)
SORTS = ((Sort.DATE, "Target date"), (Sort.READINESS, "Readiness"), (Sort.NAME, "Name"))


@require_safe
def dashboard(request: Asked) -> HttpResponse:
    """Launches by verdict, team and words; htmx gets the table and its counts only."""
    live = following("/live/portfolio/")
    user, now = request.user, clock.now()
    filters = filters_of(request.GET, today=start_of_day(now, user.tzinfo))
    is_part = request.htmx and not request.htmx.boosted
    board = queries.dashboard(user, filters, now=now, in_full=not is_part)
    asked = asked_by(filters)
    context: dict[str, Any] = {
        "nav": "launches",
        "live": live,
        "here": request.path,
        "board": board,
        "filters": filters,
        "sorts": SORTS,
        "spans": spans_with(filters.within),
        "facets": facets_with(filters.facet, board.versions),
        "following": address(asked | {"after": board.following}) if board.following else "",
        "first": address(asked),
        "unfiltered": address({"sort": asked["sort"]}),
    }
    query = address(asked).removeprefix("?")
    context["saved_as"] = urlencode({"query": query})
    if not is_part:
        context["views"] = numbered((*PRESETS, *board.views), board, filters, user, now)
        context["query"] = query if query in {view.query for view in context["views"]} else None
        context["workload"] = mine.workload(user, now)
        context["badges"] = mine.badges(user, context["workload"])
    template = "launches/dashboard.html#changed" if is_part else "launches/dashboard.html"
    response = render(request, template, context)
    here = address(asked | {"after": filters.after or ""})
    response["HX-Push-Url"] = request.path + (here if here != "?" else "")
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
def table(request: Asked) -> HttpResponseBase:
    """All launches that the filters ask for, on every page, as a file."""
    now = clock.now()
    filters = filters_of(request.GET, today=start_of_day(now, request.user.tzinfo))
    if filters.problems:
        return nothing_exported(
            request, filters.problems, "Launches", reverse("launches:dashboard")
        )
    home = request.build_absolute_uri("/launches/")
    rows = exported.table(request.user, replace(filters, after=None), now=now, home=home)
    return download(rows, CSV, "launches.csv")


@lru_cache(maxsize=1_024)
def asked_for(query: str, today: datetime, zone: str) -> Filters:
    """What a view looks for; read once a day, as every dashboard shows most of them.

    The zone is named beside the day, because midnights of two zones may be one instant.
    """
    return filters_of(QueryDict(query), today=today)


def numbered(
    views: Sequence[View],
    board: queries.Dashboard,
    filters: Filters,
    user: User,
    now: datetime,
) -> tuple[View, ...]:
    """The views with how many launches each has.

    A list of words spends its statements on them, and where more launches are read than are
    counted, counting them again for each view takes longer than the list.
    """
    if filters.words or board.is_capped:
        return tuple(views)
    asked = [asked_for(view.query, filters.today, str(filters.today.tzinfo)) for view in views]
    numbers = numbers_of(user, asked, sees_everything=board.sees_everything, now=now)
    return tuple(view._replace(number=number) for view, number in zip(views, numbers, strict=True))


def spans_with(chosen: int | None) -> tuple[int, ...]:
    """The numbers of days to choose from, among them the one an address asks for."""
    return tuple(sorted({*SPANS, chosen or SPANS[0]}))


def facets_with(
    chosen: tuple[str, str] | None, versions: tuple[int, ...]
) -> tuple[tuple[str, str], ...]:
    """The answers to choose from, as values and words, among them the one asked for."""
    known = {chosen} if chosen else set()
    known |= {answer for pk in versions for answer in answers_of(pk)}
    return tuple(
        (f"{key}:{answer}", f"{key.replace('_', ' ')}: {answer}") for key, answer in sorted(known)
    )


def address(asked: Mapping[str, object]) -> str:
    """The dashboard with these filters."""
    return "?" + urlencode({name: value for name, value in asked.items() if value})
