"""The copy of a mail that the child reads: long attachment bodies and unused headers left out, in one pass.

The parent fetches a mail in pieces; the whole goes into the sealed file, and a trimmed copy to the child.  Only
lines are looked at here: nothing is decoded, no structure is built, and memory does not grow with the mail.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

KIB = 1024
MAX_OUTPUT = 4096 * KIB
MAX_TEXT = 2048 * KIB
MAX_BINARY = 64 * KIB
MAX_ENCODED = 8 * KIB
MAX_HEADER = 512 * KIB
MAX_LIST_HEADER = 256 * KIB
MAX_ONE_HEADER = 8 * KIB
MAX_BOUNDARIES = 500
MAX_BOUNDARY_LINE = 300
KEPT_RECEIVED = 2

_EMPTY_LINE = re.compile(rb"\n\r?\n")
_TO_ITS_END = rb"[^\n]*\n(?:[ \t][^\n]*\n)*"
_UNUSED = re.compile(
    rb"^(?:dkim-|domainkey-|arc-|authentication-results|received-spf|x-spam|x-google-|x-gm-message-state|x-received"
    rb"|x-ms-exchange-(?:organization|crosstenant|transport|antispam)|x-microsoft-antispam|x-forefront)" + _TO_ITS_END,
    re.IGNORECASE | re.MULTILINE,
)
_RECEIVED = re.compile(rb"^received[ \t]*:" + _TO_ITS_END, re.IGNORECASE | re.MULTILINE)
_HEADER = re.compile(rb"^([^\s:]{1,100})[ \t]*:" + _TO_ITS_END, re.MULTILINE)
_TYPE = re.compile(rb"^content-type[ \t]*:(" + _TO_ITS_END + rb")", re.IGNORECASE | re.MULTILINE)
_BASE64 = re.compile(rb"^content-transfer-encoding[ \t]*:\s*\"?base64", re.IGNORECASE | re.MULTILINE)
_BOUNDARY = re.compile(rb"boundary\*?(?:0\*?)?[ \t]*=[ \t]*(?:\"([^\"]{1,200})\"|([^\s;\"]{1,200}))", re.IGNORECASE)
_LIST_HEADERS = frozenset({b"from", b"to", b"cc", b"bcc", b"reply-to", b"references"})


class BodySplitter:
    """Hands on what comes after the header: the first empty line, CRLF or LF, ends the header.

    ``header_end`` is the offset of the body in the mail, once ``found``.
    """

    __slots__ = ("_tail", "found", "header_end")

    def __init__(self) -> None:
        self.found = False
        self.header_end = 0
        self._tail = b"\n"

    def update(self, piece: bytes) -> bytes:
        """The part of ``piece`` that belongs to the body; empty while still in the header."""
        if self.found:
            return piece
        window = self._tail + piece
        match = _EMPTY_LINE.search(window)
        if match is None:
            self.header_end += len(piece)
            self._tail = window[-2:]
            return b""
        self.found = True
        body_at = match.end() - len(self._tail)
        self.header_end += body_at
        return piece[body_at:]


class Trimmer:
    """Takes a mail piece by piece and gives back what the child needs of it.

    ``cut`` tells that something a person could read was left out (an absurdly long header, more than 2 MiB of one
    text, more than 4 MiB in all); a shortened attachment is no such thing.  ``header_end`` is the offset, in the
    mail as it came, of the first byte of the body; None until it is known, and where there is no empty line.
    """

    __slots__ = (
        "_after_header",
        "_allowance",
        "_at",
        "_before",
        "_boundaries",
        "_is_text",
        "_line_starts",
        "_out",
        "_output_left",
        "_output_line_starts",
        "_rest",
        "_searched",
        "_step",
        "cut",
        "header_end",
    )

    def __init__(self) -> None:
        self.cut = False
        self.header_end: int | None = None
        self._rest, self._at, self._before, self._searched = b"", 0, 0, 0
        self._out: list[bytes] = []
        self._output_left, self._output_line_starts = MAX_OUTPUT, True
        self._boundaries: set[bytes] = set()
        self._line_starts, self._is_text, self._allowance = True, True, MAX_TEXT
        self._step: Callable[[bool], bool] = self._read_header
        self._after_header = self._step

    def update(self, piece: bytes) -> bytes:
        """What can be handed on after this piece."""
        self._rest = self._rest + piece if self._rest else bytes(piece)
        return self._advance(is_last=False)

    def finish(self) -> bytes:
        """What was still waiting for more."""
        return self._advance(is_last=True)

    def _advance(self, *, is_last: bool) -> bytes:
        while self._step(is_last):
            pass
        self._before += self._at
        self._searched = max(0, self._searched - self._at)
        self._rest, self._at = self._rest[self._at :], 0
        handed_on, self._out = b"".join(self._out), []
        return handed_on

    def _take(self, end: int) -> bytes:
        taken = self._rest[self._at : end]
        self._at = max(self._at, end)
        return taken

    # --- the header of the mail, of a part, of an attached mail

    def _read_header(self, is_last: bool) -> bool:  # noqa: FBT001  every step has this one argument
        end = self._header_length()
        if end is None and not is_last and len(self._rest) - self._at <= MAX_HEADER:
            self._searched = len(self._rest)
            return False
        if (end or len(self._rest)) - self._at > MAX_HEADER:
            return self._cut_header()
        block = self._take(end or len(self._rest))
        if end:
            self._note_header_end()
        self._emit(self._slim(block))
        self._enter_body(block)
        return self._at < len(self._rest)

    def _header_length(self) -> int | None:
        if self._rest.startswith((b"\r\n", b"\n"), self._at):
            return self._rest.index(b"\n", self._at) + 1
        match = _EMPTY_LINE.search(self._rest, max(self._at, self._searched - 2))
        return match.end() if match else None

    def _note_header_end(self) -> None:
        if self.header_end is None:
            self.header_end = self._before + self._at

    def _cut_header(self) -> bool:
        """A header that hardly ends: its beginning is kept, the rest dropped up to the empty line."""
        self.cut = True
        limit = self._at + MAX_HEADER
        newline = self._rest.rfind(b"\n", self._at, limit)
        block = self._take(newline if newline > self._at else limit) + b"\n"
        self._emit(self._slim(block))
        self._enter_body(block)
        self._step, self._after_header = self._drop_header, self._step
        return True

    def _drop_header(self, is_last: bool) -> bool:  # noqa: FBT001
        match = _EMPTY_LINE.search(self._rest, self._at)
        if match is None:
            self._take(len(self._rest) if is_last else max(self._at, len(self._rest) - 2))
            return False
        self._take(match.end())
        self._note_header_end()
        self._emit(b"\r\n")
        self._step = self._after_header
        return True

    def _slim(self, block: bytes) -> bytes:
        """The header without what nobody reads: signatures, spam scores, all but the two latest Received."""
        kept = itertools.count()
        slim = _UNUSED.sub(b"", block)
        slim = _RECEIVED.sub(lambda match: match.group() if next(kept) < KEPT_RECEIVED else b"", slim)
        return _HEADER.sub(self._cap, slim) if len(slim) > MAX_ONE_HEADER else slim

    def _cap(self, match: re.Match[bytes]) -> bytes:
        header, is_list = match.group(), match.group(1).lower() in _LIST_HEADERS
        limit = MAX_LIST_HEADER if is_list else MAX_ONE_HEADER
        if len(header) <= limit:
            return header
        self.cut = True
        comma = header.rfind(b",", 0, limit) if is_list else -1
        return header[: comma if comma > 0 else limit].rstrip() + b"\r\n"

    def _enter_body(self, header: bytes) -> None:
        """What kind of body follows decides how much of it is kept."""
        declared = _TYPE.search(header)
        kind = declared.group(1).strip().lower() if declared else b"text/plain"
        is_encoded = _BASE64.search(header) is not None
        self._line_starts = True
        self._is_text = b"/" not in kind or kind.startswith((b"text", b"multipart", b"message"))
        self._allowance = MAX_TEXT if self._is_text else MAX_ENCODED if is_encoded else MAX_BINARY
        self._step = self._read_body
        if declared and kind.startswith(b"multipart"):
            self._learn_boundary(declared.group(1))
        elif kind.startswith((b"message/rfc822", b"message/global")) and not is_encoded:
            self._step = self._read_header

    def _learn_boundary(self, content_type: bytes) -> None:
        match = _BOUNDARY.search(content_type)
        if match and len(self._boundaries) < MAX_BOUNDARIES:
            self._boundaries.add((match.group(1) or match.group(2)).rstrip())

    # --- bodies

    def _read_body(self, is_last: bool) -> bool:  # noqa: FBT001
        """Hand on, or drop, what stands before the next boundary."""
        at = self._next_dashes(self._at)
        while at >= 0:
            line_end = self._rest.find(b"\n", at, at + MAX_BOUNDARY_LINE)
            if line_end < 0 and not is_last and len(self._rest) - at < MAX_BOUNDARY_LINE:
                break
            line = self._rest[at : line_end + 1 or at + MAX_BOUNDARY_LINE]
            if self._is_boundary(line):
                return self._cross_boundary(at, line)
            at = self._next_dashes(at + 2)
        if at < 0:
            at = len(self._rest) if is_last else self._certain_end()
        self._hand_on(at)
        return False

    def _next_dashes(self, start: int) -> int:
        if start == self._at and self._line_starts and self._rest.startswith(b"--", start):
            return start
        return self._rest.find(b"\n--", start) + 1 or -1

    def _certain_end(self) -> int:
        """All but a last ``-`` at the start of a line: with the next piece it may become a boundary."""
        is_open = self._rest.endswith(b"\n-") or (self._line_starts and self._rest[self._at :] == b"-")
        return len(self._rest) - is_open

    def _is_boundary(self, line: bytes) -> bool:
        name = line[2:].rstrip()
        return name in self._boundaries or (name.endswith(b"--") and name[:-2] in self._boundaries)

    def _cross_boundary(self, at: int, line: bytes) -> bool:
        self._hand_on(at)
        self._emit(line if self._output_line_starts else b"\r\n" + line)
        self._take(at + len(line))
        self._line_starts, self._is_text, self._allowance = True, True, MAX_TEXT
        is_closing = line[2:].rstrip() not in self._boundaries
        self._step = self._read_body if is_closing else self._read_header
        return True

    def _hand_on(self, end: int) -> None:
        """Emit as much of a body as its kind is allowed, to the end of the line in which the allowance ends."""
        begin = self._at
        if end <= begin:
            return
        kept = self._kept_until(begin, end)
        if kept < end and self._is_text:
            self.cut = True
        self._allowance -= kept - begin
        self._emit(self._rest[begin:kept])
        self._line_starts = self._rest.endswith(b"\n", begin, end)
        self._at = end

    def _kept_until(self, begin: int, end: int) -> int:
        if end - begin <= self._allowance:
            return end
        if self._allowance <= 0 and (self._output_line_starts or self._allowance <= -KIB):
            return begin
        limit = min(end, begin + self._allowance + KIB)
        line_end = self._rest.find(b"\n", max(begin, begin + self._allowance - 1), limit)
        return line_end + 1 or limit

    def _emit(self, chunk: bytes) -> None:
        if len(chunk) > self._output_left:
            self.cut = True
            chunk = chunk[: self._output_left]
        if chunk:
            self._output_left -= len(chunk)
            self._output_line_starts = chunk.endswith(b"\n")
            self._out.append(chunk)


def trim(raw: bytes) -> tuple[bytes, bool]:
    """The trimmed copy of a whole mail, and whether something readable was cut."""
    trimmer = Trimmer()
    return trimmer.update(raw) + trimmer.finish(), trimmer.cut
