"""Settings: every READINESS_* variable with a default that works on one machine.

docs/settings.md lists them for the people who run the product.
"""

from ipaddress import ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
UNSAFE_SECRET_KEY = "for development on loopback only"  # noqa: S105


class Environment(BaseSettings):
    """What may be set from outside."""

    model_config = SettingsConfigDict(env_prefix="READINESS_", extra="ignore")

    database_url: str = "postgresql://readiness_app@localhost/readiness"
    owner_database_url: str = "postgresql://readiness_owner@localhost/readiness"
    redis_url: str = "redis://localhost:6379/0"
    database_pool: int = 0
    throwaway_database: bool = False
    port: int = 8000
    base_url: str = ""
    allowed_hosts: str = ""
    trusted_proxy: bool = False
    secret_key: str = UNSAFE_SECRET_KEY
    debug: bool = False
    organisation: str = "Your organisation"
    metrics_token: str = ""
    log_level: str = "INFO"
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_security: str = "starttls"
    smtp_seconds: float = 15
    smtp_per_minute_and_domain: int = 0
    mail_from: str = "Readiness <readiness@localhost>"
    judge_seconds: int = 30
    remind_seconds: int = 60
    keep_mails_days: int = 365
    decide_within_minutes: int = 15
    rights_seconds: float = 8
    heartbeat_seconds: float = 15
    streams_per_person: int = 24
    streams_per_process: int = 2_000
    hooks_may_reach: str = ""
    after_silence: Literal["hold", "resend"] = "hold"


ENVIRONMENT = Environment()


# Two letters that changed places in a short word are forgiven by searches.
LIKE_ENOUGH = "-c pg_trgm.word_similarity_threshold=0.5"
# What is prepared is written to be planned once. Left to itself, PostgreSQL plans it anew for
# hundreds of times after its tables grew: the plan costs more than those of before.
KEPT_PLANS = "-c plan_cache_mode=force_generic_plan"
# A PostgreSQL that was built with a compiler compiles statements that it expects to be costly,
# on each run anew. Ours are answered sooner than that.
NOT_COMPILED = "-c jit=off"


def database(url: str) -> dict[str, object]:
    """Django's settings for one database URL; socket URLs included."""
    parts = conninfo_to_dict(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            "application_name": "readiness",
            "prepare_threshold": 1,
            **parts,
            "options": f"{LIKE_ENOUGH} {KEPT_PLANS} {NOT_COMPILED} {parts.get('options', '')}",
        },
    }


BASE_URL = ENVIRONMENT.base_url.rstrip("/") or f"http://localhost:{ENVIRONMENT.port}"
IS_HTTPS = urlsplit(BASE_URL).scheme == "https"
SECRET_KEY = ENVIRONMENT.secret_key
THROWAWAY_DATABASE = ENVIRONMENT.throwaway_database
DEBUG = ENVIRONMENT.debug
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
NAMED_HOSTS = [host.strip() for host in ENVIRONMENT.allowed_hosts.split(",") if host.strip()]
ALLOWED_HOSTS = [*LOOPBACK, urlsplit(BASE_URL).hostname or "localhost", *NAMED_HOSTS]
CSRF_TRUSTED_ORIGINS = [BASE_URL]
ORGANISATION = ENVIRONMENT.organisation
METRICS_TOKEN = ENVIRONMENT.metrics_token
KEEP_MAILS_DAYS = ENVIRONMENT.keep_mails_days
DECIDE_WITHIN_MINUTES = ENVIRONMENT.decide_within_minutes
RIGHTS_SECONDS = ENVIRONMENT.rights_seconds
HEARTBEAT_SECONDS = ENVIRONMENT.heartbeat_seconds
STREAMS_PER_PERSON = ENVIRONMENT.streams_per_person
STREAMS_PER_PROCESS = ENVIRONMENT.streams_per_process
RESENDS_AFTER_SILENCE = ENVIRONMENT.after_silence == "resend"
HOOKS_MAY_REACH = [ip_network(one.strip()) for one in ENVIRONMENT.hooks_may_reach.split(",") if one]

INSTALLED_APPS = [
    "readiness.web",
    "readiness.accounts",
    "readiness.audit",
    "readiness.checklists",
    "readiness.launches",
    "readiness.reviews",
    "readiness.notifications",
    "readiness.demo",
    "allauth",
    "allauth.account",
    "template_partials.apps.SimpleAppConfig",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "readiness.web.middleware.requests.RequestId",
    "readiness.web.middleware.requests.RequestMeter",
    "readiness.web.middleware.headers.SecurityHeaders",
    "readiness.web.middleware.guards.RequestGuard",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "readiness.accounts.middleware.Person",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "readiness.web.middleware.htmx.Htmx",
    "readiness.accounts.middleware.PermissionTable",
    "readiness.web.middleware.refusals.RefusalToast",
]

