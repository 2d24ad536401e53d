"""The small language in which wording rules are written, and its matching against the words of a sentence.

    you {adverb}? (felt|feel)     words, a list of the file, optional, alternatives of one or several words
    misunderstand*                every word that begins so
    ban <3> {party}               up to three words between; no comma or other stop among them
    #                             a number in digits
    ^ (invite|ban) him            only where a clause begins: at the start, after a stop, or after a word of {clause}

Capitals, accents and contractions make no difference (``don't`` is ``do not``).  {party} is whoever the case names.
Matching looks from each word at the few patterns that may begin there, with bounded gaps: linear in the text.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from policies.lint.folded import fold
from policies.patterns import late
from policies.values import value

PARTY: Final = "{party}"
_WORD: Final = late(r"[^\W_]+(?:[-.@+_/][^\W_]+)*|['’`´]|▯+|[^\w\s]")
_APOSTROPHES: Final = frozenset("'’`´")
_SHORT: Final = {"re": "are", "ve": "have", "ll": "will", "m": "am", "d": "would"}
_NEGATED: Final = {"ca": "can", "wo": "will", "sha": "shall"}
_BRACKETS: Final = late(r"\(|\)|\||\?|<\d{1,2}>|\^|\{\w+\}|[^\s()|?<^{}]+")
MOST_STEPS: Final = 2_000_000
_REPEATED: Final = 24


class Token(NamedTuple):
    """A word of the sentence, folded, or a stop, and where it stands.  A tuple, since they are made by the thousand."""

    word: str
    start: int
    end: int

    @property
    def is_stop(self) -> bool:
        """Whether it is no word."""
        return not (self.word[0].isalnum() or self.word == PARTY)


@functools.lru_cache(maxsize=8192)
def _folded_word(word: str) -> str:
    return fold(word) or word


def tokens_of(text: str, parties: Sequence[tuple[int, int]] = ()) -> tuple[Token, ...]:
    """The words and stops of a sentence; each span of ``parties`` is one word, ``{party}``.

    >>> [token.word for token in tokens_of("You don't listen.")]
    ['you', 'do', 'not', 'listen', '.']
    """
    found: list[Token] = []
    pending = list(parties)
    for match in _WORD.finditer(text):
        while pending and match.start() >= pending[0][1]:
            pending.pop(0)
        if pending and match.start() >= pending[0][0]:
            if not found or found[-1].word != PARTY or found[-1].start != pending[0][0]:
                found.append(Token(PARTY, pending[0][0], pending[0][1]))
        else:
            _add(found, match)
    return tuple(token for token in found if token.word not in _APOSTROPHES)


def _add(found: list[Token], match: re.Match[str]) -> None:
    word, start, end = _folded_word(match[0]), match.start(), match.end()
    is_joined = len(found) > 1 and found[-1].word in _APOSTROPHES and found[-1].end == start == found[-2].end + 1
    before = found[-2] if is_joined else None
    if before and word == "t" and before.word.endswith("n") and before.word != "n":
        verb = before.word[:-1]
        found[-2:] = [before._replace(word=_NEGATED.get(verb, verb)), Token("not", start, end)]
    elif before and word in _SHORT:
        found.append(Token(_SHORT[word], start, end))
    else:
        found.append(Token(word, start, end))


class _Node(NamedTuple):
    """One step of a pattern: ``word``, ``prefix``, ``gap`` of at most ``most`` words, ``start``, or alternatives."""

    kind: str
    word: str = ""
    most: int = 0
    rows: tuple[tuple[_Node, ...], ...] = ()


class BadPhrase(ValueError):
    """A pattern that cannot be read; the text says what is wrong."""


class Lists:
    """The lists of one file by name, each read when first used, and once."""

    def __init__(self, lists: Mapping[str, Sequence[str]]) -> None:
        self.lists = lists
        self._read: dict[str, _Node] = {}
        self._open: set[str] = set()

    def __repr__(self) -> str:
        """How many."""
        return f"Lists({len(self.lists)})"

    def node(self, name: str) -> _Node:
        """The alternatives of a list.  Raises BadPhrase: there is none, or it holds itself."""
        if name not in self._read:
            if name not in self.lists or name in self._open:
                raise BadPhrase(f"no list is called {name}, or it holds itself")
            self._open.add(name)
            rows = tuple(row for entry in self.lists[name] for row in _Parser(entry, self).rows(is_inner=False))
            self._open.discard(name)
            self._read[name] = _Node("rows", rows=rows)
        return self._read[name]


@functools.lru_cache(maxsize=8192)
def _literal(piece: str) -> _Node:
    if piece == "#":
        return _Node("rows", rows=tuple((_Node("prefix", word=digit),) for digit in "0123456789"))
    words = [piece] if piece.isascii() and piece.isalpha() and piece.islower() else _literal_words(piece.rstrip("*"))
    nodes = tuple(_Node("word", word=word) for word in words)
    if piece.endswith("*"):
        nodes = (*nodes[:-1], _Node("prefix", word=words[-1] if words else ""))
    return nodes[0] if len(nodes) == 1 else _Node("rows", rows=(nodes,))


def _literal_words(piece: str) -> list[str]:
    return [token.word for token in tokens_of(piece)]


class _Parser:
    def __init__(self, pattern: str, lists: Lists) -> None:
        self.pieces = _BRACKETS.findall(pattern)
        if "".join(self.pieces) != "".join(pattern.split()):
            raise BadPhrase("a sign that means nothing here")
        self.lists = lists
        self.at = 0

    def rows(self, *, is_inner: bool) -> tuple[tuple[_Node, ...], ...]:
        rows: list[list[_Node]] = [[]]
        while self.at < len(self.pieces):
            piece = self.pieces[self.at]
            self.at += 1
            if piece == ")":
                if not is_inner:
                    raise BadPhrase("a closing bracket without its opening one")
                return tuple(map(tuple, rows))
            if piece == "|":
                rows.append([])
            elif piece == "?":
                self._make_optional(rows[-1])
            else:
                rows[-1].append(self._node(piece))
        if is_inner:
            raise BadPhrase("an opening bracket that is never closed")
        return tuple(map(tuple, rows))

    def _make_optional(self, row: list[_Node]) -> None:
        if not row:
            raise BadPhrase("a question mark behind nothing")
        row[-1] = _Node("rows", rows=((row[-1],), ()))

    def _node(self, piece: str) -> _Node:
        if piece == "(":
            return _Node("rows", rows=self.rows(is_inner=True))
        if piece == "^":
            return _Node("start")
        if piece[0] == "<":
            return _Node("gap", most=int(piece[1:-1]))
        if piece == PARTY:
            return _Node("word", word=PARTY)
        return self.lists.node(piece[1:-1]) if piece[0] == "{" else _literal(piece)


@value
class Phrase:
    """A pattern read, and the words it may begin with (``prefixes`` without their ends)."""

    rows: tuple[tuple[_Node, ...], ...]
    begins: frozenset[str]
    prefixes: frozenset[str]


def parse_phrase(pattern: str, lists: Lists) -> Phrase:
    """Read a pattern.

    Raises BadPhrase: brackets, lists or the beginning (a pattern may not begin with a gap alone).
    """
    rows = _Parser(pattern, lists).rows(is_inner=False)
    begins: set[str] = set()
    prefixes: set[str] = set()
    for row in rows:
        if _first(row, begins, prefixes):
            raise BadPhrase("it may match nothing at all")
    return Phrase(rows, frozenset(begins), frozenset(prefixes))


def _first(row: Iterable[_Node], begins: set[str], prefixes: set[str]) -> bool:
    """Collect what the row may begin with; whether it may be empty."""
    for node in row:
        if node.kind == "gap":
            raise BadPhrase("a gap must stand behind a word")
        if node.kind == "word":
            begins.add(node.word)
            return False
        if node.kind == "prefix":
            prefixes.add(node.word)
            return False
        if node.kind == "rows":
            may_be_empty = [_first(each, begins, prefixes) for each in node.rows]
            if not any(may_be_empty):
                return False
    return True


class Effort:
    """How many steps matching may still take in one draft, so that no text, however made, takes long."""

    def __init__(self, steps: int = MOST_STEPS) -> None:
        self.left = steps

    def __repr__(self) -> str:
        """What is left."""
        return f"Effort({self.left})"


class Matcher:
    """Matches one phrase after the other against one sentence; ``clause`` are the words after which a clause begins."""

    def __init__(self, tokens: Sequence[Token], clause: frozenset[str], effort: Effort) -> None:
        self.tokens = tokens
        self.clause = clause
        self.effort = effort

    def __repr__(self) -> str:
        """How many words."""
        return f"Matcher({len(self.tokens)})"

    def ends(self, phrase: Phrase, at: int) -> int:
        """Behind which word the longest match from ``at`` on ends; -1 where there is none."""
        return max((end for row in phrase.rows for end in self._row(row, 0, at)), default=-1)

    def _row(self, row: tuple[_Node, ...], index: int, at: int) -> Iterator[int]:
        self.effort.left -= 1
        if self.effort.left < 0:
            return
        if index == len(row):
            yield at
            return
        seen: set[int] = set()
        for end in self._node(row[index], at):
            if end not in seen:
                seen.add(end)
                yield from self._row(row, index + 1, end)

    def _node(self, node: _Node, at: int) -> Iterator[int]:
        if node.kind == "rows":
            for row in node.rows:
                yield from self._row(row, 0, at)
        elif node.kind == "start":
            if self._begins_clause(at):
                yield at
        elif node.kind == "gap":
            yield from self._gap(at, node.most)
        elif at < len(self.tokens):
            word = self.tokens[at].word
            if word == node.word or (node.kind == "prefix" and word.startswith(node.word)):
                yield at + 1

    def _gap(self, at: int, most: int) -> Iterator[int]:
        yield at
        for end in range(at, min(at + most, len(self.tokens))):
            if self.tokens[end].is_stop:
                return
            yield end + 1

    def _begins_clause(self, at: int) -> bool:
        return at == 0 or self.tokens[at - 1].is_stop or self.tokens[at - 1].word in self.clause


class PhraseIndex:
    """Phrases by the words they may begin with, each with what it belongs to."""

    def __init__(self) -> None:
        self._by_word: dict[str, list[tuple[Phrase, int]]] = {}
        self._by_prefix: dict[str, list[tuple[Phrase, int]]] = {}
        self._lengths: set[int] = set()

    def __repr__(self) -> str:
        """How many beginnings."""
        return f"PhraseIndex({len(self._by_word)})"

    def add(self, phrase: Phrase, owner: int) -> None:
        """Put a phrase in, for the owner of that number."""
        for word in phrase.begins:
            self._by_word.setdefault(word, []).append((phrase, owner))
        for prefix in phrase.prefixes:
            self._by_prefix.setdefault(prefix, []).append((phrase, owner))
            self._lengths.add(len(prefix))

    def matches(
        self, tokens: Sequence[Token], clause: frozenset[str], effort: Effort
    ) -> Iterator[tuple[int, int, int]]:
        """Every match in the sentence: the owner, the first token, and the token behind the last."""
        matcher = Matcher(tokens, clause, effort)
        for at, token in enumerate(tokens):
            # The same words again match as they did a moment ago; hostile text repeats itself.
            if at > _REPEATED and all(tokens[at - step].word == token.word for step in range(1, _REPEATED)):
                continue
            for phrase, owner in self._beginning(token.word):
                end = matcher.ends(phrase, at)
                if end > at:
                    yield owner, at, end

    def _beginning(self, word: str) -> Iterator[tuple[Phrase, int]]:
        yield from self._by_word.get(word, ())
        for length in self._lengths:
            yield from self._by_prefix.get(word[:length], ()) if len(word) >= length else ()
