"""Pages about oneself."""

from copy import copy

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from readiness import clock
from readiness.accounts.forms import PreferencesForm
from readiness.accounts.requests import Asked
from readiness.audit import people as services
from readiness.web.forms import focus_first_error
from readiness.web.middleware.refusals import back


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: Asked) -> HttpResponse:
    """How the product looks and when it writes."""
    sent = request.POST if request.method == "POST" else None
    form = PreferencesForm(sent, instance=copy(request.user))  # the page shows what is saved
    if form.is_bound and form.is_valid():
        services.set_preferences(request.user, form.cleaned_data, now=clock.now())
        return redirect(reverse("accounts:preferences") + "?saved")
    focus_first_error(form)
    context = {"nav": "me", "form": form, "is_saved": "saved" in request.GET}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/preferences.html", context, status=status)


@require_POST
def keys(request: Asked) -> HttpResponse:
    """Turn single-key shortcuts on or off (WCAG 2.1.4)."""
    services.switch_keys(request.user, now=clock.now())
    return redirect(back(request))
