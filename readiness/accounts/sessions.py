"""Sessions: rows that know whose they are, read together with the person.

One prepared statement finds both, on every page: a session in Valkey and a person in
PostgreSQL cost two journeys, and a session that outlives its person by a cache.
"""

from typing import Any, cast

from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as StoredSession
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from readiness import clock
from readiness.accounts.models import Session, User
from readiness.web import prepared

PERSON = prepared.columns_of(User)
KNOWN = "_cached_user"  # as Django calls it
LIVE = f"""
SELECT s.session_data, {", ".join(f"u.{name}" for name in PERSON)}
FROM accounts_session s
LEFT JOIN accounts_user u ON u.id = s.person_id AND u.is_active
WHERE s.session_key = %s AND s.expire_date > %s
"""  # noqa: S608


class SessionStore(StoredSession):
    """Django's session in the database, and beside it the person it belongs to.

    `person` is the active person of a session that was just loaded, else None.
    """

    person: User | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def load(self) -> dict[str, Any]:
        found = prepared.row(LIVE, [self.session_key, clock.now()])
        if found is None:
            self._session_key = None
            return {}
        data, pk, *_ = found
        self.person = prepared.instance(User, PERSON, found[1:]) if pk else None
        return self.decode(data)

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session = cast("Session", super().create_model_instance(data))
        session.person_id = data.get(auth.SESSION_KEY)
        return session


def person_of(request: HttpRequest) -> User | AnonymousUser:
    """Who asks, looked up once."""
    known: User | AnonymousUser | None = getattr(request, KNOWN, None)
    if known is None:
        known = _person_of(request.session) or auth.get_user(request)
        setattr(request, KNOWN, known)
    return known


def _person_of(session: SessionBase) -> User | None:
    """The person the session brought along, if it is theirs still; Django knows all else."""
    told = session.get(auth.SESSION_KEY)  # loads the session, and its person
    person = getattr(session, "person", None)
    if person is None or told != str(person.pk):
        return None
    made_for = session.get(auth.HASH_SESSION_KEY) or ""
    return person if constant_time_compare(made_for, person.get_session_auth_hash()) else None
