"""Minutes as people read them: nothing is computed anew but whether they are whole."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from readiness.accounts.models import User
from readiness.launches.queries.faces import Face, face_of
from readiness.launches.queries.record import hash_of
from readiness.reviews.models import Minutes
from readiness.reviews.queries.minutes_words import blots_of
from readiness.web import locales
from readiness.web.templatetags.face import in_full

Part = dict[str, Any]
KINDS = {"na": ("Not applicable", "na"), "waiver": ("Waiver", "waived")}
DEVICES = {"laptop": "on a laptop", "phone": "on a phone"}
SAYS = {"go": ("GO", "green"), "hold": ("HOLD", "red"), "": ("Not heard", "")}


@dataclass(frozen=True, slots=True)
class Shown:
    """The minutes of a review with everything written out; `numbers` are those before and after."""

    minutes: Minutes
    content: Part
    day: str
    length: str
    at: str
    people: tuple[Face, ...]
    stats: tuple[tuple[str, str], ...]
    between: str
    follow_ups: tuple[Part, ...]
    waivers: tuple[Part, ...]
    sections: tuple[Part, ...]
    attendance: tuple[Part, ...]
    calls: tuple[Part, ...]
    changes: tuple[Part, ...]
    short: tuple[Part, ...]
    numbers: tuple[int, ...]
    redactions: tuple[str, ...]
    sha256: str
    is_whole: bool

    @property
    def title(self) -> str:
        return f"Design review {self.content['review']['number']}"

    @property
    def was_late(self) -> str:
        """How the time it took compares with the plan."""
        said = self.content["review"]
        over = round((said["seconds"] - said["planned_seconds"]) / 60)
        if over == 0:
            return "as planned"
        return f"{abs(over)} min {'over' if over > 0 else 'under'} the plan"


def shown_of(minutes: Minutes) -> Shown:
    content = minutes.content
    said = content["review"]
    zone = ZoneInfo(said["zone"])
    faces = _faces(content)
    blots = blots_of(minutes)
    sha256 = minutes.content_hash
    for blot in blots:
        sha256 = blot.sha256 if blot.was == sha256 else sha256
    began = datetime.fromisoformat(said["began_at"]).astimezone(zone)
    return Shown(
        minutes=minutes,
        content=content,
        day=in_full(began),
        length=_minutes(said["seconds"]),
        at=_when(said["ended_at"], zone),
        people=tuple(faces[one["person"]] for one in content["attendance"]),
        stats=tuple(_stats(content)),
        between=_between(content),
        follow_ups=tuple(
            one | {"due": _due(one), "face": faces[one["owner_id"]]}
            for one in content["follow_ups"]
        ),
        waivers=tuple(_proposal(one) for one in content["proposals"]),
        sections=tuple(_section(one) for one in content["sections"]),
        attendance=tuple(
            _attended(one, faces, zone, began.date()) for one in content["attendance"]
        ),
        calls=tuple(_call(one, faces) for one in (content["poll"] or {}).get("calls", ())),
        changes=tuple(_change(one, zone) for one in content["changes"]),
        short=tuple(one for one in content["items"] if one["is_short"]),
        numbers=tuple(minutes.review.minutes.values_list("number", flat=True)),
        redactions=tuple(
            f"Redacted by {one.by}, {_when(one.at.isoformat(), zone)}, because: {one.because}"
            for one in blots
        ),
        sha256=sha256,
        is_whole=hash_of(content) == sha256,
    )


def clock(seconds: int) -> str:
    """Minutes and seconds: 1:21, 62:05."""
    return f"{seconds // 60}:{seconds % 60:02}"


def _stats(content: Part) -> Iterator[tuple[str, str]]:
    """The six numbers below the verdicts."""
    said = content["review"]
    yield _count(said["covered"], "item covered", "items covered")
    yield str(len(content["checked"])), "checked"
    yield _count(len(content["follow_ups"]), "follow-up", "follow-ups")
    yield _count(len(content["proposals"]), "waiver or N/A", "waivers or N/A")
    yield str(len(content["parked"])), "parked"
    yield clock(said["seconds_per_item"]), "per item"


def _count(number: int, one: str, many: str) -> tuple[str, str]:
    return str(number), one if number == 1 else many


def _between(content: Part) -> str:
    undone = f", {len(content['undone'])} undone" if content["undone"] else ""
    return f"{len(content['checked'])} checked{undone}"


def _proposal(one: Part) -> Part:
    word, look = KINDS[one["kind"]]
    became = {
        "waits": "waits for a second person",
        "agreed": f"agreed by {one['by']}",
        "declined": f"declined by {one['by']}",
        "withdrawn": f"taken back by {one['by']}",
    }[one["became"]]
    until = f"Until {in_full(date.fromisoformat(one['until']))}." if one["until"] else ""
    return one | {"word": word, "look": look, "said": became, "ends": until}


def _section(one: Part) -> Part:
    """A section with its bars: what it took and what was planned, of the longer."""
    took, planned = one["seconds"], one["planned_seconds"]
    most = max(took, planned, 1)
    return one | {
        "took": clock(took),
        "planned": clock(planned),
        "took_at": str(100 * took // most),
        "planned_at": str(100 * planned // most),
        "is_over": took > planned,
    }


def _attended(one: Part, faces: Mapping[int, Face], zone: ZoneInfo, began: date) -> Part:
    """When somebody was there; minutes of long ago know no gaps."""
    spans: list[list[str]] = []
    for stay in one.get("stays", [[one["from"], one["to"]]]):
        since, until = (_hour(at, zone, began) for at in stay)
        if spans and spans[-1][1] == since:  # gone for less than one reads
            spans[-1][1] = until
        else:
            spans.append([since, until])
    return one | {
        "face": faces[one["person"]],
        "span": ", ".join(" to ".join(dict.fromkeys(span)) for span in spans),
        "length": _minutes(one["seconds"]),
        "with": " and ".join(DEVICES.get(device, "") for device in one["devices"]),
    }


def _hour(at: str, zone: ZoneInfo, began: date) -> str:
    """The time on the wall there; of another day, where the review went on again, with the day."""
    there = datetime.fromisoformat(at).astimezone(zone)
    day = f"{locales.weekday(there.date())} " if there.date() != began else ""
    return f"{day}{there:%H:%M}"


def _call(one: Part, faces: Mapping[int, Face]) -> Part:
    word, tone = SAYS[one["says"]]
    return one | {"word": word, "tone": tone, "face": faces[one["person"]]}


def _change(one: Part, zone: ZoneInfo) -> Part:
    at = datetime.fromisoformat(one["at"]).astimezone(zone)
    words = " ".join(filter(None, (one["did"], one["about"], one["then"])))
    return one | {"time": f"{at:%H:%M}", "words": words}


def _faces(content: Part) -> dict[int, Face]:
    """The faces of people as they were called then."""
    named = [(one["person"], one["name"]) for one in content["attendance"]]
    named += [(one["owner_id"], one["owner"]) for one in content["follow_ups"]]
    named += [(one["person"], one["name"]) for one in (content["poll"] or {}).get("calls", ())]
    emails = dict(_emails({pk for pk, _ in named}))
    return {pk: face_of(name, emails.get(pk, "")) for pk, name in named}


def _emails(people: Iterable[int]) -> Iterable[tuple[int, str]]:
    return User.objects.filter(pk__in=people).values_list("pk", "email")


def _minutes(seconds: int) -> str:
    """A length as people say it."""
    minutes = max(1, round(seconds / 60))
    return f"{minutes} minute{'' if minutes == 1 else 's'}"


def _day(on: str) -> str:
    return locales.weekday(date.fromisoformat(on))


def _due(one: Part) -> str:
    """Until when something is owed; and whether it was settled before the review ended."""
    if one["is_done"]:
        return "done"
    return f"{_day(one['due_on'])}{', the item is checked' if one.get('is_met') else ''}"


def _when(at: str, zone: ZoneInfo) -> str:
    there = datetime.fromisoformat(at).astimezone(zone)
    return f"{in_full(there)}, {there:%H:%M}"
