"""Sessions: rows that know whose they are, read together with the person.

One prepared statement finds both, on every page: a session in Valkey and a person in
PostgreSQL cost two journeys, and a session that outlives its person by a cache.
"""

import hashlib
import json
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Any, cast

from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as StoredSession
from django.core import signing
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from readiness import clock
from readiness.accounts.models import Session, User
from readiness.web import prepared
from readiness.web.live.publishing import RIGHTS, publish

PERSON = prepared.columns_of(User)
KNOWN = "_cached_user"  # as Django calls it
LIVE = f"""
SELECT s.session_data, s.last_seen_at, {", ".join(f"u.{name}" for name in PERSON)}
FROM accounts_session s
LEFT JOIN accounts_user u ON u.id = s.person_id AND u.is_active
WHERE s.session_key = %s AND s.expire_date > %s
"""  # noqa: S608
AGENT, SIGNED_IN_AT = "agent", "signed_in_at"
SEEN_EVERY = timedelta(hours=1)
LONGEST_AGENT = 200
SESSIONS_KEPT = 1_024


class SessionStore(StoredSession):
    """Django's session in the database, and beside it the person it belongs to.

    `person` is the active person of a session that was just loaded, else None.
    """

    person: User | None = None
    was_loaded = False

    def decode(self, session_data: Any) -> dict[str, Any]:
        try:
            return cast("dict[str, Any]", json.loads(_unsigned(session_data, self.key_salt)))
        except signing.BadSignature:
            return super().decode(session_data)  # which says so in the log

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def load(self) -> dict[str, Any]:
        now = clock.now()
        found = prepared.row(LIVE, [self.session_key, now])
        if found is None:
            self._session_key = None
            return {}
        self.was_loaded = True
        data, last_seen_at, pk, *_ = found
        self.person = prepared.instance(User, PERSON, found[2:]) if pk else None
        if pk and (last_seen_at is None or now - last_seen_at >= SEEN_EVERY):
            Session.objects.filter(pk=self.session_key).update(last_seen_at=now)
        return self.decode(data)

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session = cast("Session", super().create_model_instance(data))
        session.person_id = data.get(auth.SESSION_KEY)
        session.agent = data.get(AGENT, "")
        at = data.get(SIGNED_IN_AT)
        session.signed_in_at = datetime.fromisoformat(at) if at else None
        session.last_seen_at = clock.now()
        return session

    def delete(self, session_key: str | None = None) -> None:
        """End the session, and tell the streams that were opened with it."""
        super().delete(session_key)
        if self.person or not self.was_loaded:
            whose = {"person": self.person.pk} if self.person else {}
            transaction.on_commit(partial(publish, RIGHTS, whose))


class Plain:
    """What was signed, as it is."""

    def dumps(self, data: bytes) -> bytes:
        return data

    def loads(self, data: bytes) -> bytes:
        return data


@lru_cache(maxsize=SESSIONS_KEPT)
def _unsigned(data: str, salt: str) -> bytes:
    """The content of a session whose signature holds, as JSON: looked at once."""
    return cast("bytes", signing.loads(data, salt=salt, serializer=Plain))


def note_sign_in(session: SessionBase, *, agent: str, now: datetime) -> None:
    """Keep with a session that began now which browser it is, for the list of one's sessions."""
    session[AGENT], session[SIGNED_IN_AT] = agent[:LONGEST_AGENT], now.isoformat()


def mark_of(session: Session) -> str:
    """A name for a session that lets nobody in, as its key would."""
    return hashlib.sha256(f"session {session.pk}".encode()).hexdigest()[:20]


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
    return person if constant_time_compare(made_for, _mark_of_password(person.password)) else None


@lru_cache(maxsize=SESSIONS_KEPT)
def _mark_of_password(stored: str) -> str:
    """What a session holds of its person's password: made once, as it takes two hashes."""
    return User(password=stored).get_session_auth_hash()
