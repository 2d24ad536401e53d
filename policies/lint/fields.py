"""The header of a mail read from its bytes: fields with their place, encoded words, addresses, ids, dates, parameters.

Written by hand because every byte's place is needed (``--fix`` changes some of them) and because the readers of the
standard library take quadratic time on hostile headers.  Everything here is linear, and never raises.
"""

from __future__ import annotations

import binascii
import codecs
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import cached_property
from typing import Final

from policies.patterns import late
from policies.values import value

VALUE_LIMIT: Final = 1_000_000
MOST_FIELDS: Final = 5000
_FIELD: Final = late(rb"([!-9;-~]+)[ \t]*:")
_ENCODED: Final = late(r"=\?([\w!#$%&'*+.^`{|}~-]{1,60})\?([bBqQ])\?([^?\r\n]*)\?=")
_BETWEEN: Final = late(r"\?=[ \t\r\n]+=\?")
_ESCAPED: Final = late(r"=([0-9A-Fa-f]{2})")
_ID: Final = late(r"<\s*([^<>\s]{1,998})\s*>")
_BARE_ID: Final = late(r"[^\s<>()]{1,500}@[^\s<>()]{1,255}")
_DATE: Final = late(
    r"(\d{1,2})[ -]+([A-Za-z]{3})[a-z]*[ -]+(\d{2,4})"
    r"(?:[ ,]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[ ]*([+-]\d{4}|[A-Z]{1,5}))?)?"
)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# RFC 5322 4.3: the zones that still have a meaning.
_ZONES: Final = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
# Codecs of Python that are no charset of any mail.  Those of EBCDIC make other letters of every byte, and no mail
# program reads them: a name in plain letters would be shown to all but us.
_NO_CHARSETS: Final = frozenset({
    "idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "mbcs", "oem",
    "cp037", "cp273", "cp424", "cp500", "cp875", "cp1026", "cp1140",
})  # fmt: skip
WIDER: Final = {"iso8859-1": "cp1252", "gb2312": "gb18030", "euc_kr": "cp949", "shift_jis": "cp932"}
_WIDE: Final = ("utf-16", "utf-32")
#: Fewer octets than this may by chance all be ASCII in a word of Han.
_PLAIN_FROM: Final = 16

# By the names that IANA and mail programs know, and Python does not (WHATWG Encoding Standard, "labels").
_ALSO_CALLED: Final = {
    "windows-874": "cp874", "windows-31j": "cp932", "sjis": "cp932", "windows-949": "cp949", "euc": "euc_jp",
    "gb-2312-80": "gb18030", "cn-big5": "big5", "iso-8859-8-i": "iso8859-8", "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6", "iso-8859-6-e": "iso8859-6", "mac-ukrainian": "mac-cyrillic", "koi8-ru": "koi8-u",
    "iso-2022-jp-ms": "iso2022_jp_ext", "cp50220": "iso2022_jp_ext", "cp50221": "iso2022_jp_ext",
    "unicode-1-1-utf-8": "utf-8", "utf8mb4": "utf-8",
}  # fmt: skip


@value
class Field:
    """One header field: its name as written, its raw value, and where the whole of it lies in the mail.

    ``start`` is where the name begins, ``value_at`` where the value does, ``end`` is after its last line end.
    """

    name: str
    raw: bytes
    start: int
    value_at: int
    end: int

    def __repr__(self) -> str:
        """Its name."""
        return f"Field({self.name})"

    @property
    def text(self) -> str:
        """The value unfolded, its encoded words decoded."""
        return decoded(unfolded(self.raw))


