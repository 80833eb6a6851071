"""Site, applications, database, static files."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mediaassets.settings import environment
from mediaassets.settings.environment import env

BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = env.path("DATA_DIR", BASE_DIR / "var")
# While this file is there, /healthz says that the web process is about to stop.
DRAIN_FILE = DATA_DIR / "draining"
# The list grows while the other parts are imported.
ENVIRONMENT_PROBLEMS = env.problems

# --- Site ----------------------------------------------------------------------------------------------------

DEBUG = env.flag("DEBUG", False)
EMBEDDED = env.flag("EMBEDDED", False)
SITE_URL = env.text("SITE_URL", "http://127.0.0.1:8000", environment.WEB_URL).rstrip("/")
site = urlsplit(SITE_URL)
is_https = site.scheme == "https"
trusts_proxy = env.flag("TRUST_PROXY", False)
# Health checks connect by loopback, whatever the site is called.
ALLOWED_HOSTS = [*env.items("ALLOWED_HOSTS", [site.hostname or "localhost"]), "127.0.0.1", "localhost"]

# --- Applications --------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "mediaassets.web.admin_config.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "rest_framework_simplejwt",
    "rest_framework_simplejwt.token_blacklist",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "django_celery_beat",
    "django_celery_results",
    "universes",
    "agents",
    "studio",
    "mediaassets.accounts",
    "mediaassets.idempotency",
    "mediaassets.operations",
]

MIDDLEWARE = [
    "mediaassets.web.request_log.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "mediaassets.web.compression.CompressPublic",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "mediaassets.web.outages.RefuseDuringOutage",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "mediaassets.web.refused_methods.ExplainRefusedMethods",
    "mediaassets.web.admin_addresses.OddAdminAddresses",
    "mediaassets.api.conditional.ConditionalGet",
    "mediaassets.api.queries.RefuseUnreadQueries",
    # Last, so that a repeated answer gets the headers of the others anew.
    "mediaassets.idempotency.middleware.IdempotencyMiddleware",
]

ROOT_URLCONF = "mediaassets.urls"
# Requests that one web process answers at the same time; DB_POOL_SIZE must not be smaller.
WEB_THREADS = env.integer("WEB_THREADS", 8, minimum=1, maximum=200)
# API paths match with and without a trailing slash, so there is nothing to redirect.
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- Database ------------------------------------------------------------------------------------------------

_database: dict[str, Any] = env.database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'db.sqlite3'}")
if _database["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE takes the write lock when a transaction begins, so that a second writer waits instead of failing
    # half way. WAL lets readers continue meanwhile.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA busy_timeout=20000;",
    }
    # Opening a connection takes longer than most statements, and closing the last one writes the whole log back.
    _database["CONN_MAX_AGE"] = None
else:
    # Its pool replaces connections that died with the server before a query is sent over them.
    _database["ENGINE"] = "mediaassets.postgresql"
    # Threads return their connection to the pool while they wait for a model.
    _database["CONN_MAX_AGE"] = 0
    _given = _database.get("OPTIONS", {})
    _database["OPTIONS"] = {
        # A server that vanishes without a reset, as with its machine or network, is noticed within some twenty seconds
        # instead of a quarter of an hour.
        "connect_timeout": 5,
        "tcp_user_timeout": 10_000,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 2,
        **_given,
        # Compiling a query to machine code takes longer than any query of a page. A process that stops in the middle of
        # a transaction would hold its locks for as long as its connection lives.
        "options": f"-c jit=off -c idle_in_transaction_session_timeout=5s {_given.get('options', '')}".strip(),
        "pool": {
            "min_size": 1,
            "max_size": env.integer("DB_POOL_SIZE", 10, minimum=2, maximum=200),
            "timeout": 30,
            # Longer attempts grow rare, and the server may be back long before the next one.
            "reconnect_timeout": 2,
        },
    }
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Time and language ---------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"
# Django takes date formats from the language's formats module and ignores the settings.
FORMAT_MODULE_PATH = ["mediaassets.formats"]

# --- Static files --------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "mediaassets.web.bundles.BundleFinder",
]
STATIC_ROOT = env.path("STATIC_ROOT", BASE_DIR / "staticfiles")
# Hashed names require `collectstatic`; `make up` and the tests serve the source files.
_is_collected = env.flag("COLLECTED_STATIC", False)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _is_collected
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not _is_collected
