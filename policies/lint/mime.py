"""The parts of a mail with their places in its bytes, so that a part can be read, and changed, without the others.

Boundaries are looked for as RFC 2046 5.1 says, each multipart only inside its parent's span.  The number of parts
and the depth are bounded; what lies beyond is kept as one unread part and said to be malformed.
"""

from __future__ import annotations

import binascii
import dataclasses
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from policies.lint.fields import Header, decode, parameters, read_header
from policies.patterns import late
from policies.values import value

MAX_DEPTH: Final = 20
MAX_PARTS: Final = 2000
_BASE64: Final = late(rb"[A-Za-z0-9+/]*={0,2}")
_BAD_QUOTED: Final = late(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r?\n|[ \t]*\Z)")
_PLAIN_ENCODINGS: Final = frozenset({"", "7bit", "8bit", "binary"})
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@value
class Part:
    """One part of a mail: ``raw[start:end]`` of the mail, of which ``body_start`` to the end is its body.

    ``path`` says where it hangs (``()`` the mail itself, ``(0, 1)`` the second child of the first).  ``depth`` counts
    the parts around it.  The children of a message/rfc822 are not here: ``content`` is a mail to be read by itself.
    """

    raw: bytes
    start: int
    end: int
    header: Header
    path: tuple[int, ...]
    children: tuple[Part, ...]
    defects: tuple[str, ...]

    def __repr__(self) -> str:
        """Its type and place."""
        return f"Part({self.type}, {self.path})"

    @property
    def body_start(self) -> int:
        """Where the body begins."""
        return self.header.end

    @property
    def body(self) -> bytes:
        """The body as it lies in the mail."""
        return self.raw[self.body_start : self.end]

    @cached_property
    def _type(self) -> tuple[str, dict[str, str]]:
        kind, found = parameters(self.header.unfolded("Content-Type"))
        return (kind if re.fullmatch(r"[^\s/]+/[^\s/]+", kind) else "text/plain"), found

    @cached_property
    def _disposition(self) -> tuple[str, dict[str, str]]:
        return parameters(self.header.unfolded("Content-Disposition"))

    @property
    def type(self) -> str:
        """``text/plain`` and so on, lower case; RFC 2045 5.2's default where none is readable."""
        return self._type[0]

    def parameter(self, name: str) -> str:
        """A parameter of the Content-Type, empty where missing."""
        return self._type[1].get(name, "")

    @property
    def disposition(self) -> str:
        """``inline``, ``attachment``, or empty."""
        return self._disposition[0]

    @property
    def filename(self) -> str:
        """The file name it travels under, empty where it has none."""
        return self._disposition[1].get("filename", "") or self.parameter("name")

    @property
    def filenames(self) -> tuple[str, ...]:
        """Every file name it gives, for both headers may name one, and a recipient can read both."""
        both = (self._disposition[1].get("filename", ""), self.parameter("name"))
        return tuple(dict.fromkeys(name for name in both if name))

    @property
    def encoding(self) -> str:
        """The Content-Transfer-Encoding, lower case."""
        return self.header.unfolded("Content-Transfer-Encoding").strip().casefold()

    @cached_property
    def _decoded(self) -> tuple[bytes, bool]:
        return _transfer_decoded(self.body, self.encoding)

    @property
    def content(self) -> bytes:
        """The body, its transfer encoding undone; what is damaged is read as far as it goes."""
        return self._decoded[0]

    @cached_property
    def text(self) -> tuple[str, bool]:
        """The content as text with ``\\n`` line ends, and whether encoding or charset were damaged or unknown."""
        content, is_sound = self._decoded
        text = decode(content, _charset(content, self.parameter("charset")))
        if text is None:
            is_sound = False
            text = decode(content, "utf-8")
        if text is None:
            text = content.decode("latin-1")
        return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd"), not is_sound


def _charset(content: bytes, declared: str) -> str:
    marked = next((charset for mark, charset in _BOMS if content.startswith(mark)), "")
    if marked:
        return marked
    # RFC 6532 era programs leave the charset out and mean UTF-8; it contains ASCII.
    return declared or "utf-8"


def _transfer_decoded(body: bytes, encoding: str) -> tuple[bytes, bool]:
    if encoding == "base64":
        packed = body.translate(None, b" \t\r\n")
        sound = len(packed) % 4 == 0 and _BASE64.fullmatch(packed) is not None
        try:
            return binascii.a2b_base64(packed if sound else packed + b"=="), sound
        except binascii.Error:
            return body, False
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body), _BAD_QUOTED.search(body) is None
    return body, encoding in _PLAIN_ENCODINGS


class _Budget:
    """How many parts may still be read."""

    def __init__(self) -> None:
        self.parts = MAX_PARTS


def read_part(raw: bytes) -> Part:
    """The mail as a tree of parts.  Never raises."""
    return _read(raw, 0, len(raw), (), _Budget())


def _read(raw: bytes, start: int, end: int, path: tuple[int, ...], budget: _Budget) -> Part:
    budget.parts -= 1
    part = Part(raw, start, end, read_header(raw, start, end), path, (), ())
    if not part.type.startswith("multipart/"):
        return part
    boundary = part.parameter("boundary").encode("utf-8").rstrip()
    if not boundary:
        return dataclasses.replace(part, defects=("no boundary",))
    if len(path) >= MAX_DEPTH:
        return dataclasses.replace(part, defects=("nested too deep",))
    spans, is_closed = _spans(raw, part.body_start, end, boundary)
    if not spans:
        return dataclasses.replace(part, defects=("boundary never appears",))
    children: list[Part] = []
    defects = () if is_closed else ("not closed",)
    for number, (first, last) in enumerate(spans):
        if budget.parts <= 0:
            return dataclasses.replace(part, children=tuple(children), defects=("too many parts",))
        children.append(_read(raw, first, last, (*path, number), budget))
    return dataclasses.replace(part, children=tuple(children), defects=defects)


def _spans(raw: bytes, start: int, end: int, boundary: bytes) -> tuple[list[tuple[int, int]], bool]:
    """Where the parts between the boundary lines lie; the line end before a boundary belongs to the boundary."""
    fence = b"--" + boundary
    line = re.compile(re.escape(fence) + rb"(--)?[ \t]*(?:\r?\n|\Z)")
    spans: list[tuple[int, int]] = []
    begun, at = -1, start
    while (at := raw.find(fence, at, end)) >= 0:
        match = line.match(raw, at, end) if at == start or raw[at - 1 : at] == b"\n" else None
        if match is None:
            at += len(fence)
            continue
        if begun >= 0:
            spans.append((begun, _without_line_end(raw, begun, at)))
        if match[1]:
            return spans, True
        begun = at = match.end()
    if begun >= 0:
        spans.append((begun, end))
    return spans, False


def _without_line_end(raw: bytes, begun: int, at: int) -> int:
    if at > begun and raw[at - 1 : at] == b"\n":
        at -= 1
        if at > begun and raw[at - 1 : at] == b"\r":
            at -= 1
    return at


def leaves(part: Part) -> Iterator[Part]:
    """Every part without children, in order."""
    waiting = [part]
    while waiting:
        here = waiting.pop()
        if here.children:
            waiting.extend(reversed(here.children))
        else:
            yield here
