"""A history taken along: as JSON Lines, which anyone can verify, or as a table."""

from collections.abc import Iterator, Sequence

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from readiness.accounts.permissions import permitted
from readiness.accounts.requests import Asked
from readiness.launches.forms.history import HistoryForm
from readiness.launches.models import Launch
from readiness.launches.queries import exporting
from readiness.launches.queries.events import events_for, events_of
from readiness.launches.queries.history import launches_with_actors
from readiness.launches.views.activity import form_of_everything, form_of_launch

JSON_LINES, CSV = "application/jsonl; charset=utf-8", "text/csv; charset=utf-8"


@require_safe
def history_lines(request: Asked, pk: int) -> HttpResponseBase:
    """The history of a launch, an event a line."""
    launch, form = _asked_of_launch(request, pk)
    if not form.is_valid():
        return not_understood(request, form)
    events = events_of(launch, form.wanted)
    return download(exporting.json_lines(events), JSON_LINES, f"launch-{pk}-history.jsonl")


@require_safe
def history_table(request: Asked, pk: int) -> HttpResponseBase:
    """The history of a launch as a table."""
    launch, form = _asked_of_launch(request, pk)
    if not form.is_valid():
        return not_understood(request, form)
    rows = exporting.table(events_of(launch, form.wanted), request.user)
    return download(rows, CSV, f"launch-{pk}-history.csv")


@require_safe
def activity_lines(request: Asked) -> HttpResponseBase:
    """The history of all launches the reader may see, an event a line."""
    form = form_of_everything(request)
    if not form.is_valid():
        return not_understood(request, form)
    events = events_for(request.user, form.wanted)
    return download(exporting.json_lines(events), JSON_LINES, "history.jsonl")


@require_safe
def activity_table(request: Asked) -> HttpResponseBase:
    """The history of all launches the reader may see, as a table."""
    form = form_of_everything(request)
    if not form.is_valid():
        return not_understood(request, form)
    rows = exporting.table(events_for(request.user, form.wanted), request.user)
    return download(rows, CSV, "history.csv")


def _asked_of_launch(request: Asked, pk: int) -> tuple[Launch, HistoryForm]:
    launch = permitted(request, launches_with_actors(), pk)
    return launch, form_of_launch(request, launch)


def download(parts: Iterator[str], kind: str, name: str) -> StreamingHttpResponse:
    """A file that is written while it is sent."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(parts, content_type=kind, headers=headers)


def not_understood(request: Asked, form: HistoryForm) -> HttpResponse:
    """What was wrong in the address, on a page: a file with other events would mislead."""
    faults = [f"{field.label}: {error}" for field in form for error in field.errors]
    return nothing_exported(request, faults, "History", reverse("launches:activity"))


def nothing_exported(
    request: Asked, faults: Sequence[str], of_what: str, back: str
) -> HttpResponse:
    """Why there is no file, on a page."""
    context = {"nav": of_what.lower(), "faults": faults, "of_what": of_what, "back": back}
    return render(request, "launches/no_export.html", context, status=422)