ROOT_URLCONF = "readiness.urls"
WSGI_APPLICATION = "readiness.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "template_partials.templatetags.partials",
                "django_htmx.templatetags.django_htmx",
                "django.templatetags.static",
                "readiness.web.templatetags.face",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "readiness.web.context.page",
            ],
        },
    }
]

DATABASES = {
    "default": {**database(ENVIRONMENT.database_url), "ENGINE": "readiness.web.postgresql"},
    "owner": database(ENVIRONMENT.owner_database_url),
}
if ENVIRONMENT.database_pool:
    DATABASES["default"]["OPTIONS"]["pool"] = {  # type: ignore[index]
        "min_size": 1,
        "max_size": ENVIRONMENT.database_pool,
        "timeout": 10,
    }
APP_ROLE = DATABASES["default"]["USER"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = ENVIRONMENT.redis_url
CACHES = {
    "default": {
        "BACKEND": "readiness.web.cache.ValkeyCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "readiness",
    }
}

AUTH_USER_MODEL = "accounts.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # mail addresses are unique by their lower case
AUTHENTICATION_BACKENDS = ["readiness.accounts.backend.Doorkeeper"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "readiness.accounts.adapter.ClosedDoor"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/5m/key", "manage_email": "5/h/user"}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

SESSION_ENGINE = "readiness.accounts.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "readiness-session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "readiness-csrf"
CSRF_FAILURE_VIEW = "readiness.web.views.csrf_failure"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
if ENVIRONMENT.trusted_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = int(ENVIRONMENT.trusted_proxy)

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = False

STATIC_URL = "/static/"
COLLECTED = ROOT / "build" / "static"
IS_COLLECTED = COLLECTED.exists()
STATIC_ROOT = COLLECTED if IS_COLLECTED else None  # without it, files are found where they lie
STATICFILES_DIRS = [ROOT / "static"]
WHITENOISE_USE_FINDERS = not IS_COLLECTED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IS_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

EMAIL_HOST = ENVIRONMENT.smtp_host
EMAIL_PORT = ENVIRONMENT.smtp_port
EMAIL_HOST_USER = ENVIRONMENT.smtp_user
EMAIL_HOST_PASSWORD = ENVIRONMENT.smtp_password
EMAIL_USE_TLS = ENVIRONMENT.smtp_security == "starttls"
EMAIL_USE_SSL = ENVIRONMENT.smtp_security == "tls"
EMAIL_TIMEOUT = ENVIRONMENT.smtp_seconds  # for a whole mail; below the lease of deliveries
MAILS_PER_MINUTE_AND_DOMAIN = ENVIRONMENT.smtp_per_minute_and_domain
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.mail_from

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace(
    "?db=", "?virtual_host="
)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SOFT_TIME_LIMIT = 50
CELERY_TASK_TIME_LIMIT = 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_DB_REUSE_MAX = 100
CELERY_BEAT_SCHEDULE = {
    "beat tick": {"task": "readiness.web.tasks.beat_tick", "schedule": 30},
    "forget expired sessions": {
        "task": "readiness.accounts.tasks.forget_expired_sessions",
        "schedule": 3_600,
    },
    "forget old mails": {
        "task": "readiness.notifications.tasks.forget_old_mails",
        "schedule": 3_600,
    },
    "judge what is due": {
        "task": "readiness.launches.tasks.judge_due",
        "schedule": ENVIRONMENT.judge_seconds,
    },
    "remind owners": {
        "task": "readiness.notifications.tasks.remind_owners",
        "schedule": ENVIRONMENT.remind_seconds,
    },
    "tell what was missed": {
        "task": "readiness.notifications.tasks.tell_what_was_missed",
        "schedule": ENVIRONMENT.remind_seconds,
    },
    "call channels": {
        "task": "readiness.notifications.tasks.call_channels",
        "schedule": ENVIRONMENT.remind_seconds,
    },
    "call people": {
        "task": "readiness.notifications.tasks.call_people",
        "schedule": ENVIRONMENT.remind_seconds,
    },
    "deliver what waits": {
        "task": "readiness.notifications.tasks.deliver_due",
        "schedule": ENVIRONMENT.remind_seconds,
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {
            "()": "readiness.web.logs.Lines",
            "fmt": "%(asctime)s %(levelname)s %(request_id)s %(name)s %(message)s",
        },
    },
    "filters": {"request": {"()": "readiness.web.middleware.requests.RequestIdFilter"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "lines", "filters": ["request"]}
    },
    "root": {"handlers": ["console"], "level": ENVIRONMENT.log_level},
}
