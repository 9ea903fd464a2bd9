"""What opening and editing a launch may contain."""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import RegexValidator, URLValidator
from django.http import QueryDict

from readiness.accounts.models import Team, User
from readiness.accounts.zones import ZoneField
from readiness.checklists.models import Version
from readiness.launches.models import Launch
from readiness.launches.queries.intake import DutyAsked, Seats
from readiness.launches.services.launches import CANDIDATE, Intake

LONGEST_PURPOSE, MOST_APPROVERS = 5_000, 50
YEARS = range(2000, 2101)
TOO_LONG = "Use at most %(limit_value)d characters. This has %(show_value)d."
NO_DIGEST = "Write sha256: and 64 hex digits, as the registry shows it."
NO_LINK = "Write a link that starts with https:// or http://."
NO_DATE = "Write a date, like 2026-12-08."
NO_TIME = "Write a time, like 09:30."
PAST = "This time is past. A launch is opened before it happens."
NOT_OFFERED = "This person is not in the team."
WHEN = {"launch_on", "launch_time", "zone"}
NOBODY = "Nobody yet"
REASON = "moved_because"


class Line(forms.CharField):
    """One line of text that says something: spaces and breaks become single spaces."""

    def __init__(self, label: str, longest: int, empty: str, **more: Any) -> None:
        errors = {"required": empty, "max_length": TOO_LONG}
        super().__init__(label=label, max_length=longest, error_messages=errors, **more)
        self.widget.attrs |= {"dir": "auto", "autocomplete": "off"}

    def to_python(self, value: object) -> str:
        line = " ".join((super().to_python(value) or "").split())
        return line if any(unicodedata.category(letter)[0] not in "CZ" for letter in line) else ""


class Link(forms.URLField):
    """The address of a page that a browser may open."""

    default_validators = [URLValidator(schemes=["https", "http"])]


class PersonField(forms.TypedChoiceField):
    """One of the people who are offered."""

    def __init__(self, label: str, people: Sequence[User], nobody: str, **more: Any) -> None:
        self.people = {str(person.pk): person for person in people}
        super().__init__(
            label=label,
            choices=[("", nobody), *named(people)],
            coerce=self.people.get,
            empty_value=None,
            error_messages={"invalid_choice": NOT_OFFERED, "required": "Choose a person."},
            **more,
        )


class PeopleField(forms.TypedMultipleChoiceField):
    """Any of the people who are offered."""

    def __init__(self, label: str, people: Sequence[User], **more: Any) -> None:
        self.people = {str(person.pk): person for person in people}
        super().__init__(
            label=label,
            choices=named(people),
            coerce=self.people.get,
            empty_value=[],
            required=False,
            widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"}),
            error_messages={"invalid_choice": NOT_OFFERED},
            **more,
        )


class QuorumField(forms.IntegerField):
    """How many approvers a GO takes; nothing is for somebody else to say."""

    def __init__(self, label: str, help_text: str) -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            required=False,
            min_value=1,
            max_value=MOST_APPROVERS,
            error_messages={
                "invalid": "Write a number.",
                "min_value": "At least one person decides.",
                "max_value": "Nobody has so many approvers.",
            },
        )


class PlaceForm(forms.Form):
    """In which team, and on which checklist."""

    team = forms.TypedChoiceField(
        label="Team",
        error_messages={"invalid_choice": "Choose a team in which you may open launches."},
    )
    version = forms.TypedChoiceField(
        label="Checklist",
        error_messages={"invalid_choice": "Choose a checklist that is published."},
    )

    def __init__(
        self,
        sent: QueryDict | None,
        *,
        teams: Sequence[Team],
        versions: Sequence[Version],
        kept: QueryDict,
    ) -> None:
        super().__init__(sent)
        for name, offered in (("team", teams), ("version", versions)):
            by_pk = {str(one.pk): one for one in offered}
            field = cast("forms.TypedChoiceField", self.fields[name])
            field.coerce = by_pk.get
            field.choices = [(pk, str(one)) for pk, one in by_pk.items()]
            self.initial[name] = by_pk.get(kept.get(name, ""), offered[0]).pk
        self.in_team = next(one for one in teams if one.pk == self.initial["team"])
        self.on_version = next(one for one in versions if one.pk == self.initial["version"])


