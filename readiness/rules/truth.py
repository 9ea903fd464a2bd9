"""Three-valued logic: what is not answered yet is neither true nor false."""

from collections.abc import Iterable
from enum import StrEnum


class Truth(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def all_of(claims: Iterable[Truth]) -> Truth:
    """Yes if every claim is, no if any is not; all of nothing is yes."""
    found = set(claims)
    if Truth.NO in found:
        return Truth.NO
    return Truth.UNKNOWN if Truth.UNKNOWN in found else Truth.YES


def any_of(claims: Iterable[Truth]) -> Truth:
    """Yes if any claim is, no if none can be; any of nothing is no."""
    found = set(claims)
    if Truth.YES in found:
        return Truth.YES
    return Truth.UNKNOWN if Truth.UNKNOWN in found else Truth.NO
