"""Sign-in by password, with a limit on guesses that all processes share."""

from __future__ import annotations

import hashlib
import ipaddress
import math
import threading
import time
from collections import Counter
from typing import Any

import redis
import structlog
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from redis.backoff import NoBackoff
from redis.retry import Retry
from rest_framework.settings import api_settings
from rest_framework.throttling import SimpleRateThrottle

from mediaassets.accounts.passwords.length import MAX_PASSWORD_CHARS
from universes.errors import Quota, QuotaExceeded

log = structlog.get_logger(__name__)

REDIS_TIMEOUT_S = 0.2
# An unreachable Redis is left alone for this long.
REDIS_PAUSE_S = 1.0
# Counters of this process while Redis is away; more addresses than this share one.
MAX_LOCAL_COUNTERS = 10_000


class Counters:
    """Counts in windows of time, on the shared Redis; in this process while it is away."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._local: Counter[str] = Counter()
        self._away_until = 0.0

    def add(self, name: str, window_s: int, amount: int = 1) -> int:
        """Add to a counter of the present window and return its value; 0 only reads it."""
        key = f"sign-in:{name}:{int(time.time() // window_s)}"
        if time.monotonic() >= self._away_until:
            try:
                return self._add_shared(key, window_s, amount)
            except (redis.RedisError, OSError) as error:
                self._away_until = time.monotonic() + REDIS_PAUSE_S
                log.warning("sign_in_limit_is_local", error=type(error).__name__)
        with self._lock:
            if len(self._local) >= MAX_LOCAL_COUNTERS:
                self._local.clear()
            self._local[key] += amount
            return self._local[key]

    @staticmethod
    def _add_shared(key: str, window_s: int, amount: int) -> int:
        client = redis.Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=REDIS_TIMEOUT_S,
            socket_connect_timeout=REDIS_TIMEOUT_S,
            retry=Retry(NoBackoff(), 0),
        )
        with client, client.pipeline() as commands:
            commands.incrby(key, amount)
            commands.expire(key, window_s)
            return int(commands.execute()[0])


counters = Counters()


class LimitedBackend(ModelBackend):
    """Django's accounts, with a limit on attempts by address and on failures by account.

    The limits come before the password is hashed, and count unknown names like known ones. Code without a request,
    such as a management command, is not limited.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Any:
        username = kwargs.pop(get_user_model().USERNAME_FIELD, username) if username is None else username
        if username is None or password is None:
            return None
        is_too_long = len(password) > MAX_PASSWORD_CHARS
        if request is None:
            return None if is_too_long else super().authenticate(request, username, password, **kwargs)
        address, account = address_of(request), f"account:{_digest(username.lower())}"
        limit_requests(request)
        _limit(account, "to this account", settings.SIGN_IN_ACCOUNT_RATE, 0)
        user = None
        if not is_too_long:
            user = super().authenticate(request, username, password, **kwargs)
        if user is None:
            counters.add(account, _parsed(settings.SIGN_IN_ACCOUNT_RATE)[1])
            is_known = get_user_model()._default_manager.filter(username=username).exists()
            # A name that nobody has may be a password in the wrong field.
            log.warning("sign_in_failed", account=username if is_known else None, address=address)
        return user


class _ShowsLimit(AuthenticationForm):
    """Shows the limit instead of failing with it."""

    def clean(self) -> Any:
        try:
            return super().clean()
        except QuotaExceeded as error:
            raise ValidationError(error.message, code="throttled") from None


def limit_requests(request: HttpRequest) -> None:
    """Count a request that a visitor may send only so often; raises ``QuotaExceeded``."""
    _limit(f"address:{_digest(address_of(request))}", "from your address", settings.SIGN_IN_RATE, 1)


class SignInForm(_ShowsLimit, AdminAuthenticationForm):
    """The admin's form, which says why the admin stays closed."""

    def confirm_login_allowed(self, user: Any) -> None:
        if user.is_active and not user.is_staff:
            raise ValidationError(
                "Your password is right, but your account has no role that opens these pages. "
                "Ask an administrator for one.",
                code="no_role",
            )
        super().confirm_login_allowed(user)


class AnyoneSignInForm(_ShowsLimit):
    """The studio's form: every active account may sign in there."""


def address_of(request: HttpRequest) -> str:
    """Return the client's network: its IPv4 address, or the half of an IPv6 address that a provider assigns.

    Only behind a trusted proxy is it the address that the proxy saw.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    if api_settings.NUM_PROXIES:
        address = str(request.META.get("HTTP_X_FORWARDED_FOR", address)).rpartition(",")[2].strip()
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address


def _limit(name: str, which: str, rate: str, amount: int) -> None:
    most, window_s = _parsed(rate)
    count = counters.add(name, window_s, amount)
    if count > most or (not amount and count >= most):
        counter = name.partition(":")[0]
        log.warning("sign_in_limited", counter=counter)
        resets_in_s = max(1, math.ceil(window_s - time.time() % window_s))
        raise QuotaExceeded(
            f"Too many attempts to sign in {which}: {most} in {window_s} seconds are allowed. "
            f"Try again in {resets_in_s} seconds.",
            Quota(f"sign-in-by-{counter}", most, window_s, remaining=0, resets_in_s=resets_in_s),
        )


def _parsed(rate: str) -> tuple[int, int]:
    most, window_s = SimpleRateThrottle.parse_rate(None, rate)  # type: ignore[arg-type]
    return int(most or 0), int(window_s or 1)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32]
