"""Where the mails of an mbox file begin and end, and which of its several quoting customs it follows (RFC 4155).

A mail begins after a line ``From sender date``.  A line of a mail that looks so is quoted by ``>``: of any number of
``>`` one more (mboxrd), only a bare ``From `` (mboxo), or never, since Content-Length tells where a mail ends
(mboxcl2).  Content-Length counts only where it fits for every mail of the file: a sender can write that line too.
"""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final, Literal

from ingest.parse_instant import instant

Quoting = Literal["mboxrd", "mboxo", "none"]

_CHUNK: Final = 1024 * 1024
_MOST_HEADER: Final = 256 * 1024
_LINE: Final = 1000
_BEGIN: Final = b"\nFrom "
_BEGINS: Final = re.compile(_BEGIN)
_DAY = rb"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?[ \t]+)?"
_MONTH = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[ \t]+"
_TIME = rb"\d{1,2}:\d{2}(?::\d{2})?"
_ZONE = rb"(?:[ \t]+(?:[+-]\d{4}|[A-Z]{1,5}))?"
_YEAR = rb"(?:19|20)\d{2}"
#: ``From ada@mail.example Mon Mar  2 09:30:00 2026``; some write a zone, or the date as in a header.
_SEPARATOR: Final = re.compile(
    rb"From (?:[^\r\n]{1,400}?[ \t]+)?(" + _DAY
    + rb"(?:" + _MONTH + rb"\d{1,2}[ \t]+" + _TIME + _ZONE + rb"[ \t]+" + _YEAR + _ZONE
    + rb"|\d{1,2}[ \t]+" + _MONTH + _YEAR + rb"[ \t]+" + _TIME + _ZONE
    + rb"))(?:[ \t]+remote from [^\r\n]{1,100})?[ \t]*\r?\n"
)  # fmt: skip
# Thunderbird wrote no date for a while.
_BARE: Final = re.compile(rb"From -?[ \t]*\r?\n")
_FIELD: Final = re.compile(rb"[!-9;-~]{1,100}:|>From ")
_HEADER_END: Final = re.compile(rb"\r?\n\r?\n")
# What editors on Windows set at the beginning of a file.
_MARK: Final = b"\xef\xbb\xbf"
_LENGTH: Final = re.compile(rb"\nContent-Length:[ \t]*(\d{1,12})[ \t]*\r?\n", re.IGNORECASE)


@dataclasses.dataclass(frozen=True, slots=True)
class Span:
    """One mail: from the first byte of its header to its end, and the date of its From_ line (None: unreadable)."""

    start: int
    end: int
    stamp: datetime | None


def is_mbox(descriptor: int) -> bool:
    """Whether a file begins as an mbox does."""
    return _begins(descriptor, 0) is not None


def spans(descriptor: int) -> tuple[list[Span], bool]:
    """The mails of a file in their order, and whether Content-Length told where they end."""
    size = os.fstat(descriptor).st_size
    counted = _by_lengths(descriptor, size)
    return (counted, True) if counted is not None else (list(_by_separators(descriptor, size)), False)


def quoting_of(descriptor: int, found: list[Span], *, counted: bool) -> Quoting:
    """The custom a file follows.  Where lengths were written a bare From line within a mail shows that none quotes.

    Otherwise one ``>`` of however many is taken away: of what quotes at all, that loses nothing with mboxrd, and
    with mboxo only where somebody began a line with ``>>From`` herself.
    """
    if not counted:
        return "mboxrd"
    return "none" if any(_has_bare_from(descriptor, span) for span in found) else "mboxo"


def _by_lengths(descriptor: int, size: int) -> list[Span] | None:
    """The mails as their Content-Length measures them; None unless every one ends where the next begins."""
    found: list[Span] = []
    at = 0
    while at < size:
        begun = _begins(descriptor, at)
        if begun is None:
            return None
        start, stamp = begun
        end = _measured(descriptor, start, size)
        if end is None:
            return None
        found.append(Span(start, end, stamp))
        at = end + _line_end(os.pread(descriptor, 2, end))
    return found


def _measured(descriptor: int, start: int, size: int) -> int | None:
    """Where the mail that starts there ends by its own count."""
    header = os.pread(descriptor, _MOST_HEADER, start)
    stop = _HEADER_END.search(header)
    if stop is None:
        return None
    length = _LENGTH.search(b"\n" + header[: stop.end()])
    if length is None:
        return None
    end = start + stop.end() + int(length[1])
    return end if end <= size else None


def _by_separators(descriptor: int, size: int) -> Iterator[Span]:
    open_mail: tuple[int, datetime | None] | None = None
    for at in _candidates(descriptor):
        begun = _begins(descriptor, at)
        if begun is None or (open_mail is not None and at < open_mail[0]):
            continue
        if open_mail is not None:
            yield _span(descriptor, open_mail, at)
        open_mail = begun
    if open_mail is not None and open_mail[0] < size:
        yield _span(descriptor, open_mail, size)


def _span(descriptor: int, open_mail: tuple[int, datetime | None], end: int) -> Span:
    """A mail without the empty line that the file puts behind it."""
    start, stamp = open_mail
    tail = os.pread(descriptor, min(3, end - start), max(end - 3, start))
    end -= 2 if tail.endswith(b"\n\r\n") else 1 if tail.endswith(b"\n\n") else 0
    return Span(start, end, stamp)


def _candidates(descriptor: int) -> Iterator[int]:
    """Where a line begins with ``From ``."""
    if os.pread(descriptor, _LINE, 0).removeprefix(_MARK).startswith(_BEGIN[1:]):
        yield 0
    at, tail = 0, b""
    while chunk := os.pread(descriptor, _CHUNK, at):
        data = tail + chunk
        base = at - len(tail)
        for match in _BEGINS.finditer(data):
            yield base + match.start() + 1
        at += len(chunk)
        tail = data[1 - len(_BEGIN) :]


def _begins(descriptor: int, at: int) -> tuple[int, datetime | None] | None:
    """Where the mail starts and its stamp, if a From_ line stands there that separates mails."""
    before = os.pread(descriptor, min(3, at), max(at - 3, 0))
    lines = os.pread(descriptor, _LINE, at)
    if at == 0 and lines.startswith(_MARK):
        at, lines = len(_MARK), lines.removeprefix(_MARK)
    dated = _SEPARATOR.match(lines)
    match = dated or _BARE.match(lines)
    if match is None:
        return None
    has_header = _FIELD.match(lines, match.end()) is not None
    is_apart = not before or before.endswith((b"\n\n", b"\n\r\n"))
    if not (has_header or (dated is not None and is_apart)):
        return None
    return at + match.end(), instant(dated[1].decode("ascii", "replace")) if dated else None


def _line_end(found: bytes) -> int:
    return 2 if found == b"\r\n" else 1 if found[:1] == b"\n" else 0


def _has_bare_from(descriptor: int, span: Span) -> bool:
    at, tail = span.start, b"\n"
    while at < span.end and (chunk := os.pread(descriptor, min(_CHUNK, span.end - at), at)):
        if _BEGINS.search(tail + chunk):
            return True
        at += len(chunk)
        tail = (tail + chunk)[1 - len(_BEGIN) :]
    return False
