"""Celery with another clock: the real one, set forward by the seconds that a file holds."""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from celery.__main__ import main

from readiness import clock

OFFSET = "PROVE_OFFSET"


def now() -> datetime:
    ahead = float(Path(os.environ[OFFSET]).read_text())
    return datetime.now(UTC) + timedelta(seconds=ahead)


if __name__ == "__main__":
    clock.now = now
    sys.exit(main())
