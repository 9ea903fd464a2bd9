"""Whether it is still the person who signed in: what weighs a lot asks for the password again."""

from datetime import UTC, datetime, timedelta

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError

from readiness.accounts.requests import Asked

LONGEST = 1_024
NOT_CONFIRMED = "Give your password: a decision is signed by who signed in."


def was_confirmed(request: Asked, now: datetime) -> bool:
    """Whether the person signed in, or said who they are, as lately as a decision asks for."""
    times = [one["at"] for one in get_authentication_records(request, request.user)]
    if not times:
        return False
    return now - datetime.fromtimestamp(max(times), UTC) < timedelta(
        minutes=settings.DECIDE_WITHIN_MINUTES
    )


def unconfirmed(request: Asked, now: datetime) -> str:
    """Why it may not be the person who signed in, if so; a right password settles it."""
    if was_confirmed(request, now):
        return ""
    password = request.POST.get("password", "")
    return confirm(request, password[:LONGEST]) if password else NOT_CONFIRMED


def confirm(request: Asked, password: str) -> str:
    """Take the person's password, and remember that they gave it; or say what is wrong.

    As many wrong ones as at the door, and it shuts for as long.
    """
    adapter = get_adapter()
    try:
        found = adapter.authenticate(request, email=request.user.email, password=password)
    except ValidationError as problem:
        return " ".join(problem.messages)
    if found is None or found.pk != request.user.pk:
        return str(adapter.error_messages["incorrect_password"])
    if found.password != request.user.password:  # hashed anew, as hashing has grown stronger
        update_session_auth_hash(request, found)
    reauthenticate_by_password(request)
    return ""
