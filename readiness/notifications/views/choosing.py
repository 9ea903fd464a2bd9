"""What a person wants to hear, on which ways, and what their next digest would say."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from readiness import clock
from readiness.accounts.absences import absent_for
from readiness.accounts.requests import Asked
from readiness.audit.absences import come_back, go_away
from readiness.notifications.forms import AwayForm, ChoicesForm, HoursForm
from readiness.notifications.queries.hours import hours_of
from readiness.notifications.queries.preferences import Column, channels_of, groups_for
from readiness.notifications.queries.returned import returned_for, standing_for
from readiness.notifications.queries.titles import CHANNELS, ICONS
from readiness.notifications.services.letters import preview_of
from readiness.notifications.services.subscribing import choose, choose_hours
from readiness.notifications.views.away import away_form
from readiness.notifications.views.outbox import OF_A_MAIL, lift
from readiness.web.forms import focus_first_error, new_key
from readiness.web.middleware.headers import CONTENT_SECURITY_POLICY


@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: Asked) -> HttpResponse:
    """Every kind of message by every way out: a tick is a yes."""
    if request.method == "POST":
        form = ChoicesForm(request.POST, channels_of(request.user))
        form.full_clean()
        choose(request.user, form.chosen, now=clock.now())
        return redirect(reverse("notifications:choices") + "?saved")
    return _page(request, _kept_hours(request))


@require_POST
def hours(request: Asked) -> HttpResponse:
    """When a person wants to hear nothing."""
    form = HoursForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    choose_hours(request.user, now=clock.now(), **form.cleaned_data)
    return redirect(reverse("notifications:choices") + "?saved")


@require_POST
def away(request: Asked) -> HttpResponse:
    """From which day to which a person is away, and who stands in."""
    form = away_form(request.user, request.POST)
    if not form.is_valid():
        return _page(request, _kept_hours(request), away=form, status=422)
    go_away(request.user, by=request.user, now=clock.now(), **form.cleaned_data)
    return redirect(reverse("notifications:choices") + "?saved")


@require_POST
def back(request: Asked) -> HttpResponse:
    """A person is there from now on."""
    come_back(request.user, by=request.user, now=clock.now())
    return redirect(reverse("notifications:choices") + "?saved")


@require_POST
def works_again(request: Asked) -> HttpResponse:
    """A person says that mails reach them again."""
    return lift(request, request.user, redirect("notifications:choices"))


def _kept_hours(request: Asked) -> HoursForm:
    kept = hours_of(request.user)
    days = "\n".join(day.isoformat() for day in kept.days_off)
    said = {"quiet_from": kept.quiet_from, "quiet_until": kept.quiet_until, "days_off": days}
    return HoursForm(initial=said)


def _page(
    request: Asked, form: HoursForm, *, away: AwayForm | None = None, status: int = 200
) -> HttpResponse:
    focus_first_error(form)
    if away:
        focus_first_error(away)
    channels = channels_of(request.user)
    context = {
        "nav": "me",
        "channels": [Column(CHANNELS[one], ICONS[one]) for one in channels],
        "groups": groups_for(request.user, channels),
        "hours": form,
        "stopped": returned_for(standing_for(request.user), request.user),
        "key": new_key(),
        "away": away or away_form(request.user),
        "absent": absent_for(request.user, clock.now()),
        "preview": preview_of(request.user, clock.now()),
        "is_saved": "saved" in request.GET,
    }
    response = render(request, "notifications/choices.html", context, status=status)
    response["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return response


@require_safe
def preview(request: Asked) -> HttpResponse:
    """The HTML of the person's next digest, for the frame on that page."""
    found = preview_of(request.user, clock.now())
    if found.letter is None:
        return redirect("notifications:choices")  # which says why
    return HttpResponse(found.letter.html, headers=OF_A_MAIL)
