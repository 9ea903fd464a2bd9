"""Editing a launch: what it says, and the answers that decide which items apply."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from readiness import clock
from readiness.accounts.permissions import permitted
from readiness.accounts.requests import Asked
from readiness.audit.services import AlreadyDone
from readiness.launches import policies
from readiness.launches.forms.facets import PREFIX, FacetsForm
from readiness.launches.forms.intake import IntakeForm
from readiness.launches.models import Launch
from readiness.launches.queries import foreseeing
from readiness.launches.queries.fact_foreseeing import breaking
from readiness.launches.queries.intake import duties_asked_by, launches_to_edit, seats_in
from readiness.launches.queries.twins import seal_of
from readiness.launches.services import launches
from readiness.launches.services.twinning import Twinned
from readiness.web.forms import focus_first_error, new_key, sent_key, whole_number
from readiness.web.refusal import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Asked, pk: int) -> HttpResponse:
    """What a launch says. What that would cost in sign-offs and facts is shown, and confirmed."""
    launch = permitted(request, launches_to_edit(), pk)
    form = intake_form(request, launch)
    if not form.is_bound:
        return edit_page(request, launch, form)
    if not form.is_valid():
        focus_first_error(form)
        return edit_page(request, launch, form, edition=edition_sent(request), status=422)
    intake, now = form.intake(launch.team), clock.now()
    falling = foreseeing.falling(
        launch, candidate=intake.candidate, launch_on=form.cleaned_data["launch_on"], now=now
    )
    place = {"candidate": intake.candidate, "launch_at": intake.launch_at, "zone": intake.zone}
    falling = replace(falling, breaks=breaking(launch, **place, now=now))  # type: ignore[arg-type]
    is_current = not policies.editing(launch, edition_sent(request))
    if is_current and falling.seal and request.POST.get("confirmed") != falling.seal:
        return edit_page(request, launch, form, falling=falling)
    try:
        launches.edit_launch(
            launch,
            intake,
            edition=edition_sent(request),
            by=request.user,
            key=sent_key(request),
            now=now,
            moved_because=form.cleaned_data["moved_because"],
            twins=request.POST.get("same", ""),
        )
    except Twinned as asks:
        return edit_page(request, launch, form, twins=asks.twins, same=seal_of(asks.twins))
    except AlreadyDone:
        return redirect(launch)
    except Refused as refused:
        return edit_again(request, pk, refused)
    return redirect(launch)


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def facets(request: Asked, pk: int) -> HttpResponse:
    """The checklist's questions: which items come or go is shown before anything is saved."""
    launch = permitted(request, Launch.objects.select_related("version"), pk)
    is_part = request.htmx and not request.htmx.boosted
    sent = request.POST if request.method == "POST" else request.GET
    is_asked = request.method == "POST" or is_part or any(name.startswith(PREFIX) for name in sent)
    form = FacetsForm(
        sent if is_asked else None, questions=launch.version.facets.all(), answers=launch.facets
    )
    if is_asked and not form.is_valid():
        return facets_page(request, launch, form, status=422)
    if request.method == "POST" and "preview" not in sent:
        return answered(request, launch, form)
    answers = form.answers if is_asked else launch.facets
    foreseen = foreseeing.if_answered(launch, answers, clock.now())
    if is_part:
        return render(request, "launches/facets.html#preview", {"foreseen": foreseen})
    return facets_page(request, launch, form, foreseen=foreseen)


def answered(request: Asked, launch: Launch, form: FacetsForm) -> HttpResponse:
    """Save the answers: to the launch, or back to the questions with the reason why not."""
    try:
        launches.answer_facets(
            launch,
            form.answers,
            edition=edition_sent(request),
            by=request.user,
            key=sent_key(request),
            now=clock.now(),
        )
    except AlreadyDone:
        return redirect(launch)
    except Refused as refused:
        launch = permitted(request, Launch.objects.select_related("version"), launch.pk)
        form.add_error(None, str(refused))
        foreseen = foreseeing.if_answered(launch, form.answers, clock.now())
        return facets_page(request, launch, form, foreseen=foreseen, status=refused.status)
    return redirect(launch)


def edit_again(request: Asked, pk: int, refused: Refused) -> HttpResponse:
    """The form with what was typed, the reason, and what others saved meanwhile."""
    launch = permitted(request, launches_to_edit(), pk)
    form = intake_form(request, launch)
    form.add_error(None, str(refused))
    is_stale = launch.edition != edition_sent(request)
    differences = form.differences() if is_stale else []
    return edit_page(request, launch, form, status=refused.status, differences=differences)


def intake_form(request: Asked, launch: Launch) -> IntakeForm:
    return IntakeForm(
        request.POST if request.method == "POST" else None,
        seats=seats_in(launch.team, launch),
        duties=duties_asked_by(launch.version),
        launch=launch,
    )


def edition_sent(request: Asked) -> int:
    """Which reading of the launch the form was made from; 0 is none, and so stale."""
    return whole_number(request.POST.get("edition", ""), digits=9)


def edit_page(
    request: Asked, launch: Launch, form: IntakeForm, *, status: int = 200, **more: object
) -> HttpResponse:
    context = {
        "nav": "launches",
        "launch": launch,
        "intake": form,
        "edition": launch.edition,
        "key": new_key(),
        "over": policies.editing(launch),
        **more,
    }
    return render(request, "launches/edit.html", context, status=status)


def facets_page(
    request: Asked, launch: Launch, form: FacetsForm, *, status: int = 200, **more: object
) -> HttpResponse:
    context = {
        "nav": "launches",
        "launch": launch,
        "facets": form,
        "edition": launch.edition,
        "key": new_key(),
        "over": policies.editing(launch),
        **more,
    }
    return render(request, "launches/facets.html", context, status=status)
