"""Inviting somebody from outside while the review meets, without leaving its room."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from readiness import clock
from readiness.accounts.permissions import permitted
from readiness.accounts.requests import Asked
from readiness.audit.services import AlreadyDone
from readiness.reviews.forms.room import InviteForm
from readiness.reviews.models import Review
from readiness.reviews.queries.guests import Sought
from readiness.reviews.queries.room import reviews_with_launch
from readiness.reviews.services import guests
from readiness.reviews.views.showing import Fault, Place, shown
from readiness.web.doors import doors
from readiness.web.forms import new_key
from readiness.web.refusal import Refused

COMES = "{} is invited, and may come in now with the code or from a mail."


@require_POST
def let_in(request: Asked, pk: int) -> HttpResponse:
    """Let somebody in to the launch, and to the room."""
    review = permitted(request, reviews_with_launch(), pk)
    form = InviteForm(request.POST, launch=review.launch)
    if not form.is_valid():
        wrong = [str(error) for errors in form.errors.values() for error in errors]
        return _refused(request, review, 422, wrong[0])
    person = form.said["person"]
    try:
        with doors():
            guests.invite(review, by=request.user, now=clock.now(), **form.said)
    except AlreadyDone:
        pass
    except Refused as refusal:
        return _refused(request, review, refusal.status, str(refusal))
    says = COMES.format(person.name)
    if request.htmx:
        return _part(request, review, Sought(says=says), 200)
    messages.success(request, says)
    return redirect(review)


def _refused(request: Asked, review: Review, status: int, says: str) -> HttpResponse:
    """Why nobody was invited: where the form stands, or on the stage of the whole page."""
    if request.htmx:
        return _part(request, review, Sought(says=says, is_refused=True), status)
    return shown(request, review.pk, Place.sent(request), fault=Fault(status, None, says))


def _part(request: Asked, review: Review, sought: Sought, status: int) -> HttpResponse:
    context = {"review": review, "sought": sought, "form_key": new_key()}
    return render(request, "reviews/review.html#found", context, status=status)
