"""The room as a page or a part of one: for a laptop, a phone or a wall."""

from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from readiness import clock
from readiness.accounts.permissions import permitted
from readiness.accounts.requests import Asked
from readiness.reviews.forms.room import DecideForm
from readiness.reviews.models import Review
from readiness.reviews.queries.guests import sought_in
from readiness.reviews.queries.room import Room, reviews_with_launch, room_of
from readiness.reviews.queries.stage import (
    LAPTOP,
    PAGES,
    PHONE,
    WALL,
    Reader,
    Stage,
    coming,
    own_of,
    reader_of,
    stage_of,
)
from readiness.reviews.templatetags.room import beside_stage
from readiness.web.forms import new_key, whole_number
from readiness.web.live import following
from readiness.web.words import asked

TEMPLATES = {
    LAPTOP: "reviews/review.html",
    PHONE: "reviews/phone.html",
    WALL: "reviews/wall.html",
}
DIGITS = 18


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person is in the room: with which device, at the room's item or at one of their own.

    Pages say it in their address, forms in their fields.
    """

    device: str = LAPTOP
    item: int = 0
    follows: bool = False

    @classmethod
    def asked_for(cls, request: Asked, device: str) -> "Place":
        return cls(device, whole_number(request.GET.get("item", ""), digits=DIGITS))

    @classmethod
    def sent(cls, request: Asked, item: int = 0) -> "Place":
        """Where a form about an item was sent from."""
        device = request.POST.get("device", "")
        follows = request.POST.get("follows") == "on"
        return cls(device if device in PAGES else LAPTOP, item, follows)

    @property
    def afterwards(self) -> "Place":
        """Where one is once the form was carried out: who follows is where the room is."""
        return Place(self.device) if self.follows else self

    def address(self, review: int) -> str:
        at = f"?item={self.item}" if self.item else ""
        return f"{reverse(PAGES[self.device], args=[review])}{at}"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why nothing was done: a refusal in words, or a form to correct."""

    status: int
    form: Form | None = None
    notice: str = ""


def shown(
    request: Asked, pk: int, place: Place, *, touched: int = 0, fault: Fault | None = None
) -> HttpResponse:
    """The room as it is now, whole or the parts that differ between readers.

    `touched` is the item that was just changed; `fault` says why nothing was.
    """
    live = following(f"/live/reviews/{pk}/")
    review = permitted_to_see(request, pk)
    if not review.is_meeting:
        return elsewhere(request, review)
    room = room_of(review, clock.now())
    stage = _stage(request, room, place)
    context = _context(stage, fault) | {"live": live}
    if stage.reader.may_invite:
        context["sought"] = sought_in(review, asked(request.GET.get("guest", "")))
    status = fault.status if fault else 200
    template = TEMPLATES[place.device]
    if place.device == WALL:
        context["theme"] = "system"  # that of the device it hangs from
    if request.htmx and not request.htmx.boosted:
        is_whole = touched and place.device == LAPTOP  # a phone shows little of it
        context["beside"] = beside_stage(room, touched) if is_whole else ""
        template = f"{template}#{_part_asked_for(request, stage.reader)}"
    return render(request, template, context, status=status)


def _part_asked_for(request: Asked, reader: Reader) -> str:
    if reader.device == WALL:
        return "whole"
    return "found" if reader.may_invite and "find" in request.GET else "parts"


def permitted_to_see(request: Asked, pk: int) -> Review:
    """The review, for who may see its launch; what a form may do was asked before."""
    if request.method != "POST":
        return permitted(request, reviews_with_launch(), pk)
    return reviews_with_launch().visible_to(request.user).get(pk=pk)


def elsewhere(request: Asked, review: Review) -> HttpResponse:
    """A review that does not meet has another page: its plan, or its minutes."""
    to = review.get_absolute_url()
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": to})
    return redirect(to)


def led_back(review: Review, place: Place) -> HttpResponseRedirect:
    """Where a plain form leads."""
    return HttpResponseRedirect(place.address(review.pk))


def _stage(request: Asked, room: Room, place: Place) -> Stage:
    reader = reader_of(room, request.user, place.device)
    on_agenda = {entry.pk for entry in room.entries}
    here = room.review.item_id or next(iter(room.board.places.values())).fact.pk
    at = place.item if place.item in on_agenda else here
    follows = place.item not in on_agenda or (place.follows and at == here)
    return stage_of(room, reader, at, is_followed=follows)


def _context(stage: Stage, fault: Fault | None) -> dict[str, Any]:
    """What the pages of the room are drawn from."""
    form, is_stale = None, False
    if fault and isinstance(fault.form, DecideForm):
        was = fault.form.data.get("v", "")
        is_stale = bool(fault.notice) and was != str(stage.item.version)
        form = fault.form
        if fault.notice:
            form.again(v=stage.item.version)
    asking = stage.item.excuses.asking
    return {
        "nav": "reviews",
        "review": stage.room.review,
        "stage": stage,
        "form": form or DecideForm(
            launch=stage.room.review.launch,
            initial={
                "owner": stage.owner_pk, "due": stage.due_on, "until": asking.waiver_day,
            },
        ),
        "notice": fault.notice if fault else "",
        "is_stale": is_stale,
        "moving_key": new_key(),
        "form_key": new_key(),
        "own": own_of(stage.room, stage.reader.user) if stage.reader.device == PHONE else [],
        "coming": coming(stage.room, stage.pk) if stage.reader.device == WALL else [],
    }  # fmt: skip
