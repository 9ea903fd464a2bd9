"""A launch as Markdown: what people wrote stays text, whatever it looks like."""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote

from readiness.launches.queries.report import Entry, Excuse, Part, Report, Signed

SIGNS = re.compile(r"([\\`*_\[\]<>|~])")
ENTITY = re.compile(r"&(?=#?\w+;)")
UNSEEN = "&#8203;"  # a space without width: nobody is called, no number becomes a link
CALLS = re.compile(r"(@|#(?=\d)|(?<=\w)#|(?<=GH)-(?=\d))")
TURNING = {*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}
IN_A_LINK = "%/:?#[]@!$&'*+,;=~-._"


def markdown(report: Report) -> str:
    """The whole launch, to be read in a pull request."""
    return "\n".join([*_head(report), *(line for part in report.parts for line in _part(part))])


def plain(words: str) -> str:
    """People's words on one line of Markdown, where they can mean nothing but themselves."""
    seen = "".join(one for one in words if one.isspace() or _is_seen(one))
    line = SIGNS.sub(r"\\\1", ENTITY.sub("&amp;", " ".join(seen.split())))
    return CALLS.sub(rf"\1{UNSEEN}", line)


def code(words: str) -> str:
    """A name as it is typed; one that could end the code is plain text."""
    line = " ".join(words.split())
    return plain(line) if "`" in line else f"`{line}`"


def _is_seen(letter: str) -> bool:
    """Neither a control character nor one that turns the direction of what follows."""
    return unicodedata.category(letter) != "Cc" and letter not in TURNING


def _head(report: Report) -> Iterator[str]:
    head = report.head
    yield f"# {plain(head.name)}"
    yield ""
    percent = f"{report.percent}: " if report.percent else ""
    left_out = f" {report.na_share}." if report.na_share else ""
    yield f"**{plain(report.says)}.** {percent}{plain(report.counts)}{left_out}"
    if report.many_na:
        yield ""
        yield f"**{report.many_na}**"
    if report.held:
        yield ""
        yield f"**Held: {len(report.held)} must-have{'s' * (len(report.held) > 1)} open.**"
        yield ""
        yield from (f"- {plain(one)}" for one in report.held)
    if report.glass:
        yield ""
        yield f"**{plain(report.glass)}**"
    yield ""
    facts = {
        "Launch": f"{head.day} {report.year}, {head.tminus}",
        "Lead": plain(head.lead.name),
        "Team": plain(head.team),
        "Candidate": code(head.candidate) if head.candidate else "",
        "Checklist": plain(head.version),
    }
    yield from (f"- {name}: {said}" for name, said in facts.items() if said)
    yield ""
    at = plain(report.at)
    yield f"As of {at}, event {report.sequence} of log {report.subject}, `{report.hash}`."


def _part(part: Part) -> Iterator[str]:
    yield ""
    yield f"## {part.number}. {plain(part.title)} ({part.checked} of {part.counted})"
    yield ""
    for entry in part.entries:
        yield from _entry(entry)


def _entry(entry: Entry) -> Iterator[str]:
    box = "x" if entry.look == "done" else " "
    said = [f"**{plain(entry.ref)}** {plain(entry.title)}"]
    said += ["must-have"] if entry.is_must_have else []
    said += [f"**{entry.word}**"] if entry.look not in ("done", "not_started") else []
    said += [plain(entry.owner)] if entry.owner else []
    said += [f"due {entry.due}"] if entry.due and entry.look not in ("done", "na") else []
    yield f"- [{box}] {', '.join(said)}"
    if entry.why:
        yield f"  - {plain(entry.why)}"
    yield from (f"  - {_excuse(one)}" for one in entry.excuses)
    yield from (f"  - {_signed(one)}" for one in entry.signed)
    yield from (f"  - {plain(one)}" for one in entry.facts)
    for proof in entry.proofs:
        title = plain(proof.title)
        yield f"  - Evidence: {f'[{title}]({_link(proof.url)})' if proof.url else title}"


def _signed(signed: Signed) -> str:
    note = f": {plain(signed.note)}" if signed.note else ""
    fallen = "" if signed.counts else ", which does not count any more"
    way = f" {plain(signed.way)}" if signed.way else ""
    return f"Checked{way} by {plain(signed.name)}, {signed.at}{fallen}{note}"


def _excuse(excuse: Excuse) -> str:
    agreed = f"agreed by {plain(excuse.agreed_by)}" if excuse.agreed_by else "nobody agreed yet"
    until = f" until {excuse.ends}" if excuse.ends else ""
    control = f" Instead: {plain(excuse.control)}" if excuse.control else ""
    asked = plain(excuse.asked_by)
    return f"{excuse.word}{until}, asked by {asked}, {agreed}: {plain(excuse.reason)}{control}"


def _link(url: str) -> str:
    """An address that cannot end the link it stands in."""
    return quote(url, safe=IN_A_LINK)
