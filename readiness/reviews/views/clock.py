"""The clock of a review from its page: pausing it, going on, more time."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from readiness import clock as now_of
from readiness.accounts.permissions import permitted
from readiness.accounts.requests import Asked
from readiness.audit.services import AlreadyDone
from readiness.reviews.models import Review
from readiness.reviews.queries.planning import reviews_with_people
from readiness.reviews.services import clock
from readiness.web.doors import doors
from readiness.web.forms import sent_key, whole_number
from readiness.web.refusal import Refused


@require_POST
def pause(request: Asked, pk: int) -> HttpResponse:
    return _turned(request, pk, clock.pause)


@require_POST
def resume(request: Asked, pk: int) -> HttpResponse:
    return _turned(request, pk, clock.resume)


@require_POST
def extend(request: Asked, pk: int) -> HttpResponse:
    minutes = whole_number(request.POST.get("minutes", ""), digits=3)
    return _turned(request, pk, clock.extend, minutes=minutes)


def _turned(
    request: Asked, pk: int, service: Callable[..., Review], **said: object
) -> HttpResponse:
    """Turn the clock, and show the review as it stands, or why it stands as it did."""
    review = permitted(request, reviews_with_people(), pk)
    sent = {"by": request.user, "key": sent_key(request), "now": now_of.now()}
    try:
        with doors():
            service(review, **said, **sent)
    except AlreadyDone:
        pass
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("reviews:review", pk)
