"""Slack, by an incoming webhook: a sentence, and under it where the launch stands."""

import json
from datetime import datetime

from readiness.notifications.models import Hook
from readiness.notifications.queries.told import Told

HEADERS = {"Content-Type": "application/json"}
# What Slack reads as markup, as its documentation has it escaped.
ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def written(told: Told, hook: Hook, name: str, now: datetime) -> tuple[bytes, dict[str, str]]:
    """The message; names and texts of people are words in it, never markup."""
    sentence = told.sentence.translate(ESCAPED)
    blocks = [_section(f"{sentence}  <{told.url}|Open>")]
    if told.head:
        head = told.head
        parts = [head.name, f"{head.shape} {head.verdict} {head.score}".strip(), head.launches]
        blocks.append(_context(" · ".join(parts + [head.held] * bool(head.held))))
    return json.dumps({"text": sentence, "blocks": blocks}).encode(), HEADERS


def _section(text: str) -> dict[str, object]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _context(text: str) -> dict[str, object]:
    return {"type": "context", "elements": [{"type": "plain_text", "text": text}]}
