"""The words by which mail is told apart, per language: greetings, closings, header labels, months, acts, roles.

Language is not guessed: a mail may mix several, so the lists of all languages count together.  Each list is one
string of lower-case entries with ``|`` between.  What is missing in a language is simply not recognised; nothing
here decides anything alone.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable
from typing import Final

from policies.patterns import late
from policies.words import de, en, es, fr, it, ja, nl, other, pt
from policies.words.language import Language

_PART: Final = 5
_RUN: Final = late(r"\w+")
LANGUAGES: tuple[Language, ...] = (
    en.WORDS, de.WORDS, fr.WORDS, es.WORDS, it.WORDS, nl.WORDS, pt.WORDS, ja.WORDS, other.WORDS,
)  # fmt: skip


def each_of(words: str) -> frozenset[str]:
    """The words of a string with blanks between them, for short lists that belong to one rule."""
    return frozenset(words.split())


@functools.cache
def listed(field: str) -> tuple[str, ...]:
    """All entries of one field, longest first, of all languages together; as written and as ``casefold`` has them."""
    written = {entry for words in LANGUAGES for entry in getattr(words, field).split("|") if entry}
    entries = written | {entry.casefold() for entry in written}
    return tuple(sorted(entries, key=lambda entry: (-len(entry), entry)))


@functools.cache
def among(*fields: str) -> frozenset[str]:
    """The entries of one or several fields as a set, for single words."""
    return frozenset(entry for field in fields for entry in listed(field))


def longest_run(entry: str) -> str:
    """The longest run of letters and digits in an entry: where it does not occur, the entry does not."""
    runs: list[str] = _RUN.findall(entry)
    return max(runs, key=len)


@functools.cache
def telling(*fields: str) -> frozenset[str]:
    """The longest run of each entry of one or several fields."""
    return frozenset(map(longest_run, among(*fields)))


class Phrases:
    """Phrases that may stand anywhere in a text, also as parts of longer words, and are quickly told to be missing."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_word: dict[str, list[str]] = {}
        self._by_part: dict[str, list[str]] = {}
        for phrase in phrases:
            inner = _RUN.findall(phrase)[1:-1]
            if inner:
                self._by_word.setdefault(max(inner, key=len), []).append(phrase)
            else:
                self._by_part.setdefault(longest_run(phrase)[:_PART], []).append(phrase)

    def within(self, folded: str, runs: Collection[str]) -> tuple[str, ...]:
        """Those that stand in a folded text, longest first; ``runs`` are its runs of letters and digits."""
        likely = [phrase for word in self._by_word.keys() & runs for phrase in self._by_word[word]]
        likely += [phrase for part, phrases in self._by_part.items() if part in folded for phrase in phrases]
        return tuple(sorted((phrase for phrase in likely if phrase in folded), key=lambda each: (-len(each), each)))


@functools.cache
def hard_acts() -> frozenset[str]:
    """The verbs of harm that need nothing beside them."""
    return among("acts") - among("soft_acts")


@functools.cache
def numbered(field: str) -> dict[str, int]:
    """The entries of a field whose position counts: each language has groups separated by ``;``, the first is 1."""
    found: dict[str, int] = {}
    for words in LANGUAGES:
        for number, group in enumerate(getattr(words, field).split(";"), start=1):
            found |= {entry.strip().casefold(): number for entry in group.split("|") if entry.strip()}
    return found
