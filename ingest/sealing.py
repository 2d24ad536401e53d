"""A mail sealed as its bytes come in: rows of at most 1 MiB, tags, digests, and a trimmed copy for the child.

A large mail never lies whole in memory: its sealed rows wait in an unlinked temporary file.
"""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from ingest.tagging import MailTags, Tagging
from ingest.trim import Trimmer
from policies.mail import MailId
from records import mail
from records.mail import Location
from records.tags import Tags
from records.vault import seal

ROW_BYTES: Final = 1024 * 1024
_IN_MEMORY: Final = 2 * ROW_BYTES


@dataclasses.dataclass(slots=True, repr=False)
class Fetched:
    """One mail as it came: sealed, tagged, its key not yet granted to anybody.

    ``trimmed`` is what the child reads; the caller drops it once it is read.  ``rows`` can be gone through once.
    """

    mail: MailId
    location: Location
    received: datetime
    size: int
    key: bytes
    tags: MailTags
    trimmed: bytes
    is_cut: bool
    rows: Iterable[bytes]

    def __repr__(self) -> str:
        """Which mail."""
        return f"Fetched({self.mail})"


def seal_pieces(pieces: Iterable[bytes], location: Location, received: datetime, tags: Tags, scratch: Path) -> Fetched:
    """Seal a mail as its pieces arrive; ``scratch`` is where large ones wait, sealed and without a name.

    All digests are of the bytes as IMAP gives them.
    """
    mail_id, key = mail.new_id(), seal.new_key()
    sealer, tagging, trimmer = seal.StreamSealer(key, f"{mail.RAW}|{mail_id}"), Tagging(tags), Trimmer()
    rows, trimmed, size = _Rows(scratch), [], 0
    for piece in pieces:
        size += len(piece)
        tagging.update(piece)
        trimmed.append(trimmer.update(piece))
        rows.add(sealer.update(piece))
    trimmed.append(trimmer.finish())
    rows.add(sealer.finish())
    tagged = tagging.finish()
    return Fetched(mail_id, location, received, size, key, tagged, b"".join(trimmed), trimmer.cut, rows)


class _Rows:
    """Sealed bytes, cut into rows; kept in memory while few, else in a file that has no name."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._pending = bytearray()
        self._file: IO[bytes] | None = None

    def add(self, sealed: bytes) -> None:
        """Take in what the sealer gave."""
        self._pending += sealed
        if len(self._pending) < _IN_MEMORY:
            return
        if self._file is None:
            self._file = tempfile.TemporaryFile(dir=self._scratch)  # noqa: SIM115  closed when the rows were read
        self._file.write(self._pending)
        self._pending.clear()

    def __iter__(self) -> Iterator[bytes]:
        """The rows in order; the file is gone afterwards."""
        if self._file is None:
            yield from (bytes(self._pending[at : at + ROW_BYTES]) for at in range(0, len(self._pending), ROW_BYTES))
            return
        with self._file as file:
            file.write(self._pending)
            self._pending.clear()
            file.seek(0)
            while row := file.read(ROW_BYTES):
                yield row
