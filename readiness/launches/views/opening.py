"""Opening a launch."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from readiness import clock
from readiness.accounts.models import Team
from readiness.accounts.requests import Asked
from readiness.audit.services import AlreadyDone
from readiness.checklists.models import Version
from readiness.launches.forms.facets import FacetsForm
from readiness.launches.forms.facets import typed as facets_as_typed
from readiness.launches.forms.intake import EarlierForm, IntakeForm, PlaceForm, as_typed
from readiness.launches.models import Launch
from readiness.launches.queries.intake import (
    duties_asked_by,
    launches_to_edit,
    seats_in,
    teams_open_to,
    versions_to_choose,
)
from readiness.launches.queries.twins import Twin, seal_of
from readiness.launches.services import launches
from readiness.launches.services.taking_over import Earlier
from readiness.launches.services.twinning import Twinned
from readiness.web.forms import focus_first_error, new_key, sent_key, whole_number
from readiness.web.refusal import Refused

NEW_EACH_TIME = {"candidate_version", "candidate_digest", "candidate_registry_url", "launch_on"}


@dataclass(frozen=True, slots=True)
class Parts:
    """The forms of the intake, as one page shows them, and the launch it is made from."""

    place: PlaceForm
    intake: IntakeForm
    facets: FacetsForm
    take: EarlierForm
    earlier: Launch | None

    def is_valid(self) -> bool:
        """Every form is asked, so that all errors show at once."""
        valid = [one.is_valid() for one in (self.place, self.intake, self.facets, self.take)]
        return all(valid)

    @property
    def taken_over(self) -> Earlier | None:
        """What was asked to be taken over."""
        said = self.take.cleaned_data
        if self.earlier is None:
            return None
        return Earlier(self.earlier, owners=said["take_owners"], links=said["take_links"])


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
    data: QueryDict = request.POST if request.method == "POST" else request.GET
    sent = data if is_sent else None
    earlier = earlier_of(request, data)
    if earlier and "team" not in data:
        data = typed_from(earlier)
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
    facets = FacetsForm(sent, questions=place.on_version.facets.all(), kept=data)
    return Parts(place, intake, facets, EarlierForm(sent), earlier)


def earlier_of(request: Asked, data: QueryDict) -> Launch | None:
    """The launch that the new one is made from, if the person may see it."""
    said = data.get("from", "")
    if not said:
        return None
    pk = whole_number(said, digits=18)
    return get_object_or_404(launches_to_edit().visible_to(request.user), pk=pk)


def typed_from(earlier: Launch) -> QueryDict:
    """An earlier launch as somebody would type it in again, for another version and date."""
    questions = facets_as_typed(earlier.version.facets.all(), earlier.facets)
    said = {
        **as_typed(earlier),
        **questions,
        "team": earlier.team_id,
        "version": earlier.version_id,
    }
    kept = QueryDict(mutable=True)
    for name, value in said.items():
        if name not in NEW_EACH_TIME:
            kept.setlist(name, value if isinstance(value, list) else [str(value)])
    return kept


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
            earlier=parts.taken_over,
            twins=request.POST.get("same", ""),
        )
    except Twinned as asks:
        return page(request, parts, status=200, twins=asks.twins)
    except AlreadyDone as done:
        return redirect("launches:detail", int(done.outcome))
    except Refused as refused:
        parts.intake.add_error(None, str(refused))
        return page(request, parts, status=refused.status)
    return redirect(launch)


def page(request: Asked, parts: Parts, *, status: int, twins: Sequence[Twin] = ()) -> HttpResponse:
    forms = {"place": parts.place, "intake": parts.intake, "facets": parts.facets}
    faulty = next((form for form in forms.values() if form.is_bound and form.errors), None)
    if faulty is not None:
        focus_first_error(faulty)
    more = {"take": parts.take, "earlier": parts.earlier, "twins": twins, "same": seal_of(twins)}
    context = {"nav": "launches", "key": new_key(), **forms, **more}
    return render(request, "launches/open.html", context, status=status)
