"""The one settings file. Every value comes from the environment; nonsense is refused loudly at start."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlparse

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
        raise ImproperlyConfigured(f"{name} is {value!r}; write one of {', '.join(sorted(choices))}")
    return value


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
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456;",
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
        }
    raise ImproperlyConfigured(f"KONTOR_DATABASE is {url!r}; write sqlite:///PATH or postgresql://user:password@host/name")


DEBUG = env_bool("KONTOR_DEBUG", False)
SECRET_KEY = os.environ.get("KONTOR_SECRET_KEY", "")
if not SECRET_KEY:
    if not env_bool("KONTOR_DEVELOPMENT", True):
        raise ImproperlyConfigured("KONTOR_SECRET_KEY is empty; write 50 random characters")
    SECRET_KEY = "development-only-key-never-used-where-KONTOR_DEVELOPMENT-is-no"  # noqa: S105
DEVELOPMENT = env_bool("KONTOR_DEVELOPMENT", True)
ALLOWED_HOSTS = os.environ.get("KONTOR_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("KONTOR_ORIGINS", "").split(",") if o]
SITE_URL = os.environ.get("KONTOR_URL", "http://localhost:8000").rstrip("/")
SITE_NAME = os.environ.get("KONTOR_NAME", "Kontor")

DATABASES = {"default": database(os.environ.get("KONTOR_DATABASE", f"sqlite:///{VAR / 'kontor.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = VAR / "files"

# Jobs: `worker` leaves them to `kontor jobs work`; `inline` runs them in the process that queued them, after commit.
JOBS = env_choice("KONTOR_JOBS", "worker", {"worker", "inline"})
JOBS_ROOT = VAR / "jobs"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "rules",
    "django_tasks",
    "django_tasks_db",
    "kontor.base",
    "kontor.features.accounts",
    "kontor.features.organisations",
    "kontor.features.matching",
    "kontor.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "kontor.web.urls"
WSGI_APPLICATION = "kontor.web.wsgi.application"
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

FORM_RENDERER = "kontor.base.components.forms.Renderer"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["rules.permissions.ObjectPermissionBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("nl", "Nederlands")]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("KONTOR_TIME_ZONE", "Europe/Berlin")

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"

EMAIL_BACKEND = os.environ.get("KONTOR_EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = VAR / "mail"
DEFAULT_FROM_EMAIL = os.environ.get("KONTOR_FROM", "Kontor <kontor@localhost>")
