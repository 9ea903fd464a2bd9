"""The holidays of a team."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from readiness import clock
from readiness.accounts.models import Team
from readiness.accounts.requests import Asked
from readiness.notifications.forms import HolidayForm
from readiness.notifications.queries.holidays import coming
from readiness.notifications.services.holidays import NONE, add_holiday, remove_holiday
from readiness.notifications.views.channels import managed
from readiness.web.forms import focus_first_error
from readiness.web.refusal import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def holidays(request: Asked, pk: int) -> HttpResponse:
    """The days on which a team does not work; POST names one."""
    team = managed(request, pk)
    if request.method != "POST":
        return _page(request, team, HolidayForm())
    form = HolidayForm(request.POST)
    if not form.is_valid():
        return _page(request, team, form, status=422)
    try:
        add_holiday(team, by=request.user, now=clock.now(), **form.cleaned_data)
    except Refused as refusal:
        form.add_error("day", str(refusal))
        return _page(request, team, form, status=422)
    return redirect("notifications:holidays", team.pk)


@require_POST
def remove(request: Asked, pk: int) -> HttpResponse:
    """Let a day be a workday again."""
    team = managed(request, pk)
    form = HolidayForm(request.POST)
    form.full_clean()
    day = form.cleaned_data.get("day")
    if day is None:
        raise Refused(NONE)
    remove_holiday(team, day=day, by=request.user, now=clock.now())
    return redirect("notifications:holidays", team.pk)


def _page(request: Asked, team: Team, form: HolidayForm, status: int = 200) -> HttpResponse:
    focus_first_error(form)
    today = clock.now().astimezone(request.user.tzinfo).date()
    context = {"nav": "teams", "team": team, "form": form, "holidays": coming(team, today)}
    return render(request, "notifications/team_holidays.html", context, status=status)
