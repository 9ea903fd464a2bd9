"""Slack, by an incoming webhook: a sentence, and under it where the launch stands."""

import json
from datetime import datetime

from readiness.notifications.queries.told import Line, Told

LONGEST = 500  # letters of a line; Slack takes 3,000
HEADERS = {"Content-Type": "application/json"}
# What Slack reads as markup, as its documentation has it escaped.
ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def written(told: Told, secret: str, name: str, now: datetime) -> tuple[bytes, dict[str, str]]:
    """The message; names and texts of people are words in it, never markup."""
    sentence = told.sentence.translate(ESCAPED)
    blocks = [_section(f"{sentence}  <{told.url}|Open>"), *map(_line, told.lines)]
    if told.head:
        head = told.head
        parts = [head.name, f"{head.shape} {head.verdict} {head.score}".strip(), head.launches]
        blocks.append(_context(" · ".join(parts + [head.held] * bool(head.held))))
    return json.dumps({"text": sentence, "blocks": blocks}).encode(), HEADERS


def _line(line: Line) -> dict[str, object]:
    words = line.words[:LONGEST]
    if line.url:
        return _section(f"<{line.url}|{words.translate(ESCAPED)}>")
    return {"type": "section", "text": {"type": "plain_text", "text": words}}


def _section(text: str) -> dict[str, object]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _context(text: str) -> dict[str, object]:
    return {"type": "context", "elements": [{"type": "plain_text", "text": text}]}
