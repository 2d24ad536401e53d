"""The displayed text of a mail told apart: the writer's own words, greeting, signature, quotes, header blocks.

Works on plain text as a mail program shows it, for mail that answers on top, below or between the lines.  What is
not clearly something else is the writer's own.  Linear in the text; nothing is cut away, every line keeps its number.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Sequence
from enum import Enum
from typing import Final, NamedTuple

from policies import signoff
from policies.blocks import (
    LINE_LIMIT,
    attribution_length,
    header_block,
    is_quoted,
    is_surely_text,
    stands_above_quote,
)
from policies.folding import words
from policies.words import among, listed

_GREETED_WORDS: Final = 7
_GREETING_LINES: Final = 4
_STRIPPED_SIGNATURE: Final = 12
_WORD_OR_STOP: Final = re.compile(r"[^\W_](?:[\w'’.-]*\w)?|[,!:.;。、，！–—-]|\S")
_STOPS: Final = frozenset(",!:.;。、，！–—-")
_ADDRESSED: Final = re.compile(r"[^。、,]{1,40}(?:様|さま|御中|各位|先生)[、,]?\s*$")
_ADDRESSED_FIRST: Final = re.compile(r"[^\s。、,]{1,16}(?:さん|様|さま)[、,]\s*")
_NOTE: Final = re.compile(r"\s*[\[［]\s*[-+＋－\u2010-\u2014\u2212]")
_FOOTER_RULE: Final = re.compile(r"[ \t]*[_-]{10,}[ \t]*$")
_FOOTER: Final = re.compile(r"mailing list|mailing-list|unsubscribe|mailingliste|abmelden|liste de diffusion|desuscri")


class Part(Enum):
    """What a line is.  Everything below a header block is ``QUOTE`` to the end of the mail."""

    OWN = "own"
    SALUTATION = "salutation"
    SIGNATURE = "signature"
    QUOTE = "quote"
    ATTRIBUTION = "attribution"
    HEADERS = "headers"


class Line(NamedTuple):
    """A line, or a part of one: a greeting before the first sentence of the same line stands by itself.

    A tuple, since they are made by the thousand.  ``number`` counts from 1, ``column`` from 0 and is not 0 only for
    what follows such a greeting.
    """

    number: int
    text: str
    part: Part
    column: int = 0

    def __repr__(self) -> str:
        """What and where it is, not what it says."""
        return f"Line({self.number}, {self.part.value})"


def read_lines(text: str, writer: str = "") -> tuple[Line, ...]:
    """Every line of ``text`` with what it is.

    ``writer`` is the sender's display name and address as far as known; a name alone at the end of a mail is a
    signature only when it is hers, for it may as well be the name of somebody she writes about.

    >>> [line.part.value for line in read_lines("Hi all,\\nthey shouted.\\n> who?\\n-- \\nAda")]
    ['salutation', 'own', 'quote', 'signature', 'signature']
    """
    lines = [line.rstrip("\r") for line in text.split("\n")]
    parts = _outer_parts(lines)
    columns = [0] * len(lines)
    names = frozenset(word for name in words(writer[:LINE_LIMIT]) for word in re.split(r"[@._+-]", name) if word)
    for start, end in _own_runs(lines, parts):
        _mark_salutation(lines, parts, columns, start, end)
        for index in signoff.lines_of(lines, start, end, names):
            parts[index] = Part.SIGNATURE
    if not any(columns):
        return tuple([tuple.__new__(Line, row) for row in zip(itertools.count(1), lines, parts, columns, strict=False)])
    return tuple(piece for index, line in enumerate(lines) for piece in _pieces(index, line, parts, columns))


def own_lines(text: str, writer: str = "") -> tuple[Line, ...]:
    """The writer's own lines that are not empty."""
    return tuple(line for line in read_lines(text, writer) if line.part is Part.OWN and line.text.strip())


def _pieces(index: int, line: str, parts: Sequence[Part], columns: Sequence[int]) -> tuple[Line, ...]:
    column = columns[index]
    if not column:
        return (Line(index + 1, line, parts[index]),)
    return (Line(index + 1, line[:column], Part.SALUTATION), Line(index + 1, line[column:], parts[index], column))


