"""How a policy's reason reaches the person: raised in a service, answered by middleware."""


class Refused(Exception):  # noqa: N818
    """What was asked cannot be done now; the message says why, to the person."""

    status = 409


class NotPermitted(Refused):
    """The person has no right to it, or no longer."""

    status = 403


class NotVisible(NotPermitted):
    """The person may not even know that it is there."""

    status = 404


def refuse_if(reason: str) -> None:
    """Raise Refused when there is a reason, do nothing when there is none."""
    if reason:
        raise Refused(reason)
