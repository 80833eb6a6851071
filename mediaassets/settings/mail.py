"""Outgoing mail."""

from __future__ import annotations

from mediaassets.settings import environment
from mediaassets.settings.base import site
from mediaassets.settings.environment import env

# Without a mail server, mail is written to the log of the sending process.
EMAIL_HOST = env.text("EMAIL_HOST", expected=environment.HOST)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_PORT = env.integer("EMAIL_PORT", 587, minimum=1, maximum=65535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
if bool(EMAIL_HOST_USER) != bool(EMAIL_HOST_PASSWORD):
    env.report(
        "EMAIL_HOST_USER",
        "and EMAIL_HOST_PASSWORD belong together, and only one of them is set.",
        "Set both, or neither if the mail server requires no sign-in.",
    )
# Port 465 uses TLS from the first byte; other ports use STARTTLS.
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", True) and not EMAIL_USE_SSL
EMAIL_TIMEOUT = 10
_domain = site.hostname if site.hostname and ":" not in site.hostname else "localhost"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"media-assets@{_domain}", environment.MAIL_ADDRESS)
