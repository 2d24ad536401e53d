"""Why a draft's text or header must not be changed by anything but the program that made it: signatures over it."""

from __future__ import annotations

import re
from typing import Final

from policies.lint.displayed import Kind
from policies.lint.draft import Draft
from policies.lint.mime import Part
from policies.patterns import late

_SEALED: Final = {
    "multipart/signed": "signed",
    "multipart/encrypted": "encrypted",
    "application/pkcs7-mime": "signed or encrypted",
    "application/x-pkcs7-mime": "signed or encrypted",
}
_SIGNED_HEADERS: Final = ("DKIM-Signature", "ARC-Message-Signature")
_SIGNED_FIELDS: Final = late(r"(?:^|;)\s*h\s*=([^;]*)", re.IGNORECASE)
MENDED_FIELDS: Final = {"conduct-cc": "Cc", "reply-to": "Reply-To"}
_DOMAIN_SEALS: Final = ("DKIM-Signature", "ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results")


def why_not_mend(draft: Draft, rule: str) -> str:
    """Why what this rule finds cannot be mended in the draft, as what the draft is; empty where it can."""
    field = MENDED_FIELDS.get(rule)
    return why_not_field(draft, field) if field else why_not_text(draft)


def why_not_text(draft: Draft) -> str:
    """Why no displayed text may change, as what the draft is; empty where it may."""
    if any(draft.header.all(name) for name in _DOMAIN_SEALS):
        return "signed by a server (DKIM or ARC)"
    for part in _around_texts(draft):
        if part.type in _SEALED:
            return _SEALED[part.type]
        if part.header.all("Content-MD5"):
            return "sealed by a Content-MD5"
    if draft.is_opaque:
        return "encrypted"
    if any(line.kind is Kind.ARMOUR for text in draft.texts for line in text.lines):
        return "signed by PGP in its text"
    return "" if draft.texts else "without a text that is shown"


def _around_texts(draft: Draft) -> list[Part]:
    """Every part that holds a displayed text, and each text itself; all parts where none is displayed."""
    paths = [text.part.path for text in draft.texts]
    return [part for part in draft.parts if not paths or any(path[: len(part.path)] == part.path for path in paths)]


def why_not_field(draft: Draft, field: str) -> str:
    """Why a header field may not change, as what the draft is; empty where it may."""
    if any(part.parameter("hp") or part.parameter("protected-headers") for part in draft.parts):
        return "signed or encrypted together with its header"
    for name in _SIGNED_HEADERS:
        for found in draft.header.all(name):
            listed = _SIGNED_FIELDS.search(found.text)
            if listed and field.casefold() in listed[1].casefold().replace(" ", "").split(":"):
                return f"signed by a server (DKIM or ARC) together with {field}"
    return ""
