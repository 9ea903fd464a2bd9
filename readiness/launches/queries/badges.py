"""What a badge shows: the verdict of its launch in a word, and nothing else of it."""

from datetime import datetime
from typing import NamedTuple

from readiness.launches.models import Badge, Launch
from readiness.launches.queries.board import board_of
from readiness.launches.queries.card import shape_of

COLOURS = {"delay": "#b3261e", "monitor": "#8a5a00", "ready": "#1a7f45"}
GREY = "#5b6068"
LABEL = "readiness"
WIDE, NARROW = set("mwMW@%—"), set("iljtfrI.,:;'|!()[] ")


class Status(NamedTuple):
    """A badge, measured: its words, and where they stand."""

    label: str
    says: str
    colour: str
    label_width: int
    says_width: int

    @property
    def width(self) -> int:
        return self.label_width + self.says_width

    @property
    def label_at(self) -> float:
        return self.label_width / 2

    @property
    def says_at(self) -> float:
        return self.label_width + self.says_width / 2


def standing_badge(launch: int) -> Badge | None:
    """The one link to a launch's badge that is not revoked."""
    return Badge.objects.filter(launch=launch, revoked_at=None).first()


def status_of(token: str, now: datetime) -> Status:
    """What the badge with this token shows now; raises Badge.DoesNotExist."""
    badge = Badge.objects.get(token=token, revoked_at=None)
    verdict = board_of(Launch.objects.get(pk=badge.launch_id), now).verdict
    title = verdict.band.title if verdict.band else "Not assessable"
    says = f"{title} {verdict.shown}".strip()
    colour = COLOURS.get(shape_of(verdict.band), GREY)
    return Status(LABEL, says, colour, width_of(LABEL), width_of(says))


def width_of(words: str) -> int:
    """About how wide these words are in the badge's type, with room at both ends."""
    tenths = sum(105 if one in WIDE else 45 if one in NARROW else 73 for one in words)
    return 12 + tenths // 10
