"""What may be asked for as the follow-up of an item, or why not."""

from datetime import date

LONGEST = 300


def asking(text: str, due_on: date, *, today: date) -> str:
    if not text.strip():
        return "Say what has to happen."
    if len(text.strip()) > LONGEST:
        return f"Say it in {LONGEST} letters at most."
    return "Choose a day that is still to come." if due_on < today else ""
