"""Header values to text: folding, encoded words (RFC 2047) as they are really written, raw 8-bit letters."""

from __future__ import annotations

import binascii
import re

from ingest import parse_charset

ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_FOLD = re.compile(r"\r?\n(?=[ \t])")
_CONTROLS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")


def raw_text(value: bytes) -> str:
    """A header value unfolded, its raw letters read, its encoded words still encoded."""
    return _FOLD.sub("", parse_charset.decode(value.strip(b" \t\r\n"))[0])


def header_text(value: bytes) -> str:
    """A header value as a person sees it, on one line."""
    return decode_words(raw_text(value))


def decode_words(text: str) -> str:
    r"""Decode the encoded words in a text; control characters, which could start a new header, become blanks.

    Words that stand side by side in one charset are decoded together: many programs cut a letter in two.

    >>> decode_words("=?iso-8859-1?Q?Kr=E4mer=0A?= =?utf-8?B?w7w=?= x")
    'Krämer ü x'
    """
    if "=?" in text:
        text = "".join(_decoded_pieces(text))
    return _CONTROLS.sub(" ", text).strip()


def _decoded_pieces(text: str) -> list[str]:
    pieces: list[str] = []
    waiting, charset, end = bytearray(), "", 0
    for match in ENCODED_WORD.finditer(text):
        between = text[end : match.start()]
        follows = end > 0 and not between.strip(" \t\r\n")
        if waiting and not (follows and match[1].lower() == charset.lower()):
            pieces.append(_text_of(waiting, charset))
            waiting = bytearray()
        if not follows:
            pieces.append(between)
        waiting += _bytes_of(match[2], match[3])
        charset, end = match[1], match.end()
    pieces.append(_text_of(waiting, charset))
    pieces.append(text[end:])
    return pieces


def _text_of(content: bytearray, charset: str) -> str:
    return parse_charset.decode(bytes(content), charset.partition("*")[0])[0]


def _bytes_of(encoding: str, content: str) -> bytes:
    raw = content.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        return _HEX.sub(lambda match: bytes.fromhex(match[1].decode()), raw.replace(b"_", b" "))
    letters = _NOT_BASE64.sub(b"", raw.partition(b"=")[0])
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
