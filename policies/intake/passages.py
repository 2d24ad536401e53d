"""A mail's own lines as sentences of tokens, each of which knows its line; pasted chat logs are left out."""

from __future__ import annotations

import bisect
import dataclasses
import functools
import itertools
import operator
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from policies.intake import forms
from policies.intake.forms import has_colon
from policies.text import Line
from policies.words import numbered, telling

MOST_LINES: Final = 4000
MOST_CHARACTERS: Final = 20_000
SENTENCE_LIMIT: Final = 1200
LINE_LIMIT: Final = 2000
_CHAT_HEAD_LENGTH: Final = 120

# Begins with the sign itself: so much faster to search for than a blank with a sign before it.
_SENTENCE_END: Final = re.compile(r"[.!?…。！？](?:(?<=[。！？])|(?:(?<=[.!?])[\"'”»)])?([ ]+)(?=[\"'“«(¿¡]?[^\W_]))")
_ABBREVIATED: Final = re.compile(
    r"(?:^|[\s(\"“])(?:[^\W\d_a-zß-ÿ][^\W\d_]?|[^\W\d_]\.[^\W\d_]"
    r"|Prof|Mlle|Sra|Srta|Sig|Dott|Mme|Mrs|Herr|bzw|usw)\.$"
)
_ORDINAL: Final = re.compile(r"(?<!\d)\d{1,2}\.$")
_LIST_ITEM: Final = re.compile(r"\s*(?:\d{1,2}[.)]|[-*•·])\s")
_LABELLED: Final = re.compile(r"\s*[^\W\d_][^:：\n]{0,70}[:：](?=\s|$)")
_CJK: Final = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
_TIME: Final = r"\d{1,2}:\d{2}(?::\d{2})?(?: ?[AaPp][Mm])?"
_CHAT_HEAD: Final = re.compile(rf"\s{{0,8}}\S[^\n:：\[\]]{{0,60}}?\s{{1,8}}\[?\(?{_TIME}\)?\]?\s{{0,4}}$")
_CHAT_LINE: Final = re.compile(rf"\s{{0,8}}(?:[\[(]{_TIME}[\])]|{_TIME})\s{{1,4}}\S|\s{{0,8}}<[^<>@\s]{{1,40}}> ")
_TOKEN: Final = re.compile(
    r"(?P<url>(?:https?://|www\.)[^\s<>\"“”«»]{1,1000})"
    r"|(?P<mail>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})"
    r"|(?P<at>@\w[\w.-]{0,60}(?:@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})?)"
    r"|(?P<word>\w+(?:['’.-]\w+)*)"
    r"|(?P<sign>\S)"
)
_PLAIN_TOKEN: Final = re.compile(r"(?P<word>\w+(?:['’.-]\w+)*)|(?P<sign>\S)")
_WORD_OR_SIGN: Final = re.compile(r"\w+(?:['’.-]\w+)*|\S")
_RUN: Final = re.compile(r"\w+")
_TRAILING: Final = ".,;:!?)]}'’»”>*_"


class Token(NamedTuple):
    """A word, a sign, or an address, URL or ``@handle`` in one piece; ``low`` is its form for comparing.

    A tuple, since a long mail has tens of thousands and dataclasses take four times as long to make.
    """

    text: str
    low: str
    kind: str
    start: int
    end: int

    def __repr__(self) -> str:
        """Its kind."""
        return f"Token({self.kind})"


