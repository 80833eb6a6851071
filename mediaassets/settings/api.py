"""REST framework, tokens and the OpenAPI schema."""

from __future__ import annotations

from datetime import timedelta

from mediaassets.settings import environment
from mediaassets.settings.base import trusts_proxy
from mediaassets.settings.environment import env
from mediaassets.settings.security import JWT_SIGNING_KEY

MAX_BODY_BYTES = 1_000_000
MAX_JSON_DEPTH = 32
# A file of 50 MB with the fields of its form.
MAX_UPLOAD_BYTES = 50_100_000
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY_BYTES

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["mediaassets.api.sign_in.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["mediaassets.api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_FILTER_BACKENDS": ["mediaassets.api.filters.StrictFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "mediaassets.api.pagination.LimitOffset",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    # Without a trusted proxy, X-Forwarded-For is only the client's claim and must not pick the throttled address.
    "NUM_PROXIES": 1 if trusts_proxy else 0,
    "EXCEPTION_HANDLER": "mediaassets.api.errors.exception_handler",
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

# Attempts to sign in by client address, and failures by account from all addresses together.
SIGN_IN_RATE = env.text("SIGN_IN_RATE", "30/min", environment.RATE)
SIGN_IN_ACCOUNT_RATE = env.text("SIGN_IN_ACCOUNT_RATE", "100/hour", environment.RATE)

SIMPLE_JWT = {
    "AUTH_TOKEN_CLASSES": ["mediaassets.api.sign_in.tokens.PlainAccessToken"],
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
        "**Sign in** with `POST /auth/token` and send `Authorization: Bearer <access>` with every other request. "
        "`POST /auth/token/refresh` exchanges the refresh token for a new pair; each refresh token works once. "
        "Programs send an API key of `POST /auth/api-keys` instead.\n\n"
        "**Submit a job** with `POST /agents/jobs`, then poll the job at the `Location` of the response, every "
        "`Retry-After` seconds, until its `status` is `completed`, `failed` or `cancelled`. Then `outcome` says "
        "what became of it, and `result` is the output that counts: null while it is `awaiting_review` or after it "
        "was `rejected`, with the reviewer's changes if it was `edited`. `output_data` stays what the agent wrote. "
        "An output that counts becomes an entry of its universe, with the job's id as `origin_ref`.\n\n"
        "**Cost**: `dry_run` returns a price estimate and submits nothing. `priority: batch` costs half and may take "
        "hours. `reuse` returns an earlier answer to the same request. `GET /agents/usage` reports spending.\n\n"
        "**Errors** are `application/problem+json` (RFC 9457): `code` is for programs, `detail` for people, and "
        "`errors` points to each invalid field. Paths work with and without a trailing slash."
    ),
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "mediaassets.api.schema.additions.complete",
    ],
    # Names for choices that several fields share, or whose field name several sets of choices share.
    "ENUM_NAME_OVERRIDES": {
        "ElementKind": "universes.choices.ElementKind",
        "EventKind": "agents.choices.EventKind",
        "StoryEventKind": "universes.choices.StoryEventKind",
        "SceneKind": "universes.choices.SceneKind",
        "CanonStatus": "universes.choices.CanonStatus",
        "FirstCanonStatus": "universes.api.bodies.inputs.FIRST_STATUSES",
        "Role": "universes.choices.Role",
        "MemberRole": "universes.api.bodies.inputs.MEMBER_ROLES",
        "ImportStatus": "universes.choices.ImportStatus",
        "TrueOrFalse": "universes.api.parameters.filter_kinds.TRUE_OR_FALSE",
        "JobStatus": "agents.choices.JobStatus",
        "JobOutcome": "agents.choices.JobOutcome",
        "JobPriority": "agents.choices.JobPriority",
        "AgentType": "agents.choices.AgentType",
        "GuestVerdict": "agents.models.review.guest.GUEST_VERDICT_CHOICES",
        "Verdict": "agents.choices.Verdict",
        "ReviewState": "agents.choices.ReviewState",
        "NotificationKind": "agents.choices.NotificationKind",
        "PriorityEnum": "agents.choices.Priority",
        "ReviewKind": "agents.choices.ReviewKind",
    },
}
