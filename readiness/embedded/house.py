"""Where things are on this machine, and a way to tell the person at the terminal."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def state_folder() -> Path:
    """Where the engines' files, the logs and the secrets of this installation live."""
    return Path(os.environ.get("READINESS_STATE_DIR") or ROOT / ".state").resolve()


def say(sentence: str) -> None:
    print(sentence, flush=True)
