"""The one settings file. Every value comes from the environment; nonsense is refused loudly at start."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from urllib.parse import unquote, urlparse
from zoneinfo import available_timezones

from django.core.exceptions import ImproperlyConfigured

PACKAGE = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("KONTOR_VAR", Path.cwd() / "var")).resolve()
VAR.mkdir(parents=True, exist_ok=True)


def env_bool(name: str, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; write yes or no")


def env_choice(name: str, default: str, choices: set[str]) -> str:
    value = os.environ.get(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}; write one of {', '.join(sorted(choices - {''}))}")
    return value


def env_int(name: str, default: int, low: int, high: int) -> int:
    value = os.environ.get(name, str(default))
    if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
        raise ImproperlyConfigured(f"{name} is {value!r}; write a whole number from {low} to {high}")
    return int(value)


def env_list(name: str, default: str) -> list[str]:
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


def env_url(name: str, default: str) -> str:
    value = os.environ.get(name, default).rstrip("/")
    parts = urlparse(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise ImproperlyConfigured(f"{name} is {value!r}; write https://host without a path")
    return value


def env_zone(name: str, default: str) -> str:
    value = os.environ.get(name, default)
    if value not in available_timezones():
        raise ImproperlyConfigured(f"{name} is {value!r}; write a zone such as Europe/Vienna")
    return value


def mail(url: str) -> dict[str, object]:
    """Settings for `file:` (mails become files in VAR/mail), `console:` or
    `smtp[s]://user:password@host:port`.

    `smtp` upgrades to TLS with STARTTLS unless the host is this machine; `smtps` is TLS from the start.
    """
    parts = urlparse(url)
    backends = "django.core.mail.backends"
    if parts.scheme == "file":
        return {"EMAIL_BACKEND": f"{backends}.filebased.EmailBackend", "EMAIL_FILE_PATH": VAR / "mail"}
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": f"{backends}.console.EmailBackend"}
    if parts.scheme in {"smtp", "smtps"} and parts.hostname:
        local = parts.hostname in {"localhost", "127.0.0.1"}
        return {
            "EMAIL_BACKEND": f"{backends}.smtp.EmailBackend",
            "EMAIL_HOST": parts.hostname,
            "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_SSL": parts.scheme == "smtps",
            "EMAIL_USE_TLS": parts.scheme == "smtp" and not local,
            "EMAIL_TIMEOUT": 20,
        }
    raise ImproperlyConfigured(
        "KONTOR_MAIL is not file:, console:, smtp://host or smtps://user:password@host"
    )


def database(url: str) -> dict[str, object]:
    """Django's database dictionary for `sqlite:///path` or `postgresql://user:password@host:port/name`."""
    parts = urlparse(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]) or str(VAR / "kontor.sqlite3"),
            "OPTIONS": {
                # IMMEDIATE takes the write lock at BEGIN, so two writers queue instead of failing half-way.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                "PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456;",
            },
        }
    if parts.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            # Pages are many and short: each parallel worker would build the same hash tables once more.
            "OPTIONS": {"options": "-c max_parallel_workers_per_gather=0 -c jit=off"},
        }
    raise ImproperlyConfigured(
        f"KONTOR_DATABASE is {url!r}; write sqlite:///PATH or postgresql://user:password@host/name"
    )


DEBUG = env_bool("KONTOR_DEBUG", False)
DEVELOPMENT = env_bool("KONTOR_DEVELOPMENT", True)
SECRET_KEY = os.environ.get("KONTOR_SECRET_KEY", "")
if not SECRET_KEY:
    if not DEVELOPMENT:
        raise ImproperlyConfigured("KONTOR_SECRET_KEY is empty; write 50 random characters")
    SECRET_KEY = "development-only-key-never-used-where-KONTOR_DEVELOPMENT-is-no"  # noqa: S105  # said above
