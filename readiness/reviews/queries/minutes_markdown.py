"""Minutes as Markdown, to be kept beside the code: what people wrote stays text."""

from collections.abc import Iterator

from readiness.launches.queries.markdown import plain
from readiness.reviews.queries.minutes_text import Part, Shown, clock

LONGEST = 5  # items that took the most time


def markdown(shown: Shown) -> str:
    """All of the minutes but the single changes."""
    parts = (_head, _follow_ups, _checked, _excuses, _parked, _poll, _time, _foot)
    return "\n".join(line for part in parts for line in part(shown))


def _head(shown: Shown) -> Iterator[str]:
    content = shown.content
    said, launch = content["review"], content["launch"]
    yield f"# {shown.title} of {plain(launch['name'])}"
    yield ""
    length = f"{shown.length}, {shown.was_late}"
    yield f"{plain(shown.day)}, {length}, driven by {plain(said['driver'] or 'nobody')}."
    for redaction in shown.redactions:
        yield ""
        yield f"**Words were taken out of these minutes.** {plain(redaction)}"
    yield ""
    for name in ("before", "after"):
        one = content[name]
        score = f", {plain(one['shown'])}" if one["shown"] else ""
        counts = f"{one['checked']} of {one['counted']}"
        reach = f" {plain(one['reach'])}" if one.get("reach") else ""
        yield f"- {name.capitalize()}: **{plain(one['title'])}**{score}, {counts}.{reach}"
    for one in content["decisions"]:
        yield f"- Decision {one['number']}: {plain(one['title'])}"
    yield f"- Candidate: {plain(launch['candidate'] or 'none')}"
    yield f"- Checklist: {plain(launch['checklist'])}"


def _follow_ups(shown: Shown) -> Iterator[str]:
    yield from _titled("Follow-ups", shown.follow_ups)
    for one in shown.follow_ups:
        owes = f"{plain(one['owner'])}, by {one['due_on']}"
        owes += ", the item is checked" if one.get("is_met") else ""
        yield f"- [{'x' if one['is_done'] else ' '}] **{one['ref']}** {plain(one['text'])} ({owes})"


def _checked(shown: Shown) -> Iterator[str]:
    content = shown.content
    yield from _titled("Checked", content["checked"])
    for one in content["checked"]:
        by = f" ({plain(one['by'])})" if one["by"] else ""
        yield f"- [x] **{one['ref']}** {plain(one['title'])}{by}"
    yield from _titled("Done, and not checked yet", shown.short)
    for one in shown.short:
        yield f"- **{one['ref']}** {plain(one['title'])}: {one['shown_as']}"
    yield from _titled("Undone", content["undone"])
    for one in content["undone"]:
        why = f": {plain(one['because'])}" if one["because"] else ""
        by = f" ({plain(one['by'])}{why})" if one["by"] else ""
        yield f"- **{one['ref']}** {plain(one['title'])}, {one['shown_as']}{by}"


def _excuses(shown: Shown) -> Iterator[str]:
    yield from _titled("Waivers and N/A", shown.waivers)
    for one in shown.waivers:
        asked = f"asked by {plain(one['asked_by'])}, {plain(one['said'])}"
        yield f"- **{one['ref']}** {plain(one['title'])}: {one['word']}, {asked}."
        instead = f" Instead: {plain(one['control'])}" if one["control"] else ""
        ends = f" {one['ends']}" if one["ends"] else ""
        yield f"  - {plain(one['reason'])}{instead}{ends}"


def _parked(shown: Shown) -> Iterator[str]:
    parked = shown.content["parked"]
    yield from _titled("Parked", parked)
    for one in parked:
        yield f"- **{one['ref']}** {plain(one['title'])}: {plain(one['because'])}"


def _poll(shown: Shown) -> Iterator[str]:
    yield from _titled("Go/no-go poll", shown.calls)
    for one in shown.calls:
        reason = f": {plain(one['reason'])}" if one["reason"] else ""
        yield f"- **{one['word']}** {plain(one['name'])}{reason}"


def _time(shown: Shown) -> Iterator[str]:
    yield from _titled("Time", shown.sections)
    if shown.sections:
        yield "| Section | Items | Took | Planned |"
        yield "| --- | ---: | ---: | ---: |"
    for one in shown.sections:
        took = f"{one['items']} | {one['took']} | {one['planned']}"
        yield f"| {one['number']}. {plain(one['title'])} | {took} |"
    timed: list[Part] = [one for one in shown.content["items"] if one["seconds"]]
    if timed:
        yield ""
    for one in sorted(timed, key=lambda item: -item["seconds"])[:LONGEST]:
        yield f"- {clock(one['seconds'])} **{one['ref']}** {plain(one['title'])}"
    yield from _titled("In the room", shown.attendance)
    for one in shown.attendance:
        guest = " (guest)" if one.get("is_guest") else ""
        yield f"- {plain(one['name'])}{guest}, {one['span']}, {one['length']}, {one['with']}"


def _foot(shown: Shown) -> Iterator[str]:
    log = shown.content["log"]
    yield ""
    yield f"Head of the log: event {log['event']} of chain {log['chain']}, `{log['head']}`."
    yield f"SHA-256 of these minutes: `{shown.sha256}`."


def _titled(title: str, rows: object) -> Iterator[str]:
    """A heading where something follows it."""
    if rows:
        yield ""
        yield f"## {title}"
        yield ""