@dataclasses.dataclass(frozen=True, repr=False)
class Sentence:
    """One sentence, white space folded, with the lines it runs over: (offset, line number), ascending."""

    text: str
    lines: tuple[tuple[int, int], ...]

    def __repr__(self) -> str:
        """Where it stands."""
        return f"Sentence(line {self.line})"

    @property
    def line(self) -> int:
        """The line in which it begins."""
        return self.lines[0][1]

    def line_at(self, offset: int) -> int:
        """The line in which the character at ``offset`` stands."""
        return max((number for start, number in self.lines if start <= offset), default=self.line)

    @functools.cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Its tokens in order."""
        if _has_address(self.text):
            return tuple(tokens(self.text))
        kinds = ["word" if text[0].isalnum() or text[0] == "_" else "sign" for text in self.texts]
        ends = map(operator.add, self.starts, map(len, self.texts))
        return tuple(
            [tuple.__new__(Token, row) for row in zip(self.texts, self.folded, kinds, self.starts, ends, strict=True)]
        )

    @functools.cached_property
    def _runs_in_order(self) -> list[str]:
        return _RUN.findall(self.text.casefold())

    @functools.cached_property
    def runs(self) -> frozenset[str]:
        """Every run of letters and digits in it, folded: what stands between two word boundaries of a pattern."""
        return frozenset(self._runs_in_order)

    def before(self, runs: Collection[str]) -> list[str]:
        """What stands before each of these runs."""
        found = self._runs_in_order
        return [first for first, second in itertools.pairwise(found) if second in runs]

    @functools.cached_property
    def texts(self) -> Sequence[str]:
        """Every token as written, in order; this and the next two cost a fraction of what ``tokens`` does."""
        if _has_address(self.text):
            return [token.text for token in self.tokens]
        return _WORD_OR_SIGN.findall(self.text)

    @functools.cached_property
    def folded(self) -> Sequence[str]:
        """Every token's form for comparing, in order."""
        if self.text.isascii() and not _has_address(self.text):
            return _WORD_OR_SIGN.findall(self.text.lower())
        return [text.casefold() for text in self.texts]

    @functools.cached_property
    def starts(self) -> Sequence[int]:
        """Where every token begins."""
        if _has_address(self.text):
            return [token.start for token in self.tokens]
        return [match.start() for match in _WORD_OR_SIGN.finditer(self.text)]

    def between(self, first: int, end: int) -> str:
        """The text from one token to another, which is not included."""
        return self.text[self.starts[first] : self.starts[end - 1] + len(self.texts[end - 1])]

    @functools.cached_property
    def lows(self) -> frozenset[str]:
        """The words in it, for asking whether one occurs."""
        return frozenset(self.folded)

    def may_have(self, *fields: str) -> bool:
        """Whether an entry of one of these lists may stand in it; most sentences answer no, and are done with."""
        return not telling(*fields).isdisjoint(self.runs)


class Told:
    """All sentences of a mail together: what stands in none of them need not be looked for in each."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self.sentences = tuple(sentences)
        self.folded = "\n".join(sentence.text for sentence in sentences).casefold()
        self.runs: frozenset[str] = frozenset().union(*(sentence.runs for sentence in sentences))


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a bounded text; closing punctuation is no part of an address or URL."""
    begin = 0
    pattern = _TOKEN if _has_address(text) else _PLAIN_TOKEN
    while begin < len(text):
        matches, begin = pattern.finditer(text, begin), len(text)
        for match in matches:
            kind, found, (start, end) = match.lastgroup or "sign", match[0], match.span()
            if kind in {"url", "at", "mail"}:
                found = _without_trailing(found)
                if start + len(found) < end:
                    begin = start + len(found)
            yield Token(found, found.casefold(), kind, start, start + len(found))
            if begin < end:
                break


def _has_address(text: str) -> bool:
    return "@" in text or "://" in text or "www." in text


def _without_trailing(found: str) -> str:
    while len(found) > 1 and found[-1] in _TRAILING:
        if found[-1] == ")" and found.count("(") >= found.count(")"):
            break
        found = found[:-1]
    return found


def sentences(lines: Sequence[Line]) -> tuple[Sentence, ...]:
    """The sentences of own lines; a line that begins with a label or a bullet begins a new one."""
    found: list[Sentence] = []
    for paragraph in _paragraphs(_without_chat(lines)):
        found.extend(_sentences(paragraph))
    return tuple(found)


def bounded(lines: Iterable[Line]) -> list[Line]:
    """As many of the own lines as are searched for suggestions: far more than a person writes in one mail."""
    kept: list[Line] = []
    total = 0
    for line in lines:
        if len(kept) == MOST_LINES or total > MOST_CHARACTERS:
            break
        kept.append(line)
        total += min(len(line.text), LINE_LIMIT)
    return kept


