"""The board of action items, and saying that one is done."""

from contextlib import suppress

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from readiness import clock
from readiness.accounts.permissions import permitted
from readiness.accounts.requests import Asked
from readiness.audit.services import AlreadyDone
from readiness.launches.forms.decisions import DoneForm
from readiness.launches.models import ActionItem
from readiness.launches.queries.actions import Show, board_for
from readiness.launches.services.actions import finish
from readiness.web.forms import new_key, sent_key
from readiness.web.refusal import Refused


@require_safe
def actions(request: Asked) -> HttpResponse:
    """What is owed: mine, late, all, done."""
    return shown(request, request.GET.get("show", ""))


@require_POST
def done(request: Asked, pk: int) -> HttpResponse:
    """Say that an action item is done; a word is owed with it."""
    item = permitted(request, ActionItem.objects.all(), pk)
    form, show = DoneForm(request.POST), request.POST.get("show", "")
    if not form.is_valid():
        return shown(request, show, wrong=(item.pk, form), status=422)
    try:
        with suppress(AlreadyDone):
            note, key = form.cleaned_data["note"], sent_key(request)
            finish(item, note=note, by=request.user, key=key, now=clock.now())
    except Refused as refused:
        form.add_error("note", str(refused))
        return shown(request, show, wrong=(item.pk, form), status=refused.status)
    if request.htmx:
        return shown(request, show)
    messages.success(request, f"“{item}” is done.")
    return redirect("launches:actions")


@vary_on_headers("HX-Request")
def shown(
    request: Asked, show: str, *, wrong: tuple[int, DoneForm] | None = None, status: int = 200
) -> HttpResponse:
    chosen = Show(show) if show in [*Show] else Show.MINE
    context = {
        "nav": "actions",
        "board": board_for(request.user, chosen, clock.now()),
        "wrong": wrong,
        "key": new_key(),
    }
    is_part = request.htmx and not request.htmx.boosted
    template = "launches/actions.html#board" if is_part else "launches/actions.html"
    return render(request, template, context, status=status)
