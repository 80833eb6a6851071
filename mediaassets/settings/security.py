"""Keys, passwords, cookies, HTTPS and the content security policy."""

from __future__ import annotations

import secrets

from csp import constants as csp

from mediaassets.settings import environment
from mediaassets.settings.base import is_https, site, trusts_proxy
from mediaassets.settings.environment import env

# A process without configured keys generates its own, which is enough for a check or a test; the deployment check
# warns. `make up` and compose pass the same keys to every process.
SECRET_KEY = env.text("SECRET_KEY") or secrets.token_urlsafe(50)
JWT_SIGNING_KEY = env.text("JWT_SIGNING_KEY") or secrets.token_urlsafe(50)
KEYS_ARE_TEMPORARY = not (env.text("SECRET_KEY") and env.text("JWT_SIGNING_KEY"))
# Bearer token of /metrics; empty: the page does not exist.
METRICS_TOKEN = env.text("METRICS_TOKEN", expected=environment.HEADER_VALUE)

# Signs passports; empty: they are not signed. Public keys of earlier ones stay published.
PASSPORT_KEY = env.text("PASSPORT_KEY", expected=environment.KEY_OF_32_BYTES)
PASSPORT_OLD_PUBLIC = env.keys("PASSPORT_OLD_PUBLIC")
PASSPORT_NAMES_REVIEWERS = env.flag("PASSPORT_NAMES_REVIEWERS", False)

LOGIN_URL = "admin:login"
AUTHENTICATION_BACKENDS = ["mediaassets.web.sign_in.LimitedBackend"]
PASSWORD_HASHERS = ["mediaassets.accounts.passwords.length.BoundedHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "mediaassets.accounts.passwords.length.MaximumLengthValidator"},
    *(
        {"NAME": f"django.contrib.auth.password_validation.{name}"}
        for name in (
            "UserAttributeSimilarityValidator",
            "MinimumLengthValidator",
            "CommonPasswordValidator",
            "NumericPasswordValidator",
        )
    ),
]

CSRF_TRUSTED_ORIGINS = [f"{site.scheme}://{site.netloc}"] if is_https else []
SESSION_COOKIE_SECURE = is_https
CSRF_COOKIE_SECURE = is_https
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = is_https
SECURE_REDIRECT_EXEMPT = [r"^healthz/?$", r"^readyz/?$", r"^metrics/?$"]
SECURE_HSTS_SECONDS = env.integer("HSTS_SECONDS", 86400, minimum=0, maximum=63072000) if is_https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if trusts_proxy else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# One host must not decide for its siblings (W005) or for the browsers' preload list (W021).
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [csp.NONE],
        "script-src": [csp.SELF],
        "style-src": [csp.SELF],
        "img-src": [csp.SELF, "data:"],
        "font-src": [csp.SELF],
        "connect-src": [csp.SELF],
        "form-action": [csp.SELF],
        "base-uri": [csp.NONE],
        "frame-ancestors": [csp.NONE],
        "object-src": [csp.NONE],
    }
}
