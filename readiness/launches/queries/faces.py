"""People as the parts of a page show them: a name, and a face of initials on a hue."""

from functools import lru_cache
from typing import NamedTuple

from readiness.accounts.models import User

KEPT = 4_096


class Face(NamedTuple):
    """What a page shows of a person; equal faces are the same bytes."""

    name: str
    initials: str
    hue: int


@lru_cache(maxsize=KEPT)
def face_of(name: str, email: str) -> Face:
    """The face of a person, made once and not for each row that they own."""
    person = User(name=name, email=email)
    return Face(person.name, person.initials, person.hue)
