"""New accounts of people who have an invitation link."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from mediaassets.accounts import usernames
from universes.errors import FieldError, Invalid
from universes.services.sharing import invitation_links


def sign_up(secret: str, *, username: str, password: str, email: str = "") -> User:
    """Make an account for whoever has this invitation link, and use the link for it.

    Raises ``Invalid`` that names each wrong field, and what ``invitation_links.use_link`` raises.
    """
    invitation_links.find_link(secret)
    account = User(username=User.normalize_username(username.strip()), email=email.strip())
    errors = _errors(account, password)
    if errors:
        raise Invalid(f"Not valid: {', '.join(error.pointer[1:] for error in errors)}.", errors)
    account.set_password(password)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
            usernames.claim(account)
            invitation_links.use_link(secret, by=account)
    except IntegrityError:
        raise usernames.NameTaken from None
    return account


def _errors(account: User, password: str) -> list[FieldError]:
    errors: list[FieldError] = []
    try:
        account.clean_fields(exclude=["password"])
    except ValidationError as error:
        errors += [FieldError(f"/{name}", " ".join(texts)) for name, texts in error.message_dict.items()]
    if not errors and (fault := usernames.fault_of(account.username)):
        errors.append(fault)
    try:
        validate_password(password, account)
    except ValidationError as error:
        errors.append(FieldError("/password", " ".join(error.messages), "weak_password"))
    return errors
