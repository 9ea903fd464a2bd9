"""Asking to leave an item out or to waive it, and the page on which somebody else agrees."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from readiness import clock
from readiness.accounts.permissions import permitted
from readiness.accounts.requests import Asked
from readiness.audit.services import AlreadyDone
from readiness.launches.forms.exempting import (
    AgreeForm,
    DeclineForm,
    NaForm,
    TakeBackForm,
    WaiverForm,
)
from readiness.launches.forms.items import Change
from readiness.launches.models import Exemption, ExemptionKind, LaunchItem
from readiness.launches.queries.board import Board
from readiness.launches.queries.exempting import exemption_page, exemptions_with_launch
from readiness.launches.services import exemptions
from readiness.launches.views.answers import Toast, Undo, carried_out
from readiness.launches.views.words import title_of, where_it_is
from readiness.web.doors import doors
from readiness.web.refusal import Refused


@require_POST
def not_applicable(request: Asked, pk: int) -> HttpResponse:
    """Propose that an item does not apply."""

    def toast(board: Board) -> Toast:
        if board.content.na_needs_two:
            says = f"{title_of(board, pk)} is proposed as not applicable. A second person agrees."
        else:
            says = f"{title_of(board, pk)} is not applicable. {where_it_is(board)}"
        return Toast(says, _undo(pk, ExemptionKind.NA))

    service = partial(exemptions.propose_na, LaunchItem(pk=pk))
    return carried_out(request, pk, NaForm(request.POST), service, toast)


@require_POST
def waive(request: Asked, pk: int) -> HttpResponse:
    """Ask for a waiver, or for a longer one."""

    def toast(board: Board) -> Toast:
        says = f"A waiver of {title_of(board, pk)} is asked for. It waits for an approver."
        return Toast(says, _undo(pk, ExemptionKind.WAIVER))

    service = partial(exemptions.ask_waiver, LaunchItem(pk=pk))
    return carried_out(request, pk, WaiverForm(request.POST), service, toast)


@require_POST
def take_back(request: Asked, pk: int) -> HttpResponse:
    """Take back what one asked for."""
    exemption = permitted(request, exemptions_with_launch(), pk)
    item = exemption.item_id

    def toast(board: Board) -> Toast:
        what = "The waiver of" if exemption.is_waiver else "Leaving out"
        return Toast(f"{what} {title_of(board, item)} is taken back. {where_it_is(board)}")

    service = partial(exemptions.withdraw, exemption)
    return carried_out(request, item, TakeBackForm(request.POST), service, toast)


@require_safe
def exemption(request: Asked, pk: int) -> HttpResponse:
    """Exactly what is asked for, and what it does."""
    return _page(request, permitted(request, exemptions_with_launch(), pk))


@require_POST
def agree(request: Asked, pk: int) -> HttpResponse:
    found = permitted(request, exemptions_with_launch(), pk)
    done = "The waiver stands." if found.is_waiver else "The item is left out."
    return _answered(request, found, AgreeForm(request.POST), exemptions.agree, done)


@require_POST
def decline(request: Asked, pk: int) -> HttpResponse:
    found = permitted(request, exemptions_with_launch(), pk)
    return _answered(
        request, found, DeclineForm(request.POST), exemptions.decline, "You did not agree."
    )


def _answered(
    request: Asked, found: Exemption, form: Change, service: object, done: str
) -> HttpResponse:
    """Say yes or no; or the page again, with what is so now and why nothing was done."""
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    try:
        with doors():
            service(found, by=request.user, now=clock.now(), **form.said)  # type: ignore[operator]
    except AlreadyDone:
        return redirect(found.item)
    except Refused as refused:
        fresh = permitted(request, exemptions_with_launch(), found.pk)
        return _page(request, fresh, form=form, refused=str(refused), status=refused.status)
    messages.success(request, done)
    return redirect("launches:waiting")


def _page(
    request: Asked,
    found: Exemption,
    *,
    form: Change | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    page = exemption_page(found, reader=request.user, now=clock.now())
    context = {
        "nav": "waiting",
        "page": page,
        "refused": refused,
        "declining": form if isinstance(form, DeclineForm) else DeclineForm(),
    }
    return render(request, "launches/exemptions/agree.html", context, status=status)


def _undo(item: int, kind: ExemptionKind) -> Undo | None:
    """The way back for what was just asked for."""
    asked = Exemption.objects.filter(item=item, kind=kind.value, closed_at=None)
    latest = asked.order_by("-pk").first()
    return Undo(reverse("launches:exemption-withdraw", args=[latest.pk])) if latest else None
