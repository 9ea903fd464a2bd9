"""A review by its address: its plan, its room, or its minutes, as it stands."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from readiness.accounts.permissions import permitted
from readiness.accounts.requests import Asked
from readiness.reviews.models.reviews import State
from readiness.reviews.queries.planning import reviews_with_people
from readiness.reviews.queries.stage import LAPTOP
from readiness.reviews.views.planning import planned
from readiness.reviews.views.showing import Place, shown


@require_safe
@vary_on_headers("HX-Request")
def review(request: Asked, pk: int) -> HttpResponse:
    """The one page that links lead to, whatever became of the review meanwhile."""
    found = permitted(request, reviews_with_people(), pk)
    if found.is_meeting:
        return shown(request, pk, Place.asked_for(request, LAPTOP))
    if found.state == State.FINISHED.value:
        return redirect("reviews:minutes", pk)
    return planned(request, found)
