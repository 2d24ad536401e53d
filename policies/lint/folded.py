"""A text folded as names are, of which every letter knows where it stood: what is found can be shown as written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Final

from policies.folding import WITHOUT_SPACES, fold_letter

_SPELLED_OUT: Final = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"}
_MARKS: Final = {"\u0308": "aou", "\u030a": "a"}
_ASCII_KEPT: Final = "@.+-_"
_ASCII: Final = {
    code: (chr(code).lower() if chr(code).isalnum() or chr(code) in _ASCII_KEPT else " ") for code in range(128)
}


class Folded:
    """``plain`` is the folded text, one blank for each sign that is no part of a word."""

    def __init__(self, text: str, plain: str, letters: Callable[[str], Sequence[str]] | None = None) -> None:
        self.text = text
        self.plain = plain
        self._letters = letters

    def __repr__(self) -> str:
        """How much, and nothing of it."""
        return f"Folded({len(self.plain)})"

    @cached_property
    def starts(self) -> Sequence[int]:
        """Where each folded letter came from, and at the end the text's length; made only where something is found."""
        if self._letters is None:
            return range(len(self.text) + 1)
        pieces = self._letters(self.text)
        return [*(index for index, piece in enumerate(pieces) for _ in piece), len(self.text)]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where ``plain[start:end]`` stands in the text."""
        return self.starts[start], self.starts[end - 1] + 1 if end > start else self.starts[start]


class _Table(dict[int, str]):
    """Folds letter by letter inside ``str.translate``; what was met once is remembered."""

    def __missing__(self, code: int) -> str:
        folded_letter = self[code] = fold_letter(chr(code))
        return folded_letter


_TABLE: Final = _Table(_ASCII)


class _Spelling(dict[int, str]):
    """The same with the letters that are spelled out."""

    def __missing__(self, code: int) -> str:
        written = self[code] = _SPELLED_OUT.get(chr(code).lower()) or _TABLE[code]
        return written


_SPELLING: Final = _Spelling()


class _Parted(dict[int, str]):
    """The same with a blank for each letter of a script without spaces."""

    def __missing__(self, code: int) -> str:
        is_apart = any(first <= code <= last for first, last in WITHOUT_SPACES)
        written = self[code] = " " if is_apart else _TABLE[code]
        return written


_PARTED: Final = _Parted()


def folded(text: str) -> Folded:
    """``text`` folded letter by letter, as ``policies.folding.fold`` does, without joining blanks.

    >>> folded("Éva\\u200b!").plain
    'eva '
    """
    plain = text.translate(_TABLE)
    return Folded(text, plain, None if text.isascii() else _plain_letters)


def spelled_out(text: str) -> Folded | None:
    """The other form, in which ä is ae (Müller, Mueller); None where it is the same."""
    if text.isascii() or not _has_umlaut(text):
        return None
    has_marks = any(mark in text for mark in _MARKS)
    plain = "".join(_spelled_letters(text)) if has_marks else text.translate(_SPELLING)
    return Folded(text, plain, _spelled_letters)


def parted(text: str) -> Folded | None:
    """With nothing left of scripts without spaces, whose words would run on into a name in Latin; None without any.

    >>> parted("Adaさん").plain
    'ada  '
    """
    if text.isascii() or ord(max(text)) < WITHOUT_SPACES[0][0]:
        return None
    return Folded(text, text.translate(_PARTED), _parted_letters)


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


def _plain_letters(text: str) -> list[str]:
    return [_TABLE[ord(letter)] for letter in text]


def _parted_letters(text: str) -> list[str]:
    return [_PARTED[ord(letter)] for letter in text]


def _spelled_letters(text: str) -> list[str]:
    pieces = [_SPELLING[ord(letter)] for letter in text]
    for mark, letters in _MARKS.items():
        at = text.find(mark)
        while at >= 0:
            if at and text[at - 1].lower() in letters:
                pieces[at] = "a" if mark == "\u030a" else "e"
            at = text.find(mark, at + 1)
    return pieces
