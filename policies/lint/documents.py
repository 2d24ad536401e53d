"""The words of office documents, PDFs and rich text, and what their properties say of who wrote them.

Not a reader of these formats: enough of each to find a name, or a dozen words in a row, that should not leave.
"""

from __future__ import annotations

import html
import re
import zlib
from collections.abc import Iterator
from typing import Final

from policies.lint.archives import Budget, inflated
from policies.patterns import late
from policies.words import each_of

TEXT_LIMIT: Final = 4_000_000
_TAG: Final = late(
    r"<(/?)([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>|<!--.*?-->|<[?!][^>]*>", re.DOTALL
)
_VALUE: Final = late(r"[\w:.-]+\s*=\s*(?:\"([^\"<>]*)\"|'([^'<>]*)')")
# Elements at which a run of letters ends; all others (runs, spans) may part a word that a reader sees whole.
_BREAKS: Final = each_of(
    "p br tab h s row c cell si td tr table-cell table-row line-break li div title sheet body item v"
)
_SAYING: Final = late(
    r"(?:^|[:\s])(?:author|creator|lastmodifiedby|initials|descr|title|alt|name|userid|target)\s*=", re.IGNORECASE
)
_PDF_KEYS: Final = rb"/(?:Author|Title|Subject|Keywords|Creator|Producer|Contents|T|TU|F|UF)\s{0,4}"
_PDF_STRING: Final = late(_PDF_KEYS + rb"(?:\(((?:[^\\()]|\\.){0,2000})\)|<([0-9A-Fa-f\s]{2,4000})>)", re.DOTALL)
_PDF_STREAM: Final = late(rb"<<((?:[^<>]|<<[^<>]{0,400}>>|<[0-9A-Fa-f\s]{0,400}>){0,2000})>>\s{0,4}stream\r?\n")
_PDF_SHOWN: Final = late(rb"\(((?:[^\\()]|\\.){0,2000})\)|(-?\d{3,5}(?:\.\d+)?)|(T[*dDm]|ET|')", re.DOTALL)
_PDF_ESCAPE: Final = late(rb"\\([nrtbf()\\]|[0-7]{1,3}|\r?\n)")
_PDF_PLAIN: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"", b"f": b"", b"(": b"(", b")": b")", b"\\": b"\\"}
_XMP: Final = (b"<x:xmpmeta", b"</x:xmpmeta>")
_RTF: Final = late(
    r"\\'([0-9a-fA-F]{2})|\\u(-?\d{1,6})\s?\??|\\(par|line|tab|cell|row)\b ?|\\[a-zA-Z]+-?\d* ?|\\.|[{}\r\n]"
)
# What words are made of, an accented letter between others only: packed bytes are full of Latin-1, and of no words.
_ASCII_RUN: Final = late(
    rb"(?=[A-Za-z0-9 .,:;@/_'()\xc0-\xff-]{8})[A-Za-z0-9 .,:;@/_'()-]++(?:[\xc0-\xff][A-Za-z0-9 .,:;@/_'()-]++)*+"
)
_SHORTEST_RUN: Final = 8
_WIDE_RUN: Final = late(rb"(?:[\t\x20-\x7e\xa0-\xff]\x00|[\x00-\xff][\x01-\x06]){4,4000}")


def markup_text(content: bytes, *, is_properties: bool = False) -> str:
    """The text of XML, runs of a paragraph joined; of properties each element apart.  Telling attributes follow."""
    text = _decoded(content)[:TEXT_LIMIT]
    said: list[str] = []

    def spoken(match: re.Match[str]) -> str:
        name, attributes = match[3], match[4]
        if attributes and _SAYING.search(attributes):
            said.extend(double or single for double, single in _VALUE.findall(attributes))
        return "\n" if name is not None and (is_properties or name.casefold() in _BREAKS) else ""

    shown = html.unescape(_TAG.sub(spoken, text))
    return "\n".join([shown, *map(html.unescape, said)])


def _decoded(content: bytes) -> str:
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return content.decode("utf-16", "replace")
    return content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")


def is_word_part(name: str) -> bool:
    """Whether a file inside an office document holds words or properties."""
    return name.casefold().endswith((".xml", ".rels", ".vml"))


