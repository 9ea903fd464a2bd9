"""Channels of a team outside: Slack, Microsoft Teams, webhooks, and the log of their calls."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from readiness import clock
from readiness.accounts import policies
from readiness.accounts.models import Team
from readiness.accounts.permissions import Action, can
from readiness.accounts.requests import Asked
from readiness.audit.services import AlreadyDone
from readiness.notifications.forms import ChannelForm, OutboxForm
from readiness.notifications.models import Call, Hook, Way
from readiness.notifications.queries.channels import channel_of, channels_of, log_of
from readiness.notifications.services import hooks
from readiness.notifications.topics import Topic
from readiness.web.forms import focus_first_error, new_key, sent_key
from readiness.web.refusal import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def channels(request: Asked, pk: int) -> HttpResponse:
    """The channels of a team; POST adds one."""
    team = managed(request, pk)
    if request.method != "POST":
        return _page(request, team, ChannelForm())
    form = ChannelForm(request.POST)
    if not form.is_valid():
        return _page(request, team, form, status=422)
    said = form.cleaned_data
    try:
        hook = hooks.add_hook(
            team, way=Way(said["way"]), name=said["name"], url=said["url"],
            topics=[Topic(one) for one in said["topics"]], by=request.user,
            key=sent_key(request), now=clock.now(),
        )  # fmt: skip
    except AlreadyDone:
        return redirect("notifications:channels", pk)
    except Refused as refusal:
        form.add_error("url", str(refusal))
        return _page(request, team, form, status=refusal.status)
    messages.success(request, f"{hook.name} hears what happens from now on.")
    return redirect("notifications:channel", hook.pk)


@require_safe
def channel(request: Asked, pk: int) -> HttpResponse:
    """One channel: what it hears, its secret, and what became of every call."""
    hook = _hook(request, pk)
    form = OutboxForm(request.GET)
    before = form.cleaned_data.get("before") if form.is_valid() else None
    context = {
        "nav": "teams",
        "team": hook.team,
        "channel": channel_of(hook, request.user),
        "secret": hook.secret,
        "log": log_of(hook, request.user, before=before),
        "key": new_key(),
    }
    return render(request, "notifications/channel.html", context)


@require_POST
def test(request: Asked, pk: int) -> HttpResponse:
    """Send a test."""
    hook = _hook(request, pk)
    return _done(request, hook, hooks.test_hook, hook, "A test goes out within a minute.")


@require_POST
def remove(request: Asked, pk: int) -> HttpResponse:
    """Tell it nothing more."""
    hook = _hook(request, pk)
    return _done(request, hook, hooks.remove_hook, hook, f"{hook.name} hears nothing more.")


@require_POST
def replay(request: Asked, pk: int) -> HttpResponse:
    """Tell it once more what it was told."""
    call = get_object_or_404(Call.objects.select_related("hook__team", "event"), pk=pk)
    hook = _hook(request, call.hook_id)
    return _done(request, hook, hooks.replay, call, "It goes out again within a minute.")


def _done(
    request: Asked, hook: Hook, act: Callable[..., object], about: object, says: str
) -> HttpResponse:
    """Do it, once, and lead back to the channel."""
    try:
        act(about, by=request.user, key=sent_key(request), now=clock.now())
        messages.success(request, says)
    except AlreadyDone:
        messages.success(request, says)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("notifications:channel", hook.pk)


def managed(request: Asked, pk: int) -> Team:
    """A team that the reader manages; 404 if they may not see it, else 403."""
    team = get_object_or_404(policies.teams_seen_by(request.user), pk=pk)
    if not can(request.user, Action.TEAM_MANAGE, team_id=team.pk):
        raise PermissionDenied
    return team


def _hook(request: Asked, pk: int) -> Hook:
    hook = get_object_or_404(Hook.objects.select_related("team"), pk=pk)
    managed(request, hook.team_id)
    return hook


def _page(request: Asked, team: Team, form: ChannelForm, status: int = 200) -> HttpResponse:
    focus_first_error(form)
    context = {
        "nav": "teams",
        "team": team,
        "channels": channels_of(team, request.user),
        "form": form,
        "key": new_key(),
    }
    return render(request, "notifications/channels.html", context, status=status)
