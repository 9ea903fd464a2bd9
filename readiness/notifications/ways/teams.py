"""Microsoft Teams, by a workflow's webhook: an adaptive card."""

import json
from datetime import datetime
from typing import Any

from readiness.notifications.models import Hook
from readiness.notifications.queries.told import Told

HEADERS = {"Content-Type": "application/json"}
CARD = "application/vnd.microsoft.card.adaptive"
# A card's text is Markdown: what would mark something up is written as itself.
ESCAPED = str.maketrans({letter: f"\\{letter}" for letter in "\\*_[]()#~`>"})


def written(told: Told, hook: Hook, name: str, now: datetime) -> tuple[bytes, dict[str, str]]:
    body: list[dict[str, Any]] = [_text(told.sentence)]
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
        "actions": [{"type": "Action.OpenUrl", "title": "Open", "url": told.url}],
    }
    message = {"type": "message", "attachments": [{"contentType": CARD, "content": card}]}
    return json.dumps(message).encode(), HEADERS


def _text(words: str) -> dict[str, Any]:
    return {"type": "TextBlock", "text": words.translate(ESCAPED), "wrap": True}
