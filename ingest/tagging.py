"""A mail's tags, made while its bytes go by: of its content, of its Message-ID, and of what copies of it share."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable
from typing import Final

from ingest import parse_headers
from ingest.trim import BodySplitter
from records.tags import Tags

_MOST_HEADER: Final = 256 * 1024


@dataclasses.dataclass(frozen=True, slots=True)
class MailTags:
    """What a mail's bytes come to.  ``message_id`` and ``identity`` are None where it has no Message-ID."""

    content: bytes
    message_id: bytes | None
    identity: bytes | None
    sha256: str


class Tagging:
    """Takes a mail piece by piece; keeps its header and no more."""

    def __init__(self, tags: Tags) -> None:
        self._tags = tags
        self._content = tags.content()
        self._body, self._whole = hashlib.sha256(), hashlib.sha256()
        self._splitter, self._header = BodySplitter(), bytearray()

    def update(self, piece: bytes) -> None:
        """Take in the next piece."""
        self._content.update(piece)
        self._whole.update(piece)
        body = self._splitter.update(piece)
        self._body.update(body)
        if len(self._header) < _MOST_HEADER and len(body) < len(piece):
            self._header += piece[: len(piece) - len(body)][: _MOST_HEADER - len(self._header)]

    def finish(self) -> MailTags:
        """The tags of all pieces."""
        headers, _ = parse_headers.split(bytes(self._header))
        message_id = parse_headers.message_id(headers)
        identity = None
        if message_id:
            # As written, white space apart: what programs make of an odd From may differ from day to day.
            senders = b"\n".join(b" ".join(value.split()) for value in headers.all("from"))
            identity = self._tags.identity(message_id, senders, self._body.digest())
        return MailTags(
            self._content.finish(),
            self._tags.message_id(message_id) if message_id else None,
            identity,
            self._whole.hexdigest(),
        )


def tags_of(pieces: Iterable[bytes], tags: Tags) -> MailTags:
    """The tags of a mail that comes in pieces; reads them to the end."""
    tagging = Tagging(tags)
    for piece in pieces:
        tagging.update(piece)
    return tagging.finish()
