"""All settings, from the environment; importable with an empty one.

`.env.example` names every variable. What cannot be used is reported by `manage.py check`.
"""

from __future__ import annotations

import secrets
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
from csp.constants import NONE, SELF

from mediaassets import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.path("DATA_DIR", BASE_DIR / "var")

# --- Where it is reached -------------------------------------------------------------------------------------

DEBUG = env.flag("DEBUG", False)
SITE_URL = env.text("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
_site = urlsplit(SITE_URL)
_is_https = _site.scheme == "https"
if _site.scheme not in {"http", "https"} or not _site.hostname:
    env.PROBLEMS.append(
        env.Problem(
            "SITE_URL",
            f"SITE_URL is {SITE_URL!r}, which is not a web address.",
            "Use https://media.example.com.",
        )
    )
# The health checks ask by loopback, whatever else is set.
ALLOWED_HOSTS = [*env.words("ALLOWED_HOSTS", [_site.hostname or "localhost"]), "127.0.0.1", "localhost"]
CSRF_TRUSTED_ORIGINS = [f"{_site.scheme}://{_site.netloc}"] if _is_https else []
EMBEDDED = env.flag("EMBEDDED", False)

# --- Keys ----------------------------------------------------------------------------------------------------

# Without keys of its own a process makes some for its own life: fine for a check or a test, and a check
# says what that means. `make up` and compose give every process the same ones.
SECRET_KEY = env.text("SECRET_KEY") or secrets.token_urlsafe(50)
JWT_SIGNING_KEY = env.text("JWT_SIGNING_KEY") or secrets.token_urlsafe(50)
KEYS_ARE_TEMPORARY = not (env.text("SECRET_KEY") and env.text("JWT_SIGNING_KEY"))
# Filled while this file is read; `manage.py check` reports it.
ENVIRONMENT_PROBLEMS = env.PROBLEMS

# --- Applications --------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
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
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "mediaassets.urls"
WSGI_APPLICATION = "mediaassets.wsgi.application"
# Every API path is matched with and without its slash, so nothing has to be redirected.
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
    # IMMEDIATE takes the write lock where a transaction begins, so that two writers wait for each other
    # instead of failing half way; WAL lets readers go on meanwhile.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA busy_timeout=20000;",
    }
else:
    # A connection is given back to the pool whenever a thread waits for a model.
    _database["CONN_MAX_AGE"] = 0
    _database["OPTIONS"] = {
        **_database.get("OPTIONS", {}),
        "pool": {
            "min_size": 1,
            "max_size": env.integer("DB_POOL_SIZE", 10, minimum=2, maximum=200),
            "timeout": 30,
        },
    }
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People --------------------------------------------------------------------------------------------------

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"

# --- Time and language ---------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"
# Dates look the same everywhere: Django asks the language's formats, never the settings.
FORMAT_MODULE_PATH = ["mediaassets.formats"]

# --- Files ---------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.path("STATIC_ROOT", BASE_DIR / "staticfiles")
# Hashed names need `collectstatic`; the embedded mode and the tests serve the files where they are.
_manifest = env.flag("COLLECTED_STATIC", False)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _manifest
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not _manifest

# --- Security ------------------------------------------------------------------------------------------------

SESSION_COOKIE_SECURE = _is_https
CSRF_COOKIE_SECURE = _is_https
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = _is_https
SECURE_REDIRECT_EXEMPT = [r"^healthz/?$", r"^readyz/?$"]
SECURE_HSTS_SECONDS = env.integer("HSTS_SECONDS", 86400, minimum=0, maximum=63072000) if _is_https else 0
_trusts_proxy = env.flag("TRUST_PROXY", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _trusts_proxy else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# One host cannot decide for its siblings (W005) nor for the browsers' preload list (W021).
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
CONTENT_SECURITY_POLICY = {
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
        "object-src": [NONE],
    }
}

# --- API -----------------------------------------------------------------------------------------------------

