"""Who a session belongs to, read on every request."""

from allauth.account.auth_backends import AuthenticationBackend

from readiness.accounts.models import User
from readiness.web import prepared

PERSON = prepared.columns_of(User)
ACTIVE = f"{prepared.select(User, PERSON)} WHERE id = %s AND is_active"


class Doorkeeper(AuthenticationBackend):
    """Signs people in as allauth does, and knows them again in one plain statement."""

    def get_user(self, user_id: int) -> User | None:
        found = prepared.row(ACTIVE, [user_id])
        return prepared.instance(User, PERSON, found) if found else None
