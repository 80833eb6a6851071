"""Passports as signed JSON-LD documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings

from universes.models import Element, Scene
from universes.passports.entries import Entry, passport_of
from universes.passports.passport import Passport, instant
from universes.passports.signing import content_hash, signed

# Within the document: reading it needs no other file.
_CONTEXT: Final = {
    "@vocab": "https://schema.org/",
    "passport": "urn:unified-media-asset-manager:passport:",
    "digitalSourceType": {"@id": "https://schema.org/digitalSourceType", "@type": "@id"},
    "receipt": {"@id": "https://schema.org/subjectOf", "@type": "@id"},
    "disclosure": "passport:disclosure",
    "disclosureBasis": "passport:disclosureBasis",
    "editedByPerson": "passport:editedByPerson",
    "isMock": "passport:isMock",
    "promptHash": "passport:promptHash",
    "reviewerRole": "passport:reviewerRole",
}


def entry_document(entry: Entry, passport: Passport | None = None) -> dict[str, Any]:
    """Return the signed passport of an entry; ``passport`` if the caller has it already."""
    kind = "scenes" if isinstance(entry, Scene) else "elements"
    return document(
        f"/universes/{entry.universe_id}/{kind}/{entry.pk}",
        entry.title if isinstance(entry, Scene) else entry.name,
        content_of(entry),
        passport or passport_of(entry),
        changed_at=instant(entry.updated_at),
    )


def content_of(entry: Element | Scene) -> dict[str, Any]:
    """Return the fields of an entry whose hash is in its passport; the API and exports have them by these names."""
    names = ("title", "text") if isinstance(entry, Scene) else ("name", "summary", "traits")
    return {name: getattr(entry, name) for name in names}


def document(
    path: str, name: str, content: Mapping[str, Any], passport: Passport, *, changed_at: str | None
) -> dict[str, Any]:
    """Return the signed passport of a text at a path of this site."""
    facts = passport.as_dict()
    body = {
        "@context": _CONTEXT,
        "@type": "CreativeWork",
        "@id": f"{settings.SITE_URL}{path}",
        "name": name,
        "sha256": content_hash(content),
        "dateModified": changed_at,
        "disclosure": facts["disclosure"],
        "disclosureBasis": facts["basis"],
        "digitalSourceType": facts["digital_source_type"],
        "editedByPerson": facts["is_edited"],
        "contributor": [_contributor(maker) for maker in facts["made_by"]],
        "reviewerRole": facts["reviewer_role"],
        "editor": facts["reviewer"] and {"@type": "Person", "name": facts["reviewer"]},
        "dateReviewed": facts["reviewed_at"],
    }
    return signed(_known(body))


def _contributor(maker: Mapping[str, Any]) -> dict[str, Any]:
    provider = maker["provider"]
    return _known(
        {
            "@type": "SoftwareApplication",
            "name": "built-in mock, no language model"
            if maker["is_mock"]
            else maker["model"] or "unknown model",
            "isMock": maker["is_mock"],
            "provider": provider and {"@type": "Organization", "name": provider},
            "promptHash": maker["prompt_hash"],
            "dateCreated": maker["made_at"],
            "receipt": maker["receipt_url"],
        }
    )


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
