"""Opening a launch."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from readiness import clock
from readiness.accounts.models import Team
from readiness.accounts.requests import Asked
from readiness.audit.services import AlreadyDone
from readiness.checklists.models import Version
from readiness.launches.forms.facets import FacetsForm
from readiness.launches.forms.intake import IntakeForm, PlaceForm
from readiness.launches.queries.intake import (
    duties_asked_by,
    seats_in,
    teams_open_to,
    versions_to_choose,
)
from readiness.launches.services import launches
from readiness.web.forms import focus_first_error, new_key, sent_key
from readiness.web.refusal import Refused


@dataclass(frozen=True, slots=True)
class Parts:
    """The three forms of the intake, as one page shows them."""

    place: PlaceForm
    intake: IntakeForm
    facets: FacetsForm

    def is_valid(self) -> bool:
        """Every form is asked, so that all errors show at once."""
        return all([self.place.is_valid(), self.intake.is_valid(), self.facets.is_valid()])


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def open_launch(request: Asked) -> HttpResponse:
    """The intake. Another team or checklist changes who and what is asked, and keeps the rest."""
    teams, versions = teams_open_to(request.user), versions_to_choose()
    if not teams:
        raise PermissionDenied
    if not versions:
        return render(request, "launches/open.html", {"nav": "launches"})
    is_sent = request.method == "POST" and "change" not in request.POST
    parts = parts_for(request, teams, versions, is_sent=is_sent)
    if is_sent and parts.is_valid():
        return opened(request, parts)
    if request.htmx and not request.htmx.boosted and request.method != "POST":
        context = {"intake": parts.intake, "facets": parts.facets}
        return render(request, "launches/open.html#dependent", context)
    return page(request, parts, status=422 if is_sent else 200)


def parts_for(
    request: Asked, teams: list[Team], versions: list[Version], *, is_sent: bool
) -> Parts:
    """The forms with what was sent to correct, or with what was typed so far."""
    data = request.POST if request.method == "POST" else request.GET
    sent = data if is_sent else None
    place = PlaceForm(sent, teams=teams, versions=versions, kept=data)
    seats = seats_in(place.in_team)
    mine = {"zone": request.user.zone}
    if request.user in seats.workers:
        mine["lead"] = str(request.user.pk)
    intake = IntakeForm(
        sent,
        seats=seats,
        duties=duties_asked_by(place.on_version),
        initial=mine,
        kept=data,
        now=clock.now(),
    )
    return Parts(
        place, intake, FacetsForm(sent, questions=place.on_version.facets.all(), kept=data)
    )


def opened(request: Asked, parts: Parts) -> HttpResponse:
    """Carry the form out: to the launch, or back to the form with the reason why not."""
    try:
        launch = launches.open_launch(
            parts.intake.intake(parts.place.in_team),
            version=parts.place.on_version,
            facets=parts.facets.answers,
            by=request.user,
            key=sent_key(request),
            now=clock.now(),
        )
    except AlreadyDone as done:
        return redirect("launches:detail", int(done.outcome))
    except Refused as refused:
        parts.intake.add_error(None, str(refused))
        return page(request, parts, status=refused.status)
    return redirect(launch)


def page(request: Asked, parts: Parts, *, status: int) -> HttpResponse:
    forms = {"place": parts.place, "intake": parts.intake, "facets": parts.facets}
    faulty = next((form for form in forms.values() if form.is_bound and form.errors), None)
    if faulty is not None:
        focus_first_error(faulty)
    context = {"nav": "launches", "key": new_key(), **forms}
    return render(request, "launches/open.html", context, status=status)
