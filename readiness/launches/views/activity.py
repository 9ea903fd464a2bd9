"""What happened, in one launch and everywhere."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from readiness import clock
from readiness.accounts.permissions import permitted
from readiness.accounts.requests import Asked
from readiness.launches.forms.filters import number_of
from readiness.launches.forms.history import HistoryForm
from readiness.launches.models import Launch
from readiness.launches.queries import history as queries
from readiness.launches.queries.course import course_of, hands_of
from readiness.launches.queries.history import launches_with_actors, offers_of
from readiness.launches.queries.rounds import lines_of
from readiness.launches.queries.tabs import tabs_of

WHOLE = "launches/history.html"


@require_safe
def history(request: Asked, pk: int) -> HttpResponse:
    """The history of a launch; htmx gets what was looked for, or the days that are appended."""
    launch = permitted(request, launches_with_actors(), pk)
    form = form_of_launch(request, launch)
    now = clock.now()
    page = queries.of_launch(
        launch, request.user, before=place_of(request), now=now, wanted=form.wanted
    )
    days = (launch.launch_on - now.astimezone(launch.tzinfo).date()).days
    context: dict[str, object] = {"nav": "launches", "launch": launch, "days": days}
    if template_of(request, form) == WHOLE:
        context |= {
            "tabs": tabs_of(launch),
            "course": course_of(launch, request.user, now),
            "decisions": lines_of(launch, request.user, now),
            "hands": hands_of(launch),
        }
    return answer(request, form, page, context)


@require_safe
def activity(request: Asked) -> HttpResponse:
    """The history of all launches the reader may see."""
    form = form_of_everything(request)
    page = queries.of_everything(
        request.user, before=place_of(request), now=clock.now(), wanted=form.wanted
    )
    return answer(request, form, page, {"nav": "history", "launch": None})


def form_of_launch(request: Asked, launch: Launch) -> HistoryForm:
    """What is asked of a launch's history; the launch comes from `launches_with_actors`."""
    people, items = offers_of(launch)
    return _looked_at(HistoryForm(request.GET, reader=request.user, people=people, items=items))


def form_of_everything(request: Asked) -> HistoryForm:
    return _looked_at(HistoryForm(request.GET, reader=request.user, people=None, items=None))


def _looked_at(form: HistoryForm) -> HistoryForm:
    form.is_valid()
    return form


def place_of(request: Asked) -> int | None:
    """Where the earlier events begin; what is no place is the latest."""
    return number_of(request.GET.get("before", ""))


def answer(
    request: Asked, form: HistoryForm, page: queries.History, context: dict[str, object]
) -> HttpResponse:
    """The page or the part of it that was asked for; a question to correct finds nothing."""
    context |= {
        "form": form,
        "history": page if form.is_valid() else queries.NOTHING,
        "asked": urlencode(form.wanted.words),
        "older": urlencode(form.wanted.words | {"before": page.before}),
    }
    response = render(
        request, template_of(request, form), context, status=200 if form.is_valid() else 422
    )
    patch_vary_headers(response, ["HX-Request"])
    return response


def template_of(request: Asked, form: HistoryForm) -> str:
    """Days are appended only to what was found: of a question to correct all is said anew."""
    if not request.htmx or request.htmx.boosted:
        return WHOLE
    part = "days" if request.GET.get("before") and form.is_valid() else "found"
    return f"{WHOLE}#{part}"
