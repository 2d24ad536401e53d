"""Every mail in the files and folders that somebody names, oldest first, with the day on which each arrived.

Only positions are kept in memory, never a mail.  Of a Maildir ``new`` and ``cur`` are read and its folders too; of
other folders ``.eml`` files and whatever begins as an mbox does.  What a mail program had marked as deleted, drafts,
and the note that some programs keep as a first mail are left out and counted.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, NamedTuple

from ingest import parse_headers
from ingest.archives import as_delivered, mbox
from ingest.archives.mbox import Quoting, Span
from ingest.parse_headers import Headers
from ingest.parse_instant import instant
from ingest.parse_words import raw_text
from policies.errors import Unavailable, UnreadableInput

Shape = Literal["mbox", "maildir", "single"]

_PIECE: Final = 1024 * 1024
_HEAD: Final = 16 * 1024
_MOST_HEAD: Final = 256 * 1024
_EMPTY_LINE: Final = re.compile(rb"\n\r?\n")
# https://cr.yp.to/proto/maildir.html: a name begins with the second of delivery, flags stand behind ":2,".
_DELIVERED: Final = re.compile(r"(\d{9,10})[._]")
_NOT_TO_KEEP: Final = re.compile(r"[:;!]2,[A-Za-z]*[DT]")
_OLDEST: Final = datetime(1980, 1, 1, tzinfo=UTC)
_MOZILLA_DELETED: Final = 0x0008
_PACKED: Final = frozenset({".gz", ".tgz", ".bz2", ".xz", ".zst", ".zip", ".7z"})
_INTERNAL: Final = b"DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA"


class OldMail(NamedTuple):
    """One mail: when it arrived (seconds since 1970), in which of the files, from which byte to which."""

    arrived: float
    file: int
    start: int
    end: int

    @property
    def received(self) -> datetime:
        """When it arrived."""
        return datetime.fromtimestamp(self.arrived, UTC)

    @property
    def size(self) -> int:
        """Its bytes as they lie in the file."""
        return self.end - self.start


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class _File:
    """A file with mail, and how to tell that it is still the same."""

    path: Path
    shape: Shape
    quoting: Quoting
    state: tuple[int, int, int, int]

    def __repr__(self) -> str:
        """Nothing of its name: folders are named after people."""
        return f"_File({self.shape})"


@dataclasses.dataclass(slots=True, repr=False)
class Archives:
    """What was found: ``mails`` oldest first; ``left_out`` were deleted or drafts, ``ignored`` files hold no mail."""

    mails: list[OldMail]
    left_out: int
    ignored: int
    _files: list[_File]

    def __repr__(self) -> str:
        """How much."""
        return f"Archives({len(self.mails)} mails)"

    def pieces(self, mail: OldMail) -> Iterator[bytes]:
        """The bytes of one mail as an IMAP server would give them.

        Raises Unavailable: the file changed since it was looked at, or cannot be read any more.
        """
        file = self._files[mail.file]
        raw = _raw(file, mail)
        if file.shape == "mbox":
            raw = as_delivered.without_notes(as_delivered.unquoted(raw, file.quoting))
        return as_delivered.with_line_ends(raw)

    def may_be_unquoted(self, mail: OldMail) -> bool:
        """Whether the bytes depend on how the file quotes lines that begin with From."""
        return self._files[mail.file].shape == "mbox" and self._files[mail.file].quoting != "none"

    def pieces_as_quoted(self, mail: OldMail) -> Iterator[bytes]:
        """The same without undoing that quoting: some servers give it as it lies in the file."""
        return as_delivered.with_line_ends(as_delivered.without_notes(_raw(self._files[mail.file], mail)))


def look(paths: Iterable[Path], now: datetime) -> Archives:
    """Find the mails of these files and folders; nothing is said to have arrived after ``now``.

    Raises UnreadableInput: one of them cannot be read, or holds no mail.
    """
    found = _Looking(now)
    for path in paths:
        before = len(found.mails) + found.left_out
        found.take(path)
        if len(found.mails) + found.left_out == before:
            raise UnreadableInput("no-mail", f"{path} holds no mail.", _advice(path))
    found.mails.sort()
    return Archives(found.mails, found.left_out, found.ignored, found.files)


def _advice(path: Path) -> str:
    if path.suffix.lower() in _PACKED:
        return "It is packed: unpack it, and give what was in it."
    return "Give an mbox, a Maildir, or .eml files."


class _Looking:
    def __init__(self, now: datetime) -> None:
        self._now = now
        self.mails: list[OldMail] = []
        self.files: list[_File] = []
        self.left_out = self.ignored = 0

    def take(self, path: Path) -> None:
        for file, in_maildir in _files_in(path):
            try:
                self._take_file(file, in_maildir=in_maildir, is_named=file == path)
            except OSError as error:
                raise UnreadableInput("unreadable-file", f"{file} cannot be read: {error.strerror}.") from None

    def _take_file(self, path: Path, *, in_maildir: bool, is_named: bool) -> None:
        if in_maildir and _NOT_TO_KEEP.search(path.name):
            self.left_out += 1
            return
        with _opened(path) as descriptor:
            if in_maildir:
                self._take_single(path, descriptor, "maildir", _delivered(path, descriptor))
            elif mbox.is_mbox(descriptor):
                self._take_mbox(path, descriptor)
            elif is_named or path.suffix.lower() == ".eml":
                self._take_single(path, descriptor, "single", None)
            else:
                self.ignored += 1

    def _take_mbox(self, path: Path, descriptor: int) -> None:
        spans, counted = mbox.spans(descriptor)
        self.files.append(
            _File(path, "mbox", mbox.quoting_of(descriptor, spans, counted=counted), _state_of(descriptor))
        )
        for span in spans:
            headers = _headers(descriptor, span)
            if span.start == span.end:
                continue
            if _is_note(headers) or _is_deleted(headers):
                self.left_out += 1
            else:
                self._add(descriptor, span, headers)

    def _take_single(self, path: Path, descriptor: int, shape: Shape, delivered: datetime | None) -> None:
        span = Span(0, os.fstat(descriptor).st_size, delivered)
        headers = _headers(descriptor, span)
        if not headers.fields:
            self.ignored += 1
            return
        self.files.append(_File(path, shape, "none", _state_of(descriptor)))
        self._add(descriptor, span, headers)

    def _add(self, descriptor: int, span: Span, headers: Headers) -> None:
        modified = datetime.fromtimestamp(os.fstat(descriptor).st_mtime, UTC)
        arrived = _arrived(headers, span.stamp, modified, self._now)
        self.mails.append(OldMail(arrived.timestamp(), len(self.files) - 1, span.start, span.end))


def _arrived(headers: Headers, delivered: datetime | None, modified: datetime, now: datetime) -> datetime:
    """What comes nearest to IMAP's INTERNALDATE: what the last server wrote, then whoever filed it, then the sender."""
    received = instant(raw_text(headers.first("received")).rpartition(";")[2])
    written = instant(raw_text(headers.first("date")[:1000]))
    plausible = (each for each in (received, delivered, written, modified) if each and _OLDEST <= each <= now)
    return next(plausible, now).replace(microsecond=0)


