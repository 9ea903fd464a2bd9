"""From the bytes of a file to a checklist that makes sense, or to what is wrong with it."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from readiness.checklists.document.lines import read_lines
from readiness.checklists.document.problems import Unreadable
from readiness.checklists.document.sense import senseless
from readiness.checklists.document.shape import misshapen


@dataclass(frozen=True)
class Document:
    """A checklist file that was read: its plain value, and the hash that stands for it."""

    value: dict[str, Any]
    content: str


def read(content: bytes) -> Document:
    """Read a checklist file, or raise Unreadable with a line and a sentence for each fault."""
    lines = read_lines(content)
    if problems := misshapen(lines) or senseless(lines):
        raise Unreadable(problems)
    return Document(value=lines.value, content=hash_of(lines.value))


def hash_of(value: dict[str, Any]) -> str:
    """The same for two files that say the same, whatever their comments and line breaks."""
    canonical = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()