MAX_BODY_BYTES = 1_000_000
MAX_JSON_DEPTH = 32
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY_BYTES

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework_simplejwt.authentication.JWTAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["mediaassets.api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_FILTER_BACKENDS": ["mediaassets.api.filters.StrictFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "mediaassets.api.pagination.LimitOffset",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_RATES": {"sign-in": env.rate("SIGN_IN_RATE", "30/min")},
    # Whose address is throttled: without a proxy that we trust, X-Forwarded-For is what a client claims.
    "NUM_PROXIES": 1 if _trusts_proxy else 0,
    "EXCEPTION_HANDLER": "mediaassets.api.errors.exception_handler",
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

SIMPLE_JWT = {
    "SIGNING_KEY": JWT_SIGNING_KEY,
    "ALGORITHM": "HS256",
    "ACCESS_TOKEN_LIFETIME": timedelta(
        minutes=env.integer("ACCESS_TOKEN_MINUTES", 30, minimum=1, maximum=1440)
    ),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=env.integer("REFRESH_TOKEN_DAYS", 7, minimum=1, maximum=90)),
    "ROTATE_REFRESH_TOKENS": True,
    "BLACKLIST_AFTER_ROTATION": True,
    "UPDATE_LAST_LOGIN": True,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Unified Media Asset Manager",
    "DESCRIPTION": (
        "Story universes, agents that write in them, human review, canon.\n\n"
        "**Sign in** with `POST /auth/token` and send `Authorization: Bearer <access>` with every other call; "
        "`POST /auth/token/refresh` changes the refresh token, once, for a new pair.\n\n"
        "**Ask** with `POST /agents/jobs`, then read the job at the answer's `Location`, every `Retry-After` "
        "seconds, until its `status` is `completed`, `failed` or `cancelled`. Where `human_review_required` is "
        "true its output waits for a reviewer. In a universe, what is approved becomes a scene or a location, "
        "with the job's id as `origin_ref`.\n\n"
        "**Cost**: with `dry_run` a submit only says what it would cost; `priority: batch` may take hours and costs "
        "half; `reuse` takes an earlier answer to the same question. `GET /agents/usage` says what was spent.\n\n"
        "**Refusals** are `application/problem+json` (RFC 9457): `code` is for programs, `detail` for people, "
        "and `errors` points at each field at fault. Paths work with and without a trailing slash."
    ),
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "mediaassets.api.schema.complete",
    ],
    # Names for sets of words that several fields share, or that share a field's name.
    "ENUM_NAME_OVERRIDES": {
        "ElementKind": "universes.choices.ElementKind",
        "EventKind": "agents.choices.EventKind",
        "CanonStatus": "universes.choices.CanonStatus",
        "FirstCanonStatus": "universes.api.inputs.FIRST_STATUSES",
        "Role": "universes.choices.Role",
        "MemberRole": "universes.api.inputs.MEMBER_ROLES",
        "JobStatus": "agents.choices.JobStatus",
        "JobPriority": "agents.choices.JobPriority",
        "AgentType": "agents.choices.AgentType",
        "Verdict": "agents.choices.Verdict",
        "ReviewState": "agents.choices.ReviewState",
        "NotificationKind": "agents.choices.NotificationKind",
        "ReviewKind": "agents.choices.ReviewKind",
    },
}

# --- Broker --------------------------------------------------------------------------------------------------

REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")
if REDIS_URL.partition("://")[0] not in {"redis", "rediss", "unix"}:
    env.PROBLEMS.append(
        env.Problem(
            "REDIS_URL",
            "REDIS_URL is not a Redis address.",
            "Use redis://host:6379/0 or unix:///path/to.sock.",
        )
    )

# Kombu writes a socket's address its own way.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 3,
    "socket_timeout": 10,
    # A broker that is away must not make a request wait: the job row is saved, the sweeper rings again. Without
    # this Kombu tries to connect for six seconds.
    "max_retries": 0,
    "queue_order_strategy": "mediaassets.queue_order:UrgentFirst",
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_RESULT_BACKEND = "django-db"
CELERY_RESULT_EXTENDED = True
CELERY_RESULT_EXPIRES = timedelta(days=7)
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_TASK_TIME_LIMIT = 3600
CELERY_TASK_TRACK_STARTED = False
CELERY_TASK_DEFAULT_QUEUE = "jobs"
# Housekeeping has a queue of its own, which workers look into first, so that a thousand waiting jobs do not hold
# up the sweeper that looks after them. Jobs of schedules and batches go to the queue "background" (see dispatch).
CELERY_TASK_ROUTES = {"agents.process_agent_job": {"queue": "jobs"}, "agents.*": {"queue": "maintenance"}}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_WORKER_POOL = "threads"
WORKER_CONCURRENCY = env.integer("WORKER_CONCURRENCY", 64, minimum=1, maximum=2000)
CELERY_WORKER_CONCURRENCY = WORKER_CONCURRENCY
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SEND_TASK_EVENTS = True
CELERY_TASK_SEND_SENT_EVENT = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Mail that is written to the log is no warning.
CELERY_WORKER_REDIRECT_STDOUTS_LEVEL = "INFO"