def _files_in(path: Path) -> Iterator[tuple[Path, bool]]:
    """The files under a path, and whether each is a mail of a Maildir; in a stable order."""
    if not path.is_dir():
        yield path, False
        return
    for place, folders, names in os.walk(path, onerror=_refuse):
        here = Path(place)
        if {"cur", "new"} <= set(folders):
            folders[:] = sorted(set(folders) - {"cur", "new", "tmp"})
            mails = [file for part in ("new", "cur") for file in (here / part).iterdir()]
            yield from ((file, True) for file in sorted(mails) if file.is_file() and file.name[0] != ".")
            continue
        folders.sort()
        yield from ((here / name, False) for name in sorted(names) if (here / name).is_file())


def _refuse(error: OSError) -> None:
    raise UnreadableInput("unreadable-file", f"{error.filename} cannot be read: {error.strerror}.") from None


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    """A file open for reading, by its descriptor."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _raw(file: _File, mail: OldMail) -> Iterator[bytes]:
    try:
        with _opened(file.path) as descriptor:
            if _state_of(descriptor) != file.state:
                raise _changed()
            at = mail.start
            while at < mail.end:
                piece = os.pread(descriptor, min(_PIECE, mail.end - at), at)
                if not piece:
                    raise _changed()
                yield piece
                at += len(piece)
    except OSError:
        raise _changed() from None


def _changed() -> Unavailable:
    return Unavailable(
        "archive-changed", "A file changed while it was read.", "Close the mail program, and run the command again."
    )


def _state_of(descriptor: int) -> tuple[int, int, int, int]:
    about = os.fstat(descriptor)
    return about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns


def _headers(descriptor: int, span: Span) -> Headers:
    """The header of a mail, as far as its first 256 KiB hold it."""
    head = os.pread(descriptor, min(_HEAD, span.end - span.start), span.start)
    if not _EMPTY_LINE.search(head):
        head = os.pread(descriptor, min(_MOST_HEAD, span.end - span.start), span.start)
    return parse_headers.split(head)[0]


def _delivered(path: Path, descriptor: int) -> datetime:
    """When a mail came into a Maildir: its name says so, else the file's time."""
    named = _DELIVERED.match(path.name)
    return datetime.fromtimestamp(int(named[1]) if named else os.fstat(descriptor).st_mtime, UTC)


def _is_note(headers: Headers) -> bool:
    """Whether it is the first mail that some programs write to keep their own notes in."""
    return headers.first("subject").strip().startswith(_INTERNAL) and bool(headers.all("x-imap"))


def _is_deleted(headers: Headers) -> bool:
    """Whether a mail program had it marked as deleted: such mails stay in an mbox until it is tidied up."""
    try:
        mozilla = int(headers.first("x-mozilla-status").strip()[:8] or b"0", 16)
    except ValueError:
        mozilla = 0
    return bool(mozilla & _MOZILLA_DELETED) or b"D" in headers.first("x-status")[:20]
