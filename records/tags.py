"""Keyed digests by which the server finds a mail again without knowing what stands in it.

The key lies with the service user alone.  Whoever steals both can test guesses against the tags, and no more.
"""

from __future__ import annotations

from policies.addresses import canonical
from policies.values import value
from records.vault import seal


@value
class Tags:
    """The tag key, ready for use."""

    key: bytes

    def __repr__(self) -> str:
        """Never the key."""
        return "Tags(…)"

    def message_id(self, message_id: str) -> bytes:
        """The tag of a Message-ID, written without angle brackets."""
        return seal.tag(self.key, b"message-id", message_id.encode("utf-8", "replace"))

    def content(self) -> seal.Tagger:
        """A running tag of the bytes as IMAP delivers them."""
        return seal.Tagger(self.key)

    def identity(self, message_id: str, senders: bytes, body_digest: bytes) -> bytes:
        """The tag by which two copies of one mail are known: Message-ID, From as written, and body agree."""
        return seal.tag(self.key, b"identity", message_id.encode("utf-8", "replace"), senders, body_digest)

    def participant(self, salt: bytes, address: str) -> bytes:
        """The tag of somebody who takes part in one thread; the salt keeps threads from being compared."""
        return seal.tag(self.key, b"participant", salt, canonical(address).encode("utf-8", "replace"))

    def note(self, digest: str) -> bytes:
        """The tag by which our own note on a draft of that digest is known again."""
        return seal.tag(self.key, b"note", digest.encode("ascii"))
