"""Microsoft Teams, by a workflow's webhook: an adaptive card."""

import json
from datetime import datetime
from typing import Any

from readiness.notifications.queries.told import Line, Told

LONGEST = 500  # letters of a line
HEADERS = {"Content-Type": "application/json"}
CARD = "application/vnd.microsoft.card.adaptive"
# A card's text is Markdown: what would mark something up is written as itself.
ESCAPED = str.maketrans({letter: f"\\{letter}" for letter in "\\*_[]()#~`>"})


def written(told: Told, secret: str, name: str, now: datetime) -> tuple[bytes, dict[str, str]]:
    body: list[dict[str, Any]] = [_text(told.sentence), *map(_line, told.lines)]
    if told.head:
        head = told.head
        stands = f"{head.shape} {head.verdict} {head.score}".strip()
        facts = {"Launch": head.name, "Verdict": stands, "Date": head.launches, "Held": head.held}
        body.append(
            {
                "type": "FactSet",
                "facts": [
                    {"title": title, "value": value.translate(ESCAPED)}
                    for title, value in facts.items()
                    if value
                ],
            }
        )
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
        "actions": [_open(told.url)],
    }
    message = {"type": "message", "attachments": [{"contentType": CARD, "content": card}]}
    return json.dumps(message).encode(), HEADERS


def _line(line: Line) -> dict[str, Any]:
    """A line that leads to its page by a touch, so that its words need no markup."""
    text = _text(line.words[:LONGEST])
    if not line.url:
        return text
    return {"type": "Container", "items": [text], "selectAction": _open(line.url)}


def _open(url: str) -> dict[str, str]:
    return {"type": "Action.OpenUrl", "title": "Open", "url": url}


def _text(words: str) -> dict[str, Any]:
    return {"type": "TextBlock", "text": words.translate(ESCAPED), "wrap": True}
