"""What a plan of a review may contain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict

from readiness.accounts.models import User
from readiness.accounts.requests import Asked
from readiness.accounts.zones import ZoneField
from readiness.launches.forms.intake import (
    NO_DATE,
    NO_TIME,
    YEARS,
    PeopleField,
    PersonField,
    skipped,
)
from readiness.launches.forms.items import LARGEST_VERSION, Sent, line
from readiness.launches.models import Launch
from readiness.reviews.models import Review
from readiness.reviews.policies.planning import LONGEST, SHORTEST
from readiness.reviews.queries.planning import Chairs, Section
from readiness.reviews.services.planning import Plan
from readiness.web.forms import whole_number
from readiness.web.words import asked

LENGTH = 60
MOST_GUESTS = 50
NO_GUEST = "This person is not here any more, or sees the launch already. Look again."
NOT_MINUTES = f"Write how many minutes it lasts: {SHORTEST} to {LONGEST}."


class GuestsField(PeopleField):
    """Any of those who were found outside the team, with the address that tells them apart."""

    def __init__(self, people: Sequence[User]) -> None:
        super().__init__("Guests", people)
        self.choices = [(str(one.pk), f"{one.name}, {one.email}") for one in people]
        self.error_messages["invalid_choice"] = NO_GUEST


class PlanForm(Sent):
    """When a review meets, how long, who is asked to come, and what it looks at."""

    starts_on = forms.DateField(
        label="Day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose the day of the review.", "invalid": NO_DATE},
    )
    starts_time = forms.TimeField(
        label="Time",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "Choose when it begins.", "invalid": NO_TIME},
    )
    zone = ZoneField(
        label="Time zone", error_messages={"invalid_choice": "Choose a zone of the list."}
    )
    minutes = forms.IntegerField(
        label="Length in minutes",
        min_value=SHORTEST,
        max_value=LONGEST,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), NOT_MINUTES
        ),
    )
    is_invited_first = forms.BooleanField(
        label="Items of the invited first",
        required=False,
        help_text="Within each section, so that who came for one item can leave early.",
    )
    wants_poll = forms.BooleanField(
        label="Poll at the end",
        required=False,
        help_text="Each approver in the room is called in turn: GO, or HOLD with a reason.",
    )
    items = forms.TypedMultipleChoiceField(
        label="Items",
        coerce=int,
        required=False,
        error_messages={"invalid_choice": "Pick items of this launch."},
    )

    def __init__(
        self,
        sent: QueryDict | None = None,
        *,
        chairs: Chairs,
        sections: Sequence[Section],
        initial: dict[str, Any],
    ) -> None:
        super().__init__(sent, initial=initial)
        self.sections = sections
        self.fields["facilitator"] = PersonField(
            "Facilitator",
            chairs.drivers,
            "Choose a person",
            help_text="Starts the review and drives it first.",
        )
        self.fields["invited"] = PeopleField(
            "Invited", chairs.people, help_text="Who may see the launch. They get an invitation."
        )
        self.fields["guests"] = GuestsField(chairs.guests)
        points = [(str(point.pk), point.title) for one in sections for point in one.points]
        self.fields["items"].choices = points  # type: ignore[attr-defined]

    @property
    def guests_to_choose(self) -> list[tuple[str, str, bool]]:
        """Who may be chosen as a guest, by what the box sends, and whether it is ticked."""
        chosen = {str(one) for one in self["guests"].value() or ()}
        return [(pk, label, pk in chosen) for pk, label in self.fields["guests"].choices]  # type: ignore[attr-defined]

    @property
    def picked(self) -> set[str]:
        """The items whose boxes are ticked."""
        return {str(one) for one in self["items"].value() or ()}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.keys() >= {"starts_on", "starts_time", "zone"}:
            if said["starts_on"].year not in YEARS:
                self.add_error("starts_on", f"Choose a day between {YEARS[0]} and {YEARS[-1]}.")
                return said
            local = datetime.combine(said["starts_on"], said["starts_time"])
            at = local.replace(tzinfo=ZoneInfo(said["zone"])).astimezone(UTC)
            if at.astimezone(ZoneInfo(said["zone"])).replace(tzinfo=None) != local:
                self.add_error("starts_time", skipped(local, said["zone"]))
            said["starts_at"] = at
        return said

    @property
    def plan(self) -> Plan:
        """What was said, as the services take it."""
        said = self.cleaned_data
        return Plan(
            starts_at=said["starts_at"],
            zone=said["zone"],
            length_minutes=said["minutes"],
            facilitator=said["facilitator"],
            invited=tuple(said["invited"]),
            guests=tuple(said["guests"]),
            items=tuple(said["items"]) or None,
            is_invited_first=said["is_invited_first"],
            wants_poll=said["wants_poll"],
        )


class ChangeForm(PlanForm):
    """The same of a plan that stands, in the edition that the page was made from."""

    edition = forms.IntegerField(min_value=0, max_value=LARGEST_VERSION, widget=forms.HiddenInput)


class CancelForm(Sent):
    """A review is called off, and why."""

    because = forms.CharField(
        max_length=300,
        label="Why",
        widget=line(),
        help_text="The invited read it.",
        error_messages={"required": "Say why: the invited are told."},
    )


def fresh(launch: Launch, by: User, chairs: Chairs, now: datetime) -> dict[str, Any]:
    """A plan before anybody said anything: tomorrow at ten, with who is concerned."""
    day = (now.astimezone(by.tzinfo) + timedelta(days=1)).date()
    return {
        "starts_on": day,
        "starts_time": "10:00",
        "zone": by.zone,
        "minutes": LENGTH,
        "facilitator": str(by.pk) if by in chairs.drivers else "",
        "invited": [str(one.pk) for one in chairs.proposed],
    }


def typed(sent: QueryDict) -> dict[str, Any]:
    """A plan as somebody has come so far with it: nothing is refused yet."""
    several = {"invited", "guests", "items"}
    return {name: sent.getlist(name) if name in several else sent[name] for name in sent}


def standing(review: Review) -> dict[str, Any]:
    """A plan as its form shows it."""
    local = review.starts_at.astimezone(review.tzinfo)
    return {
        "starts_on": local.date(),
        "starts_time": local.time().replace(second=0, microsecond=0),
        "zone": review.zone,
        "minutes": review.length_minutes,
        "facilitator": str(review.facilitator_id),
        "invited": [str(pk) for pk in review.invited.values_list("person", flat=True)],
        "guests": [str(pk) for pk in review.invited.values_list("person", flat=True)],
        "items": [str(pk) for pk in review.agenda.values_list("item", flat=True)],
        "is_invited_first": review.is_invited_first,
        "wants_poll": review.wants_poll,
        "edition": review.edition,
    }


@dataclass(frozen=True, slots=True)
class Search:
    """The search for guests in the form of a plan; `sent` is a form that is to be carried out.

    Enter in the field of the search looks, and plans nothing.
    """

    words: str
    chosen: tuple[int, ...]
    sent: QueryDict | None
    typed: dict[str, Any]
    is_part: bool

    @classmethod
    def of(cls, request: Asked) -> "Search":
        is_sent = request.method == "POST"
        said = request.POST if is_sent else request.GET
        words = asked(said.get("guest", ""))
        looks = "find" in said or bool(is_sent and words and "plan" not in said)
        chosen = (whole_number(one, digits=18) for one in said.getlist("guests")[:MOST_GUESTS])
        return cls(
            words=words,
            chosen=tuple(filter(None, chosen)),
            sent=request.POST if is_sent and not looks else None,
            typed=typed(request.POST) if is_sent and looks else {},
            is_part=bool(request.htmx and not request.htmx.boosted and looks),
        )
