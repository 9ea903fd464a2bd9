"""When others hear of late work in a team."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from readiness import clock
from readiness.accounts.models import Team
from readiness.accounts.requests import Asked
from readiness.notifications.forms import EscalationForm
from readiness.notifications.models import EscalationPolicy
from readiness.notifications.services.escalating import set_escalation
from readiness.notifications.views.channels import managed
from readiness.web.forms import focus_first_error


@require_http_methods(["GET", "HEAD", "POST"])
def escalation(request: Asked, pk: int) -> HttpResponse:
    """Whether, and after how many workdays, leads and approvers hear of late work."""
    team = managed(request, pk)
    if request.method != "POST":
        policy = EscalationPolicy.objects.filter(team=team).first() or EscalationPolicy()
        days = {"lead_after": policy.lead_after, "approver_after": policy.approver_after}
        return _page(request, team, EscalationForm(initial={"is_on": policy.is_on, **days}))
    form = EscalationForm(request.POST)
    if not form.is_valid():
        return _page(request, team, form, status=422)
    set_escalation(team, by=request.user, now=clock.now(), **form.cleaned_data)
    return redirect(reverse("notifications:escalation", args=[team.pk]) + "?saved")


def _page(request: Asked, team: Team, form: forms.Form, status: int = 200) -> HttpResponse:
    focus_first_error(form)
    context = {"nav": "teams", "team": team, "form": form, "is_saved": "saved" in request.GET}
    return render(request, "notifications/team_escalation.html", context, status=status)
