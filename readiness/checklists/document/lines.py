"""YAML read strictly: plain values only, and the line each of them stands on.

Nothing is composed or constructed by the YAML library: its events are taken one by one,
so that anchors, tags, floats and depth are refused before they cost anything.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

import yaml

from readiness.checklists.document.problems import Path, Problem, Unreadable

MOST_BYTES = 1_048_576
MOST_LEVELS = 16
MOST_VALUES = 10_000
INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,8})")
TAGS = {
    "tag:yaml.org,2002:float": 'is a float; write it as text, for example "{text}".',
    "tag:yaml.org,2002:timestamp": 'is a date; write it as text: "{text}".',
    "tag:yaml.org,2002:null": "has no value.",
}


@dataclass
class Lines:
    """What a file says, and on which line each path of it stands."""

    value: Any = None
    at: dict[Path, int] = field(default_factory=dict)

    def of(self, path: Path) -> int:
        """The line of a path, or of the nearest thing around it."""
        while path not in self.at and path:
            path = path[:-1]
        return self.at.get(path, 1)


def read_lines(content: bytes) -> Lines:
    """Read one YAML document, or raise Unreadable with a line and a sentence for each fault."""
    text = _text(content)
    reader = _Reader()
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            reader.take(event)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Unreadable([Problem(line, "a character here cannot stand in YAML.")]) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        sentence = f"this is not YAML: {error.problem or error.context}."
        raise Unreadable([*reader.problems, Problem(line, sentence)]) from error
    except (ValueError, OverflowError) as error:
        sentence = "an escape here names no character."
        raise Unreadable([*reader.problems, Problem(reader.line, sentence)]) from error
    if reader.problems:
        raise Unreadable(reader.problems)
    if not isinstance(reader.lines.value, dict):
        raise Unreadable([Problem(1, "a checklist is a mapping that starts with schema.")])
    return reader.lines


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise Unreadable([Problem(1, "the file is larger than 1 MB.")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable([Problem(line, "this is not UTF-8.")]) from error


@dataclass
class _Open:
    """A mapping or list that has begun; `key` is where its next value goes."""

    holds: dict[str, Any] | list[Any]
    path: Path
    key: str | None = None


class _Reader:
    """Builds plain values from events, with a stack of its own."""

    def __init__(self) -> None:
        self.lines = Lines()
        self.problems: list[Problem] = []
        self.open: list[_Open] = []
        self.documents = 0
        self.values = 0
        self.line = 0

    def take(self, event: yaml.Event) -> None:
        if event.start_mark:
            self.line = event.start_mark.line + 1
        line = self.line
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._stop(line, "a second document starts here; a file holds one checklist.")
        elif isinstance(event, yaml.AliasEvent):
            self._stop(line, f"*{event.anchor} is an alias; write the value out.")
        elif isinstance(event, yaml.NodeEvent):
            self._node(event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.open.pop()

    def _node(self, event: Any, line: int) -> None:
        if event.anchor:
            self._stop(line, f"&{event.anchor} is an anchor; write the value out.")
        if event.tag:
            self._stop(line, "this has a tag; leave it out.")
        if self._awaits_key():
            self._key(event, line)
            return
        self.values += 1
        if self.values > MOST_VALUES:
            self._stop(line, f"the file holds more than {MOST_VALUES} values.")
        path = self._path()
        self.lines.at.setdefault(path, line)
        if isinstance(event, yaml.ScalarEvent):
            self._place(self._plain(event, path, line))
            return
        if len(self.open) == MOST_LEVELS:
            self._stop(line, f"this is nested more than {MOST_LEVELS} levels deep.")
        holds: dict[str, Any] | list[Any]
        holds = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._place(holds)
        self.open.append(_Open(holds, path))

    def _awaits_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1].holds, dict) and not self.open[-1].key

    def _key(self, event: Any, line: int) -> None:
        around = self.open[-1]
        if not isinstance(event, yaml.ScalarEvent) or not event.value:
            self._stop(line, "a key must be a word.")
        if event.value in around.holds:
            first = self.lines.at[(*around.path, event.value)]
            self.problems.append(
                Problem(line, f"{event.value} is here twice; it stands on line {first} already.")
            )
        around.key = event.value
        self.lines.at.setdefault((*around.path, event.value), line)

    def _path(self) -> Path:
        if not self.open:
            return ()
        around = self.open[-1]
        return (*around.path, len(around.holds) if around.key is None else around.key)

    def _place(self, value: Any) -> None:
        if not self.open:
            self.lines.value = value
            return
        around = self.open[-1]
        if isinstance(around.holds, dict):
            around.holds[str(around.key)] = value
            around.key = None
        else:
            around.holds.append(value)

    def _plain(self, event: yaml.ScalarEvent, path: Path, line: int) -> str | int | bool:
        """The value of a scalar: text, a whole number, true or false."""
        text = event.value
        tag = RESOLVER.resolve(yaml.ScalarNode, text, event.implicit)
        fault = TAGS.get(tag, "")
        if tag == "tag:yaml.org,2002:bool":
            if text in ("true", "false"):
                return text == "true"
            fault = 'is a bare {text}; write true, false or "{text}".'
        elif tag == "tag:yaml.org,2002:int":
            if INTEGER.fullmatch(text):
                return int(text)
            fault = 'is not a plain whole number; write it as text: "{text}".'
        elif any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text if sign not in "\n\t"):
            fault = "holds a character that cannot be shown."
        if fault:
            self.problems.append(Problem(line, f"{name_of(path)} {fault.format(text=text[:40])}"))
        return text

    def _stop(self, line: int, sentence: str) -> None:
        raise Unreadable([*self.problems, Problem(line, sentence)])


RESOLVER = yaml.resolver.Resolver()


def name_of(path: Path) -> str:
    """What a person calls the thing at a path: its last word."""
    words = [part for part in path if isinstance(part, str)]
    return str(words[-1]) if words else "the file"
