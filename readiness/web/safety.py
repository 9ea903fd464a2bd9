"""What makes a start unsafe. The product refuses to serve rather than to lose or leak."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connections

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
ROLE = """
SELECT rolsuper,
       EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = 'public' AND c.relowner = pg_roles.oid)
FROM pg_roles WHERE rolname = current_user
"""


def refuse_unsafe_start() -> None:
    """Raise with every reason not to start, in sentences.

    The database is asked from a thread of its own: uvicorn imports the product inside its event
    loop, where Django refuses to query. No connection and no thread is left: a process that is
    forked afterwards could not use them.
    """
    with ThreadPoolExecutor(1) as aside:
        faults = [*faults_of_settings(), *aside.submit(faults_of_database).result()]
        aside.submit(connections.close_all).result()
    connections[DEFAULT_DB_ALIAS].close_pool()  # type: ignore[attr-defined]
    if faults:
        raise ImproperlyConfigured(" ".join(["Readiness does not start.", *faults]))


def faults_of_settings() -> list[str]:
    """What makes no sense anywhere, and what is unsafe outside of this machine."""
    faults = []
    if settings.MAILS_PER_MINUTE_AND_DOMAIN < 0:
        faults.append(
            "READINESS_SMTP_PER_MINUTE_AND_DOMAIN is below 0: give a number of mails, or 0 for "
            "no limit."
        )
    host = urlsplit(settings.BASE_URL).hostname
    if host in LOOPBACK and set(settings.ALLOWED_HOSTS) <= {*LOOPBACK, "[::1]"}:
        return faults
    if settings.DEBUG:
        faults.append("READINESS_DEBUG is on while the product is served to others.")
    if settings.SECRET_KEY == settings.UNSAFE_SECRET_KEY:
        faults.append("READINESS_SECRET_KEY is the one for development: set a secret of your own.")
    return faults


def faults_of_database(using: str = "default") -> list[str]:
    """What the database may forget, or lets the application change."""
    faults = []
    with connections[using].cursor() as cursor:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute("SELECT current_setting(%s)", [name])
            if cursor.fetchone()[0] == "off" and not settings.THROWAWAY_DATABASE:
                faults.append(f"PostgreSQL runs with {name} off: it may forget what it confirmed.")
        cursor.execute(ROLE)
        is_super, owns_tables = cursor.fetchone()
    if is_super or owns_tables:
        faults.append(
            "READINESS_DATABASE_URL names a role that owns the tables or is a superuser: "
            "history would not be safe from the application. Give it a role of its own."
        )
    return faults
