"""The room of a review: its pages, and what is done in it."""

from collections.abc import Callable
from functools import partial

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from readiness import clock
from readiness.accounts.permissions import permitted
from readiness.accounts.requests import Asked
from readiness.audit.services import AlreadyDone
from readiness.launches.forms.items import Sent
from readiness.launches.models import Exemption, LaunchItem
from readiness.launches.services import exemptions
from readiness.reviews.forms.room import (
    AgreeForm,
    DecideForm,
    GuestForm,
    HereForm,
    MoveForm,
    ParkForm,
    PulseForm,
    SeatForm,
    UnparkForm,
)
from readiness.reviews.models import Review
from readiness.reviews.queries.room import reviews_with_launch
from readiness.reviews.queries.stage import PHONE, WALL
from readiness.reviews.services import deciding, guests, parking, presence, pulses, seat, stage
from readiness.reviews.views.showing import Fault, Place, led_back, shown
from readiness.web.doors import doors
from readiness.web.refusal import Refused


@require_safe
@vary_on_headers("HX-Request")
def me(request: Asked, pk: int) -> HttpResponse:
    """The room on a phone."""
    return shown(request, pk, Place.asked_for(request, PHONE))


@require_safe
@vary_on_headers("HX-Request")
def wall(request: Asked, pk: int) -> HttpResponse:
    """The room on a wall."""
    return shown(request, pk, Place.asked_for(request, WALL))


@require_POST
def move(request: Asked, pk: int) -> HttpResponse:
    """Take the room to another item."""
    review, form = _review(request, pk), MoveForm(request.POST)
    return _carried_out(request, review, form, lambda: stage.move(review, **_by(request, form)))


@require_POST
def take_seat(request: Asked, pk: int) -> HttpResponse:
    """Hand the wheel over, or take it where its driver is gone."""
    review, form = _review(request, pk), SeatForm(request.POST)

    def act() -> None:
        said = _by(request, form)
        to = said.pop("to")
        said.pop("take")
        if to:
            seat.hand_over(review, to=to, **said)
        else:
            seat.take(review, **said)

    return _carried_out(request, review, form, act)


@require_POST
def decide(request: Asked, pk: int, item: int) -> HttpResponse:
    """Say what becomes of an item, or put it off."""
    review, about = _review(request, pk), _item(pk, item)
    form = DecideForm(request.POST, launch=review.launch)

    def act() -> None:
        sent = {"by": request.user, "key": form.cleaned_data["key"], "now": clock.now()}
        if form.is_parking:
            parking.park(review, about, because=form.cleaned_data["why"], **sent)
        else:
            deciding.decide(review, about, form.what, version=form.cleaned_data["v"], **sent)

    return _carried_out(request, review, form, act, item)


@require_POST
def park(request: Asked, pk: int, item: int) -> HttpResponse:
    """Put an item off till the end."""
    review, about, form = _review(request, pk), _item(pk, item), ParkForm(request.POST)
    return _carried_out(
        request, review, form, lambda: parking.park(review, about, **_by(request, form)), item
    )


@require_POST
def unpark(request: Asked, pk: int, item: int) -> HttpResponse:
    """Put it back in its place."""
    review, about, form = _review(request, pk), _item(pk, item), UnparkForm(request.POST)
    return _carried_out(
        request, review, form, lambda: parking.unpark(review, about, **_by(request, form)), item
    )


@require_POST
def agree(request: Asked, pk: int, item: int) -> HttpResponse:
    """Agree on the spot to what somebody asked for."""
    review, form = _review(request, pk), AgreeForm(request.POST)

    def act() -> None:
        said = _by(request, form)
        asked = Exemption.objects.filter(item=item, item__launch=review.launch_id)
        exemptions.agree(get_object_or_404(asked, pk=said.pop("exemption")), **said)

    return _carried_out(request, review, form, act, item)


@require_POST
def let_go(request: Asked, pk: int) -> HttpResponse:
    """Take back that the launch lets a guest in."""
    review, form = _review(request, pk), GuestForm(request.POST)
    return _carried_out(request, review, form, lambda: guests.let_go(review, **_by(request, form)))


@require_POST
def pulse(request: Asked, pk: int) -> HttpResponse:
    """Agree, ask a question, or no longer."""
    review, form = _review(request, pk), PulseForm(request.POST)

    def act() -> None:
        said = form.cleaned_data
        about, (signal, is_on) = LaunchItem(pk=said["item"]), form.what
        pulses.pulse(
            review, about, signal, is_on=is_on, text=said["text"], by=request.user, now=clock.now()
        )

    item = form.cleaned_data.get("item", 0) if form.is_valid() else 0
    return _carried_out(request, review, form, act, item)


@require_POST
def here(request: Asked, pk: int) -> HttpResponse:
    """Still in the room. A page's script hears nothing of it: what changed comes by the stream."""
    review, form = _review(request, pk), HereForm(request.POST)
    item = form.cleaned_data.get("item") or 0 if form.is_valid() else 0
    if not request.htmx or not form.is_valid():
        return _carried_out(request, review, form, partial(_be_here, request, review, form), item)
    with doors():
        _be_here(request, review, form)
    return HttpResponse("Seen.")


def _be_here(request: Asked, review: Review, form: HereForm) -> None:
    said = form.cleaned_data
    presence.here(
        review,
        by=request.user,
        device=said["device"],
        item=said["item"],
        is_following=said["follows"],
        now=clock.now(),
    )


def _review(request: Asked, pk: int) -> Review:
    return permitted(request, reviews_with_launch(), pk)


def _item(review: int, item: int) -> LaunchItem:
    """The item an act is about: one of the launch that the review is about."""
    return get_object_or_404(LaunchItem, pk=item, launch__reviews=review)


def _by(request: Asked, form: Sent) -> dict:
    """What the service is asked to do, by whom, and when."""
    return {**form.said, "by": request.user, "now": clock.now()}


def _carried_out(
    request: Asked, review: Review, form: Form, act: Callable[[], object], item: int = 0
) -> HttpResponse:
    """Carry an act out once, and show the room: a replay as the first time."""
    place = Place.sent(request, item)
    if not form.is_valid():
        kept = form if isinstance(form, DecideForm) else None
        said = "" if kept else _first_error(form)
        return shown(request, review.pk, place, fault=Fault(422, kept, said))
    try:
        with doors():
            act()
    except AlreadyDone:
        pass
    except Refused as refusal:
        fault = Fault(refusal.status, form, str(refusal))
        return shown(request, review.pk, place, fault=fault, touched=item)
    if request.htmx:
        return shown(request, review.pk, place.afterwards, touched=item)
    return led_back(review, place.afterwards)


def _first_error(form: Form) -> str:
    """Why a form of buttons only cannot be read."""
    return next((str(error) for errors in form.errors.values() for error in errors), "")
