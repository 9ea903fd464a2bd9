"""What sign-offs of a launch stand on: a page to read, and forms to say what has changed."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from readiness import clock
from readiness.accounts.permissions import Action, permitted
from readiness.accounts.requests import Asked
from readiness.audit.services import AlreadyDone
from readiness.launches import policies
from readiness.launches.forms.basis import DeclareForm, SignerForm
from readiness.launches.models import Launch
from readiness.launches.queries.foreseeing import falling_with
from readiness.launches.queries.ground import ground_of, seatable
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.standing_on import kinds_declared_in
from readiness.launches.queries.tabs import tabs_of
from readiness.launches.services import configs
from readiness.launches.views.editing import edition_sent
from readiness.web.forms import new_key, sent_key
from readiness.web.refusal import Refused


@require_safe
def basis(request: Asked, pk: int) -> HttpResponse:
    return page(request, launch_of(request, pk))


@require_POST
def declare(request: Asked, pk: int) -> HttpResponse:
    """What a configuration is now. What that would cost in sign-offs is shown first."""
    launch, form = launch_of(request, pk), DeclareForm(request.POST)
    if not form.is_valid():
        return page(request, launch, said=form.data, faults=form.errors, status=422)
    said, now = form.cleaned_data, clock.now()
    if said["kind"] in kinds_declared_in(pinned(launch.version_id)):
        falling = falling_with(launch, kind=said["kind"], value=said["value"], now=now)
        is_current = not policies.editing(launch, edition_sent(request))
        if is_current and falling.items and request.POST.get("confirmed") != falling.seal:
            return page(request, launch, said=said, falling=falling)
    try:
        configs.declare(
            launch, **said, edition=edition_sent(request), by=request.user,
            key=sent_key(request), now=now,
        )  # fmt: skip
    except AlreadyDone:
        pass
    except Refused as refused:
        launch = launch_of(request, pk)
        return page(request, launch, said=said, refused=str(refused), status=refused.status)
    return redirect("launches:basis", pk)


@require_POST
def signers(request: Asked, pk: int) -> HttpResponse:
    """Who signs for a duty beside the one who holds it."""
    launch = launch_of(request, pk)
    form = SignerForm(request.POST, people=seatable(launch))
    if not form.is_valid():
        return page(request, launch, seating=form.data, seat_faults=form.errors, status=422)
    said = form.cleaned_data
    service = configs.add_signer if said["act"] == "add" else configs.remove_signer
    try:
        service(
            launch, duty=said["duty"], person=said["person"], edition=edition_sent(request),
            by=request.user, key=sent_key(request), now=clock.now(),
        )  # fmt: skip
    except AlreadyDone:
        pass
    except Refused as refused:
        launch = launch_of(request, pk)
        return page(request, launch, seating=said, refused=str(refused), status=refused.status)
    return redirect("launches:basis", pk)


def launch_of(request: Asked, pk: int) -> Launch:
    return permitted(request, Launch.objects.select_related("team", "version", "candidate"), pk)


def page(
    request: Asked,
    launch: Launch,
    *,
    said: Mapping[str, object] | None = None,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    acts = launch.acts_of(request.user)
    context = {
        "nav": "launches",
        "launch": launch,
        "tabs": tabs_of(launch),
        "ground": ground_of(launch),
        "may_edit": Action.LAUNCH_EDIT in acts and not launch.is_over,
        "edition": launch.edition,
        "key": new_key(),
        "said": said or {},
        "now": clock.now(),
        **more,
    }
    return render(request, "launches/basis.html", context, status=status)
