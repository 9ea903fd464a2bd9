"""When somebody is away who cannot say so: whoever leads a team of theirs does."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from readiness import clock
from readiness.accounts.absences import absence_of
from readiness.accounts.models import User
from readiness.accounts.requests import Asked
from readiness.audit.absences import come_back, go_away
from readiness.launches.views.people import managed
from readiness.notifications.forms import AwayForm
from readiness.web.forms import focus_first_error


@require_http_methods(["GET", "HEAD", "POST"])
def away(request: Asked, pk: int) -> HttpResponse:
    """From which day to which a person is away, and who stands in."""
    person = managed(request, pk)
    if request.method != "POST":
        return _page(request, person, away_form(person))
    form = away_form(person, request.POST)
    if not form.is_valid():
        return _page(request, person, form, status=422)
    go_away(person, by=request.user, now=clock.now(), **form.cleaned_data)
    return redirect(reverse("notifications:person-away", args=[person.pk]) + "?saved")


@require_POST
def back(request: Asked, pk: int) -> HttpResponse:
    """A person is there from now on."""
    person = managed(request, pk)
    come_back(person, by=request.user, now=clock.now())
    return redirect(reverse("notifications:person-away", args=[person.pk]) + "?saved")


def away_form(person: User, sent: QueryDict | None = None) -> AwayForm:
    """What is known of their days away, or what was sent of them."""
    now = clock.now()
    return AwayForm(sent, person=person, absence=absence_of(person, now), now=now)


def _page(request: Asked, person: User, form: AwayForm, status: int = 200) -> HttpResponse:
    focus_first_error(form)
    context = {
        "nav": "teams",
        "person": person,
        "away": form,
        "is_saved": "saved" in request.GET,
    }
    return render(request, "notifications/person_away.html", context, status=status)
