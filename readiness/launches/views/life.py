"""The page that takes a launch to another stage of its life."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from readiness import clock
from readiness.accounts.permissions import permitted
from readiness.accounts.requests import Asked
from readiness.audit.services import AlreadyDone
from readiness.launches.forms.life import LifeForm
from readiness.launches.models import Launch
from readiness.launches.models.launches import Stage
from readiness.launches.services import life as services
from readiness.launches.views.editing import edition_sent
from readiness.web.forms import focus_first_error, new_key, sent_key
from readiness.web.refusal import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def life(request: Asked, pk: int) -> HttpResponse:
    """Where the launch is in its life, and where it may go."""
    launch = permitted(request, Launch.objects.select_related("team", "version"), pk)
    if request.method != "POST":
        return page(request, launch, LifeForm(launch=launch))
    form = LifeForm(request.POST, launch=launch)
    if not form.is_valid():
        focus_first_error(form)
        return page(request, launch, form, edition=edition_sent(request), status=422)
    try:
        services.move(
            launch,
            Stage(form.cleaned_data["to"]),
            because=form.cleaned_data["because"],
            edition=edition_sent(request),
            by=request.user,
            key=sent_key(request),
            now=clock.now(),
        )
    except AlreadyDone:
        return redirect(launch)
    except Refused as refused:
        form.add_error(None, str(refused))
        launch.refresh_from_db()
        return page(request, launch, form, status=refused.status)
    return redirect(launch)


def page(
    request: Asked, launch: Launch, form: LifeForm, *, status: int = 200, **more: object
) -> HttpResponse:
    context = {
        "nav": "launches",
        "launch": launch,
        "form": form,
        "edition": launch.edition,
        "key": new_key(),
        **more,
    }
    return render(request, "launches/life.html", context, status=status)