class IntakeForm(forms.Form):
    """What a launch says about itself, and who is in charge of what."""

    name = Line("Name", 120, "Give the launch a name.")
    model = Line("Model", 120, "Say which model it is.")
    purpose = forms.CharField(
        label="Purpose",
        required=False,
        max_length=LONGEST_PURPOSE,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text="What it is for, and whom it touches.",
        error_messages={"max_length": TOO_LONG},
    )
    candidate_name = Line("Registered as", 120, "Say what the registry calls the model.")
    candidate_version = Line("Version", 80, "Say which version is proposed.")
    candidate_digest = forms.CharField(
        label="Digest",
        required=False,
        validators=[RegexValidator(r"\Asha256:[0-9a-fA-F]{64}\Z", NO_DIGEST)],
        help_text="sha256: and 64 hex digits.",
    )
    candidate_registry_url = Link(
        label="Registry link",
        required=False,
        max_length=500,
        assume_scheme="https",
        error_messages={"max_length": TOO_LONG, "invalid": NO_LINK},
    )
    launch_on = forms.DateField(
        label="Launch date",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose the day of the launch.", "invalid": NO_DATE},
    )
    launch_time = forms.TimeField(
        label="Time",
        initial=time(9, 0),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "Choose the time of the launch.", "invalid": NO_TIME},
    )
    zone = ZoneField(
        label="Time zone", error_messages={"invalid_choice": "Choose a zone of the list."}
    )

    def __init__(
        self,
        sent: QueryDict | None = None,
        *,
        seats: Seats,
        duties: Sequence[DutyAsked],
        initial: Mapping[str, object] | None = None,
        kept: QueryDict | None = None,
        launch: Launch | None = None,
        now: datetime | None = None,
    ) -> None:
        """For a launch that is edited, or for one that is opened `now`, and so lies ahead."""
        super().__init__(sent, initial=as_typed(launch) if launch else dict(initial or {}))
        self.duties, self.launch, self.now = duties, launch, now
        if launch:
            self.fields[REASON] = moved_because()
        self.fields["lead"] = PersonField("Lead", seats.workers, "Choose a person")
        self.fields["approvers"] = PeopleField("Approvers", seats.approvers)
        self.fields["quorum"] = QuorumField(
            "How many of them must approve",
            "Left empty: as its team says, else its checklist, else all. Its lead never decides.",
        )
        for duty in duties:
            self.fields[duty_field(duty)] = PersonField(
                duty.title, seats.workers, NOBODY, required=False, help_text=owns(duty.items)
            )
        for name in self.fields.keys() & (kept or {}).keys():
            widget = self.fields[name].widget
            self.initial[name] = widget.value_from_datadict(kept, {}, name)

    def clean_launch_on(self) -> date:
        on = self.cleaned_data["launch_on"]
        if on.year not in YEARS:
            raise forms.ValidationError(f"Choose a day between {YEARS[0]} and {YEARS[-1]}.")
        return on

    def clean_candidate_digest(self) -> str:
        return self.cleaned_data["candidate_digest"].lower()

    def clean(self) -> dict[str, object]:
        said = self.cleaned_data
        if said.keys() >= WHEN:
            local = datetime.combine(said["launch_on"], said["launch_time"])
            at = local.replace(tzinfo=ZoneInfo(said["zone"])).astimezone(UTC)
            if at.astimezone(ZoneInfo(said["zone"])).replace(tzinfo=None) != local:
                self.add_error("launch_time", skipped(local, said["zone"]))
            elif self.now and at <= self.now:
                self.add_error("launch_on", PAST)
            is_moved = WHEN.intersection(self.changed_data)
            said["launch_at"] = self.launch.launch_at if self.launch and not is_moved else at
            if self.launch and is_moved and at != self.launch.launch_at:
                self._say_why()
        return said

    def _say_why(self) -> None:
        """A launch whose time moves says why: its owners read it."""
        if not self.cleaned_data.get(REASON) and REASON not in self.errors:
            self.add_error(REASON, "Say why the launch moves. Owners of its items read it.")

    @property
    def duty_fields(self) -> list[forms.BoundField]:
        return [self[duty_field(duty)] for duty in self.duties]

    def intake(self, team: Team) -> Intake:
        """What was said, as the services take it."""
        said = self.cleaned_data
        return Intake(
            team=team,
            name=said["name"],
            model=said["model"],
            purpose=said["purpose"],
            launch_at=said["launch_at"],
            zone=said["zone"],
            lead=said["lead"],
            approvers=said["approvers"],
            quorum=said["quorum"],
            candidate={name: said[f"candidate_{name}"] for name in CANDIDATE},
            duties={duty.key: said[duty_field(duty)] for duty in self.duties},
        )

    def differences(self) -> list[tuple[str, str]]:
        """The fields in which what was typed differs from what stands, and what stands there."""
        return [
            (str(self[name].label), standing(self[name]))
            for name in self.changed_data
            if name != REASON
        ]


