"""Authentication of API requests by an access token or an API key."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.models import User
from django.db import connection
from django.db.models.expressions import RawSQL
from drf_spectacular.contrib.rest_framework_simplejwt import SimpleJWTScheme
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import AuthenticationFailed, InvalidToken
from rest_framework_simplejwt.tokens import Token

from agents.common.database.prepared import Prepared
from mediaassets.accounts import epochs
from mediaassets.accounts.keys import api_keys, scopes
from mediaassets.accounts.models import ApiKey
from mediaassets.api.sign_in.tokens import ENDED

# The permissions of an account, which Django reads in two more queries. The name of the aggregate is the database's.
_GRANTED = """
    SELECT {aggregate}(t.app_label || '.' || p.codename, ' ')
    FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id
    WHERE p.id IN (
        SELECT permission_id FROM auth_user_user_permissions WHERE user_id = auth_user.id
        UNION ALL
        SELECT gp.permission_id FROM auth_group_permissions gp JOIN auth_user_groups ug ON ug.group_id = gp.group_id
        WHERE ug.user_id = auth_user.id
    )
"""
_COLUMNS: Final = [field.attname for field in User._meta.concrete_fields]
_ACCOUNT: Final = Prepared(
    lambda user_id: (
        User.objects.filter(pk=user_id)
        .order_by()
        .values_list(*_COLUMNS, RawSQL(_granted(), []), "token_epoch__epoch")  # noqa: S611
    ),
    [2_147_483_647],
)


class TokenAuthentication(JWTAuthentication):
    """simplejwt's authentication, and API keys beside it; one query for the account and its permissions.

    The scheme may be written in any case. A key is refused here for everything outside its scopes.
    """

    def authenticate(self, request: Request) -> tuple[User, Token | ApiKey] | None:  # type: ignore[override]
        header = self.get_header(request)
        raw: bytes | None = self.get_raw_token(header) if header is not None else None
        if raw is None:
            return None
        if raw.startswith(api_keys.PREFIX.encode()):
            return self._by_key(request, raw.decode("ascii", "replace"))
        token = self.get_validated_token(raw)
        return self.get_user(token), token

    def _by_key(self, request: Request, text: str) -> tuple[User, ApiKey]:
        key = api_keys.find_key(text, _granted())
        if key is None:
            raise AuthenticationFailed("This API key is not valid here.", code="api_key_not_valid")
        scopes.require(key.scopes, request._request)
        return _with_permissions(key.user, key.granted), key  # type: ignore[attr-defined]

    def get_header(self, request: Request) -> bytes:
        header: bytes = super().get_header(request)
        scheme, space, token = header.partition(b" ") if header else (b"", b"", b"")
        # RFC 9110: the case of a scheme has no meaning.
        return b"Bearer" + space + token if scheme.lower() == b"bearer" else header

    def get_user(self, validated_token: Token) -> User:  # type: ignore[override]
        raw_id = str(validated_token.get("user_id", ""))
        if not raw_id:
            raise InvalidToken("Token contained no recognizable user identification")
        found = _ACCOUNT.rows(int(raw_id) if raw_id.isdigit() else -1)
        if not found:
            raise AuthenticationFailed("User not found", code="user_not_found")
        *values, granted, epoch = found[0]
        user = User.from_db("default", _COLUMNS, values)
        if not user.is_active:
            raise AuthenticationFailed("User is inactive", code="user_inactive")
        if epochs.is_past(validated_token.payload, epoch or 0):
            raise InvalidToken(ENDED)
        return _with_permissions(user, granted)


def _granted() -> str:
    return _GRANTED.format(aggregate="string_agg" if connection.vendor == "postgresql" else "group_concat")


def _with_permissions(user: User, granted: str | None) -> User:
    if not user.is_superuser:
        # The cache of ``ModelBackend``, the only backend of this site.
        user._perm_cache = set((granted or "").split())  # type: ignore[attr-defined]
    return user


class TokenScheme(SimpleJWTScheme):  # type: ignore[no-untyped-call]
    """Description of the site's own authentication, which takes the same header."""

    target_class = "mediaassets.api.sign_in.authentication.TokenAuthentication"
