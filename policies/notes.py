"""Notes of who joined or left: ``[+ John] [- Eric]`` at the top of a mail, read as people write them, and printed.

communications.md of the policy, "When adding or removing individuals from an email thread": it shows one form; read
are also full-width signs, the dashes of word processors, several people in one bracket, ``[+cc: X]``, and
bold or italic marks around.  Whom a name means is not decided here, only how a bracket falls into names.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence
from enum import Enum
from typing import Final

from policies.patterns import late
from policies.values import value

LINE_LIMIT: Final = 2000
_DASHES: Final = "-\u2010\u2011\u2012\u2013\u2014\u2212"
_SIGN: Final = f"[{_DASHES}+]"  # the hyphen first, or it would make a range
_ITEM: Final = late(rf"\[\s*({_SIGN})(\s*)")
_DECORATION: Final = late(r"\*\*|\*|__|_")
_FIELD: Final = late(r"(to|cc|bcc)(?:\s*:\s*|\s+)(?=\S)", re.IGNORECASE)
_ADDRESS: Final = late(r"[^\s@<>()\[\],;:\"]+@[^\s@<>()\[\],;:\"]+")
_BETWEEN: Final = late(r"\s*[,/;]?\s*")
_SEPARATOR: Final = late(r"\s*[,;]\s*(?:(?:and|&)\s+)?|\s+(?:and|und|et|och|og|y)\s+|\s*&\s*", re.IGNORECASE)
_SIGNED: Final = late(rf"({_SIGN})\s*(?=[^\W\d_]|[\"<])")
_REMARK: Final = late(r"\([^()]*\)")
_QUOTED: Final = late(r'"((?:[^"\\]|\\.)*)"')
_ANGLED: Final = late(r"<([^<>]*)>")
_CURLY: Final = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "＂": '"', "＜": "<", "＞": ">"})
_BARE: Final = late(rf"({_SIGN})\s*(?=[^\W\d_]|[\"<])(.+)")


class Sign(Enum):
    """Whether somebody joined or left."""

    PLUS = "+"
    MINUS = "-"

    @property
    def other(self) -> Sign:
        """The opposite."""
        return Sign.MINUS if self is Sign.PLUS else Sign.PLUS


@value
class Entry:
    """One person as a note writes it: words, or an address that then decides alone.

    ``field`` is ``to``, ``cc``, ``bcc`` or empty; ``written`` is the whole entry with that word, as it stands.
    """

    sign: Sign
    field: str
    name: str
    address: str
    written: str

    def __repr__(self) -> str:
        """Its sign."""
        return f"Entry({self.sign.value})"


@value
class Bracket:
    """One bracket of a line: ``whole`` taken as one person, ``entries`` when split at its separators.

    ``start`` and ``end`` are places in the line as it was given.  ``is_tight``: nothing stands between the sign and
    the first letter, as in ``[-Wextra]``.  ``is_bare``: the line had no bracket at all.
    """

    sign: Sign
    whole: Entry
    entries: tuple[Entry, ...]
    start: int
    end: int
    is_tight: bool
    is_bare: bool = False

    def __repr__(self) -> str:
        """Its sign and size."""
        return f"Bracket({self.sign.value}, {len(self.entries)} entries)"


@value
class Brackets:
    """The notes that a line begins with, and what stands after them."""

    notes: tuple[Bracket, ...]
    rest: str

    def __repr__(self) -> str:
        """How many."""
        return f"Brackets({len(self.notes)})"


def read_notes(line: str) -> Brackets:
    """The notes at the beginning of a line; none where it begins with anything else.

    >>> [entry.name for note in read_notes("[+cc: Ana, Bo] thanks").notes for entry in note.entries]
    ['Ana', 'Bo']
    """
    text, places = _normal(line)
    at = _skipped(text, 0)
    found: list[Bracket] = []
    while note := _bracket(text, at, places):
        found.append(note[0])
        after = _skipped_decoration(text, note[1])
        match = _BETWEEN.match(text, after)
        at = match.end() if match else after
        at = _skipped_decoration(text, at)
        end = after
    return Brackets(tuple(found), text[end:].strip() if found else text.strip())


def read_bare_note(line: str) -> Bracket | None:
    """A note without its bracket, alone on its line: ``+ John``; None where the line is anything else."""
    text, places = _normal(line)
    match = _BARE.fullmatch(text.strip().strip("*_"))
    if match is None or "[" in text:
        return None
    sign = _sign(match[1])
    start = text.index(match[1])
    whole, entries = _names(sign, match[2])
    return Bracket(sign, whole, entries, places[start], len(line.rstrip()), is_tight=False, is_bare=True)


def print_note(sign: Sign, names: Sequence[str], field: str = "") -> str:
    """The note in the policy's form; a name that could be misread is put in quotation marks.

    >>> print_note(Sign.PLUS, ["John Park", "Moss, Eric"])
    '[+ John Park, "Moss, Eric"]'
    """
    said = f"{field}: " if field else ""
    return f"[{sign.value} {said}{', '.join(map(_printed, names))}]"


def printed_entry(entry: Entry) -> str:
    """The entry as a note of its own: what to write instead."""
    return f"[{entry.sign.value} {entry.written}]"


def _printed(name: str) -> str:
    plain = " ".join(_normal(name)[0].split())
    if _ADDRESS.fullmatch(plain) or _is_plain(plain):
        return plain
    return '"' + re.sub(r'(["\\])', r"\\\1", plain) + '"'


def _is_plain(name: str) -> bool:
    if not name[:1].isalpha() or re.search(r'[,;&"<>()\[\]\\@*_]', name.translate(_CURLY)):
        return False
    text, _ = _normal(name)
    return text == name and not _SEPARATOR.search(name) and not _FIELD.match(name + " x")


def _normal(line: str) -> tuple[str, Sequence[int]]:
    """The line after NFKC and without invisible characters, with each letter's place in the line as given."""
    line = line[:LINE_LIMIT]
    if line.isascii() or all(map(_stays, set(line))):
        return line.translate(_CURLY), range(len(line) + 1)
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(line):
        if letter.isascii():
            letters.append(letter)
            places.append(place)
        elif unicodedata.category(letter) != "Cf":
            for one in unicodedata.normalize("NFKC", letter).translate(_CURLY):
                letters.append(one)
                places.append(place)
    places.append(len(line))
    return "".join(letters), places


@functools.lru_cache(maxsize=4096)
def _stays(letter: str) -> bool:
    """Whether it is as it is after NFKC, and seen."""
    return unicodedata.category(letter) != "Cf" and unicodedata.normalize("NFKC", letter) == letter


def _skipped(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return _skipped_decoration(text, at)


def _skipped_decoration(text: str, at: int) -> int:
    match = _DECORATION.match(text, at)
    return match.end() if match else at


def _sign(letter: str) -> Sign:
    return Sign.PLUS if letter == "+" else Sign.MINUS


def _bracket(text: str, at: int, places: Sequence[int]) -> tuple[Bracket, int] | None:
    match = _ITEM.match(text, at)
    if not match:
        return None
    close = _closing(text, match.end())
    names = text[match.end() : close].strip()
    if close < 0 or not _can_begin(names):
        return None
    sign = _sign(match[1])
    whole, entries = _names(sign, names)
    if not entries:
        return None
    return Bracket(sign, whole, entries, places[at], places[close] + 1, is_tight=not match[2]), close + 1


def _can_begin(names: str) -> bool:
    return names[:1].isalpha() or names[:1] in {'"', "<"} or _ADDRESS.match(names) is not None


def _closing(text: str, at: int) -> int:
    """Where the bracket closes: outside quotation marks, or simply the next one where the marks do not pair."""
    masked = _QUOTED.sub(lambda match: "\0" * len(match[0]), text[at:])
    found = masked.find("]")
    nested = masked.find("[")
    return -1 if found < 0 or 0 <= nested < found else at + found


def _names(sign: Sign, names: str) -> tuple[Entry, tuple[Entry, ...]]:
    whole = _entry(sign, names)
    entries: list[Entry] = []
    for piece in _split(names):
        signed = _SIGNED.match(piece) if entries else None
        sign = _sign(signed[1]) if signed else sign
        entry = _entry(sign, piece[signed.end() :] if signed else piece)
        if entry.name or entry.address:
            entries.append(entry)
    return whole, tuple(entries)


def _split(names: str) -> list[str]:
    """At the separators that stand outside quotation marks, brackets and remarks."""
    masked = names
    for closed in (_QUOTED, _ANGLED, _REMARK):
        masked = closed.sub(lambda match: "\0" * len(match[0]), masked)
    pieces, at = [], 0
    for match in _SEPARATOR.finditer(masked):
        pieces.append(names[at : match.start()].strip())
        at = match.end()
    return [piece for piece in [*pieces, names[at:].strip()] if piece]


def _entry(sign: Sign, piece: str) -> Entry:
    field = _FIELD.match(piece)
    rest = piece[field.end() :] if field else piece
    quoted = _QUOTED.match(rest)
    angled = _ANGLED.search(_QUOTED.sub(lambda match: "\0" * len(match[0]), rest))
    if angled:
        name, address = rest[: angled.start()], angled[1].strip()
    else:
        name, address = (quoted[0] if quoted else rest), ""
    name = _QUOTED.sub(lambda match: re.sub(r"\\(.)", r"\1", match[1]), name)
    if not quoted:
        name = _REMARK.sub(" ", name)
    name = " ".join(name.split())
    if not address and _ADDRESS.fullmatch(name):
        address = name
    return Entry(sign, field[1].casefold() if field else "", name, address, " ".join(piece.split()))
