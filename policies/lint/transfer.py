"""A part's body changed in its own transfer encoding: what is not changed keeps its bytes (RFC 2045 6)."""

from __future__ import annotations

import binascii
from collections.abc import Sequence
from typing import Final

from policies.errors import Refused
from policies.lint.mime import Part
from policies.patterns import late
from policies.values import value

_TOKEN: Final = late(rb"=[0-9A-Fa-f]{2}|=[ \t]*\r?\n|[^=]+|=")
_QUOTED_WIDTH: Final = 76
_BASE64_WIDTH: Final = 76
_LINE_LIMIT: Final = 998  # RFC 5322 2.1.1


@value
class Splice:
    """``content[start:end]`` of a part becomes ``new``."""

    start: int
    end: int
    new: bytes

    def __repr__(self) -> str:
        """Where."""
        return f"Splice({self.start}, {self.end})"


def applied(content: bytes, splices: Sequence[Splice]) -> bytes:
    """The content after these changes; they are in order and do not overlap."""
    pieces, at = [], 0
    for splice in splices:
        pieces += [content[at : splice.start], splice.new]
        at = splice.end
    return b"".join([*pieces, content[at:]])


def spliced(part: Part, splices: Sequence[Splice], line_end: bytes) -> bytes:
    """The part's body with its content changed.  Raises Refused where that cannot be done without changing more."""
    if part.encoding == "base64":
        return _in_base64(part, splices, line_end)
    if part.encoding == "quoted-printable":
        return _in_quoted(part, splices, line_end)
    return applied(part.body, splices)


def is_too_long(new: bytes) -> bool:
    """Whether a line of these bytes is longer than mail allows."""
    return any(len(line) > _LINE_LIMIT for line in new.split(b"\n"))


def _in_base64(part: Part, splices: Sequence[Splice], line_end: bytes) -> bytes:
    body = part.body
    lines = body.strip().splitlines()
    width = len(lines[0]) if len(lines) > 1 else _BASE64_WIDTH
    if width % 4 or not 0 < width <= _LINE_LIMIT:
        width = _BASE64_WIDTH
    stripped = body.rstrip()
    own_end = b"\r\n" if b"\r\n" in body else b"\n" if b"\n" in body else line_end
    packed = binascii.b2a_base64(applied(part.content, splices), newline=False)
    broken = own_end.join(packed[at : at + width] for at in range(0, len(packed), width))
    return broken + body[len(stripped) :]


def _in_quoted(part: Part, splices: Sequence[Splice], line_end: bytes) -> bytes:
    body = part.body
    places = _raw_places(part, [place for splice in splices for place in (splice.start, splice.end)])
    pieces, at = [], 0
    for splice in splices:
        # An insertion follows the byte before it; a replacement goes from its first byte to its last.
        first = places[splice.start][0 if splice.start == splice.end else 1]
        last = places[splice.end][0]
        pieces += [body[at:first], _quoted(body, first, last, splice.new, line_end)]
        at = last
    return b"".join([*pieces, body[at:]])


def _raw_places(part: Part, wanted: Sequence[int]) -> dict[int, tuple[int, int]]:
    """For each place in the content where the byte before it ends in the body, and where the byte after it begins."""
    found: dict[int, tuple[int, int]] = {}
    waiting = sorted(set(wanted), reverse=True)
    content_at, ended = 0, 0
    body = part.body
    for token in _TOKEN.finditer(body):
        raw = token[0]
        is_escape = raw[:1] == b"="
        length = len(raw) if not is_escape else int(raw[-1:] != b"\n")
        while waiting and waiting[-1] < content_at + length:
            ahead = waiting.pop() - content_at
            begins = token.start() + ahead
            found[ahead + content_at] = (ended if ahead == 0 else begins, begins)
        if not waiting:
            break
        content_at += length
        if length:
            ended = token.end()
    for place in waiting:
        if place != content_at:
            raise Refused("body-damaged", "The quoted-printable text is damaged, so its bytes cannot be told apart.")
        found[place] = (ended, ended)
    return found


def _quoted(body: bytes, first: int, last: int, new: bytes, line_end: bytes) -> bytes:
    """The new bytes in quoted-printable, soft line ends around them where the line would grow too long."""
    pieces = new.split(line_end)
    encoded = line_end.join(_quoted_line(piece, line_end) for piece in pieces)
    if not new:
        return encoded
    before = first - (body.rfind(b"\n", 0, first) + 1)
    stop = body.find(b"\n", last)
    after = len(body[last : stop if stop >= 0 else len(body)].rstrip(b"\r"))
    lines = encoded.split(b"\n")
    soft = b"=" + line_end
    head = soft if before and before + len(lines[0]) > _QUOTED_WIDTH else b""
    tail = soft if after and (0 if head or len(lines) > 1 else before) + len(lines[-1]) + after > _QUOTED_WIDTH else b""
    return head + encoded + tail


def _quoted_line(line: bytes, line_end: bytes) -> bytes:
    """One line (RFC 2045 6.7) without its end, broken softly before it is too long."""
    done: list[bytes] = [b""]
    for index, byte in enumerate(line):
        is_last = index == len(line) - 1
        is_plain = (33 <= byte <= 126 and byte != 61) or (byte in {9, 32} and not is_last)  # noqa: PLR2004
        piece = bytes([byte]) if is_plain else b"=%02X" % byte
        if len(done[-1]) + len(piece) >= _QUOTED_WIDTH:
            done.append(b"")
        done[-1] += piece
    return (b"=" + line_end).join(done)
