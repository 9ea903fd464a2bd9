"""The page on which a launch is decided, and what people say there."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from readiness import clock
from readiness.accounts.confirming import unconfirmed, was_confirmed
from readiness.accounts.permissions import permitted
from readiness.accounts.requests import Asked
from readiness.audit.services import AlreadyDone
from readiness.launches.forms.decisions import AskForm, BackForm, DecideForm
from readiness.launches.models import DecisionSignature, Launch
from readiness.launches.models.decisions import Says
from readiness.launches.queries.decision_page import owners_for, page_of, proposals_of
from readiness.launches.queries.tabs import tabs_of
from readiness.launches.services import decisions as services
from readiness.launches.views.editing import edition_sent
from readiness.web.forms import focus_first_error, new_key, sent_key
from readiness.web.refusal import Refused

SAID = {
    Says.APPROVE: "Your approval is recorded.",
    Says.APPROVE_WITH_CONDITIONS: "Your approval with its conditions is recorded.",
    Says.SEND_BACK: "The launch is sent back.",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why nothing was decided, and what was typed."""

    status: int
    sentence: str = ""
    form: DecideForm | None = None
    ask: AskForm | None = None


@require_safe
@vary_on_headers("HX-Request")
def decision(request: Asked, pk: int) -> HttpResponse:
    """The verdict, what the launch would ship without, and who says what."""
    return shown(request, launch_of(request, pk))


@require_POST
def decide(request: Asked, pk: int) -> HttpResponse:
    """Give one's word; what was typed comes back whatever happens."""
    launch = launch_of(request, pk)
    form = DecideForm(request.POST, proposed=[], owners=owners_for(launch))
    if not form.is_valid():
        focus_first_error(form)
        return shown(request, launch, Fault(422, form=form))
    if wrong := unconfirmed(request, clock.now()):
        form.add_error("password", wrong)
        focus_first_error(form)
        return shown(request, launch, Fault(422, form=form))
    act = partial(services.decide, launch, form.word, seal=form.cleaned_data["seal"])
    says = SAID[Says(form.cleaned_data["says"])]
    return carried_out(request, launch, act, says, form=form)


@require_POST
def confirm(request: Asked, pk: int) -> HttpResponse:
    """Confirm, as a second person, the override of another approver."""
    signature = signature_of(request, pk)
    launch = launch_of(request, signature.decision.launch_id, is_permitted=True)
    if wrong := unconfirmed(request, clock.now()):
        return shown(request, launch, Fault(422, sentence=wrong))
    act = partial(services.confirm, signature, seal=request.POST.get("seal", ""))
    return carried_out(request, launch, act, "The override is confirmed.")


@require_POST
def take_back(request: Asked, pk: int) -> HttpResponse:
    signature = signature_of(request, pk)
    launch = launch_of(request, signature.decision.launch_id, is_permitted=True)
    form = BackForm(request.POST)
    if not form.is_valid():
        return shown(request, launch, Fault(422, sentence=first_error(form)))
    because = form.cleaned_data["because"]
    act = partial(services.take_back, signature, because=because)
    return carried_out(request, launch, act, "Your word is taken back.")


@require_POST
def ask(request: Asked, pk: int) -> HttpResponse:
    """Ask the approvers for a decision."""
    launch, form = launch_of(request, pk), AskForm(request.POST)
    if not form.is_valid():
        focus_first_error(form)
        return shown(request, launch, Fault(422, ask=form))
    edition, note = edition_sent(request), form.cleaned_data["note"]
    act = partial(services.ask, launch, note=note, edition=edition)
    return carried_out(request, launch, act, "The approvers are asked.", ask=form)


@require_POST
def unask(request: Asked, pk: int) -> HttpResponse:
    launch = launch_of(request, pk)
    act = partial(services.take_question_back, launch, edition=edition_sent(request))
    return carried_out(request, launch, act, "No decision is asked for any more.")


def launch_of(request: Asked, pk: int, *, is_permitted: bool = False) -> Launch:
    """The launch with all that its page says; a right that was checked is not asked again."""
    rows = Launch.objects.select_related("team", "lead", "version", "candidate", "subject")
    return rows.get(pk=pk) if is_permitted else permitted(request, rows, pk)


def signature_of(request: Asked, pk: int) -> DecisionSignature:
    rows = DecisionSignature.objects.select_related("decision", "by")
    return permitted(request, rows, pk)


def first_error(form: Form) -> str:
    return str(next(iter(form.errors.values()))[0])


def carried_out(
    request: Asked, launch: Launch, act: Callable[..., object], says: str, **typed: Form
) -> HttpResponse:
    """Carry it out once, and answer: a refusal with what was typed, on the page as it is now."""
    try:
        act(by=request.user, key=sent_key(request), now=clock.now())
    except AlreadyDone:
        pass
    except Refused as refused:
        launch = launch_of(request, launch.pk, is_permitted=True)
        return shown(request, launch, Fault(refused.status, str(refused), **typed))  # type: ignore[arg-type]
    messages.success(request, says)
    address = reverse("launches:decision", args=[launch.pk])
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


def shown(request: Asked, launch: Launch, fault: Fault | None = None) -> HttpResponse:
    """The page as it is now; to htmx without what stands around it."""
    now = clock.now()
    acts = launch.acts_of(request.user)
    page, board, extras = page_of(launch, acts, reader=request.user, now=now)
    form = fault.form if fault else None
    if form is None and not page.why_not_decide:
        default = next(one.value for one in page.options if one.is_default)
        form = DecideForm(
            None,
            proposed=proposals_of(page, board, extras),
            owners=owners_for(launch),
            initial={"says": default},
        )
    context = {
        "nav": "launches",
        "page": page,
        "launch": launch,
        "tabs": tabs_of(launch),
        "form": form,
        "chosen": form["says"].value() if form else "",
        "ask": fault.ask if fault and fault.ask else AskForm(),
        "fault": fault,
        "needs_password": not was_confirmed(request, now),
        "key": new_key(),
    }
    is_part = request.htmx and not request.htmx.boosted
    template = "launches/decision.html#whole" if is_part else "launches/decision.html"
    return render(request, template, context, status=fault.status if fault else 200)
