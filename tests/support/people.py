"""Users with exactly the permissions that a test names."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission, User


def make_user(
    name: str,
    *,
    is_staff: bool = False,
    is_superuser: bool = False,
    is_active: bool = True,
    groups: Iterable[str] = (),
    permissions: Iterable[str] = (),
    email: str = "",
) -> User:
    """Store a user without a password. ``permissions`` are written "app_label.codename"."""
    user = User(username=name, email=email, is_staff=is_staff, is_superuser=is_superuser, is_active=is_active)
    # Hashing a password is slow, and almost no test signs in with one.
    user.set_unusable_password()
    user.save()
    for group in groups:
        user.groups.add(Group.objects.get(name=group))
    for permission in permissions:
        app_label, codename = permission.split(".")
        user.user_permissions.add(
            Permission.objects.get(content_type__app_label=app_label, codename=codename)
        )
    return user
