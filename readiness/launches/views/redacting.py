"""Taking out a secret that was pasted by mistake."""

from contextlib import suppress

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from readiness import clock
from readiness.accounts.requests import Asked
from readiness.audit.models import Event
from readiness.audit.services import AlreadyDone
from readiness.launches import policies
from readiness.launches.forms.redacting import RedactForm
from readiness.launches.queries.history import line_of
from readiness.launches.services import redacting as services
from readiness.web.forms import new_key, sent_key


@require_http_methods(["GET", "HEAD", "POST"])
def redact(request: Asked, pk: int) -> HttpResponse:
    """Ask why, and take the words out; site admins only."""
    event = get_object_or_404(Event.objects.select_related("subject__launch"), pk=pk)
    form = RedactForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, event, form)
    said = form.cleaned_data["because"]
    with suppress(AlreadyDone):
        services.redact(
            event, by=request.user, because=said, key=sent_key(request), now=clock.now()
        )
    messages.success(request, "The words are gone. The log is whole.")
    launch = getattr(event.subject, "launch", None)
    return redirect("launches:history", launch.pk) if launch else redirect("launches:activity")


def _page(request: Asked, event: Event, form: RedactForm) -> HttpResponse:
    context = {
        "nav": "history",
        "form": form,
        "line": line_of(event.pk, request.user),
        "refused": policies.redacting(event, "asked below"),
        "key": new_key(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "launches/redact.html", context, status=status)