# --- Models --------------------------------------------------------------------------------------------------

ANTHROPIC_API_KEY = env.header_text("ANTHROPIC_API_KEY")
ANTHROPIC_BASE_URL = env.web_address("ANTHROPIC_BASE_URL")
DEFAULT_MODEL = "claude-haiku-5-5"
AGENT_MODELS = {
    "narrative": env.text("MODEL_NARRATIVE") or DEFAULT_MODEL,
    "spatial": env.text("MODEL_SPATIAL") or DEFAULT_MODEL,
    "consistency": env.text("MODEL_CONSISTENCY") or DEFAULT_MODEL,
}
# What a person may choose in their preferences.
ALLOWED_MODELS = sorted(
    {
        *env.words("ALLOWED_MODELS", ["claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5"]),
        *AGENT_MODELS.values(),
    }
)
# Who takes over when a model is retired; the admin may name others.
MODEL_SUCCESSORS = env.successors("MODEL_SUCCESSORS")
# So many verdicts of reviewers the outputs of such a successor need, agent by agent, before any passes by itself.
MODEL_TRIAL_VERDICTS = env.integer("MODEL_TRIAL_VERDICTS", 30, minimum=0, maximum=10_000)
LLM_TIMEOUT_S = env.number("LLM_TIMEOUT_S", 120, minimum=1, maximum=3000)
# What all workers together may ask of one model a minute; 0: not known, learned from the first answer's headers.
LIMIT_REQUESTS_PER_MIN = env.integer("LIMIT_REQUESTS_PER_MIN", 0, minimum=0, maximum=1_000_000)
LIMIT_INPUT_TOKENS_PER_MIN = env.integer("LIMIT_INPUT_TOKENS_PER_MIN", 0, minimum=0, maximum=1_000_000_000)
LIMIT_OUTPUT_TOKENS_PER_MIN = env.integer("LIMIT_OUTPUT_TOKENS_PER_MIN", 0, minimum=0, maximum=1_000_000_000)
# Calls that all workers together may have on their way; 0: as many as their threads hold.
LIMIT_IN_FLIGHT = env.integer("LIMIT_IN_FLIGHT", 0, minimum=0, maximum=100_000)
# How many worker processes there are: while Redis is away each keeps to its part.
LIMIT_PROCESSES = env.integer("LIMIT_PROCESSES", 1, minimum=1, maximum=1000)
# How long nobody asks a model whose key, money, rights or name was refused, before one job tries again.
LIMIT_STOPPED_PAUSE_S = env.number("LIMIT_STOPPED_PAUSE_S", 60, minimum=1, maximum=300)
# Whether jobs that may take hours go to the provider in batches, at half the price.
BATCH_LANE = env.flag("BATCH_LANE", True)
# How long such jobs are gathered before a batch of them is sent.
BATCH_GATHER_S = env.number("BATCH_GATHER_S", 60, minimum=0, maximum=86400)
# How long after its submission such a job is asked directly if no batch has answered it.
BATCH_FALL_BACK_S = env.number("BATCH_FALL_BACK_S", 21600, minimum=1, maximum=86400)
# Of a longer world a job reads what it names, what is linked to that and what is nearest to its text.
WORLD_TOKENS = env.integer("WORLD_TOKENS", 16_000, minimum=500, maximum=500_000)
# Between two events that tell how far a running attempt is; 0: none.
PROGRESS_EVERY_S = env.number("PROGRESS_EVERY_S", 3, minimum=0, maximum=3600)
MOCK_LATENCY_S = env.number("MOCK_LATENCY_S", 0.0, minimum=0, maximum=60)

REVIEW_THRESHOLDS = {
    "narrative": env.number("REVIEW_THRESHOLD_NARRATIVE", 0.75, minimum=0, maximum=1),
    "spatial": env.number("REVIEW_THRESHOLD_SPATIAL", 0.75, minimum=0, maximum=1),
    "consistency": env.number("REVIEW_THRESHOLD_CONSISTENCY", 0.70, minimum=0, maximum=1),
}

