"""The page of an item's structured fact: read, filled in row by row, accepted."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from readiness import clock
from readiness.accounts.permissions import Action, permitted
from readiness.accounts.requests import Asked
from readiness.audit.services import AlreadyDone
from readiness.launches import policies
from readiness.launches.forms.fact_form import FactForm, Sent, fewer_lines, more_lines
from readiness.launches.models import LaunchItem
from readiness.launches.queries import fact_card, fact_page
from readiness.launches.queries.item_page import items_with_launch
from readiness.launches.queries.structured import Structured, fact_type_of, structured_of
from readiness.launches.services import facts as services
from readiness.rules.facts.definitions import FactType, Field
from readiness.web.forms import focus_first_error, new_key, sent_key, whole_number
from readiness.web.refusal import Refused


class Desk:
    """One item's fact with what a request asks about it."""

    def __init__(self, request: Asked, pk: int) -> None:
        self.request = request
        self.item: LaunchItem = permitted(request, items_with_launch(), pk)
        found = fact_type_of(self.item)
        if found is None:
            raise Http404
        self.type: FactType = found
        self.facts: Structured = structured_of(self.item.launch, clock.now(), self.item)
        sent = request.POST if request.method == "POST" else request.GET
        self.row = fact_page.row_asked(self.facts, self.item.pk, sent.get("row", ""))

    @property
    def may_work(self) -> bool:
        acts = self.item.launch.acts_of(self.request.user)
        return Action.ITEM_WORK in acts and not policies.working_on(self.item)

    def form(self, sent: Sent | None = None) -> FactForm | None:
        """The form of the row that is asked about, if one is, bound to what was sent."""
        return self._form(sent, None)

    def begun(self, typed_in: Sent) -> FactForm | None:
        """The form as somebody has come so far with it: nothing is refused yet."""
        return self._form(None, typed_in)

    def _form(self, sent: Sent | None, typed_in: Sent | None) -> FactForm | None:
        if self.row is None:
            return None
        values = fact_page.values_to_edit(self.facts, self.item.pk, self.row)
        return FactForm(
            sent,
            asks=self.type.fields_of(self.row),
            zone=self.item.launch.tzinfo,
            people=fact_page.people_for(self.item.launch, values, self.type),
            values=values,
            typed_in=typed_in,
        )

    def worked_out(self, form: FactForm | None, typed_in: Sent | None) -> dict[str, object]:
        """What would follow from the form as it is, as far as it can be read."""
        if form is None or self.row is None:
            return {}
        if typed_in is not None:
            form = self.form(typed_in) or form
        if form.is_bound:
            form.is_valid()
        values = form.said() if form.is_bound else form.kept
        would, told = fact_page.worked_out(self.facts, self.item.pk, self.row, values)
        return {"would": would, "told": told}

    def page(
        self,
        form: FactForm | None,
        *,
        status: int = 200,
        refused: str = "",
        typed_in: Sent | None = None,
    ) -> HttpResponse:
        card = fact_card.card(self.item, self.facts, self.request.user)
        may_work = self.may_work
        context = {
            "nav": "launches",
            "item": self.item,
            "launch": self.item.launch,
            "card": card,
            "form": form if may_work else None,
            "row": self.row,
            "is_new": not any(line.number == self.row for line in card.lines),
            "may_work": may_work,
            "closed": policies.working_on(self.item),
            "refused": refused,
            "changes": fact_page.changes_in(self.item, self.facts),
            "version": self.item.version,
            "key": new_key(),
            "now": self.facts.around.now,
            **self.worked_out(form, typed_in),
        }
        return render(self.request, "launches/fact/page.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def fact(request: Asked, pk: int) -> HttpResponse:
    """An item's fact. A form that asks for a line more or less, or to work out, saves nothing."""
    desk = Desk(request, pk)
    if request.method != "POST":
        return desk.page(desk.form())
    if desk.row is None:
        return desk.page(None, status=409, refused="This row was removed meanwhile.")
    if typed_in := begun_with(request, desk.type.fields_of(desk.row)):
        if request.htmx and "work_out" in request.POST:
            worked = desk.worked_out(desk.form(), typed_in)
            return render(request, "launches/fact/page.html#worked", {"form": True, **worked})
        return desk.page(desk.begun(typed_in), typed_in=typed_in)
    return save(desk)


def begun_with(request: Asked, asks: Sequence[Field]) -> Sent | None:
    """What somebody has typed so far who asks for a line more or less, or to work out."""
    if "add" in request.POST:
        return more_lines(request.POST, request.POST["add"], asks)
    if "drop" in request.POST:
        return fewer_lines(request.POST, request.POST["drop"], asks)
    return request.POST if "work_out" in request.POST else None


def save(desk: Desk) -> HttpResponse:
    """Save the row that was sent, or show it again with what is to be corrected."""
    request, form = desk.request, desk.form(desk.request.POST)
    assert form is not None
    if not form.is_valid():
        focus_first_error(form)
        return desk.page(form, status=422)
    numbers = [row.number for row in desk.facts.filled[desk.item.pk].rows]
    row = desk.row if desk.row in numbers or desk.row == 0 else None
    try:
        services.save_fact(desk.item, row=row, values=form.said(), **sent_with(request))
    except AlreadyDone:
        return redirect("launches:fact", desk.item.pk)
    except services.Faulty as faulty:
        form.show(faulty.errors)
        focus_first_error(form)
        return desk.page(form, status=422)
    except Refused as refused:
        fresh = Desk(request, desk.item.pk)
        fresh.row = desk.row
        return fresh.page(form, status=refused.status, refused=str(refused))
    messages.success(request, f"{desk.type.title}: saved.")
    return redirect("launches:fact", desk.item.pk)


@require_POST
def remove(request: Asked, pk: int) -> HttpResponse:
    """Take one row away."""
    desk = Desk(request, pk)
    if desk.row is None:
        return desk.page(None, status=409, refused="This row was removed already.")
    try:
        services.remove_row(desk.item, row=desk.row, **sent_with(request))
    except AlreadyDone:
        return redirect("launches:fact", pk)
    except Refused as refused:
        return Desk(request, pk).page(None, status=refused.status, refused=str(refused))
    messages.success(request, "The row is removed. Its history stays.")
    return redirect("launches:fact", pk)


@require_POST
def accept(request: Asked, pk: int) -> HttpResponse:
    """Accept personally to roll back in the window."""
    desk = Desk(request, pk)
    try:
        services.accept(desk.item, **sent_with(request))
    except AlreadyDone:
        return redirect("launches:fact", pk)
    except Refused as refused:
        fresh = Desk(request, pk)
        return fresh.page(fresh.form(), status=refused.status, refused=str(refused))
    messages.success(request, "You accepted. Another window or person asks again.")
    return redirect("launches:fact", pk)


def sent_with(request: Asked) -> dict[str, Any]:
    """What every change is sent with: by whom, from which version, once."""
    return {
        "by": request.user,
        "version": whole_number(request.POST.get("v", ""), digits=9),
        "key": sent_key(request),
        "now": clock.now(),
    }
