"""A text folded as names are, of which every letter knows where it stood: what is found can be shown as written."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence
from typing import Final

from policies.folding import fold_letter

_SPELLED_OUT: Final = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"}
_MARKS: Final = {"\u0308": "aou", "\u030a": "a"}
_ASCII_KEPT: Final = "@.+-_"
_ASCII: Final = {
    code: (chr(code).lower() if chr(code).isalnum() or chr(code) in _ASCII_KEPT else " ") for code in range(128)
}


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Folded:
    """``plain`` is the folded text, one blank for each sign that is no part of a word; ``starts`` where each came from.

    ``starts`` has one entry more than ``plain``: the length of the text.
    """

    text: str
    plain: str
    starts: Sequence[int]

    def __repr__(self) -> str:
        """How much, and nothing of it."""
        return f"Folded({len(self.plain)})"

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where ``plain[start:end]`` stands in the text."""
        return self.starts[start], self.starts[end - 1] + 1 if end > start else self.starts[start]


def folded(text: str) -> Folded:
    """``text`` folded letter by letter, as ``policies.folding.fold`` does, without joining blanks.

    >>> folded("Éva\\u200b!").plain
    'eva '
    """
    if text.isascii():
        return Folded(text, text.translate(_ASCII), range(len(text) + 1))
    return _mapped(text, spelled_out=False)


def spelled_out(text: str) -> Folded | None:
    """The other form, in which ä is ae (Müller, Mueller); None where it is the same."""
    if text.isascii() or not _has_umlaut(text):
        return None
    return _mapped(text, spelled_out=True)


def fold(text: str) -> str:
    """``text`` folded with single blanks: what to look for in ``Folded.plain``, letter for letter.

    ``policies.folding.fold`` composes Hangul and kana again, which would not be found here.
    """
    return " ".join(folded(text).plain.split())


def forms(text: str) -> tuple[str, ...]:
    """``fold(text)`` and, where it differs, the form with ä as ae."""
    other = spelled_out(text)
    return (fold(text),) if other is None else (fold(text), " ".join(other.plain.split()))


def _has_umlaut(text: str) -> bool:
    return any(letter in text for letter in "äöüøåÄÖÜØÅ\u0308\u030a")


def _mapped(text: str, *, spelled_out: bool) -> Folded:
    pieces: list[str] = []
    starts: list[int] = []
    for index, letter in enumerate(text):
        piece = _fold(letter)
        if spelled_out and not letter.isascii():
            piece = _SPELLED_OUT.get(letter.lower(), piece)
            piece = "e" if letter == "\u0308" and index and text[index - 1].lower() in _MARKS[letter] else piece
            piece = "a" if letter == "\u030a" and index and text[index - 1].lower() in _MARKS[letter] else piece
        if piece:
            pieces.append(piece)
            starts.extend([index] * len(piece))
    starts.append(len(text))
    return Folded(text, "".join(pieces), starts)


@functools.lru_cache(maxsize=4096)
def _fold(letter: str) -> str:
    return _ASCII[ord(letter)] if letter.isascii() else fold_letter(letter)
