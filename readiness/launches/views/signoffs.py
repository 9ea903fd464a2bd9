"""Signing off, saying it again, signing alone, and taking it back."""

from collections.abc import Callable
from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from readiness.accounts.requests import Asked
from readiness.launches.forms.items import SignOffForm, WithdrawForm
from readiness.launches.forms.signing import BreakGlassForm, ConfirmForm, ReaffirmForm
from readiness.launches.models import SignOff
from readiness.launches.queries.asked import numbered
from readiness.launches.queries.board import Board
from readiness.launches.queries.looks import WORDS
from readiness.launches.services import breaking_glass, reaffirming, signoffs
from readiness.launches.views.answers import Toast, Undo, carried_out, item_of, looking
from readiness.launches.views.words import title_of, where_it_is
from readiness.web.addresses import address


@require_POST
def sign_off(request: Asked, pk: int) -> HttpResponse:
    look = looking(pk) if request.htmx else None
    service = partial(signoffs.sign_off, numbered(pk), look=look)
    return carried_out(request, pk, SignOffForm, service, _signed(request, pk))


@require_POST
def reaffirm(request: Asked, pk: int) -> HttpResponse:
    service = partial(reaffirming.reaffirm, numbered(pk))
    return carried_out(request, pk, ReaffirmForm(request.POST), service, _signed(request, pk))


@require_POST
def break_glass(request: Asked, pk: int) -> HttpResponse:
    service = partial(breaking_glass.break_glass, numbered(pk))
    return carried_out(request, pk, BreakGlassForm(request.POST), service, _signed(request, pk))


def _signed(request: Asked, pk: int) -> Callable[[Board], Toast]:
    """What the item is now; undone by taking the sign-off back that was just given."""

    def toast(board: Board) -> Toast:
        place = board.place(pk)
        mine = next((word for word in place.fact.words if word.by == request.user.pk), None)
        undo = Undo(address("launches:withdraw", mine.pk)) if mine else None
        state = WORDS[place.look].lower()
        return Toast(f"{title_of(board, pk)} is {state}. {where_it_is(board)}", undo)

    return toast


@require_POST
def confirm(request: Asked, pk: int) -> HttpResponse:
    signoff = get_object_or_404(SignOff, pk=pk)
    item = signoff.item = item_of(request, signoff.item_id)

    def toast(board: Board) -> Toast:
        says = f"{title_of(board, item.pk)}: you confirmed what {signoff.printed_name} signed alone"
        return Toast(f"{says}. {where_it_is(board)}")

    service = partial(breaking_glass.confirm, signoff)
    return carried_out(request, item.pk, ConfirmForm(request.POST), service, toast)


@require_POST
def withdraw(request: Asked, pk: int) -> HttpResponse:
    signoff = get_object_or_404(SignOff, pk=pk)
    item = signoff.item = item_of(request, signoff.item_id)

    def toast(board: Board) -> Toast:
        undo = Undo(
            address("launches:sign-off", item.pk),
            {"answer": signoff.answer, "note": signoff.note},
        )
        says = f"The check of {title_of(board, item.pk)} is taken back. {where_it_is(board)}"
        return Toast(says, undo if signoff.by_id == request.user.pk else None)

    service = partial(signoffs.withdraw, signoff)
    return carried_out(request, item.pk, WithdrawForm(request.POST), service, toast)