class Header:
    """The fields of one header, at most MOST_FIELDS.

    ``end`` is where the body begins; ``has_strays`` where a line was no field, ``is_cut`` where there were more.
    """

    def __init__(self, fields: tuple[Field, ...], end: int, has_strays: bool) -> None:  # noqa: FBT001
        self.fields = fields[:MOST_FIELDS]
        self.end = end
        self.has_strays = has_strays
        self.is_cut = len(fields) > MOST_FIELDS

    def __repr__(self) -> str:
        """How many."""
        return f"Header({len(self.fields)} fields)"

    def all(self, name: str) -> tuple[Field, ...]:
        """Every field of that name, case aside."""
        return self._by_name.get(name.casefold(), ())

    @cached_property
    def _by_name(self) -> dict[str, tuple[Field, ...]]:
        found: dict[str, list[Field]] = {}
        for field in self.fields:
            found.setdefault(field.name.casefold(), []).append(field)
        return {name: tuple(fields) for name, fields in found.items()}

    def text(self, name: str) -> str:
        """The decoded value of the first field of that name, empty where there is none."""
        found = self.all(name)
        return found[0].text if found else ""

    def unfolded(self, name: str) -> str:
        """As ``text``, encoded words left as they are."""
        found = self.all(name)
        return unfolded(found[0].raw) if found else ""


def read_header(raw: bytes, start: int, end: int) -> Header:
    """The header that begins at ``start``; it goes up to the first empty line."""
    found: list[Field] = []
    strays = False
    at = start
    while at < end:
        stop = _line_end(raw, at, end)
        line = raw[at:stop]
        if not line.strip(b"\r\n"):
            return Header(tuple(found), stop, strays)
        after = stop
        while after < end and raw[after : after + 1] in {b" ", b"\t"}:
            after = _line_end(raw, after, end)
        match = _FIELD.match(line)
        if match and len(found) <= MOST_FIELDS:
            value_at = at + match.end()
            name = match[1].decode("ascii")
            found.append(Field(name, raw[value_at:after][:VALUE_LIMIT], at, value_at, after))
        # An mbox puts a line of its own before the header.
        strays = strays or not (match or (at == start and line.startswith(b"From ")))
        at = after
    return Header(tuple(found), end, strays)


def _line_end(raw: bytes, at: int, end: int) -> int:
    found = raw.find(b"\n", at, end)
    return end if found < 0 else found + 1


def unfolded(raw: bytes) -> str:
    """The value on one line; bytes that are not UTF-8 (RFC 6532) are read as Latin-1."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return " ".join(line.strip(" \t") for line in text.replace("\r", "").split("\n")).strip().replace("\0", "\ufffd")


def decoded(value: str) -> str:
    """The value with its encoded words (RFC 2047) read; what cannot be decoded stays as it is."""
    if "=?" not in value:
        return value
    # Neighbours in one charset may share a letter between them, so they are joined before decoding.
    value = _BETWEEN.sub("?==?", value)
    pieces: list[str] = []
    at, held, charset = 0, b"", ""
    for match in _ENCODED.finditer(value):
        content = _word_bytes(match[2], match[3])
        between = value[at : match.start()]
        if between or (match[1].casefold() != charset and held):
            pieces.append(_as_text(held, charset))
            held = b""
        pieces.append(between)
        held, charset, at = held + content, match[1].casefold(), match.end()
    return "".join([*pieces, _as_text(held, charset), value[at:]])


def _word_bytes(encoding: str, content: str) -> bytes:
    if encoding in "bB":
        try:
            return binascii.a2b_base64(content + "=" * (-len(content) % 4))
        except (binascii.Error, ValueError):
            return content.encode("utf-8")
    plain = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), content.replace("_", " "))
    return plain.encode("latin-1", "replace")


def _as_text(content: bytes, charset: str) -> str:
    text = decode(content, charset.partition("*")[0]) if content else ""
    shown = content.decode("latin-1") if text is None else text
    # A line end out of an encoded word must not make two lines of one value.
    return re.sub(r"[\r\n\0]+", " ", shown)


def codec_of(charset: str) -> str:
    """Python's name for a charset as a mail writes it; empty where nobody knows it."""
    plain = charset.casefold().strip(" \t\"'").replace("_", "-").removeprefix("x-")
    short = re.sub(r"^(?:cp|win)-(?=\d)", "cp", plain)
    for name in (charset or "us-ascii", _ALSO_CALLED.get(plain, ""), short):
        try:
            found = codecs.lookup(name).name if name else ""
        except (LookupError, ValueError):
            continue
        if found and found not in _NO_CHARSETS:
            return found
    return ""


