"""Words that somebody looks for: how they are read, and how the database is asked for them.

Each word has to stand somewhere in the text. Where nothing has them all, a text with words
like them may do, as far as trigrams tell; short words and numbers are never guessed.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import reduce
from itertools import chain
from operator import and_
from typing import Any, NamedTuple, Self

from django.db.models import BooleanField, F, Func, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.lookups import IRegex

LONGEST, MOST = 120, 10
SHORT = 3  # trigrams tell nothing of shorter words
GUESSED = re.compile(r"[^\W\d_]{4,}")
WILD = re.compile(r"([\\%_])")


class Sort(StrEnum):
    """How a word is looked for: where a word begins, anywhere, or anything like it as well."""

    BEGINNING = "beginning"
    ANYWHERE = "anywhere"
    GUESSED = "guessed"


class Word(NamedTuple):
    """A word as the values that ask for it in each way."""

    sort: Sort
    first: str
    later: str
    anywhere: str
    like: str

    @classmethod
    def of(cls, word: str) -> Self:
        begun = WILD.sub(r"\\\1", word)
        return cls(sort_of(word), f"{begun}%", f"% {begun}%", re.escape(word), word)


def sort_of(word: str) -> Sort:
    if len(word) < SHORT:
        return Sort.BEGINNING
    return Sort.GUESSED if GUESSED.fullmatch(word) else Sort.ANYWHERE


def asked(written: str) -> str:
    """What somebody typed into a search box, as far as it is looked for."""
    return " ".join(written.replace("\x00", "").split()[:MOST])[:LONGEST].rstrip()


def words_of(asked: str) -> list[Word]:
    return [Word.of(word) for word in asked.split()]


# A statement is written once for all words of the same sorts: these stand for their values.
STAND_INS = tuple((f"first-{n}", f"later-{n}", f"anywhere-{n}", f"like-{n}") for n in range(MOST))
STANDS = frozenset(chain.from_iterable(STAND_INS))


def sorts_of(asked: str) -> tuple[Sort, ...]:
    return tuple(sort_of(word) for word in asked.split())


def standing_for(sorts: Iterable[Sort]) -> list[Word]:
    """Words that stand for others of these sorts."""
    return [Word(sort, *stands) for sort, stands in zip(sorts, STAND_INS, strict=False)]


def values_of(asked: str) -> dict[Any, Any]:
    """What takes the places of the stand-ins."""
    values = (word[1:] for word in words_of(asked))
    return dict(chain.from_iterable(map(zip, STAND_INS, values)))


def holds(text: str | Combinable, words: Iterable[Word]) -> Q:
    """Every word stands in the text; a trigram index on it serves all of this."""
    return reduce(and_, (_stands(text, word) for word in words), Q())


def resembles(text: str | Combinable, words: Iterable[Word]) -> Q:
    """The same, but a word of letters only may be misspelt."""
    return reduce(
        and_,
        (
            Q(compared(text, "%%>", word.like))
            if word.sort is Sort.GUESSED
            else _stands(text, word)
            for word in words
        ),
        Q(),
    )


def _stands(text: str | Combinable, word: Word) -> Q:
    if word.sort is Sort.BEGINNING:
        return Q(compared(text, "ILIKE", word.first)) | Q(compared(text, "ILIKE", word.later))
    # ~* walks the trigram index, LIKE on upper() cannot
    return Q(IRegex(F(text) if isinstance(text, str) else text, Value(word.anywhere)))


class _Compared(Func):
    """Two texts and the operator between them."""

    template = "(%(expressions)s)"
    output_field = BooleanField()


def compared(text: str | Combinable, operator: str, value: str) -> Func:
    return _Compared(text, Value(value), arg_joiner=f" {operator} ")
