"""Bytes of a mail to text: the declared charset where it holds, better knowledge where it does not.

The order is what lost nothing on real mail: byte order mark, ISO-2022 escapes, the declared charset (read as the
superset that programs really write), UTF-8, a guess from a sample, and at last Windows-1252 with replacements.
"""

from __future__ import annotations

import codecs
import functools
import re

GUESSED = "charset-guessed"
REPLACED = "charset-broken"

_SAMPLE = 4096
_FEWEST_TO_GUESS = 8
_GUESSABLE = ["cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r", "koi8_u"]
_GUESSABLE += ["iso8859_2", "cp874", "cp932", "euc_jp", "gb18030", "big5", "cp949"]
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Names that mail programs write although they mean the larger set (WHATWG Encoding Standard, "labels").
_SUPERSETS = {
    "us-ascii": "",
    "ascii": "",
    "ansi_x3.4-1968": "",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "l1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "big5": "cp950",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "unicode-1-1-utf-7": "utf-7",
    "hz-gb-2312": "hz",
    "x-mac-roman": "mac-roman",
    "unicode-1-1-utf-8": "utf-8",
    "cp-850": "cp850",
}
# Python also knows codecs that are no charsets (rot13, zip, idna, unicode_escape): only these are used.
_CHARSETS = re.compile(
    r"utf-(?:7|8|16|32)|iso8859|cp\d|koi8|mac-|gb|hz|big5|euc_|shift|johab|iso2022|tis|ptcp|kz1048|hp-"
)
_ISO_2022_JP = ("iso2022_jp", "iso2022_jp_2", "iso2022_jp_ext")
_ISO_2022_ESCAPE = re.compile(rb"\x1b(?:\$[@AB(]?[CDOPQ]?|\([BJI]|\$\)C)")
_ISO_2022_RUN = re.compile(rb"\x1b(\$\(?[@BDOPQ]|\([BJIH])")
_KANA = re.compile("[\u3041-\u30ff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c]")


def decode(raw: bytes, declared: str = "") -> tuple[str, str]:
    """The text, free of NUL and lone surrogates, and a defect: ``GUESSED``, ``REPLACED`` or nothing."""
    text, defect = _decode(raw, declared)
    return (_UNSTORABLE.sub("\ufffd", text) if not text.isascii() or "\0" in text else text), defect


def printable_lines(text: str) -> str:
    r"""Line ends as ``\n``; other control characters, which no text needs, as U+FFFD."""
    return _CONTROLS.sub("\ufffd", _LINE_ENDS.sub("\n", text))


def _decode(raw: bytes, declared: str) -> tuple[str, str]:
    for mark, codec in _BOMS:
        if raw.startswith(mark):
            return raw.decode(codec, "replace"), ""
    charset = codec_of(declared)
    if b"\x1b" in raw and _ISO_2022_ESCAPE.search(raw) and raw.isascii():
        return _decode_iso_2022(raw)
    if raw.isascii() and not charset.startswith(("utf-7", "utf-16", "utf-32", "hz")):
        return raw.decode("ascii"), ""
    for codec in (charset, "utf-8"):
        text = _strict(raw, codec)
        if text is not None:
            return text, ""
    return _nearly(raw, charset) or _guess(raw)


@functools.lru_cache(maxsize=256)
def codec_of(declared: str) -> str:
    """Python's name for a charset as written in a mail, quotes and all; empty for what is none."""
    name = declared.strip(" \t\r\n\"'").partition("*")[0].lower()[:40]
    name = _SUPERSETS.get(name, name)
    try:
        codec = codecs.lookup(name).name if name.isascii() and name else ""
    except (LookupError, ValueError):
        return ""
    return codec if _CHARSETS.match(codec) else ""


def _strict(raw: bytes, codec: str) -> str | None:
    if not codec:
        return None
    try:
        return raw.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _nearly(raw: bytes, charset: str) -> tuple[str, str] | None:
    """Text that holds but for a few bytes, as when a character was cut in two."""
    for codec in filter(None, (charset, "utf-8")):
        text = raw.decode(codec, "replace")
        beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
        if text.count("\ufffd") * 4 <= beyond_ascii or codec == "cp1252":
            return text, REPLACED
    return None


def _guess(raw: bytes) -> tuple[str, str]:
    """What a statistical look at the first kilobytes says; a few letters are no statistics, and likely Western."""
    sample = raw[:_SAMPLE]
    for codec in ("cp932", "euc_jp"):
        text = _strict(raw, codec)
        if text and len(_KANA.findall(text)) * 4 >= len(_BEYOND_ASCII.findall(text)):
            return text, GUESSED
    if len(sample) - len(sample.decode("ascii", "ignore")) >= _FEWEST_TO_GUESS:
        import charset_normalizer

        matches = list(charset_normalizer.from_bytes(sample, cp_isolation=_GUESSABLE))
        calmest = [match for match in matches if match.chaos <= matches[0].chaos]
        is_western = any("cp1252" in match.could_be_from_charset for match in calmest)
        text = _strict(raw, "cp1252" if is_western else matches[0].encoding) if matches else None
        if text is not None:
            return text, GUESSED
    text = _strict(raw, "cp1252")
    return (text, GUESSED) if text is not None else (raw.decode("cp1252", "replace"), REPLACED)


def _decode_iso_2022(raw: bytes) -> tuple[str, str]:
    for codec in ("iso2022_kr",) if b"\x1b$)C" in raw else _ISO_2022_JP:
        text = _strict(raw, codec)
        if text is not None:
            return text, ""
    return _decode_iso_2022_runs(raw)


def _decode_iso_2022_runs(raw: bytes) -> tuple[str, str]:
    """Each run between escapes on its own: NEC's and Microsoft's additional characters, and broken bytes."""
    first, *runs = _ISO_2022_RUN.split(raw)
    pieces = [first.decode("ascii", "replace")]
    for escape, run in zip(runs[::2], runs[1::2], strict=True):
        if escape.startswith(b"$"):
            # JIS X 0208 and 0213 with the high bits set are EUC, which knows row 13.
            double = bytes(byte | 0x80 if 0x21 <= byte <= 0x7E else byte for byte in run)  # noqa: PLR2004
            pieces.append(double.decode("euc_jisx0213", "replace"))
        elif escape == b"(I":
            pieces.append(bytes(byte | 0x80 if byte >= 0x21 else byte for byte in run).decode("cp932", "replace"))  # noqa: PLR2004
        else:
            pieces.append(run.decode("ascii", "replace"))
    text = "".join(pieces)
    return text, REPLACED if "\ufffd" in text else ""