def decode(content: bytes, charset: str) -> str | None:
    """The bytes as text in that charset; None where it is unknown or does not fit."""
    name = codec_of(charset)
    if not name or (name.startswith(_WIDE) and _is_plain(content)):
        return None
    try:
        return content.decode(WIDER.get(name, name))
    except (LookupError, ValueError):
        pass
    try:
        return content.decode(name)
    except (LookupError, ValueError):
        return None


def _is_plain(content: bytes) -> bool:
    """Whether it is ASCII: in two octets a letter, every blank and line end would have a NUL."""
    return len(content) >= _PLAIN_FROM and content.isascii() and 0 not in content


def ids(value: str) -> tuple[str, ...]:
    """The message ids in a value, without angle brackets; a bare one counts where none has brackets."""
    return tuple(_ID.findall(value)) or tuple(_BARE_ID.findall(value))


def instant(value: str) -> datetime | None:
    """The instant of a Date field in UTC, None where it cannot be read; no zone counts as UTC."""
    match = _DATE.search(value[:200])
    if not match or match[2].casefold() not in _MONTHS:
        return None
    year = int(match[3])
    if year < 100:  # noqa: PLR2004 - RFC 5322 4.3: two digits
        year += 2000 if year < 50 else 1900  # noqa: PLR2004
    numbers = (year, _MONTHS.index(match[2].casefold()) + 1, int(match[1]), int(match[4] or 0), int(match[5] or 0))
    try:
        return datetime(*numbers, min(int(match[6] or 0), 59), tzinfo=_zone(match[7])).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(word: str | None) -> timezone:
    if word and word[0] in "+-":
        offset = timedelta(hours=int(word[1:3]), minutes=int(word[3:5]))
        return timezone(-offset if word[0] == "-" else offset) if offset < timedelta(hours=24) else UTC
    return timezone(timedelta(hours=_ZONES.get(word or "", 0)))


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """What a Content-Type or Content-Disposition says, and its parameters, RFC 2231 continuations joined.

    >>> parameters("text/plain; charset=utf-8; format=flowed")
    ('text/plain', {'charset': 'utf-8', 'format': 'flowed'})
    """
    pieces = _split_parameters(value)
    head = pieces[0].strip().casefold() if pieces else ""
    single: dict[str, str] = {}
    numbered: dict[str, list[tuple[int, str, bool]]] = {}
    for piece in pieces[1:200]:
        name, _, content = piece.partition("=")
        name, content = name.strip().casefold(), _unquoted(content.strip())
        base, star, rest = name.partition("*")
        if not star:
            single.setdefault(base, decoded(content))
        else:
            order = rest.rstrip("*")
            number = int(order) if order.isascii() and order.isdigit() and len(order) < 4 else 0  # noqa: PLR2004
            numbered.setdefault(base, []).append((number, content, name.endswith("*")))
    for base, found in numbered.items():
        single[base] = _joined(found)
    return head, single


def _joined(found: Sequence[tuple[int, str, bool]]) -> str:
    held, charset = b"", "utf-8"
    for number, content, is_encoded in sorted(found):
        if not is_encoded:
            held += content.encode("utf-8")
            continue
        escaped = content
        if number == 0 and content.count("'") >= 2:  # noqa: PLR2004 - charset'language'value
            charset, _, escaped = content.split("'", 2)
        held += re.sub(rb"%([0-9A-Fa-f]{2})", lambda match: bytes([int(match[1], 16)]), escaped.encode("utf-8"))
    text = decode(held, charset)
    return held.decode("latin-1") if text is None else text


def _split_parameters(value: str) -> list[str]:
    pieces: list[str] = []
    current: list[str] = []
    quoted = escaped = False
    for letter in value[:VALUE_LIMIT]:
        if letter == ";" and not quoted:
            pieces.append("".join(current))
            current = []
            continue
        current.append(letter)
        if escaped:
            escaped = False
        elif quoted and letter == "\\":
            escaped = True
        elif letter == '"':
            quoted = not quoted
    return [*pieces, "".join(current)]


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == '"':  # noqa: PLR2004 - both quotes
        return re.sub(r"\\(.)", r"\1", value[1:].removesuffix('"'))
    return value