def as_typed(launch: Launch) -> dict[str, object]:
    """A launch as the fields of its form show it."""
    local = launch.launch_at.astimezone(launch.tzinfo)
    return {
        **{name: getattr(launch, name) for name in ("name", "model", "purpose", "zone")},
        **{f"candidate_{name}": getattr(launch.candidate, name) for name in CANDIDATE},
        "launch_on": local.date(),
        "launch_time": local.time().replace(second=0, microsecond=0),
        "lead": str(launch.lead_id),
        "approvers": [str(one.person_id) for one in launch.approvers.all()],
        "quorum": launch.quorum or "",
        **{f"duty_{one.duty}": str(one.person_id) for one in launch.duties.all()},
    }


class EarlierForm(forms.Form):
    """What a new launch takes over from the one it is made from."""

    take_owners = forms.BooleanField(
        label="The owners of its items",
        required=False,
        help_text="Who may not work on this launch stays behind.",
    )
    take_links = forms.BooleanField(
        label="The evidence links of its items",
        required=False,
        help_text="Sign-offs are never taken over: each item is checked again.",
    )


def moved_because() -> Line:
    return Line(
        "Why it moves", 300, "", required=False, help_text="If the date or the time changes."
    )


def duty_field(duty: DutyAsked) -> str:
    return f"duty_{duty.key}"


def owns(items: int) -> str:
    return f"Owns {items or 'no'} item{'' if items == 1 else 's'}."


def named(people: Sequence[User]) -> list[tuple[str, str]]:
    """People to choose from; two of one name are told apart by their mail."""
    times = Counter(person.name for person in people)
    return [
        (str(one.pk), one.name if times[one.name] == 1 else f"{one.name} ({one.email})")
        for one in people
    ]


def skipped(local: datetime, zone: str) -> str:
    """Why a wall clock in this zone never shows this time."""
    return (
        f"On {local:%a} {local.day} {local:%b} clocks in {zone.replace('_', ' ')} jump over "
        f"{local:%H:%M}. Choose another time."
    )


def standing(bound: forms.BoundField) -> str:
    """The initial value of a field, in the words of its choices."""
    value = bound.initial
    words: dict[object, object] = dict(getattr(bound.field, "choices", []))
    chosen = value if isinstance(value, list) else [value]
    return ", ".join(str(words.get(one, one)) for one in chosen if one not in (None, "")) or "empty"
