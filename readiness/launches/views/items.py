"""One item, and the work on it."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from readiness import clock
from readiness.accounts.permissions import permitted
from readiness.accounts.requests import Asked
from readiness.launches.forms.items import (
    AssignForm,
    DueForm,
    ProgressForm,
)
from readiness.launches.queries.board import Board, board_of
from readiness.launches.queries.item_page import items_with_launch
from readiness.launches.queries.looks import WORDS
from readiness.launches.queries.rows import weekday
from readiness.launches.services import items
from readiness.launches.views.answers import (
    DRAWER,
    PAGE,
    Toast,
    Undo,
    carried_out,
    item_of,
    panel_context,
)
from readiness.launches.views.words import title_of, where_it_is


@require_safe
@vary_on_headers("HX-Request")
def item(request: Asked, pk: int) -> HttpResponse:
    """The page of an item; beside its launch, the same as a drawer."""
    found = permitted(request, items_with_launch(), pk)
    board = board_of(found.launch, clock.now())
    is_drawer = request.htmx and not request.htmx.boosted
    template = "launches/item.html#drawer" if is_drawer else "launches/item.html"
    context = panel_context(request, found, board, DRAWER if is_drawer else PAGE)
    return render(request, template, context)


@require_POST
def progress(request: Asked, pk: int) -> HttpResponse:
    item = item_of(request, pk)
    was = {"to": item.progress, "because": item.blocked_because}

    def toast(board: Board) -> Toast:
        state = WORDS[board.place(pk).look].lower()
        undo = Undo(reverse("launches:progress", args=[pk]), was)
        return Toast(f"{title_of(board, pk)} is {state}. {where_it_is(board)}", undo)

    service = partial(items.set_progress, item)
    return carried_out(request, item.pk, ProgressForm(request.POST), service, toast)


@require_POST
def assign(request: Asked, pk: int) -> HttpResponse:
    item = item_of(request, pk)
    form = AssignForm(request.POST)

    def toast(board: Board) -> Toast:
        to = form.cleaned_data["to"]
        undo = Undo(reverse("launches:assign", args=[pk]), {"to": item.owner_id or ""})
        return Toast(f"{title_of(board, pk)} is {to.name + '’s' if to else 'nobody’s'} now.", undo)

    return carried_out(request, item.pk, form, partial(items.assign, item), toast)


@require_POST
def due(request: Asked, pk: int) -> HttpResponse:
    item = item_of(request, pk)
    was = item.due_on.isoformat() if item.due_on and item.due_set_by_hand else ""

    def toast(board: Board) -> Toast:
        on = board.place(pk).fact.item.due_on
        undo = Undo(reverse("launches:due", args=[pk]), {"on": was})
        words = f"is due {weekday(on)}" if on else "has no due date"
        return Toast(f"{title_of(board, pk)} {words}.", undo)

    service = partial(items.set_due, item)
    return carried_out(request, item.pk, DueForm(request.POST), service, toast)
