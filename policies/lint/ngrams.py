"""Whether a text carries words of another: runs of consecutive words, wherever the lines break.

Words are folded; of Han, kana, Thai and their like, which are written without blanks, every sign is a word and counts
half.  Limits are therefore in half words.  Everything is linear in both texts: each place is looked up by the shortest
run of words from there that reaches the limit.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from typing import Final

from policies.lint.folded import Folded, folded
from policies.patterns import late
from policies.values import value

# "≥ 5 consecutive words" of what is quoted or passed on, "≥ 12" of what is typed: twice as many half words.
QUOTED: Final = 10
TYPED: Final = 24
MAX_WORDS: Final = 400_000
_SIGNS: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_ASCII_WORD: Final = late(r"(?P<sign>(?!))|[^ ]+")
_EDGES: Final = ".+-_"


@value
class Words:
    """The words of a text in a row: folded, with their weight in half words and their place in the text."""

    words: tuple[str, ...]
    weights: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]

    def __repr__(self) -> str:
        """How many."""
        return f"Words({len(self.words)})"

    @property
    def weight(self) -> int:
        """All words together, in half words."""
        return sum(self.weights)


@functools.cache
def _word() -> re.Pattern[str]:
    # Compiled only where a text is not in Latin letters alone: such ranges take long.
    return re.compile(rf"(?P<sign>[{_SIGNS}][\u0e31-\u0e3a\u0e47-\u0e4e\u3099\u309a]*)|[^ {_SIGNS}]+")


def words_of(text: str) -> Words:
    """The words of ``text``; the signs ``.+-_`` at both ends of a word do not count.

    >>> words_of("We met -- at 9.40.").words
    ('we', 'met', 'at', '9.40')
    """
    form = folded(text)
    words: list[str] = []
    weights: list[int] = []
    spans: list[tuple[int, int]] = []
    pattern = _ASCII_WORD if form.plain.isascii() else _word()
    for match in pattern.finditer(form.plain):
        word = match[0].strip(_EDGES)
        if not word:
            continue
        words.append(word)
        weights.append(1 if match["sign"] else 2)
        spans.append(_span(form, match, word))
        if len(words) >= MAX_WORDS:
            break
    return Words(tuple(words), tuple(weights), tuple(spans))


def _span(form: Folded, match: re.Match[str], word: str) -> tuple[int, int]:
    start = match.start() + match[0].index(word)
    return form.span(start, start + len(word))


def runs(words: Words, limit: int) -> Iterable[tuple[int, int, int]]:
    """From each word on the shortest run that weighs ``limit``: its first and last word's index, and its hash."""
    end = weight = 0
    for start in range(len(words.words)):
        while weight < limit and end < len(words.words):
            weight += words.weights[end]
            end += 1
        if weight < limit:
            return
        yield start, end - 1, hash(words.words[start:end])
        weight -= words.weights[start]


class Passages:
    """Stretches of text as sets of runs, kept for each limit that is asked for."""

    def __init__(self, texts: Iterable[Words] = ()) -> None:
        self.texts: Sequence[Words] = tuple(texts)
        self._runs: dict[int, frozenset[int]] = {}

    def __repr__(self) -> str:
        """How many texts."""
        return f"Passages({len(self.texts)})"

    def runs(self, limit: int) -> frozenset[int]:
        """The hashes of all runs that weigh ``limit``."""
        if limit not in self._runs:
            self._runs[limit] = frozenset(key for words in self.texts for _, _, key in runs(words, limit))
        return self._runs[limit]

    def holds(self, words: Words) -> bool:
        """Whether all of ``words`` stand in a row here."""
        return bool(words.words) and all(key in self.runs(words.weight) for _, _, key in runs(words, words.weight))


@value
class Stretch:
    """Words found again: where they stand in the text, and how many they are."""

    start: int
    end: int
    count: int


def common(words: Words, known: frozenset[int], limit: int) -> tuple[Stretch, ...]:
    """The stretches of ``words`` whose runs are all among ``known``, in order."""
    found: list[list[int]] = []
    for first, last, key in runs(words, limit):
        if key not in known:
            continue
        if found and first <= found[-1][1] + 1:
            found[-1][1] = last
        else:
            found.append([first, last])
    return tuple(
        Stretch(words.spans[first][0], words.spans[last][1], -(-sum(words.weights[first : last + 1]) // 2))
        for first, last in found
    )
