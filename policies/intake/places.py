"""Where something happened: towns, events, rooms and channels in a mail's own words."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from policies.folding import words
from policies.intake.passages import Sentence, Token
from policies.words import among, each_of, ja, listed, numbered

_CHANNEL: Final = re.compile(r"(?<![\w/&#])#[^\W\d_][\w-]{1,40}")
_HOST: Final = re.compile(r"(?:https?://)?([^/\s:?#]+)")
_NUMBER: Final = r"(?-i: (?:\d{1,4}[A-Za-z]?|[A-Z]\d{0,3})\b)"
_HAS_NUMBER: Final = re.compile(_NUMBER)
_JAPANESE: Final = re.compile(r"([一-龥々ァ-ヶーA-Za-z0-9]{1,16})(?:で(?!す|き|も)|にて|において)")
_GERMAN_ONLY: Final = each_of("im beim am vom aus")
_ARTICLES: Final = each_of("the a an der dem den das die le la l' les el los il lo de het o a do da du des")
_CAPITALISED_NOUNS: Final = each_of("der die das und ich nicht hat ist mit dem den ein eine wurde")
_MOST_WORDS: Final = 4
_SHORT: Final = 3
_JOINING: Final = each_of("de la du of del der the do da")


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Place:
    """A place as written."""

    value: str
    evidence: str
    line: int

    def __repr__(self) -> str:
        """Where in the mail it stands."""
        return f"Place(line {self.line})"


def places(sentences: Sequence[Sentence], people: Collection[str]) -> Iterator[Place]:
    """The places named, each once, in order; ``people`` are the folded words of names that are no places."""
    seen: set[str] = set()
    for sentence in sentences:
        for value, offset in _in_sentence(sentence):
            named = words(value)
            is_new = not any(value.casefold() in each for each in seen)
            if named and is_new and not any(word in people and len(word) > _SHORT for word in named):
                seen.add(value.casefold())
                yield Place(value, sentence.text, sentence.line_at(offset))


def host(url: str) -> str:
    """The host of a link as written there, empty where there is none."""
    match = _HOST.match(url)
    return match[1] if match else ""


def _in_sentence(sentence: Sentence) -> Iterator[tuple[str, int]]:
    text = sentence.text
    if "#" in text:
        yield from ((match[0], match.start()) for match in _CHANNEL.finditer(text))
    if not _venue_runs().isdisjoint(sentence.runs) and _HAS_NUMBER.search(text):
        yield from _numbered_venues(text)
    tokens = sentence.tokens
    german = len(_CAPITALISED_NOUNS & sentence.lows) > 1
    for index in range(1, len(tokens)):
        if tokens[index - 1].low in among("places_before"):
            yield from _after_preposition(text, tokens, index, german=german)
        elif tokens[index - 1].text == "(" and (venue := _venue_at(tokens, index)):
            yield text[tokens[index].start : tokens[venue - 1].end], tokens[index].start
    for match in _JAPANESE.finditer(text) if "で" in text or "て" in text else ():
        if _is_japanese_place(match[1]):
            yield match[1], match.start()


def _is_japanese_place(word: str) -> bool:
    return word.endswith(("市", "県", "区", "駅", "都", "府", *ja.WORDS.venues.split("|")))


@functools.cache
def _venue() -> re.Pattern[str]:
    venues = [venue for venue in listed("venues") if venue[0] < "\u3040"]
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, venues))}){_NUMBER}", re.IGNORECASE)


@functools.cache
def _venue_runs() -> frozenset[str]:
    """The longest run of letters of each venue: a sentence without any of these has no numbered one."""
    return frozenset(max(re.findall(r"\w+", venue), key=len) for venue in listed("venues") if venue[0] < "\u3040")


def _numbered_venues(text: str) -> Iterator[tuple[str, int]]:
    yield from ((match[0], match.start()) for match in _venue().finditer(text))


def _after_preposition(text: str, tokens: Sequence[Token], index: int, *, german: bool) -> Iterator[tuple[str, int]]:
    """``in Recife``, ``at TurtleConf Asia``, ``in the lift``, ``à l'atelier de la ...``."""
    start = index
    while start < len(tokens) and tokens[start].low in _ARTICLES and start < index + 2:
        start += 1
    if start >= len(tokens):
        return
    venue = _venue_at(tokens, start)
    if venue:
        yield text[tokens[start].start : tokens[venue - 1].end], tokens[start].start
        return
    end = start
    while end < len(tokens) and end - start < _MOST_WORDS and _is_place_word(tokens[end]):
        end += 1
    if end == start or (german and not _is_certain(tokens, index, start, end)):
        return
    if start > index and tokens[start - 1].low not in {"la", "le"} and end - start == 1:
        return
    yield text[tokens[start].start : tokens[end - 1].end], tokens[start].start


def _is_certain(tokens: Sequence[Token], index: int, start: int, end: int) -> bool:
    """German writes every noun with a capital: only names of several words, or a town after a bare "in", are taken."""
    if end - start > 1 or re.search(r"[a-zß-ÿ][A-Z]", tokens[start].text):
        return True
    return tokens[index - 1].low == "in" and start == index and tokens[index - 1].low not in _GERMAN_ONLY


def _venue_at(tokens: Sequence[Token], start: int) -> int:
    """Where a venue that begins here ends, 0 when none does: ``Küche``, ``issue tracker``, ``salle de la Mairie``."""
    venues = among("venues")
    two = " ".join(token.low for token in tokens[start : start + 2])
    has_two = start + 1 < len(tokens)
    end = start + 2 if has_two and two in venues else start + 1 if tokens[start].low in venues else 0
    at = end
    while end and at < len(tokens) and tokens[at].low in _JOINING:
        at += 1
    if not end < at < len(tokens) or not tokens[at].text[0].isupper():
        return end
    while at < len(tokens) and _is_place_word(tokens[at]) and at < start + 2 * _MOST_WORDS:
        at += 1
    return at


def _is_place_word(token: Token) -> bool:
    if token.kind != "word" or not token.text[0].isupper() or len(token.text) < 2:  # noqa: PLR2004
        return False
    if token.low in among("no_places") or token.low in numbered("months") or token.low in among("weekdays"):
        return False
    return not token.text.isupper() and token.low not in among("titles", "helpers", "roles")
