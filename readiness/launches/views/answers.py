"""What comes back after a change of an item: the place it was sent from, and all it touched.

A form says in `at` where it stands: in the drawer beside the launch, on the item's own page,
or, without a word, in the row of a list. Without JavaScript a person is led back there, or to
the page that the form names in `next`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from readiness import clock
from readiness.accounts.requests import Asked
from readiness.audit.services import AlreadyDone
from readiness.launches.forms.evidence import Adding
from readiness.launches.forms.items import Sent, SignOffForm
from readiness.launches.models import Launch, LaunchItem
from readiness.launches.queries.asked import item_for
from readiness.launches.queries.board import Board, board_of
from readiness.launches.queries.item_page import item_page, items_with_launch
from readiness.launches.queries.launch_page import Look, change_of, look_of
from readiness.launches.queries.rows import Row
from readiness.launches.services.judging import Judged
from readiness.launches.services.taking import permit
from readiness.launches.templatetags import beside
from readiness.launches.templatetags.rows import drawn
from readiness.web.doors import doors
from readiness.web.forms import new_key
from readiness.web.ours import ours
from readiness.web.refusal import Refused
from readiness.web.templatetags.face import sprite

DRAWER, PAGE = "drawer", "item"


@dataclass(frozen=True, slots=True)
class Undo:
    """The act that takes a change back: where to send it, and what."""

    action: str
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Toast:
    """What was done, in words, and how to take it back."""

    says: str
    undo: Undo | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Why nothing was done: a refusal in words, or a form to correct."""

    status: int
    form: Sent
    notice: str = ""

    def again(self, version: int) -> Sent | None:
        """What was refused, with all that was typed, to be sent about the item as it is now."""
        return self.form.again(v=version) if self.notice and self.form.has_words else None

    def is_stale(self, version: int) -> bool:
        """Whether the form was made from another version of the item."""
        return self.status == 409 and self.form.cleaned_data.get("v", version) != version


def item_of(request: Asked, pk: int) -> LaunchItem:
    """The item a form is about, if this person may do this to it."""
    with doors():
        item = item_for(pk, by=request.user, to=request.action)
        permit(item)
    return item


def carried_out(
    request: Asked,
    pk: int,
    form: Sent | type[SignOffForm],
    service: Callable[..., object],
    toast: Callable[[Board], Toast],
) -> HttpResponse:
    """Carry the form about an item out once, and answer; a replay as the first time.

    The service reads the item and the person's right to it under the lock: a form that is
    carried out has no need to have it read before. One that says at once what it says is made
    only where there is something to say about it.
    """
    said = form.at_once(request.POST) if isinstance(form, type) else None
    if said is None:
        form = _made(form, request)
        if not form.is_valid():
            item_of(request, pk)
            return answered(request, pk, None, fault=Fault(422, form))
        said = form.said
    outcome: object = None
    try:
        with doors():
            outcome = service(by=request.user, now=clock.now(), **said)
    except AlreadyDone:
        item_of(request, pk)
    except Refused as refusal:
        form = _made(form, request)
        if not request.htmx and not form.has_words:
            raise
        item_of(request, pk)
        return answered(request, pk, None, fault=Fault(refusal.status, form, str(refusal)))
    return answered(request, pk, outcome, toast=toast)


def _made(form: Sent | type[SignOffForm], request: Asked) -> Sent:
    """The form, and all looked at that it says."""
    made = form(request.POST) if isinstance(form, type) else form
    made.is_valid()
    return made


def answered(
    request: Asked,
    pk: int,
    outcome: object,
    *,
    toast: Callable[[Board], Toast] | None = None,
    fault: Fault | None = None,
) -> HttpResponse:
    """The answer in the place where the form stands."""
    at, is_part = request.POST.get("at", ""), bool(request.htmx)
    if not is_part and toast:
        return _led_back(request, pk, at, outcome, toast)
    if not is_part or at == PAGE:
        return _on_its_page(request, pk, outcome, toast, fault)
    return _beside_its_launch(request, pk, at, outcome, toast, fault)


