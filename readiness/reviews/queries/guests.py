"""Who could come from outside to a review that meets."""

from dataclasses import dataclass

from readiness.accounts.models import User
from readiness.launches.queries.guests import found_outside
from readiness.reviews.models import Review


@dataclass(frozen=True, slots=True)
class Sought:
    """Who was found by these words; and what became of inviting somebody, in words."""

    words: str = ""
    found: tuple[User, ...] = ()
    says: str = ""
    is_refused: bool = False


def sought_in(review: Review, words: str) -> Sought:
    """Whoever is invited already is not looked for."""
    if not words:
        return Sought()
    chairs = {*review.invited.values_list("person", flat=True)}
    found = found_outside(review.launch, words)
    return Sought(words, tuple(one for one in found if one.pk not in chairs))
