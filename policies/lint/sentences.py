"""A text in sentences, and which stretches of it are somebody else's words between quotation marks.

Own words only: what stands between quotation marks is blanked out, sign for sign, so that places stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from policies.patterns import late
from policies.values import value

_LONGEST: Final = 2000
_PAIRS: Final = '“”|„“|„”|”“|""|«»|»«|‘’|‚‘|‹›|›‹|「」|『』|《》|〈〉|＂＂'
_OPENING: Final[dict[str, list[str]]] = {}
for _pair in _PAIRS.split("|"):
    _OPENING.setdefault(_pair[0], []).append(_pair[1])
_MARK: Final = late(f"['{''.join(_OPENING)}]")
_STRAIGHT: Final = late(r"(?<![\w'])'(?=\S)([^'\n]*(?:(?<=\w)'(?=\w)[^'\n]*)*)(?<=\S)'(?!\w)")
_END: Final = late(
    r"[.!?…]+[\"”’'»)\]]*(?=\s|$)|[。！？｡]+[」』”’]*|\n[ \t]*(?=\n)|\n(?=[ \t]*(?:[-*•–]|\d{1,2}[.)])[ \t])"
)
_ABBREVIATED: Final = late(
    r"(?:^|[\s(])(?:e\.g|i\.e|etc|cf|vs|approx|no|nr|mr|mrs|ms|dr|prof|st|sr|jr|a\.m|p\.m|z\.b|d\.h|u\.a|bzw|usw|ca|str"
    r"|sog|evtl|ggf|m|mme|mlle|env|p\.ex|c\.-à-d|p\.ej|sra|dña|ecc|sig|dott|\w)$",
    re.IGNORECASE,
)
_ORDINAL: Final = late(r"(?:^|\s)\d{1,2}$")


@value
class Sentence:
    """A sentence and where it begins in the text; ``text`` keeps line ends as they stood."""

    start: int
    text: str

    def __repr__(self) -> str:
        """Where it stands."""
        return f"Sentence({self.start}, {len(self.text)})"


@value
class Span:
    """From where to where something stands."""

    start: int
    end: int


def quotations(text: str) -> tuple[Span, ...]:
    """What stands between quotation marks, the marks included; a quotation does not go over an empty line.

    >>> [(span.start, span.end) for span in quotations('he said "no way" twice')]
    [(8, 16)]
    """
    found: list[Span] = []
    at = 0
    for paragraph in re.split(r"(\n[ \t]*\n)", text):
        found.extend(_quoted_in(paragraph, at))
        at += len(paragraph)
    return tuple(found)


def _quoted_in(paragraph: str, offset: int) -> Iterator[Span]:
    index = 0
    closed: dict[str, bool] = {}
    while match := _MARK.search(paragraph, index):
        index = match.start()
        sign = paragraph[index]
        straight = _STRAIGHT.match(paragraph, index) if sign == "'" else None
        if straight:
            yield Span(offset + index, offset + straight.end())
            index = straight.end()
            continue
        end = _closing(paragraph, index, closed) if sign in _OPENING else -1
        if end > index:
            yield Span(offset + index, offset + end + 1)
            index = end
        index += 1


def _closing(paragraph: str, index: int, closed: dict[str, bool]) -> int:
    """Where the quotation that may begin here ends, -1 where none does."""
    sign = paragraph[index]
    if sign in "’‘'" and index and paragraph[index - 1].isalnum():
        return -1
    ends = []
    for wanted in _OPENING[sign]:
        if closed.get(wanted):
            continue
        at = _find_closing(paragraph, wanted, index + 1)
        closed[wanted] = at < 0
        if at >= 0:
            ends.append(at)
    return min(ends, default=-1)


def _find_closing(paragraph: str, wanted: str, at: int) -> int:
    found = paragraph.find(wanted, at)
    # An apostrophe inside a word closes nothing.
    while found >= 0 and wanted == "’" and found + 1 < len(paragraph) and paragraph[found + 1].isalnum():
        found = paragraph.find(wanted, found + 1)
    return found


def blanked(text: str, spans: tuple[Span, ...]) -> str:
    """The text with what the spans hold replaced by the sign ``▯`` between their first and last character.

    Line ends stay, and the quotation marks too, so that a sentence is still seen to quote.
    """
    pieces: list[str] = []
    at = 0
    for span in spans:
        inner = text[span.start + 1 : span.end - 1]
        pieces += [text[at : span.start + 1], re.sub(r"[^\n]", "▯", inner), text[span.end - 1 : span.end]]
        at = span.end
    return "".join([*pieces, text[at:]])


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences in their order, none longer than two thousand characters.

    >>> [each.text for each in sentences("Dr. Who left at 9.40 p.m. sharp. Did you\\nsee it?")]
    ['Dr. Who left at 9.40 p.m. sharp.', 'Did you\\nsee it?']
    """
    found: list[Sentence] = []
    begun = 0
    for match in _END.finditer(text):
        if match[0].startswith(".") and _goes_on(text, begun, match):
            continue
        found.extend(_cut(text, begun, match.end()))
        begun = match.end()
    found.extend(_cut(text, begun, len(text)))
    return tuple(found)


def _is_unspaced(around: str) -> bool:
    return len(around) == 3 and all("\u2e80" <= letter <= "\uffef" for letter in (around[0], around[2]))  # noqa: PLR2004


def unbroken(text: str) -> tuple[str, Sequence[int]]:
    """The text without line ends inside words of a script that has no blanks, and where each character stood.

    >>> unbroken("ab\\nc"), unbroken("話\\nす")
    (('ab\\nc', range(0, 4)), ('話す', [0, 2]))
    """
    if "\n" not in text:
        return text, range(len(text))
    gaps = {at for at, sign in enumerate(text) if sign == "\n" and _is_unspaced(text[max(0, at - 1) : at + 2])}
    if not gaps:
        return text, range(len(text))
    places = [at for at in range(len(text)) if at not in gaps]
    return "".join(text[at] for at in places), places


def _goes_on(text: str, begun: int, match: re.Match[str]) -> bool:
    """Whether the full stop belongs to an abbreviation, or to a German or Nordic ordinal before a small letter."""
    if len(match[0]) > 1:
        return False
    before = text[max(begun, match.start() - 12) : match.start()]
    if _ABBREVIATED.search(before):
        following = text[match.end() : match.end() + 3].strip()
        is_pronoun = before[-1:] in "Ii" and before[-2:-1].isspace()
        return not is_pronoun and following != "" and "\n" not in text[match.end() : match.end() + 1]
    return _ORDINAL.search(before) is not None and text[match.end() : match.end() + 2].strip() != ""


def _cut(text: str, start: int, end: int) -> Iterator[Sentence]:
    for at in range(start, end, _LONGEST):
        piece = text[at : min(at + _LONGEST, end)]
        stripped = piece.lstrip()
        if stripped:
            yield Sentence(at + len(piece) - len(stripped), stripped.rstrip())