def _without_chat(lines: Sequence[Line]) -> list[Line]:
    """Without the lines of a pasted chat: who spoke at what time, and what stands below until an empty line."""
    heads = {line.number for line in lines if len(line.text) <= LINE_LIMIT and _is_chat(line.text)}
    if len(heads) < 2:  # noqa: PLR2004 one line alone may be anything
        return list(lines)
    kept: list[Line] = []
    in_chat = -1
    for line in lines:
        if line.number in heads or line.number == in_chat + 1:
            in_chat = line.number
        else:
            kept.append(line)
    return kept


def _is_chat(text: str) -> bool:
    if ":" not in text and "<" not in text:
        return False
    is_head = len(text) <= _CHAT_HEAD_LENGTH and _CHAT_HEAD.match(text) is not None
    return is_head or _CHAT_LINE.match(text) is not None


def is_labelled(text: str) -> bool:
    """Whether a line begins with a label and a colon, as the lines of a web form do."""
    match = _LABELLED.match(text[:100]) if has_colon(text) else None
    return match is not None and match[0].count("(") == match[0].count(")") and "://" not in text[: match.end() + 2]


def _paragraphs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    paragraph: list[Line] = []
    for line in lines:
        if paragraph and (line.number > paragraph[-1].number + 1 or _begins(line, paragraph[-1])):
            yield paragraph
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield paragraph


def _begins(line: Line, before: Line) -> bool:
    """Whether a line begins something new: a bullet, or a label where the line before it had come to an end."""
    if _LIST_ITEM.match(line.text) or (has_colon(before.text) and forms.is_bare_label(before.text)):
        return True
    if not has_colon(line.text):
        return False
    ended = before.text.rstrip()[-1:] in ".!?:;。！？" or is_labelled(before.text)
    return ended and is_labelled(line.text)


def _sentences(paragraph: Sequence[Line]) -> Iterator[Sentence]:
    text, starts = _joined(paragraph)
    begin = 0
    for end in (*_ends(text), len(text)):
        for at in range(begin, end, SENTENCE_LIMIT):
            piece = text[at : min(end, at + SENTENCE_LIMIT)].rstrip()
            if piece.strip():
                yield Sentence(piece, _lines_within(starts, at, at + len(piece)))
        begin = end


def _joined(paragraph: Sequence[Line]) -> tuple[str, list[tuple[int, int]]]:
    pieces: list[str] = []
    starts: list[tuple[int, int]] = []
    length = 0
    for line in paragraph:
        text = " ".join(line.text[:LINE_LIMIT].split())
        if pieces and not (_CJK.match(pieces[-1][-1:]) and _CJK.match(text)):
            pieces.append(" ")
            length += 1
        starts.append((length, line.number))
        pieces.append(text)
        length += len(text)
    return "".join(pieces), starts


_offset: Final = operator.itemgetter(0)


def _lines_within(starts: Sequence[tuple[int, int]], begin: int, end: int) -> tuple[tuple[int, int], ...]:
    first = bisect.bisect_right(starts, begin, key=_offset)
    further = starts[first : bisect.bisect_left(starts, end, key=_offset)]
    return ((0, starts[max(0, first - 1)][1]), *((start - begin, number) for start, number in further))


def _ends(text: str) -> Iterator[int]:
    for match in _SENTENCE_END.finditer(text):
        start = match.start(1) if match[1] else match.end()
        before = text[max(0, start - 8) : start]
        if not _ABBREVIATED.search(before) and not _is_ordinal(before, text[match.end() : match.end() + 20]):
            yield match.end()


def _is_ordinal(before: str, after: str) -> bool:
    """``2. Mai``: the full stop is part of the date."""
    if not _ORDINAL.search(before):
        return False
    word = re.match(r"[^\W\d_]+", after)
    return word is not None and word[0].casefold() in numbered("months")
