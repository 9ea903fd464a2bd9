"""Durations: whole seconds, typed and shown as 5m, 2h or 14d."""

import re

SECONDS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
WORDS = {"d": "day", "h": "h", "m": "min", "s": "s"}
TYPED = re.compile(r"(?:(\d{1,5})d)?(?:(\d{1,6})h)?(?:(\d{1,7})m)?(?:(\d{1,9})s)?", re.ASCII)
LONGEST = 10 * 366 * SECONDS["d"]
NOT_ONE = "Write a duration like 5m, 2h or 14d."


def duration_of(text: str) -> int:
    """The seconds that a text means: "90s", "5m", "1d 12h"; a bare 0 is none. Else ValueError."""
    plain = "".join(text.lower().split())
    if plain == "0":
        return 0
    found = TYPED.fullmatch(plain)
    if not plain or found is None:
        raise ValueError(NOT_ONE)
    parts = zip(found.groups(), SECONDS.values(), strict=True)
    seconds = sum(int(count) * each for count, each in parts if count)
    if seconds > LONGEST:
        raise ValueError("This is longer than ten years.")
    return seconds


def typed(seconds: int) -> str:
    """A duration as it is typed: "1d12h"; nothing is lost."""
    return "".join(f"{count}{unit}" for count, unit in _parts(seconds)) or "0s"


def said(seconds: int) -> str:
    """A duration in a sentence: "1 day 12 h", "5 min"."""
    words = [
        f"{count} {WORDS[unit]}{'s' if unit == 'd' and count > 1 else ''}"
        for count, unit in _parts(seconds)
    ]
    return " ".join(words) or "0 s"


def _parts(seconds: int) -> list[tuple[int, str]]:
    parts = []
    for unit, each in SECONDS.items():
        count, seconds = divmod(seconds, each)
        if count:
            parts.append((count, unit))
    return parts
