"""Opening a launch."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from readiness import clock
from readiness.audit.services import AlreadyDone
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


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
def open_launch(request: HttpRequest) -> HttpResponse:
    """The intake. Another team or checklist changes who and what is asked, and keeps the rest."""
    teams, versions = teams_open_to(request.user), versions_to_choose()
    if not teams:
        raise PermissionDenied
    if not versions:
        return render(request, "launches/open.html", {"nav": "launches"})
    is_sent = request.method == "POST" and "change" not in request.POST
    forms = forms_for(request, teams, versions, is_sent=is_sent)
    if is_sent and sum(form.is_valid() for form in forms.values()) == len(forms):
        return opened(request, **forms)
    if request.htmx and not request.htmx.boosted and request.method == "GET":
        return render(request, "launches/open.html#dependent", forms)
    return page(request, forms, status=422 if is_sent else 200)


def forms_for(
    request: HttpRequest, teams: list, versions: list, *, is_sent: bool
) -> dict[str, PlaceForm | IntakeForm | FacetsForm]:
    """The three parts of the intake, with what was sent to correct, or what was typed so far."""
    data = request.POST if request.method == "POST" else request.GET
    sent: QueryDict | None = data if is_sent else None
    place = PlaceForm(sent, teams=teams, versions=versions, kept=data)
    seats = seats_in(place.team)
    mine = {"zone": request.user.zone}
    if request.user in seats.workers:
        mine["lead"] = str(request.user.pk)
    duties = duties_asked_by(place.chosen)
    questions = list(place.chosen.facets.all())
    return {
        "place": place,
        "intake": IntakeForm(
            sent, seats=seats, duties=duties, initial=mine, kept=data, now=clock.now()
        ),
        "facets": FacetsForm(sent, questions=questions, kept=data),
    }


def opened(
    request: HttpRequest, place: PlaceForm, intake: IntakeForm, facets: FacetsForm
) -> HttpResponse:
    """Carry the form out: to the launch, or back to the form with the reason why not."""
    try:
        launch = launches.open_launch(
            intake.intake(place.team),
            version=place.chosen,
            facets=facets.answers,
            by=request.user,
            key=sent_key(request),
            now=clock.now(),
        )
    except AlreadyDone as done:
        return redirect("launches:detail", int(done.outcome))
    except Refused as refused:
        intake.add_error(None, str(refused))
        forms = {"place": place, "intake": intake, "facets": facets}
        return page(request, forms, status=refused.status)
    return redirect(launch)


def page(request: HttpRequest, forms: dict, *, status: int) -> HttpResponse:
    for form in forms.values():
        if form.is_bound and form.errors:
            focus_first_error(form)
            break
    context = {"nav": "launches", "key": new_key(), **forms}
    return render(request, "launches/open.html", context, status=status)
