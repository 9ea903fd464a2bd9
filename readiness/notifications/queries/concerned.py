"""Whom a change of a launch as a whole concerns."""

from readiness.launches.models import Launch


def leaders_of(launch: Launch) -> set[int]:
    """Who answers for the launch, and who decides on it."""
    return {launch.lead_id, *launch.approvers.values_list("person", flat=True)}
