"""People signed in without a log-in page, and what their browsers send."""

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from readiness.accounts.models import User
from readiness.accounts.sessions import SessionStore

CSRF = "staged" + "0" * 26


def session_of(user: User) -> str:
    """The key of a new session in which this person is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "readiness.accounts.backend.Doorkeeper"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def headers_for(session: str, *, htmx: bool = False) -> dict[str, str]:
    """What a signed-in browser sends."""
    headers = {
        "Host": "localhost",
        "Cookie": f"readiness-session={session}; readiness-csrf={CSRF}",
        "X-CSRFToken": CSRF,
    }
    return headers | {"HX-Request": "true"} if htmx else headers