def _outer_parts(lines: Sequence[str]) -> list[Part]:
    """Quotes, attributions, header blocks and delimited signatures; the rest is own for now."""
    parts = [Part.OWN] * len(lines)
    index, below_delimiter = 0, False
    while index < len(lines):
        line = lines[index]
        if not below_delimiter and is_surely_text(line):
            pass
        elif is_quoted(line):
            parts[index], below_delimiter = Part.QUOTE, False
        elif block := header_block(lines, index):
            return _filled(parts, (index, block.end, Part.HEADERS), (block.end, len(lines), Part.QUOTE))
        elif length := attribution_length(lines, index):
            after = index + length
            _filled(parts, (index, after, Part.ATTRIBUTION))
            if not stands_above_quote(lines, after):
                return _filled(parts, (after, len(lines), Part.QUOTE))
            index, below_delimiter = after - 1, False
        elif _is_footer(lines, index):
            return _filled(parts, (index, len(lines), Part.SIGNATURE))
        elif below_delimiter or _is_delimiter(lines, index) or _is_telephone_line(line):
            parts[index] = Part.SIGNATURE
            below_delimiter = below_delimiter or _is_delimiter(lines, index)
        index += 1
    return parts


def _filled(parts: list[Part], *ranges: tuple[int, int, Part]) -> list[Part]:
    for start, end, part in ranges:
        parts[start:end] = [part] * (end - start)
    return parts


def _is_delimiter(lines: Sequence[str], index: int) -> bool:
    """``-- `` as RFC 3676 4.3 has it; without the blank, which many programs strip, only above a few last lines."""
    if lines[index] == "-- ":
        return True
    return lines[index].rstrip() == "--" and len(lines) - index <= _STRIPPED_SIGNATURE


def _is_footer(lines: Sequence[str], index: int) -> bool:
    """What a mailing list program appends: a rule, and within two lines how to unsubscribe."""
    if not _FOOTER_RULE.match(lines[index][:LINE_LIMIT]):
        return False
    return any(_FOOTER.search(line[:LINE_LIMIT].casefold()) for line in lines[index + 1 : index + 3])


@functools.cache
def _telephone_lines() -> tuple[str, ...]:
    return listed("sent_from")


def _is_telephone_line(line: str) -> bool:
    folded = line[:100].strip(" \t*_").casefold()
    return len(line) <= 100 and folded.startswith(_telephone_lines())  # noqa: PLR2004 such lines are short


def _own_runs(lines: Sequence[str], parts: Sequence[Part]) -> list[tuple[int, int]]:
    """The stretches of own lines, each without empty lines around it."""
    runs: list[tuple[int, int]] = []
    start = -1
    for index, part in enumerate([*parts, Part.QUOTE]):
        if part is Part.OWN and start < 0 and lines[index].strip():
            start = index
        elif part is not Part.OWN and start >= 0:
            runs.append((start, index))
            start = -1
    return runs


def _mark_salutation(lines: Sequence[str], parts: list[Part], columns: list[int], start: int, end: int) -> None:
    greetings = 0
    for index in range(start, end):
        line = lines[index]
        if not line.strip() or _NOTE.match(line):
            continue
        column = salutation_end(line[:LINE_LIMIT])
        if not column or greetings == _GREETING_LINES:
            return
        greetings += 1
        if line[column:].strip():
            columns[index] = column
            return
        parts[index] = Part.SALUTATION


def salutation_end(line: str) -> int:
    """Up to which column a line greets; 0 when it does not."""
    if match := _ADDRESSED.match(line):
        return match.end()
    match = _ADDRESSED_FIRST.match(line)
    end = match.end() if match else 0
    for _ in range(3):
        further = _greeting_end(line[end:])
        if not further:
            break
        end += further
    return end


@functools.cache
def _greeting() -> re.Pattern[str]:
    return re.compile(rf"[\s*]*(?:{'|'.join(map(re.escape, listed('greetings')))})(?!\w)", re.IGNORECASE)


def _greeting_end(text: str) -> int:
    """After a greeting and the names it greets: up to the comma or the end of the line.

    Whatever else follows the greeting (a verb, say) makes the line the writer's own.
    """
    match = _greeting().match(text)
    if not match:
        return 0
    seen = 0
    uncertain = False
    for word in _WORD_OR_STOP.finditer(text, match.end(), match.end() + 160):
        is_title = word[0].casefold() in among("titles")
        if word[0] in _STOPS:
            if word[0] == "." and text[: word.start()].rstrip().casefold().endswith(tuple(among("titles"))):
                continue
            return word.end()
        seen += 1
        known = word[0][0].isupper() or is_title or word[0].casefold() in among("greeted", "particles")
        if seen > _GREETED_WORDS or uncertain or not (known or seen == 1):
            return 0
        uncertain = not known
    return len(text) if not text[match.end() + 160 :] else 0
