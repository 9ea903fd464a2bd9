"""One act on several items of a launch, and taking it back: all they touched, and a report."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from readiness import clock
from readiness.accounts.permissions import permitted
from readiness.accounts.requests import Asked
from readiness.audit.models import Event
from readiness.audit.services import AlreadyDone
from readiness.launches import policies
from readiness.launches.forms.bulk import Together as Form
from readiness.launches.forms.bulk import form_of, numbers_in, pairs_in
from readiness.launches.models import Act, Launch
from readiness.launches.queries.board import Board, board_of
from readiness.launches.queries.item_page import workers_of
from readiness.launches.queries.launch_page import changes_of
from readiness.launches.queries.rows import Row
from readiness.launches.queries.together import act_of, chosen_of, count_of, report_of, undo_key
from readiness.launches.services.bulk import NothingDone, Together, change_together
from readiness.launches.services.judging import Judged
from readiness.launches.services.undoing import undo_together
from readiness.launches.templatetags import beside
from readiness.launches.templatetags.rows import drawn
from readiness.launches.views.answers import out_of_place
from readiness.launches.views.words import where_it_is
from readiness.web.forms import focus_first_error, new_key
from readiness.web.templatetags.face import sprite

UNKNOWN = "Say what to do with the items."
Told = Mapping[str, Any]
ASKING = {
    Act.DONE: ("Mark as done", "Mark done"),
    Act.REAFFIRM: ("Re-affirm what you signed", "Still true"),
    Act.ASSIGN: ("Hand over", "Hand over"),
    Act.DUE: ("Set a due date", "Set"),
    Act.PROGRESS: ("Progress", "Save"),
    Act.EVIDENCE: ("Add evidence", "Add evidence"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def bulk(request: Asked, pk: int) -> HttpResponse:
    """GET asks what to make of the items that were selected; POST does it."""
    launch = permitted(request, Launch.objects.all(), pk)
    is_sent = request.method == "POST"
    asked = request.POST if is_sent else request.GET
    owners, picked = workers_of(launch), pairs_in(asked.getlist("items"))
    act = next((one for one in Act if one.value == asked.get("act")), None)
    shown: dict[str, Any] = {"items": picked, "key": new_key()}
    shown |= {"to": request.user.pk} if act is Act.ASSIGN else {}
    if act is None:
        form = form_of(Act.DONE, owners, initial=shown)
        return ask(request, launch, Act.DONE, form, picked, fault=UNKNOWN)
    if not is_sent:
        return ask(request, launch, act, form_of(act, owners, initial=shown), picked)
    form = form_of(act, owners, sent=asked)
    if not form.is_valid():
        form.data = asked.copy()
        form.data["key"] = new_key()
        focus_first_error(form)
        return ask(request, launch, act, form, picked)
    try:
        done = change_together(launch, act=act, by=request.user, now=clock.now(), **form.said)
    except AlreadyDone as before:
        return answered(request, launch, told_before(request, before), None)
    except NothingDone as nothing:
        return refused(request, launch, nothing)
    return answered(request, launch, done.event, done)


@require_POST
def undo(request: Asked, pk: int) -> HttpResponse:
    """Set back what an act changed, where nobody changed it since."""
    try:
        event = act_of(request.user, pk)
    except Event.DoesNotExist:
        raise Http404 from None
    launch = permitted(request, Launch.objects.all(), event.subject.launch.pk)
    try:
        done = undo_together(event, launch, by=request.user, now=clock.now())
    except AlreadyDone as before:
        return answered(request, launch, told_before(request, before), None)
    except NothingDone as nothing:
        return refused(request, launch, nothing)
    return answered(request, launch, done.event, done)


def ask(
    request: Asked,
    launch: Launch,
    act: Act,
    form: Form,
    picked: Sequence[str],
    *,
    fault: str = "",
) -> HttpResponse:
    """The form of an act: a part above the selection, or a page that names the items."""
    is_part = request.htmx and not request.htmx.boosted
    says, verb = ASKING[act]
    context: dict[str, object] = {"launch": launch, "act": act.value, "form": form}
    context |= {"says": says, "verb": verb}
    context |= {"nav": "launches", "is_part": is_part, "count": count_of(len(picked))}
    context |= {"fault": fault, "over": policies.editing(launch)}
    if not is_part:
        context["chosen"] = chosen_of(launch, numbers_in(picked))
    template = "launches/bulk.html#ask" if is_part else "launches/bulk.html"
    return render(request, template, context, status=422 if fault or form.errors else 200)


def told_before(request: Asked, before: AlreadyDone) -> Event:
    """What the act that was carried out before came to."""
    return act_of(request.user, int(before.outcome))


def answered(request: Asked, launch: Launch, event: Event, done: Together | None) -> HttpResponse:
    """The report, beside all that the act touched; a plain request is led to the launch."""
    board = board_after(launch, done.judged if done else None)
    says = f"{report_of(event.said, board.content)} {where_it_is(board)}"
    if not request.htmx:
        messages.success(request, says)
        return redirect(launch)
    back = ""
    if "undoes" not in event.said:
        address = reverse("launches:undo", args=[event.pk])
        back = beside.undo_form(address, "this", {"key": undo_key(event.pk)}, swap="none")
    return HttpResponse(touched(request, board, event.said) + beside.toast(says, back))


def refused(request: Asked, launch: Launch, nothing: NothingDone) -> HttpResponse:
    """Why nothing was done, beside the rows as they are now."""
    if not request.htmx:
        raise nothing
    board = board_after(launch, None)
    parts = touched(request, board, nothing.told) + beside.toast(str(nothing))
    return HttpResponse(parts, status=nothing.status)


def board_after(launch: Launch, judged: Judged | None) -> Board:
    if judged is None:
        return board_of(launch, clock.now())
    return board_of(judged.launch, judged.now, judged.facts, judged.verdict)


def touched(request: Asked, board: Board, told: Told) -> str:
    """The rows the act was about, each that was refused with its reason, and all beside them."""
    because = {one["item"]: one for one in told["refused"]}
    changes = changes_of(board, {*because, *(one["item"] for one in told["done"])})
    rows = (
        refused_row(row, because[row.pk]) if row.pk in because else drawn(row)
        for row in changes.rows
    )
    return "".join(map(out_of_place, rows)) + beside.beside_rows(changes)


def refused_row(row: Row, one: Told) -> str:
    """The row as it is now, saying why it was left alone."""
    is_stale = one["version"] != row.version
    context = {"row": row, "sprite": sprite(), "notice": one["because"], "is_stale": is_stale}
    return render_to_string("launches/row.html", context)
