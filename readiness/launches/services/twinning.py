"""Two running launches of one model version: allowed, but somebody has to mean it."""

from collections.abc import Mapping

from readiness.accounts.models import User
from readiness.launches.models import Launch
from readiness.launches.queries.twins import Twin, seal_of, twins_of
from readiness.web.refusal import Refused


class Twinned(Refused):
    """Other launches propose this model version: `twins`, to be confirmed by their seal."""

    def __init__(self, twins: list[Twin]) -> None:
        super().__init__("This model version is proposed already.")
        self.twins = twins


def ask_about_twins(
    candidate: Mapping[str, str], *, by: User, confirmed: str, apart_from: Launch | None = None
) -> None:
    """Raise Twinned unless the person confirmed exactly the launches that propose it now."""
    twins = twins_of(candidate, reader=by, apart_from=apart_from)
    if twins and confirmed != seal_of(twins):
        raise Twinned(twins)