def is_properties(name: str) -> bool:
    """Whether it holds the document's properties."""
    lowered = name.casefold()
    return lowered.startswith(("docprops/", "customxml/", "word/people")) or lowered == "meta.xml"


def pdf_texts(content: bytes, budget: Budget) -> Iterator[tuple[str, str]]:
    """Where and what: the Info strings, XMP, and the words of pages in simple fonts (ISO 32000-1, 7.3.4 and 14.3)."""
    yield from _pdf_strings("properties", content)
    yield from (("XMP", text) for text in xmp_texts(content))
    for match in _PDF_STREAM.finditer(content):
        end = content.find(b"endstream", match.end())
        raw = content[match.end() : end if end >= 0 else len(content)]
        about = match[1]
        if b"/Image" in about or b"/FontFile" in about or b"/Length1" in about:
            continue
        plain = inflated(raw.rstrip(b"\r\n"), budget, zlib.MAX_WBITS) if b"/FlateDecode" in about else raw
        if plain is None:
            plain = inflated(raw, budget, zlib.MAX_WBITS) or b""
        if b"/ObjStm" in about:
            yield from _pdf_strings("properties", plain)
        elif b"/XML" in about:
            yield from (("XMP", text) for text in xmp_texts(plain))
        elif b"Tj" in plain or b"TJ" in plain:
            yield "page", _page_text(plain)


def _pdf_strings(where: str, content: bytes) -> Iterator[tuple[str, str]]:
    for match in _PDF_STRING.finditer(content):
        yield where, _pdf_string(match[1]) if match[1] is not None else _pdf_hex(match[2])


def _pdf_string(raw: bytes) -> str:
    plain = _PDF_ESCAPE.sub(_pdf_unescaped, raw)
    return (
        plain.decode("utf-16", "replace")
        if plain[:2] in {b"\xfe\xff", b"\xff\xfe"}
        else plain.decode("cp1252", "replace")
    )


def _pdf_unescaped(match: re.Match[bytes]) -> bytes:
    sign = match[1]
    if sign[:1].isdigit():
        return bytes([int(sign, 8) & 0xFF])
    return _PDF_PLAIN.get(sign, b"")


def _pdf_hex(digits: bytes) -> str:
    packed = b"".join(digits.split())
    return _pdf_string(bytes.fromhex((packed + b"0" * (len(packed) % 2)).decode("ascii")).replace(b"\\", b"\\\\"))


def _page_text(stream: bytes) -> str:
    """The strings that a page shows; a wide kerning is a blank, a move to a new line a line end."""
    pieces: list[str] = []
    for match in _PDF_SHOWN.finditer(stream[:TEXT_LIMIT]):
        if match[1] is not None:
            pieces.append(_pdf_string(match[1]))
        else:
            pieces.append(" " if match[2] is not None else "\n")
    return "".join(pieces)


def xmp_texts(content: bytes) -> Iterator[str]:
    """Every XMP packet in a file of any kind."""
    at = content.find(_XMP[0])
    while at >= 0:
        end = content.find(_XMP[1], at)
        end = end if end >= 0 else min(len(content), at + TEXT_LIMIT)
        yield markup_text(content[at:end], is_properties=True)
        at = content.find(_XMP[0], end)


def rtf_text(content: bytes) -> str:
    """The words of rich text."""
    return _RTF.sub(_rtf_sign, content[:TEXT_LIMIT].decode("latin-1"))


def _rtf_sign(match: re.Match[str]) -> str:
    if match[1]:
        return bytes.fromhex(match[1]).decode("cp1252", "replace")
    if match[2]:
        code = int(match[2]) % 65_536
        return chr(code) if not 0xD800 <= code < 0xE000 else ""  # noqa: PLR2004 surrogates
    return "\n" if match[3] else ""


def printable_text(content: bytes) -> str:
    """What reads like text in a file of unknown form, in one byte a letter and in two (Word, Excel, Outlook)."""
    found = (match[0] for match in _ASCII_RUN.finditer(content[:TEXT_LIMIT]))
    narrow = (run.decode("cp1252", "replace") for run in found if len(run) >= _SHORTEST_RUN)
    wide = (match[0].decode("utf-16-le", "replace") for match in _WIDE_RUN.finditer(content[:TEXT_LIMIT]))
    return "\n".join([*narrow, *wide])
