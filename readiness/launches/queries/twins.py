"""Running launches of the same model version: two at once are seldom meant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from readiness.accounts.models import User
from readiness.launches.models import Launch


@dataclass(frozen=True, slots=True)
class Twin:
    """A running launch of the same model version; without a name for who may not see it."""

    pk: int
    name: str
    url: str
    team: str


def twins_of(
    candidate: Mapping[str, str], *, reader: User, apart_from: Launch | None = None
) -> list[Twin]:
    """The running launches that propose this model version too, the latest first."""
    same = Launch.objects.running().filter(
        candidate__name__iexact=candidate["name"], candidate__version__iexact=candidate["version"]
    )
    if apart_from:
        same = same.exclude(pk=apart_from.pk)
    found = list(same.select_related("team").order_by("-pk"))
    seen = set(
        Launch.objects.visible_to(reader)
        .filter(pk__in=[one.pk for one in found])
        .values_list("pk", flat=True)
    )
    return [
        Twin(one.pk, one.name, one.get_absolute_url(), one.team.name)
        if one.pk in seen
        else Twin(one.pk, "", "", "")
        for one in found
    ]


def seal_of(twins: Iterable[Twin]) -> str:
    """What a person confirms: these launches, and no others that come to it meanwhile."""
    return " ".join(str(one.pk) for one in twins)
