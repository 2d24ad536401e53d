"""What a sentence must hold for a wording pattern to match it, so that few of the patterns have to be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from policies.lint.folded import fold
from policies.lint.phrases import PARTY
from policies.patterns import late

# Words are compared by their first letters, so that ``word*`` is found as well.
_LETTERS: Final = 4
# What stands side by side in a pattern, with brackets in brackets; a question mark goes with what it makes optional.
_OUTERMOST: Final = late(r"\((?:[^()]|\([^()]*\))*\)\s*\??|[^\s()?|]+\s*\??|\|")


def key_of(word: str) -> str:
    """What a word, folded, is known by."""
    return word[:_LETTERS]


# The pieces of a regular expression: what is escaped, a class, how a bracket opens, any other sign.
_OF_REGEX: Final = late(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?:|\(\?|.", re.DOTALL)
_OPTIONAL: Final = ("*", "?", "{")


def needed_by(patterns: Iterable[str], lists: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    """For each pattern keys of words one of which every match holds; none where that is not plain to see.

    >>> needed_by(["you {adverb}? (felt|feel)", "disgust*", "{adverb}"], {"adverb": ["really", "a bit"]})
    {'you {adverb}? (felt|feel)': ['feel', 'felt'], 'disgust*': ['disg'], '{adverb}': ['bit', 'real']}
    """
    needed = _Needed(lists)
    return {pattern: sorted({key_of(word) for word in needed.words(pattern)}) for pattern in patterns}


def needed_by_regex(regex: str) -> Sequence[str]:
    """Letters of a script without capitals one of which every match holds; none where that is not plain to see.

    >>> needed_by_regex("(?:犯|加害)者?|嘘つき"), needed_by_regex("犯人|culprit")
    (['加', '嘘', '犯'], [])
    """
    # A comment, or blanks that mean nothing, would be taken for what they are not.
    if "(?#" in regex or re.search(r"\(\?\w*x", regex):
        return []
    return sorted(_RegexReader(regex).alternatives())


class _RegexReader:
    def __init__(self, regex: str) -> None:
        self.pieces: list[str] = _OF_REGEX.findall(regex)
        self.at = 0

    def alternatives(self) -> frozenset[str]:
        """A letter of each, up to the closing bracket."""
        found = [frozenset[str]()]
        while self.at < len(self.pieces):
            piece = self.pieces[self.at]
            self.at += 1
            if piece == ")":
                break
            if piece == "|":
                found.append(frozenset())
                continue
            letters = self._letters(piece)
            is_optional = self.at < len(self.pieces) and self.pieces[self.at] in _OPTIONAL
            found[-1] = found[-1] or (frozenset() if is_optional else letters)
        return _one_each(found)

    def _letters(self, piece: str) -> frozenset[str]:
        if piece in {"(", "(?:"}:
            return self.alternatives()
        if piece == "(?":
            self.alternatives()  # looks ahead or behind, or is told how to match: says nothing for certain
            return frozenset()
        is_letter = len(piece) == 1 and not piece.isascii() and piece.isalpha() and piece.lower() == piece.upper()
        return frozenset(piece) if is_letter else frozenset()


class _Needed:
    def __init__(self, lists: Mapping[str, Sequence[str]]) -> None:
        self.lists = lists
        self._of_lists: dict[str, frozenset[str]] = {}

    def words(self, pattern: str) -> frozenset[str]:
        pieces: list[str] = _OUTERMOST.findall(pattern)
        if "|" in pieces or "".join("".join(pieces).split()) != "".join(pattern.split()):
            return frozenset()
        found = [self._of_piece(piece.strip()) for piece in pieces if not piece.endswith("?")]
        # Of several the one that is likely to be the rarest.
        return max(filter(None, found), key=lambda words: min(map(len, words)), default=frozenset())

    def _of_piece(self, piece: str) -> frozenset[str]:
        if piece[0] == "(":
            return _one_each(map(self.words, piece[1:-1].split("|"))) if "(" not in piece[1:] else frozenset()
        if piece[0] == "{" and piece != PARTY:
            return self._of_list(piece[1:-1])
        return _one_each([_plain(piece)])

    def _of_list(self, name: str) -> frozenset[str]:
        if name not in self._of_lists:
            self._of_lists[name] = frozenset()  # for a list that holds itself
            self._of_lists[name] = _one_each(map(self.words, self.lists.get(name, ())))
        return self._of_lists[name]


def _plain(piece: str) -> frozenset[str]:
    """A word as the tokens of a text have it, or the beginning of one if that is long enough to be known by it."""
    word = piece.removesuffix("*")
    folded = piece if piece == PARTY else fold(word)
    is_word = piece == PARTY or (word.isalpha() and folded.isalpha())
    return frozenset({folded}) if is_word and (word == piece or len(folded) >= _LETTERS) else frozenset()


def _one_each(found: Iterable[frozenset[str]]) -> frozenset[str]:
    """The words of all, if each has one."""
    every = list(found)
    return frozenset().union(*every) if all(every) else frozenset()
