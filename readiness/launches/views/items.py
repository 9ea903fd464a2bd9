"""One item, and the work on it."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from readiness import clock
from readiness.accounts.permissions import permitted
from readiness.accounts.requests import Asked
from readiness.launches.forms.items import (
    AssignForm,
    CommentForm,
    DueForm,
    EvidenceForm,
    ProgressForm,
    RemoveForm,
)
from readiness.launches.models import EvidenceLink
from readiness.launches.queries.board import Board, board_of
from readiness.launches.queries.item_page import items_with_launch
from readiness.launches.queries.looks import WORDS
from readiness.launches.queries.rows import weekday
from readiness.launches.services import comments, items
from readiness.launches.services import evidence as supporting
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


@require_POST
def evidence(request: Asked, pk: int) -> HttpResponse:
    item = item_of(request, pk)
    form = EvidenceForm(request.POST)

    def toast(board: Board) -> Toast:
        return Toast(f"{form.said['title']} supports {title_of(board, pk)} now.")

    return carried_out(request, item.pk, form, partial(supporting.add_evidence, item), toast)


@require_POST
def remove_evidence(request: Asked, pk: int) -> HttpResponse:
    link = get_object_or_404(EvidenceLink.objects.select_related("revision"), pk=pk)
    item = link.item = item_of(request, link.item_id)

    def toast(board: Board) -> Toast:
        undo = Undo(
            reverse("launches:evidence", args=[item.pk]),
            {"title": link.revision.title, "url": link.revision.url},
        )
        return Toast(f"{link.revision.title} is removed. {where_it_is(board)}", undo)

    service = partial(supporting.remove_evidence, link)
    return carried_out(request, item.pk, RemoveForm(request.POST), service, toast)


@require_POST
def comment(request: Asked, pk: int) -> HttpResponse:
    item = item_of(request, pk)

    def toast(board: Board) -> Toast:
        return Toast("Your comment is there.")

    service = partial(comments.comment, item)
    return carried_out(request, item.pk, CommentForm(request.POST), service, toast)
