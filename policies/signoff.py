"""Where a mail's writer signs off: the closing formula and the name, role and address below it."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from policies.folding import words
from policies.words import among, listed

_WINDOW: Final = 30
_CLOSING_LINE: Final = 60
_SIGNED_LINE: Final = 90
_NAME_LINE: Final = 60
_SENTENCE_END: Final = re.compile(r"[.!?。！？][\"'”’)]?$")
_FIRST_RUN: Final = re.compile(r"\W*(\w+)")
_LOWER_WORD: Final = re.compile(r"(?<![\w@./])[^\W\d_A-Z][^\W\d_]+(?![\w@./])")
_KANA_PARTICLE: Final = re.compile("[\u3041-\u309f]|[\uac00-\ud7af]다")
_POSTSCRIPT: Final = re.compile(r"\W*p\.?\s?s\b", re.IGNORECASE)
# Formulas that open ordinary sentences as well ("Thanks for reading"): only a name may follow them.
_WEAK: Final = frozenset({
    "thanks", "thank you", "best", "love", "greetings", "many thanks", "danke", "vielen dank", "merci", "gracias",
    "grazie", "obrigado", "obrigada", "bedankt", "saludos", "saluti", "以上", "yours", "cheers", "abraço", "groet",
    "grüße", "gruß",
})  # fmt: skip


def lines_of(lines: Sequence[str], start: int, end: int, names: Collection[str]) -> tuple[int, ...]:
    """The indexes, between ``start`` and ``end``, of the lines that sign off.

    ``names`` are the folded words of the writer's name and address.  Only the last lines are looked at; a
    paragraph below the formula that reads like prose is not taken for a signature.
    """
    while end > start and not lines[end - 1].strip():
        end -= 1
    top = max(start, end - _WINDOW)
    found: set[int] = set()
    index = top
    while index < end:
        if is_closing(lines[index]):
            signed = _signed_until(lines, index + 1, end)
            found.update(range(index, signed))
            index = signed
        index += 1
    found.update(_bare_name(lines, top, end, names))
    return tuple(sorted(found))


@functools.cache
def _closing() -> re.Pattern[str]:
    return re.compile(rf"\W*({'|'.join(map(re.escape, listed('closings')))})(?!\w)(.*)$", re.IGNORECASE)


@functools.cache
def _closing_words() -> frozenset[str]:
    """The first run of letters of each formula: few lines begin with one of these."""
    return frozenset(run[0] for entry in listed("closings") if (run := re.match(r"\w+", entry)))


def is_closing(line: str) -> bool:
    """Whether a line is a closing formula, a name behind it or not."""
    if len(line) > _CLOSING_LINE:
        return False
    first = _FIRST_RUN.match(line)
    match = _closing().match(line) if first and first[1].casefold() in _closing_words() else None
    if not match:
        return False
    rest = match[2].strip(" \t,.!;:-–—*_)。、！☺\ufe0f")
    if not rest:
        return True
    followed = rest.split()
    if match[2].lstrip().startswith((",", "-", "–", "—", "、")):
        return len(followed) <= 4 and _is_capitalised(followed)  # noqa: PLR2004 a name
    return match[1].casefold() not in _WEAK and len(followed) <= 3 and followed[-1][:1].isupper()  # noqa: PLR2004


def _is_capitalised(followed: Sequence[str]) -> bool:
    return all(word[:1].isupper() or not word[:1].isalpha() or word in among("particles") for word in followed)


def _signed_until(lines: Sequence[str], index: int, end: int) -> int:
    """The end of the paragraphs below a closing formula that do not read like prose."""
    until = index
    for first, last in _paragraphs(lines, index, end):
        if _is_prose(lines[first:last]):
            break
        until = last
    return until


def _paragraphs(lines: Sequence[str], index: int, end: int) -> Iterator[tuple[int, int]]:
    first = index
    for at in range(index, end + 1):
        if at < end and lines[at].strip():
            continue
        if first < at:
            yield first, at
        first = at + 1


def _is_prose(paragraph: Sequence[str]) -> bool:
    if _POSTSCRIPT.match(paragraph[0]):
        return True
    return any(_is_prose_line(line.strip()) for line in paragraph)


def _is_prose_line(line: str) -> bool:
    if len(line) > _SIGNED_LINE or is_closing(line):
        return len(line) > _SIGNED_LINE
    lower = [word for word in _LOWER_WORD.findall(line) if word[0].islower() and word not in among("particles")]
    sentence = _SENTENCE_END.search(line) is not None and len(line.split()) >= 4  # noqa: PLR2004 no abbreviation
    return len(lower) > 1 or sentence or _KANA_PARTICLE.search(line) is not None


def _bare_name(lines: Sequence[str], top: int, end: int, names: Collection[str]) -> tuple[int, ...]:
    """The writer's own name as the last line, or as the first line of a last paragraph with role and address."""
    if end <= top or not names:
        return ()
    first = end - 1
    while first > top and lines[first - 1].strip():
        first -= 1
    if first < end - 1 and _is_own_name(lines[first], names) and not _is_prose(lines[first:end]):
        return tuple(range(first, end))
    return (end - 1,) if _is_own_name(lines[end - 1], names) else ()


def _is_own_name(line: str, names: Collection[str]) -> bool:
    """``Paula Weston``, ``J. Mattheis``, ``P.``, or ``Mateus, organiser of ...``."""
    if len(line) > _NAME_LINE:
        return False
    name, _, role = line.partition(",")
    named = words(name)
    says_role = any(word in among("officials") for word in words(role))
    if not named or len(named) > 4 or (_is_prose_line(line.strip()) and not says_role):  # noqa: PLR2004 a name
        return False
    initials = {name[0] for name in names}
    if len(named) == 1 and len(named[0]) == 1:
        return named[0] in initials
    known = [word in names or (len(word) == 1 and word in initials) for word in named]
    # "Dr. Ana Ruiz" signs; "Ana Ruiz shouted" tells of her.
    tells = any(word[0].islower() and word not in among("particles") and words(word)[:1] not in _singles(names)
                for word in name.split())  # fmt: skip
    return known[0] and not tells and (all(known) or sum(known) > 1)


def _singles(names: Collection[str]) -> list[tuple[str, ...]]:
    return [(name,) for name in names]