def _led_back(
    request: Asked,
    pk: int,
    at: str,
    outcome: object,
    toast: Callable[[Board], Toast],
) -> HttpResponse:
    board = _board(pk, outcome)
    messages.success(request, toast(board).says)
    if at == PAGE:
        return redirect("launches:item", pk)
    if then := ours(request, request.POST.get("next", "")):
        return redirect(then)
    return redirect(f"{board.launch.get_absolute_url()}#item-{pk}")


def _on_its_page(
    request: Asked,
    pk: int,
    outcome: object,
    toast: Callable[[Board], Toast] | None,
    fault: Fault | None,
) -> HttpResponse:
    item = items_with_launch().get(pk=pk)
    board = _board(pk, outcome)
    context = {
        **panel_context(request, item, board, PAGE, fault),
        "toast": _said(pk, board, toast, PAGE),
    }
    template = "launches/item.html#answer" if request.htmx else "launches/item.html"
    return render(request, template, context, status=fault.status if fault else 200)


def _beside_its_launch(
    request: Asked,
    pk: int,
    at: str,
    outcome: object,
    toast: Callable[[Board], Toast] | None,
    fault: Fault | None,
) -> HttpResponse:
    look = outcome.look if isinstance(outcome, Judged) else None
    look = look or look_of(_board(pk, outcome), [pk])
    board, change = look.board, change_of(look, pk)
    status = fault.status if fault else 200
    said, others = _said(pk, board, toast, at), beside.beside_row(change)
    if at == DRAWER:
        fresh = items_with_launch().get(pk=pk)
        context = panel_context(request, fresh, board, DRAWER, fault)
        context |= {"beside": out_of_place(drawn(change.row)) + others, "toast": said}
        return render(request, "launches/answer.html", context, status=status)
    row = _faulty_row(request, change.row, fault) if fault else drawn(change.row)
    return HttpResponse(row + others + said, status=status)


def _faulty_row(request: Asked, row: Row, fault: Fault) -> str:
    """The fresh row, saying why nothing was done, with the form to correct or to send again."""
    context = {
        "row": row,
        "sprite": sprite(),
        "notice": fault.notice,
        "is_stale": fault.is_stale(row.version),
        "form": fault.again(row.version) if fault.notice else fault.form,
        "action": request.path,
        "target": f"#item-{row.pk}",
    }
    return render_to_string("launches/row.html", context)


def out_of_place(row: str) -> SafeString:
    """A drawn row that takes the place of the one on the page, whatever the answer's target."""
    return SafeString(row.replace("<li ", '<li hx-swap-oob="true" ', 1))


def _board(pk: int, outcome: object) -> Board:
    """The launch after the change, from what was judged in it where it was."""
    if isinstance(outcome, Judged):
        return outcome.look.board if outcome.look else board_after(outcome)
    launch = Launch.objects.get(items=pk)
    return board_of(launch, clock.now())


def board_after(judged: Judged) -> Board:
    return board_of(judged.launch, judged.now, judged.facts, judged.verdict)


def looking(pk: int) -> Callable[[Judged], Look]:
    """What an answer shows after a change of this item: for a service to ask along with it."""
    return lambda judged: look_of(board_after(judged), [pk])


def _said(pk: int, board: Board, toast: Callable[[Board], Toast] | None, at: str) -> str:
    """The toast, drawn, if anything was done."""
    if toast is None:
        return ""
    done, version = toast(board), board.place(pk).fact.version
    if done.undo is None:
        return beside.toast(done.says)
    target = "#panel" if at in (DRAWER, PAGE) else f"#item-{pk}"
    fields = {"v": version, "key": f"undo-{pk}-{version}", "at": at, **done.undo.fields}
    return beside.toast(done.says, beside.undo_form(done.undo.action, target, fields))


def panel_context(
    request: Asked, item: LaunchItem, board: Board, at: str, fault: Fault | None = None
) -> dict[str, object]:
    """What the panel of an item is drawn from."""
    adding = fault.form if fault and isinstance(fault.form, Adding) else None
    return {
        "nav": "launches",
        "page": item_page(item, board, reader=request.user),
        "at": at,
        "notice": fault.notice if fault else "",
        "adding": adding,
        "faulty": {} if fault is None or fault.notice else {type(fault.form).__name__: fault.form},
        "again": None if fault is None or adding else fault.again(item.version),
        "action": request.path,
        "comment_key": new_key(),
    }
