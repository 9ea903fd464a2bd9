"""Where the link of an invitation leads."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from readiness import clock
from readiness.accounts.invitations import invitation_of
from readiness.audit import inviting
from readiness.launches.forms.people import JoiningForm
from readiness.web.forms import focus_first_error

DOORKEEPER = settings.AUTHENTICATION_BACKENDS[0]


@sensitive_post_parameters("password")
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks for name, zone and password; POST lets the person in. Programs open links, too."""
    invitation = invitation_of(token, clock.now())
    if invitation is None:
        return render(request, "accounts/join.html", {"is_over": True}, status=404)
    sent = request.POST if request.method == "POST" else None
    form = JoiningForm(sent, email=invitation.email, zone=invitation.invited_by.zone)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        person = inviting.accept(
            token,
            name=said["name"],
            zone=said["zone"],
            password=said["password"],
            now=clock.now(),
        )
        login(request, person, backend=DOORKEEPER)
        return redirect("/")
    focus_first_error(form)
    context = {"invitation": invitation, "form": form}
    return render(request, "accounts/join.html", context, status=422 if form.is_bound else 200)
