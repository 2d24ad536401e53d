"""The words by which mail is told apart, per language: greetings, closings, header labels, months, acts, roles.

Language is not guessed: a mail may mix several, so the lists of all languages count together.  Each list is one
string of lower-case entries with ``|`` between.  What is missing in a language is simply not recognised; nothing
here decides anything alone.
"""

from __future__ import annotations

import functools

from policies.words import de, en, es, fr, it, ja, nl, other, pt
from policies.words.language import Language

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
