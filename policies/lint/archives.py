"""Archives opened in memory, within bounds: what is in a ZIP, a gzip or a tar, and what cannot be read.

RFC 1951, RFC 1952 and PKWARE's APPNOTE; written out here because the check touches no file, not even one in memory.
A bomb is cut where the budget ends and said to be unreadable.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Final

from policies.values import value

UNPACKED_LIMIT: Final = 50 * 1024 * 1024
ENTRY_LIMIT: Final = 16 * 1024 * 1024
LETTERS_LIMIT: Final = 6_000_000
SEARCHED_LIMIT: Final = 100 * 1024 * 1024
MAX_ENTRIES: Final = 5_000
DEPTH_LIMIT: Final = 3
_END: Final = b"PK\x05\x06"
_ENTRY: Final = struct.Struct("<4s6H3I5H2I")
_LOCAL: Final = struct.Struct("<4s5H3I2H")
_STORED, _DEFLATED = 0, 8
_TAR_BLOCK: Final = 512


class Budget:
    """How much may still be read of files: bytes unpacked, letters of text, bytes of unknown form looked through."""

    def __init__(self, size: int = UNPACKED_LIMIT) -> None:
        self.left = size
        self.letters = LETTERS_LIMIT
        self.searched = SEARCHED_LIMIT

    def __repr__(self) -> str:
        """What is left."""
        return f"Budget({self.left})"


@value
class Entry:
    """One file of an archive; ``content`` is None where it is encrypted, damaged, or too large."""

    name: str
    content: bytes | None

    def __repr__(self) -> str:
        """Nothing of it."""
        return "Entry(…)"


def is_zip(content: bytes) -> bool:
    """Whether it begins like a ZIP."""
    return content[:4] in {b"PK\x03\x04", _END}


def read_zip(content: bytes, budget: Budget) -> Iterator[Entry]:
    """The files of a ZIP by its central directory; one Entry without name and content where there is none."""
    tail = content.rfind(_END, max(0, len(content) - 65_557))
    if tail < 0 or len(content) < tail + 20:
        yield Entry("", None)
        return
    count, _, at = struct.unpack_from("<HII", content, tail + 10)
    # What stands before an archive (a self-unpacking program) shifts all offsets.
    shift = tail - struct.unpack_from("<I", content, tail + 12)[0] - at
    at += max(0, shift)
    for _ in range(min(count, MAX_ENTRIES)):
        if at + _ENTRY.size > len(content) or content[at : at + 4] != b"PK\x01\x02":
            yield Entry("", None)
            return
        fields = _ENTRY.unpack_from(content, at)
        flags, method, packed, unpacked = fields[3], fields[4], fields[8], fields[9]
        name_size, extra_size, note_size, offset = fields[10], fields[11], fields[12], fields[16] + max(0, shift)
        raw_name = content[at + _ENTRY.size : at + _ENTRY.size + name_size]
        name = raw_name.decode("utf-8" if flags & 0x800 else "cp437", "replace")
        at += _ENTRY.size + name_size + extra_size + note_size
        if not name.endswith("/"):
            yield Entry(name, _unzipped(content, offset, (flags, method, packed, unpacked), budget))
    if count > MAX_ENTRIES:
        yield Entry("", None)


def _unzipped(content: bytes, offset: int, about: tuple[int, int, int, int], budget: Budget) -> bytes | None:
    flags, method, packed, unpacked = about
    if flags & 1 or offset + _LOCAL.size > len(content) or content[offset : offset + 4] != b"PK\x03\x04":
        return None
    name_size, extra_size = _LOCAL.unpack_from(content, offset)[-2:]
    begun = offset + _LOCAL.size + name_size + extra_size
    raw = content[begun : begun + packed]
    if method == _STORED:
        budget.left -= len(raw)
        return raw if len(raw) == unpacked and budget.left >= 0 else None
    return inflated(raw, budget, -zlib.MAX_WBITS) if method == _DEFLATED else None


def inflated(raw: bytes, budget: Budget, window: int) -> bytes | None:
    """``raw`` unpacked; None where it is damaged or goes over a bound."""
    most = min(ENTRY_LIMIT, budget.left)
    if most <= 0:
        return None
    unpacker = zlib.decompressobj(window)
    try:
        found = unpacker.decompress(raw, most)
    except zlib.error:
        return None
    budget.left -= len(found)
    return found if unpacker.eof or not (unpacker.unconsumed_tail or len(found) >= most) else None


def read_gzip(content: bytes, budget: Budget) -> bytes | None:
    """What a gzip holds."""
    return inflated(content, budget, zlib.MAX_WBITS | 16)


def is_tar(content: bytes) -> bool:
    """Whether it is a tar archive of POSIX or GNU."""
    return content[257:262] == b"ustar"


def read_tar(content: bytes) -> Iterator[Entry]:
    """The files of a tar."""
    at = 0
    for _ in range(MAX_ENTRIES):
        head = content[at : at + _TAR_BLOCK]
        if len(head) < _TAR_BLOCK or not head.strip(b"\0"):
            return
        try:
            size = int(head[124:136].strip(b"\0 ") or b"0", 8)
        except ValueError:
            yield Entry("", None)
            return
        name = (head[345:500].rstrip(b"\0") + b"/" + head[:100].rstrip(b"\0")).decode("utf-8", "replace").lstrip("/")
        body = content[at + _TAR_BLOCK : at + _TAR_BLOCK + size]
        yield Entry(name, body if len(body) == size else None)
        at += _TAR_BLOCK + -(-size // _TAR_BLOCK) * _TAR_BLOCK
