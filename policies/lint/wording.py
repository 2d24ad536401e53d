"""Wording rules as data: entries read from tables as TOML gives them, and matched against sentences.

communications.md, "Communicate professionally": "Subjective or emotional language is easily misinterpreted or
disputed … Instead, stick to observed facts."  Language is not guessed: the entries of all files count together.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from policies.errors import WrongUsage
from policies.lint.needed import key_of, needed_by, needed_by_regex
from policies.lint.phrases import BadPhrase, Effort, Lists, Phrase, PhraseIndex, Token, parse_phrase, tokens_of
from policies.lint.sentences import Sentence, unbroken
from policies.lint.verdict import Role, Severity
from policies.values import value

OUTSIDE: Final = "outside"
_KEYS: Final = frozenset({"id", "kind", "any", "not", "with", "audience", "severity", "message", "instead"})
_KINDS: Final = frozenset({"phrase", "regex"})
_ROLES: Final = frozenset({OUTSIDE, *(role.value for role in Role)})
_SEVERITIES: Final = frozenset(severity.value for severity in Severity)
_STRINGS: Final = ("any", "not", "with", "audience")
_LONGEST_REGEX_TEXT: Final = 2000
_ANY, _NOT, _WITH = range(3)


@value
class Entry:
    """One entry: it fires where one of ``any`` matches, one of ``with_`` if there are any, and none of ``not_``."""

    id: str
    kind: str
    any: tuple[str, ...]
    not_: tuple[str, ...]
    with_: tuple[str, ...]
    audience: frozenset[str]
    severity: Severity | None
    message: str
    instead: str
    lists: Mapping[str, tuple[str, ...]] = dataclasses.field(repr=False)
    needed: Mapping[str, Sequence[str]] = dataclasses.field(repr=False)

    @property
    def patterns(self) -> Iterator[tuple[int, str]]:
        """Each pattern and what it is for."""
        yield from ((_ANY, pattern) for pattern in self.any)
        yield from ((_NOT, pattern) for pattern in self.not_)
        yield from ((_WITH, pattern) for pattern in self.with_)

    def said(self, matched: str) -> str:
        """The message about what was found."""
        message = self.message.replace("{matched}", " ".join(matched.split()))
        return f"{message}; {self.instead}." if self.instead else f"{message}."


class Entries(tuple[Entry, ...]):  # noqa: SLOT001 - what is kept of it
    """Entries that many mails are checked with."""

    @cached_property
    def ready(self) -> Ready:
        """What is kept of them from one mail to the next."""
        return Ready(self)


@value
class Match:
    """An entry that fires on a sentence, and where in the text."""

    entry: Entry
    start: int
    end: int


def read_entries(
    table: Mapping[str, Any], source: str, needed: Mapping[str, Sequence[str]] | None = None
) -> tuple[Entry, ...]:
    """The entries of one file; ``needed`` is what ``needed_by`` says of it, where it was read before and found right.

    Raises WrongUsage: an unknown key, a wrong type, a pattern that cannot be read; names file and entry.
    """
    if needed is None:
        _refuse_wrong(table, source)
    lists = {name: tuple(value) for name, value in table.get("lists", {}).items()}
    held: dict[str, Sequence[str]] = {}
    entries = tuple(_entry(rule, lists, held) for rule in table.get("rule", []))
    held.update(_needed(entries, lists) if needed is None else needed)
    return entries


def _needed(entries: Sequence[Entry], lists: Mapping[str, tuple[str, ...]]) -> Mapping[str, Sequence[str]]:
    # A text that is a phrase in one entry and a regular expression in another is read at once.
    phrases = [pattern for entry in entries if entry.kind != "regex" for _, pattern in entry.patterns]
    regexes = [pattern for entry in entries if entry.kind == "regex" for _, pattern in entry.patterns]
    shared = set(phrases) & set(regexes)
    found = {**needed_by(phrases, lists), **{regex: needed_by_regex(regex) for regex in regexes}}
    return {pattern: keys for pattern, keys in found.items() if keys and pattern not in shared}


def _refuse_wrong(table: Mapping[str, Any], source: str) -> None:
    lists, rules = table.get("lists", {}), table.get("rule", [])
    if not isinstance(lists, dict) or not all(_is_strings(value) for value in lists.values()):
        raise _wrong(source, "lists: not lists of strings")
    if unknown := set(table) - {"lists", "rule"}:
        raise _wrong(source, f"{min(unknown)}: unknown key")
    if not isinstance(rules, list):
        raise _wrong(source, "rule: not a list of tables")
    for number, rule in enumerate(rules, start=1):
        _refuse_wrong_rule(rule, f"{source}, rule {number}")


def _is_strings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _refuse_wrong_rule(rule: object, where: str) -> None:
    if not isinstance(rule, dict):
        raise _wrong(where, "not a table")
    if unknown := set(rule) - _KEYS:
        raise _wrong(where, f"{min(unknown)}: unknown key")
    for key in _STRINGS:
        if not _is_strings(rule.get(key, [])):
            raise _wrong(where, f"{key}: not a list of strings")
    texts = {key: rule.get(key, "") for key in ("id", "kind", "severity", "message", "instead")}
    if not all(isinstance(value, str) for value in texts.values()) or not texts["id"] or not rule.get("any"):
        raise _wrong(where, "id, any and message are needed, as strings")
    is_known = {*rule.get("audience", ())} <= _ROLES and texts["severity"] in {"", *_SEVERITIES}
    if texts["kind"] not in {"", *_KINDS} or not is_known:
        raise _wrong(where, "kind, audience or severity: no such value")


def _entry(rule: Any, lists: Mapping[str, tuple[str, ...]], needed: Mapping[str, Sequence[str]]) -> Entry:  # noqa: ANN401
    severity = rule.get("severity")
    return Entry(
        id=rule["id"],
        kind=rule.get("kind") or "phrase",
        any=tuple(rule["any"]),
        not_=tuple(rule.get("not", ())),
        with_=tuple(rule.get("with", ())),
        audience=frozenset(rule.get("audience", (OUTSIDE,))),
        severity=Severity(severity) if severity else None,
        message=rule.get("message", ""),
        instead=rule.get("instead", ""),
        lists=lists,
        needed=needed,
    )


def _wrong(where: str, what: str) -> WrongUsage:
    return WrongUsage("bad-wording-rules", f"{where}: {what}.", "The files in policies/lint.d show the form.")


@value
class _Excused:
    entry: Entry
    start: int
    end: int

    def excuses(self, entry: Entry, start: int, end: int) -> bool:
        """Whether the same words are what an entry of another file finds; the entries of one file share its lists."""
        is_other = entry.id == self.entry.id and entry.lists is not self.entry.lists
        return is_other and start < self.end and self.start < end


class Ready:
    """Some entries made ready for one mail after the other: what was read of them for one stays read for the next."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        self.always: list[_Pattern] = []
        self.waiting: dict[str, list[_Pattern]] = {}
        self._lists: dict[int, Lists] = {}
        for number, entry in enumerate(self.entries):
            for sort, text in entry.patterns:
                pattern = _Pattern(entry, text, 3 * number + sort)
                keys = entry.needed.get(text, ())
                for key in keys:
                    self.waiting.setdefault(key, []).append(pattern)
                if not keys:
                    self.always.append(pattern)

    def __repr__(self) -> str:
        """How many entries."""
        return f"Ready({len(self.entries)})"

    def read(self, pattern: _Pattern) -> Phrase | re.Pattern[str]:
        """A pattern, read when it is first asked for.  Raises WrongUsage: it cannot be."""
        if pattern.read is None:
            entry = pattern.entry
            try:
                if entry.kind == "regex":
                    pattern.read = re.compile(pattern.text, re.IGNORECASE)
                else:
                    # All entries of a file share its lists.
                    lists = self._lists.setdefault(id(entry.lists), Lists(entry.lists))
                    pattern.read = parse_phrase(pattern.text, lists)
            except (BadPhrase, re.error) as error:
                raise _wrong(f"{entry.id}: {pattern.text!r}", str(error)) from error
        return pattern.read


