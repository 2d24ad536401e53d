"""Folding of written names: one form in which spellings of the same name are equal, and its words.

What is compared with a known name (in fields that outlive the case, in mail) is folded first, so that capitals,
accents, full-width letters, invisible characters and Scandinavian or German letters make no difference.
Everything is done letter by letter, in time linear in the text: Unicode's canonical ordering of a long run of
combining marks is quadratic, and the text may come from a stranger.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Final

from policies.patterns import late

# Letters that Unicode does not decompose, and that people write without their stroke or ligature.
_LETTERS: Final = {"ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i"}
# The other way in which these letters are written where the keyboard has none: Müller, Mueller.
_SPELLED_OUT: Final = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"}
_SPELLING: Final = {form: other for one, other in _SPELLED_OUT.items() for form in (one, one.upper())} | {
    "\u212b": "aa"  # the sign for Angstrom
}
_MOST_KEPT: Final = 4096
_NOT_ASCII: Final = late("[^\x00-\x7f]")
_FEW: Final = 64
_PLAIN_MARKS: Final = late("[aou]\u0308|a\u030a", re.IGNORECASE)
# Japanese voicing marks make another letter of the one before, and are no accents.
_VOICING: Final = "\u3099\u309a"
_KEPT_SIGNS: Final = "@.+-_"
#: Thai and Lao; Burmese; Khmer; kana; Han; Hangul; Han again.  They put no spaces between words.  Compared by number:
#: compiling the ranges would take longer than all the rest.
WITHOUT_SPACES: Final = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x9FFF), (0xAC00, 0xD7AF),
    (0xF900, 0xFAFF),
)  # fmt: skip


@functools.lru_cache(maxsize=4096)
def fold_letter(letter: str) -> str:
    """One character folded: nothing for invisible characters and accents, a blank for what is no part of a word."""
    if unicodedata.category(letter) == "Cf":
        return ""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letter).casefold())
    return "".join(_kept(part) for part in plain)


class _Table(dict[int, str]):
    """A table for ``str.translate`` that folds each character when it first occurs; rare ones are not kept."""

    def __missing__(self, code: int) -> str:
        folded = fold_letter(chr(code))
        if len(self) < _MOST_KEPT:
            self[code] = folded
        return folded


_FOLDED: Final = _Table()


def _kept(part: str) -> str:
    if part in _VOICING:
        return part
    if unicodedata.combining(part):
        return ""
    part = _LETTERS.get(part, part)
    is_word = part.isalnum() or part in _KEPT_SIGNS or unicodedata.category(part[0]).startswith("M")
    return part if is_word else " "


def fold(text: str) -> str:
    """``text`` in the form in which names are compared: letters, digits and ``@.+-_``, single blanks between words.

    >>> fold("  Søren  MÜLLER-Łęcki (he/him)")
    'soren muller-lecki he him'
    """
    folded = " ".join(_with_plain_letters(text).translate(_FOLDED).split())
    return folded if folded.isascii() else unicodedata.normalize("NFC", folded)


def _with_plain_letters(text: str) -> str:
    """With the letters folded that are not ASCII, where there are few: ``translate`` is ten times as fast on ASCII."""
    if text.isascii() or len(text) < _FEW:
        return text
    folded = {letter: _FOLDED[ord(letter)] for letter in set(_NOT_ASCII.findall(text))}
    if len(folded) > _FEW or not all(map(str.isascii, folded.values())):
        return text
    for letter, plain in folded.items():
        text = text.replace(letter, plain)
    return text


def forms(text: str) -> tuple[str, ...]:
    """``fold(text)``, and, where it differs, the form in which ä, ö, ü, ø and å are spelled out (ae, oe, ue, oe, aa).

    Two names are taken for the same when any form of one is a form of the other.

    >>> forms("Jörg"), forms("Joerg")
    (('jorg', 'joerg'), ('joerg',))
    """
    if text.isascii():
        return (fold(text),)
    has_marks = "\u0308" in text or "\u030a" in text
    spelled = _PLAIN_MARKS.sub(lambda match: unicodedata.normalize("NFC", match[0]), text) if has_marks else text
    for letter, other in _SPELLING.items():
        spelled = spelled.replace(letter, other)
    if spelled == text:
        return (fold(text),)
    plain, other = fold(text), fold(spelled)
    return (plain,) if plain == other else (plain, other)


def words(text: str) -> tuple[str, ...]:
    """The words of ``fold(text)``, with ``.+-_`` stripped at both ends; e-mail addresses stay whole.

    >>> words("Write to ana.b@example.org -- please.")
    ('write', 'to', 'ana.b@example.org', 'please')
    """
    stripped = (word.strip(".+-_") for word in fold(text).split(" "))
    return tuple(word for word in stripped if word)
