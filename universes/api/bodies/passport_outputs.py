"""Serializers of passports."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from universes.choices import Disclosure, DisclosureBasis
from universes.models import Element, Scene
from universes.passports.entries import passports_of
from universes.passports.signing import ALGORITHM


class MakerOut(serializers.Serializer[Any]):
    """The origin of a text that no person wrote."""

    model = serializers.CharField(allow_null=True, help_text="Null: unknown, or the mock.")
    provider = serializers.CharField(allow_null=True)
    is_mock = serializers.BooleanField(help_text="The built-in mock, which is no language model.")
    prompt_hash = serializers.CharField(allow_null=True, help_text="Hash of the prompt's text.")
    made_at = serializers.DateTimeField(allow_null=True)
    receipt_url = serializers.URLField(allow_null=True, help_text="The evidence, for those who may read it.")


class PassportOut(serializers.Serializer[Any]):
    """The origin of a text, and whether a person has read it."""

    disclosure = serializers.ChoiceField(
        Disclosure.choices,
        help_text="`ai-assisted`: a person approved or edited it; `ai-autonomous`: no person has read it.",
    )
    sentence = serializers.CharField(help_text="The passport in words.")
    basis = serializers.ChoiceField(
        DisclosureBasis.choices, help_text="`declared`: it was imported, and this is what its file says."
    )
    digital_source_type = serializers.URLField(help_text="Term of the IPTC's vocabulary.")
    is_edited = serializers.BooleanField(help_text="It has parts by a person and parts by a machine.")
    made_by = MakerOut(many=True, help_text="The machines that wrote parts of it; none: people alone.")
    reviewer_role = serializers.CharField(allow_null=True, help_text="Role of the person who read it.")
    reviewer = serializers.CharField(
        allow_null=True, help_text="Null unless PASSPORT_NAMES_REVIEWERS is set."
    )
    reviewed_at = serializers.DateTimeField(allow_null=True)


class SignatureOut(serializers.Serializer[Any]):
    algorithm = serializers.ChoiceField([ALGORITHM])
    key_id = serializers.CharField(help_text="`kid` of a key in `/.well-known/passport-keys.json`.")
    value = serializers.CharField(help_text="Base64, over the document as canonical JSON (RFC 8785).")


class SignedPassportOut(serializers.Serializer[Any]):
    """A passport as a signed JSON-LD document, which can be verified offline."""

    document = serializers.DictField()
    signature = SignatureOut(allow_null=True, help_text="Null: this site has no key.")


class PublicKeyOut(serializers.Serializer[Any]):
    """A public key as a JSON Web Key."""

    kid = serializers.CharField()
    kty = serializers.CharField()
    crv = serializers.CharField()
    alg = serializers.CharField()
    use = serializers.CharField()
    x = serializers.CharField()
    pem = serializers.CharField()
    is_current = serializers.BooleanField(help_text="False: only older passports are signed with it.")


class PublicKeysOut(serializers.Serializer[Any]):
    keys = PublicKeyOut(many=True)


class _PassportList(serializers.ListSerializer[Any]):
    """A list that reads the passports of all its entries at once."""

    def to_representation(self, data: Any) -> list[Any]:
        entries = list(data)
        self.child.entries = entries  # type: ignore[union-attr]
        self.child.passports = passports_of(entries)  # type: ignore[union-attr]
        return super().to_representation(entries)


class WithPassport(serializers.Serializer[Any]):
    """Mixin for entries, which adds their passport."""

    passport = serializers.SerializerMethodField()

    class Meta:
        list_serializer_class = _PassportList

    @extend_schema_field(PassportOut)
    def get_passport(self, entry: Element | Scene) -> dict[str, Any]:
        passports = getattr(self, "passports", None) or passports_of([entry])
        return passports[entry.pk].as_dict()
