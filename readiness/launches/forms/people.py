"""What the pages about people and teams may be sent."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from readiness.accounts.forms import NO_NAME, AddressField
from readiness.accounts.models import Role, User
from readiness.accounts.zones import ZoneField
from readiness.launches.forms.intake import Line, PersonField, QuorumField, named
from readiness.launches.queries.handing_over import Share, everybody
from readiness.launches.queries.intake import Seats
from readiness.launches.services.handing_over import Plan

NOBODY, AS_ABOVE = "nobody", "As above"
MOST_ROWS = 50
SAYS = {
    Role.LEAD: "Lead: opens and edits launches, invites people",
    Role.MEMBER: "Member: works on items and signs them off",
    Role.VIEWER: "Viewer: reads and comments",
    Role.APPROVER: "Approver: decides on launches",
    Role.EDITOR: "Editor: edits checklists",
    Role.AUDITOR: "Auditor: reads everything",
}


class RolesField(forms.TypedMultipleChoiceField):
    """Some of the roles that are offered."""

    def __init__(self, roles: Collection[Role], **more: Any) -> None:
        super().__init__(
            label="Roles",
            coerce=Role,
            choices=[(role.value, SAYS[role]) for role in roles],
            widget=forms.CheckboxSelectMultiple(attrs={"class": "choices choices--rows"}),
            error_messages={"required": "Choose at least one role."},
            **more,
        )


class RolesForm(forms.Form):
    """Which roles a person is to hold; none of them is to leave."""

    def __init__(
        self, sent: QueryDict | None, *, people: Sequence[User], roles: Collection[Role]
    ) -> None:
        super().__init__(sent)
        self.fields["person"] = PersonField("Person", people, "")
        self.fields["roles"] = RolesField(roles, required=False)


class TeamForm(forms.Form):
    """A new team."""

    name = Line("Name", 120, "Give the team a name.")


class QuorumForm(forms.Form):
    """How many approvers a GO of a team's launches takes."""

    quorum = QuorumField(
        "How many approvers must approve",
        "Left empty: as the checklist says, else all. A launch may say otherwise.",
    )


class InvitationForm(forms.Form):
    """Whom to invite, and as what."""

    email = AddressField(
        label="Mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "off", "placeholder": "name@company.com"}),
        error_messages={"required": "Say whom to invite."},
    )

    def __init__(self, sent: QueryDict | None, *, roles: Collection[Role]) -> None:
        super().__init__(sent, initial={"roles": [Role.MEMBER.value]})
        self.fields["roles"] = RolesField(roles)


class JoiningForm(forms.Form):
    """What somebody says about themselves when they come in."""

    name = Line("Your name", 120, NO_NAME, help_text="It is printed under what you sign.")
    zone = ZoneField(label="Your time zone")
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=1_000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters. A few words in a row are good.",
        error_messages={"required": "Choose a password."},
    )

    def __init__(self, sent: QueryDict | None, *, email: str, zone: str) -> None:
        super().__init__(sent, initial={"zone": zone})
        self.email = email
        self.fields["name"].widget.attrs["autocomplete"] = "name"

    def clean(self) -> dict[str, object]:
        said = self.cleaned_data
        if "password" in said:
            person = User(email=self.email, name=said.get("name", ""))
            try:
                get_adapter().clean_password(said["password"], user=person)
            except ValidationError as error:
                self.add_error("password", error)
        return said


class HandOverForm(forms.Form):
    """Who takes over from somebody who leaves: one person, or another for each launch."""

    def __init__(
        self, sent: QueryDict | None, *, shares: Sequence[Share], seats: Mapping[int, Seats]
    ) -> None:
        super().__init__(sent)
        self.shares, self.seats = shares, seats
        self.working = [share for share in shares if share.is_work]
        self.deciding = [share for share in shares if share.is_approver]
        if self.working:
            workers = everybody(seats, "workers")
            self.fields["to"] = PersonField(
                "Everything goes to", workers, "Choose a person", required=False
            )
        for share in self.working[:MOST_ROWS]:
            people = seats[share.launch.team_id].workers
            choices = [("", AS_ABOVE), *named(people)]
            choices += [] if share.is_lead else [(NOBODY, "Nobody yet")]
            self.fields[field_of(share)] = forms.ChoiceField(
                label=share.launch.name, choices=choices, required=False
            )
        if self.deciding:
            self.fields["decider"] = PersonField(
                "Approver's seats go to", everybody(seats, "approvers"), "Nobody", required=False
            )

    def clean(self) -> dict[str, object]:
        for share in self.working:
            self._clean_share(share)
        decider = self.cleaned_data.get("decider")
        if decider and (missing := self._undecided(cast("User", decider))):
            self.add_error("decider", f"{decider.name} is no approver in {missing}.")
        return self.cleaned_data

    def _clean_share(self, share: Share) -> None:
        """Who was chosen for this launch is of its team; who takes everything may not be."""
        if self.cleaned_data.get(field_of(share)) or "to" in self.errors:
            return
        to, launch = self.cleaned_data.get("to"), share.launch
        if to is None:
            self.add_error("to", "Choose who takes this over, here or for each launch.")
        elif to.pk != launch.lead_id and to not in self.seats[launch.team_id].workers:
            words = f"{to.name} is not a member of {launch.team.name}."
            self.add_error("to", f"{words} Choose somebody else for its launches.")

    def _undecided(self, decider: User) -> str:
        teams = [one.launch.team for one in self.deciding]
        return next((t.name for t in teams if decider not in self.seats[t.pk].approvers), "")

    def taker_of(self, share: Share) -> User | None:
        """Who takes over in one launch: whoever was chosen for it, or else for everything."""
        chosen = self.cleaned_data.get(field_of(share))
        if chosen == NOBODY:
            return None
        if chosen:
            people = self.seats[share.launch.team_id].workers
            return next(one for one in people if str(one.pk) == chosen)
        return self.cleaned_data.get("to")

    @property
    def rows(self) -> list[tuple[Share, forms.BoundField | None]]:
        """The launches that are shown, each with its field."""
        return [
            (share, self[field_of(share)] if field_of(share) in self.fields else None)
            for share in self.shares[:MOST_ROWS]
        ]

    @property
    def unlisted(self) -> int:
        return max(0, len(self.shares) - MOST_ROWS)

    def plan(self) -> Plan:
        """What was chosen, as the service takes it."""
        return Plan(
            takers={share.launch.pk: self.taker_of(share) for share in self.working},
            decider=self.cleaned_data.get("decider"),
        )


def field_of(share: Share) -> str:
    return f"to_{share.launch.pk}"
