"""Teams: who is in them, in which roles, and who is invited."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from readiness import clock
from readiness.accounts import policies
from readiness.accounts.models import Invitation, Team
from readiness.accounts.permissions import Action, can
from readiness.accounts.requests import Asked
from readiness.audit import inviting
from readiness.audit import people as services
from readiness.audit.services import AlreadyDone
from readiness.launches.forms.people import InvitationForm, QuorumForm, RolesForm, TeamForm
from readiness.launches.queries import people as queries
from readiness.launches.templatetags.beside import toast
from readiness.web.forms import focus_first_error, new_key, sent_key, whole_number


@require_safe
def teams(request: Asked) -> HttpResponse:
    """The teams one may see."""
    return _teams(request, TeamForm())


@require_POST
def add(request: Asked) -> HttpResponse:
    """Add a team."""
    form = TeamForm(request.POST)
    if not form.is_valid():
        return _teams(request, form, status=422)
    team = services.add_team(form.cleaned_data["name"], by=request.user, now=clock.now())
    return redirect("people:team", team.pk)


def _teams(request: Asked, form: TeamForm, status: int = 200) -> HttpResponse:
    focus_first_error(form)
    everywhere = queries.members_of(None) if request.user.is_site_admin else []
    context = {
        "nav": "teams",
        "rows": queries.team_rows(request.user),
        "everywhere": everywhere,
        "form": form,
    }
    return render(request, "accounts/teams.html", context, status=status)


@require_safe
def team(request: Asked, pk: int) -> HttpResponse:
    """One team."""
    return _team(request, _seen(request, pk))


@require_POST
def set_roles(request: Asked, pk: int) -> HttpResponse:
    """Let a person of the team hold other roles, or none."""
    found = _managed(request, pk)
    people = [one.person for one in queries.members_of(found)]
    form = RolesForm(request.POST, people=people, roles=policies.roles_given_by(request.user))
    if not form.is_valid():
        return _team(request, found, problem="Choose a person and roles of the list.", status=422)
    person, roles = form.cleaned_data["person"], form.cleaned_data["roles"]
    services.set_roles(person, roles, team=found, by=request.user, now=clock.now())
    said = f"The roles of {person.name} are saved."
    return _done(request, found, said, anchor=f"#person-{person.pk}", focus=person.pk)


@require_POST
def set_quorum(request: Asked, pk: int) -> HttpResponse:
    """Say how many approvers decide on the team's launches, where a launch says nothing."""
    found = _managed(request, pk)
    form = QuorumForm(request.POST)
    if not form.is_valid():
        return _team(request, found, quorum=form, status=422)
    services.set_quorum(found, form.cleaned_data["quorum"], by=request.user, now=clock.now())
    return _done(request, found, "How many must approve is saved.", anchor="#quorum")


@require_POST
def invite(request: Asked, pk: int) -> HttpResponse:
    """Ask a mail address into the team."""
    found = _managed(request, pk)
    form = InvitationForm(request.POST, roles=policies.roles_given_by(request.user))
    if not form.is_valid():
        return _team(request, found, form=form, status=422)
    email = form.cleaned_data["email"]
    try:
        inviting.invite(
            email,
            team=found,
            roles=form.cleaned_data["roles"],
            by=request.user,
            key=sent_key(request),
            now=clock.now(),
        )
    except AlreadyDone:
        return _done(request, found, "")
    return _done(request, found, f"A mail goes to {email}.")


@require_POST
def resend(request: Asked, pk: int) -> HttpResponse:
    """Send an invitation once more."""
    invitation = _invitation(request, pk)
    number = whole_number(request.POST.get("sent", ""), digits=5)
    inviting.resend(invitation, sent=number, by=request.user, now=clock.now())
    said = f"A new mail goes to {invitation.email}. The link before ended."
    return _done(request, invitation.team, said)


@require_POST
def revoke(request: Asked, pk: int) -> HttpResponse:
    """End an invitation."""
    invitation = _invitation(request, pk)
    inviting.revoke(invitation, by=request.user, now=clock.now())
    return _done(request, invitation.team, f"The invitation of {invitation.email} ended.", focus=0)


def _seen(request: Asked, pk: int) -> Team:
    """A team the reader may see, else 404."""
    return get_object_or_404(policies.teams_seen_by(request.user), pk=pk)


def _managed(request: Asked, pk: int) -> Team:
    """A team in which the reader gives roles, else 403."""
    found = _seen(request, pk)
    if not can(request.user, Action.TEAM_MANAGE, team_id=found.pk):
        raise PermissionDenied
    return found


def _invitation(request: Asked, pk: int) -> Invitation:
    seen = Invitation.objects.filter(team__in=policies.teams_seen_by(request.user))
    invitation = get_object_or_404(seen.select_related("team"), pk=pk)
    _managed(request, invitation.team_id)
    return invitation


def _done(
    request: Asked, found: Team, said: str, *, anchor: str = "", focus: int | None = None
) -> HttpResponse:
    """After an act: htmx gets the team as it is now and a toast, others are led to its page.

    The focus goes to the row that was changed, or to the title where the row is gone.
    """
    if request.htmx:
        return _team(request, found, said=toast(said) if said else "", focus=focus)
    if said:
        messages.success(request, said)
    return redirect(f"{reverse('people:team', args=[found.pk])}{anchor}")


def _team(
    request: Asked,
    found: Team,
    *,
    form: InvitationForm | None = None,
    quorum: QuorumForm | None = None,
    problem: str = "",
    status: int = 200,
    **more: object,
) -> HttpResponse:
    """The page of a team; what only its leads see is not even read for others."""
    now, roles = clock.now(), policies.roles_given_by(request.user)
    is_managed = can(request.user, Action.TEAM_MANAGE, team_id=found.pk)
    form = form or InvitationForm(None, roles=roles)
    quorum = quorum or QuorumForm(initial={"quorum": found.quorum})
    focus_first_error(form)
    focus_first_error(quorum)
    context = {
        "nav": "teams",
        "team": found,
        "members": queries.members_of(found),
        "is_managed": is_managed,
        "roles": [role.value for role in roles],
        "pending": queries.pending_in(found, request.user, now) if is_managed else [],
        "latest": queries.latest_in(found, now) if is_managed else [],
        "form": form,
        "quorum": quorum,
        "problem": problem,
        "key": new_key(),
        **more,
    }
    template = "accounts/team.html#team" if request.htmx else "accounts/team.html"
    return render(request, template, context, status=status)