class _Pattern:
    """A pattern of an entry, for the owner of that number, and what was read of it."""

    __slots__ = ("entry", "owner", "read", "text")

    def __init__(self, entry: Entry, text: str, owner: int) -> None:
        self.entry = entry
        self.text = text
        self.owner = owner
        self.read: Phrase | re.Pattern[str] | None = None

    def __repr__(self) -> str:
        """Its text."""
        return f"_Pattern({self.text!r})"


class Wording:
    """Some entries for the matching of one mail; most patterns are taken up when a word that they need turns up.

    ``entries`` may be part of what is ``ready`` already.
    Raises WrongUsage, here or when matching: a pattern that cannot be read.
    """

    def __init__(self, entries: Sequence[Entry], ready: Ready | None = None) -> None:
        self.effort = Effort()
        self._ready = ready or Ready(entries)
        self._wanted = frozenset(map(id, entries))
        self._index = PhraseIndex()
        self._regexes: list[tuple[int, int, re.Pattern[str]]] = []
        self._clause = frozenset(word for entry in entries for word in entry.lists.get("clause", ()))
        self._seen: set[str] = set()
        self._taken: set[int] = set()
        self._take(self._ready.always)

    def __repr__(self) -> str:
        """How many entries."""
        return f"Wording({len(self._wanted)})"

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries by their numbers."""
        return self._ready.entries

    def _take_waiting(self, tokens: Sequence[Token], text: str) -> None:
        keys = {*(key_of(token.word) for token in tokens), *text} - self._seen
        self._seen |= keys
        for key in keys & self._ready.waiting.keys():
            self._take(self._ready.waiting[key])

    def read_all(self) -> None:
        """Read every pattern now.  Raises WrongUsage: one cannot be read."""
        for patterns in self._ready.waiting.values():
            self._take(patterns)

    def _take(self, patterns: Sequence[_Pattern]) -> None:
        for pattern in patterns:
            if id(pattern) in self._taken or id(pattern.entry) not in self._wanted:
                continue
            self._taken.add(id(pattern))
            read = self._ready.read(pattern)
            if isinstance(read, re.Pattern):
                self._regexes.append((pattern.owner // 3, pattern.owner % 3, read))
            else:
                self._index.add(read, pattern.owner)

    def matches(self, sentence: Sentence, parties: Sequence[tuple[int, int]] = ()) -> Iterator[Match]:
        """What fires on a sentence; ``parties`` are the places in the text where somebody of the case is named."""
        inner = [(start - sentence.start, end - sentence.start) for start, end in parties]
        tokens = tokens_of(
            sentence.text, [(start, end) for start, end in inner if end > 0 and start < len(sentence.text)]
        )
        found: dict[int, dict[int, list[tuple[int, int]]]] = {}
        for number, sort, start, end in self._places(tokens, sentence.text):
            found.setdefault(number, {}).setdefault(sort, []).append((start, end))
        excused = self._excused(found)
        for number, places in sorted(found.items()):
            entry = self.entries[number]
            if _ANY not in places or _NOT in places or (entry.with_ and _WITH not in places):
                continue
            for start, end in _apart(places[_WITH if entry.with_ else _ANY]):
                if not any(each.excuses(entry, start, end) for each in excused):
                    yield Match(entry, sentence.start + start, sentence.start + end)

    def _excused(self, found: Mapping[int, Mapping[int, Sequence[tuple[int, int]]]]) -> Sequence[_Excused]:
        """What one language's entries match and except: languages share words, and another knows no exception of it."""
        silent = [(self.entries[number], places) for number, places in found.items() if _NOT in places]
        return [_Excused(entry, *place) for entry, places in silent for place in places.get(_ANY, ())]

    def _places(self, tokens: Sequence[Token], text: str) -> Iterator[tuple[int, int, int, int]]:
        self._take_waiting(tokens, text)
        for owner, first, behind in self._index.matches(tokens, self._clause, self.effort):
            yield owner // 3, owner % 3, tokens[first].start, tokens[behind - 1].end
        whole, places = unbroken(text[:_LONGEST_REGEX_TEXT])
        for number, sort, pattern in self._regexes:
            for match in pattern.finditer(whole):
                if match.end() > match.start():
                    yield number, sort, places[match.start()], places[match.end() - 1] + 1


def _apart(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Of places that overlap the first, and of those the longest."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(places, key=lambda place: (place[0], -place[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept
