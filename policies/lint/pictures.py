"""What pictures say of who took them: Exif, PNG texts, XMP.  The picture itself is not looked at."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Final

from policies.lint.archives import Budget, inflated
from policies.lint.documents import xmp_texts

# Exif 2.32, table 3, and the tags that Windows adds, which are in UTF-16.
_TAGS: Final = {
    0x010D: "DocumentName", 0x010E: "ImageDescription", 0x013B: "Artist", 0x013C: "HostComputer", 0x8298: "Copyright",
    0x9286: "UserComment", 0xA430: "CameraOwnerName", 0x9C9B: "XPTitle", 0x9C9C: "XPComment", 0x9C9D: "XPAuthor",
    0x9C9E: "XPKeywords", 0x9C9F: "XPSubject",
}  # fmt: skip
_FIRST_XP: Final = 0x9C9B
_LAST_XP: Final = 0x9C9F
_EXIF_IFD: Final = 0x8769
_MAX_TAGS: Final = 1_000
_SIZES: Final = {1: 1, 2: 1, 7: 1}


def picture_texts(content: bytes, budget: Budget) -> Iterator[tuple[str, str]]:
    """Where and what, of JPEG, TIFF, PNG, WebP, and any file that carries XMP."""
    if content.startswith(b"\x89PNG"):
        yield from _png_texts(content, budget)
    elif content[:4] in {b"II*\0", b"MM\0*"}:
        yield from _tiff_texts(content)
    at = content.find(b"Exif\0\0")
    if at >= 0:
        yield from _tiff_texts(content[at + 6 :])
    if content.startswith(b"RIFF") and (at := content.find(b"EXIF")) >= 0:
        yield from _tiff_texts(content[at + 8 :].removeprefix(b"Exif\0\0"))
    yield from (("XMP", text) for text in xmp_texts(content))
    if content.startswith(b"\xff\xd8"):
        yield from _jpeg_texts(content)


def _jpeg_texts(content: bytes) -> Iterator[tuple[str, str]]:
    """Comments, and IPTC's strings as they lie in Photoshop's segment."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] != 0xDA:  # noqa: PLR2004 JPEG markers
        size = int.from_bytes(content[at + 2 : at + 4], "big")
        body = content[at + 4 : at + 2 + size]
        if content[at + 1] == 0xFE:  # noqa: PLR2004
            yield "comment", body.decode("utf-8", "replace")
        elif content[at + 1] == 0xED:  # noqa: PLR2004
            yield "IPTC", body.decode("utf-8", "replace")
        at += 2 + max(2, size)


def _png_texts(content: bytes, budget: Budget) -> Iterator[tuple[str, str]]:
    at = 8
    while at + 12 <= len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + size]
        if kind == b"tEXt":
            yield "text", body.replace(b"\0", b": ").decode("latin-1")
        elif kind in {b"iTXt", b"zTXt"}:
            yield "text", _packed_text(kind, body, budget)
        elif kind == b"eXIf":
            yield from _tiff_texts(body)
        at += 12 + size


def _packed_text(kind: bytes, body: bytes, budget: Budget) -> str:
    key, _, rest = body.partition(b"\0")
    is_packed = kind == b"zTXt" or rest[:1] == b"\x01"
    words = rest[1:] if kind == b"zTXt" else rest[2:].split(b"\0", 2)[-1]
    plain = inflated(words, budget, zlib.MAX_WBITS) if is_packed else words
    return f"{key.decode('latin-1')}: {(plain or b'').decode('utf-8', 'replace')}"


def _tiff_texts(content: bytes) -> Iterator[tuple[str, str]]:
    order = {b"II": "<", b"MM": ">"}.get(content[:2])
    if order is None or len(content) < 8:  # noqa: PLR2004 the head of a TIFF
        return
    waiting: list[int] = [struct.unpack_from(f"{order}I", content, 4)[0]]
    seen: set[int] = set()
    while waiting and len(seen) < 20:  # noqa: PLR2004 directories in one picture
        at = waiting.pop()
        if at in seen or at + 2 > len(content):
            continue
        seen.add(at)
        count = min(struct.unpack_from(f"{order}H", content, at)[0], _MAX_TAGS)
        for entry in range(at + 2, min(at + 2 + 12 * count, len(content) - 11), 12):
            tag, kind, size, offset = struct.unpack_from(f"{order}HHII", content, entry)
            if tag == _EXIF_IFD:
                waiting.append(offset)
            elif tag in _TAGS and kind in _SIZES:
                begun = entry + 8 if size <= 4 else offset  # noqa: PLR2004 four bytes stand in the entry itself
                yield _TAGS[tag], _tag_text(tag, content[begun : begun + min(size, 65_536)])
        following = at + 2 + 12 * count
        if following + 4 <= len(content):
            waiting.append(struct.unpack_from(f"{order}I", content, following)[0])


def _tag_text(tag: int, raw: bytes) -> str:
    if _FIRST_XP <= tag <= _LAST_XP:
        return raw.decode("utf-16-le", "replace").strip("\0")
    raw = raw.removeprefix(b"ASCII\0\0\0")
    if raw.startswith(b"UNICODE\0"):
        return raw[8:].decode("utf-16", "replace").strip("\0")
    return raw.decode("utf-8", "replace").strip("\0")
