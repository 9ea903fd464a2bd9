"""The go/no-go poll: its page, on which each approver answers from their own screen."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from readiness import clock
from readiness.accounts.confirming import unconfirmed, was_confirmed
from readiness.accounts.permissions import permitted
from readiness.accounts.requests import Asked
from readiness.audit.services import AlreadyDone
from readiness.launches.queries.board import board_of
from readiness.launches.queries.decision_page import owners_for, page_of, proposals_of
from readiness.reviews.forms.polling import AnswerForm
from readiness.reviews.models import Review
from readiness.reviews.policies import polling as policies
from readiness.reviews.queries.poll import Poll, poll_of, present_of
from readiness.reviews.queries.room import reviews_with_launch
from readiness.reviews.services import polling
from readiness.web.doors import doors
from readiness.web.forms import focus_first_error, new_key, sent_key
from readiness.web.live import following
from readiness.web.refusal import Refused

SAID = {True: "Your GO is recorded, and signs the decision.", False: "Your answer is recorded."}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why nothing was said, and what was typed."""

    status: int
    sentence: str = ""
    form: AnswerForm | None = None


@require_safe
def poll(request: Asked, pk: int) -> HttpResponse:
    """Who is called, what was said, and what a GO means now."""
    return shown(request, _review(request, pk))


@require_POST
def begin(request: Asked, pk: int) -> HttpResponse:
    """Call the approvers who are in the room."""
    review = _review(request, pk)
    key, now = sent_key(request), clock.now()

    def act() -> object:
        return polling.begin(review, by=request.user, key=key, now=now)

    return _carried_out(request, review, act, "The approvers are called.")


@require_POST
def say(request: Asked, pk: int) -> HttpResponse:
    """Answer as the approver who is called; what was typed comes back whatever happens."""
    review = _review(request, pk)
    form = AnswerForm(request.POST, proposed=[], owners=owners_for(review.launch))
    if form.is_valid() and form.signs_now and (wrong := unconfirmed(request, clock.now())):
        form.add_error("password", wrong)
    if form.errors:
        focus_first_error(form)
        return shown(request, review, Fault(422, form=form))
    said = {**form.said, "by": request.user, "key": sent_key(request), "now": clock.now()}
    says = SAID[form.signs_now]
    return _carried_out(request, review, lambda: polling.say(review, **said), says, form=form)


def _review(request: Asked, pk: int) -> Review:
    return permitted(request, reviews_with_launch().select_related("launch__candidate"), pk)


def _carried_out(
    request: Asked,
    review: Review,
    act: Callable[[], object],
    says: str,
    form: AnswerForm | None = None,
) -> HttpResponse:
    """Carry it out once, and show the poll as it stands, or why it stands as it did."""
    try:
        with doors():
            act()
    except AlreadyDone:
        pass
    except Refused as refused:
        again = reviews_with_launch().select_related("launch__candidate").get(pk=review.pk)
        return shown(request, again, Fault(refused.status, str(refused), form))
    else:
        messages.success(request, says)
    return redirect("reviews:poll", review.pk)


def shown(request: Asked, review: Review, fault: Fault | None = None) -> HttpResponse:
    """The page as it is now. A review that does not meet has another."""
    if not review.is_meeting:
        if fault:
            messages.error(request, fault.sentence or "This review does not meet.")
        return redirect(review)
    now, launch = clock.now(), review.launch
    live = following(f"/live/reviews/{review.pk}/")
    board = board_of(launch, now)
    poll, reader = poll_of(review, board), request.user
    present = present_of(review, board, now)
    current = poll.current.approver if poll.current else None
    is_called = current is not None and current.pk == reader.pk
    form = fault.form if fault and fault.form else None
    context = {
        "nav": "reviews",
        "review": review,
        "poll": poll,
        "fault": fault,
        "live": live,
        "present": present,
        "why_not_begin": policies.beginning(review, reader, present, current),
        "steers": reader.pk in (review.driver_id, review.facilitator_id),
        "form": (form or _form(request, review, poll)) if is_called else None,
        "needs_password": poll.signs and not was_confirmed(request, now),
        "key": new_key(),
    }
    return render(request, "reviews/poll.html", context, status=fault.status if fault else 200)


def _form(request: Asked, review: Review, poll: Poll) -> AnswerForm:
    """The form of who is called, with the conditions that such a verdict asks for."""
    launch, reader = review.launch, request.user
    proposed: list[dict[str, object]] = []
    if poll.signs and poll.needs_conditions:
        acts = launch.acts_of(reader)
        page, board, extras = page_of(launch, acts, reader=reader, now=clock.now())
        proposed = proposals_of(page, board, extras)
    return AnswerForm(None, proposed=proposed, owners=owners_for(launch))
