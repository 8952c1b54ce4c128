"""Django's settings, derived from `config.env`."""

from typing import Any
from urllib.parse import unquote, urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF

from backstory.config.env import env
from backstory.llm import Model

# Django's own classes become subscriptable, so that `ModelAdmin[User]` means at run time what types say.
django_stubs_ext.monkeypatch()

DATA_DIR = env.data_dir.resolve()
FILES_DIR = DATA_DIR / "files"
SOURCES_DIR = DATA_DIR / "sources"  # SQLite files that connectors may read; made by the operator
WAREHOUSE_DIR = DATA_DIR / "warehouse"  # the read model of the reports; made of the database, so never backed up
STATIC_ROOT = DATA_DIR / "static"
for folder in (FILES_DIR, STATIC_ROOT):
    folder.mkdir(parents=True, exist_ok=True)

SECRET_KEY = env.kept_secret_key()
DEBUG = env.debug
BASE_URL = env.base_url.rstrip("/")
SECURE = BASE_URL.startswith("https://")
ALLOWED_HOSTS = [host.strip() for host in env.allowed_hosts.split(",") if host.strip()]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
    "huey.contrib.djhuey",
    "ninja",  # its API reference then comes from our own static files, not from a CDN
    "backstory.live",
    "backstory.people",
    "backstory.conversations",
    "backstory.cases",
    "backstory.recovery",
    "backstory.improvement",
    "backstory.insight",
    "backstory.practice",
    "backstory.assistant",
    "backstory.channels",
    "backstory.api",
    "backstory.portal",
    "backstory.web",
    "backstory.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "backstory.web.middleware.error_pages",
]

ROOT_URLCONF = "backstory.config.urls"
WSGI_APPLICATION = "backstory.config.wsgi.application"
ASGI_APPLICATION = "backstory.config.asgi.application"

CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "backstory.web.environment.environment",
            "context_processors": CONTEXT_PROCESSORS,
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": CONTEXT_PROCESSORS},
    },
]


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _sqlite() -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "backstory.sqlite3",
        "CONN_MAX_AGE": None,
        # A file even in tests: threads and processes of a test must meet in one database.
        "TEST": {"NAME": DATA_DIR / "test.sqlite3"},
        "OPTIONS": {
            # IMMEDIATE takes the write lock at BEGIN: without it a read-then-write fails under load.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
        },
    }


DATABASES = {"default": _postgresql(env.database_url) if env.database_url else _sqlite()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

HUEY: dict[str, Any] = {
    "name": "backstory",
    "results": False,
    "immediate": False,
    "consumer": {"workers": env.workers, "worker_type": "thread"},
}
if env.redis_url:
    HUEY |= {"huey_class": "huey.RedisHuey", "connection": {"url": env.redis_url}}
else:
    HUEY |= {"huey_class": "huey.SqliteHuey", "connection": {"filename": str(DATA_DIR / "queue.sqlite3")}}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "backstory.web.accounts.ClosedAccountAdapter"  # nobody signs up: administrators invite
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True  # written for any address, so that time tells nothing; sent to log-ins only
# allauth's own would copy each address to a table of its own, where it would open the log-in even after a change.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
# On top of allauth's own limits; counted in the cache. By address (`key`) whether or not it has a log-in.
ACCOUNT_RATE_LIMITS = {"reset_password": "20/m/ip,5/h/key"}
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60  # seconds; as long as a letter is tried

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = False  # the reverse proxy's business
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "backstory.web.views.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "backstory.web.uploads.BoundedUploads",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

CONTENT_SECURITY_POLICY = {
    # The Django admin brings inline parts of its own and is for staff only.
    "EXCLUDE_URL_PREFIXES": ["/admin/"],
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
        "worker-src": [SELF],
    },
}

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FILES_DIR}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": env.redis_url}
    if env.redis_url
    else {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},  # rate limits and spent proofs must outlast a busy hour
    }
}

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]

EMAIL_BACKEND = "backstory.channels.email.backend.QueuedBackend"  # no page waits for a mail server
DEFAULT_FROM_EMAIL = f"Backstory <no-reply@{urlsplit(BASE_URL).hostname or 'localhost'}>"
EMAIL_HOST = env.mail_out_host
EMAIL_PORT = env.mail_out_port
EMAIL_HOST_USER = env.mail_out_user
EMAIL_HOST_PASSWORD = env.mail_out_password
EMAIL_USE_TLS = env.mail_out_security == "starttls"
EMAIL_USE_SSL = env.mail_out_security == "tls"
EMAIL_TIMEOUT = env.mail_out_timeout

# The desk's own settings, by the names code uses.
MAIL_MODE = env.mail_mode
MAIL_HOST = env.mail_host
MAIL_SMTP_PORT = env.smtp_port
MAIL_LMTP_PORT = env.lmtp_port
MAIL_MAX_BYTES = env.mail_max_bytes
MAIL_TRUSTED_SERVERS = frozenset(name.strip().lower() for name in env.mail_trusted_servers.split(",") if name.strip())
MAIL_CHECK_DNS = env.mail_check_dns
MAIL_SPAM_FILTER = env.mail_spam_filter
MAIL_VIRUS_SCANNER = env.mail_virus_scanner
LLM = Model(env.llm_model, env.llm_base_url, env.llm_api_key, env.llm_timeout) if env.llm_model else None
MAIL_DOMAIN_RATE = env.mail_domain_rate
SENSITIVE_DAYS = env.sensitive_days
UNDO_SEND_SECONDS = env.undo_send_seconds
ATTACHMENTS_MAX_BYTES = env.attachments_max_bytes
UPLOAD_MAX_BYTES = env.upload_max_bytes
DESK_TIME_ZONE = env.timezone
BUSINESS_DAYS = env.business_days
BUSINESS_OPEN = env.business_open
BUSINESS_CLOSE = env.business_close
CURRENCY = env.currency
SURVEY_DELAY_HOURS = env.survey_delay_hours
SURVEY_KIND = env.survey_kind
SURVEY_REST_DAYS = env.survey_rest_days
SURVEY_LASTS_DAYS = env.survey_lasts_days
SECOND_RECOVERY_DAYS = env.second_recovery_days
LOST_QUESTION_DAYS = env.lost_question_days
APPROVAL_HOURS = env.approval_hours
DEMO = env.demo
WEB_THREADS = env.web_threads
API_REQUESTS_PER_MINUTE = env.api_requests_per_minute

LOGGING_CONFIG = None  # structlog, set up in config.logs
