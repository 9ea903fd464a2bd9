"""Pages about oneself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from readiness.accounts import services
from readiness.accounts.forms import PreferencesForm


@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """How the product looks and when it writes."""
    form = PreferencesForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        services.set_preferences(request.user, form.cleaned_data)
        return redirect("accounts:preferences")
    status = 422 if form.is_bound else 200
    return render(request, "accounts/preferences.html", {"form": form}, status=status)


@require_POST
def keys(request: HttpRequest) -> HttpResponse:
    """Turn single-key shortcuts on or off (WCAG 2.1.4)."""
    services.switch_keys(request.user)
    return redirect(request.META.get("HTTP_REFERER") or "accounts:preferences")
