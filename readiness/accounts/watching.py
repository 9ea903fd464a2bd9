"""Who reads a stream: asked when they come, and again for as long as they stay."""

from collections.abc import Iterable
from functools import lru_cache

from django.contrib import auth
from django.utils.crypto import constant_time_compare

from readiness import clock
from readiness.accounts.models import User
from readiness.accounts.sessions import SessionStore
from readiness.web import prepared
from readiness.web.live import Person

SESSIONS = """
SELECT s.session_key, s.session_data, u.id, u.password, u.is_site_admin, u.locale
FROM accounts_session s
JOIN accounts_user u ON u.id = s.person_id AND u.is_active
WHERE s.session_key = ANY(%s) AND s.expire_date > %s
"""
KEPT = 4_096


def people_behind(sessions: Iterable[str]) -> dict[str, Person]:
    """The active people of those sessions that let somebody in, in one statement."""
    found = prepared.rows(SESSIONS, [[*sessions], clock.now()])
    return {
        key: Person(pk, is_site_admin, locale)
        for key, kept, pk, password, is_site_admin, locale in found
        if _is_theirs(kept, pk, password)
    }


@lru_cache(maxsize=KEPT)
def _is_theirs(kept: str, pk: int, password: str) -> bool:
    """Whether a session was made for this person with the password they have."""
    said = SessionStore().decode(kept)
    made_for = said.get(auth.HASH_SESSION_KEY) or ""
    person = User(pk=pk, password=password)
    is_same = constant_time_compare(made_for, person.get_session_auth_hash())
    return is_same and said.get(auth.SESSION_KEY) == str(pk)