SITE_URL = env_url("KONTOR_URL", "http://localhost:8000")
SITE_NAME = os.environ.get("KONTOR_NAME", "Kontor")
# a line in the footer that names who pays for the site; sample sites say that their data is invented
FUNDER_LINE = os.environ.get("KONTOR_FUNDER", "")
SAMPLE_SITE = env_bool("KONTOR_SAMPLE", False)
ALLOWED_HOSTS = env_list("KONTOR_HOSTS", f"{urlparse(SITE_URL).hostname},localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("KONTOR_ORIGINS", "")

DATABASES = {"default": database(os.environ.get("KONTOR_DATABASE", f"sqlite:///{VAR / 'kontor.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Answers to introductions change later suggestions (docs/concepts/introductions.md), and the usual deadline.
ANSWERS_IN_RANKING = env_bool("KONTOR_ANSWERS_IN_RANKING", True)
INTRODUCTION_DAYS = env_int("KONTOR_INTRODUCTION_DAYS", 14, 3, 60)

# Uploads go straight to disk, whatever their size; the limit is in megabytes.
MEDIA_ROOT = VAR / "files"
UPLOAD_LIMIT = env_int("KONTOR_UPLOAD_LIMIT", 200, 1, 10_000) * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_TEMP_DIR = str(VAR / "uploads")
Path(FILE_UPLOAD_TEMP_DIR).mkdir(exist_ok=True)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# 5,000 organisations changed at once, or the column mapping of a file with a thousand columns, are one form
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6_000

# Jobs: `worker` leaves them to `kontor jobs work`; `inline` runs them in the process that queued them,
# after commit.
JOBS = env_choice("KONTOR_JOBS", "worker", {"worker", "inline"})
JOBS_ROOT = VAR / "jobs"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "rules",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "csp",
    "kontor.base",
    "kontor.features.accounts",
    "kontor.features.organisations",
    "kontor.features.programmes",
    "kontor.features.matching",
    "kontor.features.calls",
    "kontor.features.juries",
    "kontor.features.decisions",
    "kontor.web",
    # after Kontor's own, so that Kontor's templates win
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kontor.web.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kontor.web.middleware.RefusalMiddleware",
    # last, so that a locked-out sign-in has been answered by its view already
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "kontor.web.urls"
WSGI_APPLICATION = "kontor.web.wsgi.application"
FORM_RENDERER = "kontor.base.components.forms.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kontor.web.context.site",
            ],
        },
    }
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
SIGN_IN_LINK_MINUTES = env_int("KONTOR_SIGN_IN_LINK_MINUTES", 20, 5, 1440)

# Too many wrong passwords for one address from one place lock that pair out for a while.
AXES_FAILURE_LIMIT = env_int("KONTOR_SIGN_IN_ATTEMPTS", 8, 3, 100)
AXES_COOLOFF_TIME = dt.timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "kontor.features.accounts.views.sign_in.locked_out"
AXES_CLIENT_IP_CALLABLE = "kontor.base.client.client_address"
# how many proxies stand before the site and append to X-Forwarded-For; 0 believes no header
PROXIES = env_int("KONTOR_PROXIES", 0, 0, 5)

# The second factor (TOTP, passkeys, recovery codes) is built in and switched on here.
MFA = env_bool("KONTOR_MFA", False)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = SITE_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEVELOPMENT
MFA_PASSKEY_LOGIN_ENABLED = False
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "kontor.features.accounts.second_factor.Adapter"
USERSESSIONS_TRACK_ACTIVITY = False

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("nl", "Nederlands")]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env_zone("KONTOR_TIME_ZONE", "Europe/Berlin")

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
# Development serves the files as they lie; elsewhere `kontor serve` collects them under names with a hash.
WHITENOISE_USE_FINDERS = DEVELOPMENT
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEVELOPMENT
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

globals().update(mail(os.environ.get("KONTOR_MAIL", "file:")))
DEFAULT_FROM_EMAIL = os.environ.get("KONTOR_FROM", f"{SITE_NAME} <kontor@{urlparse(SITE_URL).hostname}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Nothing is loaded from elsewhere, nothing runs inline. Pictures may be data: (QR code of the second factor).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
HTTPS = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
# keeps the addresses of mailed links from other sites; with "no-referrer" browsers would send forms of these
# pages with the origin "null", and the guard against forged requests would refuse them
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = env_int("KONTOR_SESSION_DAYS", 14, 1, 365) * 86_400
CSRF_FAILURE_VIEW = "kontor.web.failures.csrf"

# API calls allowed per minute and person (or address, for those who are nobody); 0 means no limit.
API_RATE = env_int("KONTOR_API_RATE", 600, 0, 1_000_000)
# where they are counted beside SQLite
CALLS_FILE = VAR / "calls.sqlite3"

LOG_LEVELS = {"", "DEBUG", "INFO", "WARNING", "ERROR"}
LOG_LEVEL = env_choice("KONTOR_LOG", "", LOG_LEVELS)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    # standard error: standard output belongs to the answers of commands
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL or "WARNING"},
    "loggers": {
        "kontor": {"level": LOG_LEVEL or "INFO"},
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "axes": {"level": "ERROR"},
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []
