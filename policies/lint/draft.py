"""A mail read for the check, be it a draft, an earlier message or an attached one: header, addresses, texts, files."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Final

from policies.lint.addresses import AddressList, Mailbox, read_addresses
from policies.lint.displayed import Text, displayed_parts, is_encrypted_inline, read_text
from policies.lint.fields import Header, ids, instant, unfolded
from policies.lint.mime import Part, leaves, read_part

PARTICIPANT_FIELDS: Final = ("From", "Sender", "Reply-To", "To", "Cc", "Bcc")


class Draft:
    """A mail's bytes and what is in them, each thing read when first asked for, and once.  Nothing here raises."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.root: Part = read_part(raw)
        self._addresses: dict[str, AddressList] = {}

    def __repr__(self) -> str:
        """How long it is."""
        return f"Draft({len(self.raw)} bytes)"

    @property
    def header(self) -> Header:
        """The mail's own header."""
        return self.root.header

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the mail, in hexadecimal."""
        import hashlib  # noqa: PLC0415 - with its one use

        return hashlib.sha256(self.raw).hexdigest()

    def addresses(self, field: str) -> AddressList:
        """The addresses of all fields of that name together."""
        if field not in self._addresses:
            found = [read_addresses(unfolded(each.raw)) for each in self.header.all(field)]
            self._addresses[field] = AddressList(
                tuple(mailbox for one in found for mailbox in one.mailboxes),
                tuple(word for one in found for word in one.unreadable),
            )
        return self._addresses[field]

    def mailboxes(self, *fields: str) -> tuple[Mailbox, ...]:
        """The mailboxes of several fields, in that order."""
        return tuple(mailbox for field in fields for mailbox in self.addresses(field).mailboxes)

    @cached_property
    def subject(self) -> str:
        """The Subject, decoded."""
        return self.header.text("Subject").strip()

    @cached_property
    def message_id(self) -> str:
        """The Message-ID without angle brackets, empty where missing."""
        return next(iter(ids(self.header.text("Message-ID"))), "")

    @cached_property
    def in_reply_to(self) -> tuple[str, ...]:
        """The ids of In-Reply-To."""
        return tuple(one for field in self.header.all("In-Reply-To") for one in ids(field.text))

    @cached_property
    def references(self) -> tuple[str, ...]:
        """The ids of References, oldest first."""
        return tuple(one for field in self.header.all("References") for one in ids(field.text))

    @cached_property
    def date(self) -> datetime | None:
        """The Date in UTC, None where missing or unreadable."""
        return instant(self.header.text("Date"))

    @cached_property
    def _displayed(self) -> tuple[tuple[Part, ...], bool]:
        return displayed_parts(self.root)

    @property
    def displayed_bytes(self) -> int:
        """How long the displayed texts are as they stand in the mail, before any of them is read."""
        return sum(part.end - part.body_start for part in self._displayed[0])

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        """The displayed texts; none where the body is encrypted."""
        return () if self._displayed[1] else tuple(text for text in self._read_texts if not is_encrypted_inline(text))

    @cached_property
    def _read_texts(self) -> tuple[Text, ...]:
        return tuple(read_text(index, part) for index, part in enumerate(self._displayed[0]))

    @cached_property
    def is_opaque(self) -> bool:
        """Whether what the recipient sees first is encrypted, so that the rules for the body cannot run."""
        return self._displayed[1] or any(is_encrypted_inline(text) for text in self._read_texts)

    @cached_property
    def attachments(self) -> tuple[Part, ...]:
        """Every part that is no displayed text: files, inline pictures, attached mails, further texts."""
        shown = {part.path for part in self._displayed[0]}
        return tuple(part for part in leaves(self.root) if part.path not in shown and not self._is_wrapping(part))

    def _is_wrapping(self, part: Part) -> bool:
        """Whether the part only belongs to a signature or an encryption, or is the whole mail, empty or packed."""
        is_signature = part.type in {"application/pgp-signature", "application/pgp-encrypted"} or part.type.endswith(
            ("/pkcs7-signature", "/x-pkcs7-signature")
        )
        return is_signature or (part.type.startswith("multipart/") and not part.children)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Every part, also those that hold others, in order."""
        found, waiting = [], [self.root]
        while waiting:
            here = waiting.pop()
            found.append(here)
            waiting.extend(reversed(here.children))
        return tuple(found)