# Share of the outputs that need no review which is reviewed all the same; a universe may have its own.
AUDIT_SHARES = {
    "narrative": env.number("AUDIT_SHARE_NARRATIVE", 0.05, minimum=0, maximum=1),
    "spatial": env.number("AUDIT_SHARE_SPATIAL", 0.05, minimum=0, maximum=1),
    "consistency": env.number("AUDIT_SHARE_CONSISTENCY", 0.05, minimum=0, maximum=1),
}
# Share of the outputs in doubt whose confidence and reasons are hidden, as those of all audits are: among them
# nobody can tell which one is an audit.
REVIEW_BLIND_SHARE = env.number("REVIEW_BLIND_SHARE", 0.25, minimum=0, maximum=1)
# A reviewer gets one item whose right verdict is known after so many decisions; 0: never.
GOLD_AFTER = env.integer("GOLD_AFTER", 0, minimum=0, maximum=10_000)
# How long a reviewer may take a verdict back.
REVIEW_UNDO_S = env.integer("REVIEW_UNDO_S", 600, minimum=0, maximum=86400)
# Review should be done within this time of the output.
REVIEW_WITHIN_H = env.integer("REVIEW_WITHIN_H", 24, minimum=1, maximum=8760)
# How long a reviewer's claim lasts without a sign of life; an open page gives one.
REVIEW_CLAIM_S = env.integer("REVIEW_CLAIM_S", 900, minimum=30, maximum=86400)

# --- Mail ----------------------------------------------------------------------------------------------------

# Without a mail server, what would be mailed is written to the log of the process that would have sent it.
EMAIL_HOST = env.host("EMAIL_HOST")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_PORT = env.integer("EMAIL_PORT", 587, minimum=1, maximum=65535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
# Port 465 is encrypted from its first byte on; on all others the connection is, once it is open.
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", True) and not EMAIL_USE_SSL
EMAIL_TIMEOUT = 10
_mail_domain = _site.hostname if _site.hostname and ":" not in _site.hostname else "localhost"
DEFAULT_FROM_EMAIL = env.mail_address("DEFAULT_FROM_EMAIL", f"media-assets@{_mail_domain}")
if bool(EMAIL_HOST_USER) != bool(EMAIL_HOST_PASSWORD):
    env.PROBLEMS.append(
        env.Problem(
            "EMAIL_HOST_USER",
            "Of EMAIL_HOST_USER and EMAIL_HOST_PASSWORD only one is set.",
            "Set both, or none where the mail server asks for no sign-in.",
        )
    )

# --- Jobs ----------------------------------------------------------------------------------------------------

JOB_MAX_RETRIES = env.integer("JOB_MAX_RETRIES", 3, minimum=0, maximum=20)
RETRY_BACKOFF_S = env.number("RETRY_BACKOFF_S", 4, minimum=0, maximum=3600)
RETRY_AFTER_CAP_S = env.number("RETRY_AFTER_CAP_S", 900, minimum=1, maximum=86400)
# A worker's claim on a job ends this long after the latest moment at which its model call can end.
CLAIM_MARGIN_S = env.number("CLAIM_MARGIN_S", 60, minimum=1, maximum=3600)
# A due job that was sent this long ago and has not been claimed is sent again.
RESEND_AFTER_S = env.number("RESEND_AFTER_S", 60, minimum=1, maximum=86400)
CLEANUP_AFTER_DAYS = env.integer("CLEANUP_AFTER_DAYS", 30, minimum=1, maximum=36500)

# --- Logs ----------------------------------------------------------------------------------------------------

LOG_LEVEL = env.text("LOG_LEVEL", "INFO").upper()
if LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
    env.PROBLEMS.append(
        env.Problem("LOG_LEVEL", f"LOG_LEVEL is {LOG_LEVEL!r}.", "Use DEBUG, INFO, WARNING or ERROR.")
    )
    LOG_LEVEL = "INFO"
_shared_processors: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
structlog.configure(
    processors=[
        *_shared_processors,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _shared_processors,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
                if EMBEDDED or DEBUG
                else structlog.processors.JSONRenderer(),
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "httpx2": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        "django_celery_beat": {"level": "WARNING"},
    },
}
