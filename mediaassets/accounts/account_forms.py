"""Forms of an account in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.utils.html import format_html

from mediaassets.accounts import roles, usernames

# Generic for the type checker only.
if TYPE_CHECKING:
    UserForm = forms.ModelForm[User]
    ChangeForm = UserChangeForm[User]
else:
    UserForm = forms.ModelForm
    ChangeForm = UserChangeForm


def _roles_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        choices=[
            (role.code, format_html("<strong>{}</strong> {}", role.name, role.may)) for role in roles.ROLES
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=f"{roles.CREATOR_MAY} Each role adds to that, and opens these pages.",
    )


def _checked_username(form: UserForm) -> str:
    """Return the name, which an account keeps if it has it already."""
    username: str = User.normalize_username(form.cleaned_data["username"])
    fault = usernames.fault_of(username, of=form.instance) if "username" in form.changed_data else None
    if fault is not None:
        raise ValidationError(fault.detail, code=fault.code)
    return username


class NewAccountForm(UserForm):
    """A person and their roles; they choose the password themselves."""

    roles = _roles_field()

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email"]
        help_texts = {
            "username": "Up to 150 letters, digits and @/./+/-/_.",
            "email": "The invitation is mailed there. Without an address, pass on the link yourself.",
        }

    def clean_username(self) -> str:
        return _checked_username(self)

    def save(self, commit: bool = True) -> User:
        self.instance.set_unusable_password()
        return super().save(commit)


class AccountForm(ChangeForm):
    roles = _roles_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["roles"] = [role.code for role in roles.roles_of(self.instance)]
        if "groups" in self.fields:
            others = Group.objects.exclude(name__in=roles.ROLE_GROUPS)
            self.fields["groups"].queryset = others  # type: ignore[attr-defined]
            self.initial["groups"] = list(self.instance.groups.exclude(name__in=roles.ROLE_GROUPS))

    def clean_username(self) -> str:
        return _checked_username(self)

    def clean(self) -> dict[str, Any] | None:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        stays = cleaned.get("is_active") and roles.ADMINISTRATOR in cleaned.get("roles", ())
        if not stays and roles.is_last_administrator(User.objects.get(pk=self.instance.pk)):
            raise ValidationError(
                "This is the only administrator. Make another one first.", code="last_administrator"
            )
        return cleaned
