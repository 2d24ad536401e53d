"""The bytes of a mail in a file as an IMAP server would give them: lines end in CR LF, quoting and notes undone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from ingest.archives.mbox import Quoting

_QUOTED: Final = {"mboxrd": re.compile(rb"\n>(>*From )"), "mboxo": re.compile(rb"\n>(From )")}
_UNDECIDED: Final = re.compile(rb"\n>*(?:F(?:r(?:o(?:m)?)?)?)?\Z")
_EMPTY_LINE: Final = re.compile(rb"\n\r?\n")
# What programs that keep an mbox write into a mail's header for themselves: no sender wrote it and no server gives it.
_NOTES: Final = re.compile(
    rb"^(?:Status|X-Status|X-Keywords|X-UID|X-IMAP|X-IMAPbase|Content-Length|Lines|X-Mozilla-Status2?|X-Mozilla-Keys"
    rb"|X-Gmail-Labels|X-GM-THRID|X-GM-MSGID)[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*",
    re.IGNORECASE | re.MULTILINE,
)


def with_line_ends(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Every line ends in CR LF (RFC 5322 section 2.3); a lone CR stays."""
    held = b""
    for piece in pieces:
        whole = held + piece
        held = b"\r" if whole.endswith(b"\r") else b""
        whole = whole[: len(whole) - len(held)]
        if whole:
            yield whole.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    if held:
        yield held


def unquoted(pieces: Iterable[bytes], quoting: Quoting) -> Iterator[bytes]:
    """The lines that an mbox had to quote as they were."""
    pattern = _QUOTED.get(quoting)
    if pattern is None:
        yield from pieces
        return
    held, is_first = b"\n", True  # a mail begins a line
    for piece in pieces:
        whole = held + piece
        last = whole.rfind(b"\n")
        held = whole[last:] if last >= 0 and _UNDECIDED.match(whole, last) else b""
        done = pattern.sub(rb"\n\1", whole[: len(whole) - len(held)])
        if done:
            yield done[1:] if is_first else done
            is_first = False
    if held:
        yield held[1:] if is_first else held


def without_notes(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The header without what the program that kept the file noted there; the header lies in the first piece."""
    is_first = True
    for piece in pieces:
        if is_first:
            end = _EMPTY_LINE.search(piece)
            head = piece[: end.start() + 1] if end else piece
            yield _NOTES.sub(b"", head) + piece[len(head) :]
        else:
            yield piece
        is_first = False
