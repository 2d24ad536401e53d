"""Where something happened: towns, events, rooms and channels in a mail's own words."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from policies.folding import words
from policies.intake.passages import Sentence
from policies.words import among, each_of, ja, listed, numbered

_CHANNEL: Final = re.compile(r"(?<![\w/&#])#[^\W\d_][\w-]{1,40}")
_HOST: Final = re.compile(r"(?:https?://)?([^/\s:?#]+)")
_NUMBER: Final = r"(?-i: (?:\d{1,4}[A-Za-z]?|[A-Z]\d{0,3})\b)"
_CAPITAL: Final = re.compile(r" [A-ZÀ-ÖØ-Þ\u0100-\U0010ffff]\S")
_NUMBERS: Final = re.compile(_NUMBER)
_LONGEST: Final = 40
_JAPANESE: Final = re.compile(r"([一-龥々ァ-ヶーA-Za-z0-9]{1,16})(?:で(?!す|き|も)|にて|において)")
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
    if sentence.may_have("venues") and _has_numbered_venue(text):
        yield from ((match[0], match.start()) for match in _venue().finditer(text))
    if _may_have_words(sentence):
        yield from _in_words(sentence)
    for match in _JAPANESE.finditer(text) if "で" in text or "て" in text else ():
        if _is_japanese_place(match[1]):
            yield match[1], match.start()


def _is_japanese_place(word: str) -> bool:
    return word.endswith(("市", "県", "区", "駅", "都", "府", *ja.WORDS.venues.split("|")))


@functools.cache
def _venue() -> re.Pattern[str]:
    venues = [venue for venue in listed("venues") if venue[0] < "\u3040"]
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, venues))}){_NUMBER}", re.IGNORECASE)


def _has_numbered_venue(text: str) -> bool:
    """Looks only before numbers, which are few; ``_venue`` would try every word."""
    before = (text[max(0, match.start() - _LONGEST) : match.start()] for match in _NUMBERS.finditer(text))
    return any(each.casefold().endswith(listed("venues")) for each in before)


def _may_have_words(sentence: Sentence) -> bool:
    has_venue = sentence.may_have("venues")
    if has_venue and "(" in sentence.text:
        return True
    return sentence.may_have("places_before") and (has_venue or _CAPITAL.search(sentence.text) is not None)


def _in_words(sentence: Sentence) -> Iterator[tuple[str, int]]:
    prepositions = among("places_before")
    for index, word in enumerate(sentence.folded[:-1], start=1):
        if word in prepositions:
            yield from _after_preposition(sentence, index)
        elif word == "(" and (end := _venue_at(sentence, index)):
            yield sentence.between(index, end), sentence.starts[index]


def _after_preposition(sentence: Sentence, index: int) -> Iterator[tuple[str, int]]:
    """``in Recife``, ``at TurtleConf Asia``, ``in the lift``, ``à l'atelier de la ...``."""
    folded, start = sentence.folded, index
    while start < len(folded) and folded[start] in _ARTICLES and start < index + 2:
        start += 1
    if start >= len(folded):
        return
    end = _venue_at(sentence, start)
    if not end:
        end = start
        while end < len(folded) and end - start < _MOST_WORDS and _is_place_word(sentence, end):
            end += 1
        if end == start or (_is_german(sentence) and not _is_certain(sentence, index, start, end)):
            return
        if start > index and folded[start - 1] not in {"la", "le"} and end - start == 1:
            return
    yield sentence.between(start, end), sentence.starts[start]


def _is_german(sentence: Sentence) -> bool:
    return len(_CAPITALISED_NOUNS & sentence.lows) > 1


def _is_certain(sentence: Sentence, index: int, start: int, end: int) -> bool:
    """German writes every noun with a capital: only names of several words, or a town after a bare "in", are taken."""
    if end - start > 1 or re.search(r"[a-zß-ÿ][A-Z]", sentence.texts[start]):
        return True
    return sentence.folded[index - 1] == "in" and start == index


def _venue_at(sentence: Sentence, start: int) -> int:
    """Where a venue that begins here ends, 0 when none does: ``Küche``, ``issue tracker``, ``salle de la Mairie``."""
    venues, folded, texts = among("venues"), sentence.folded, sentence.texts
    has_two = start + 1 < len(folded)
    end = start + 2 if has_two and f"{folded[start]} {folded[start + 1]}" in venues else 0
    end = end or (start + 1 if folded[start] in venues else 0)
    at = end
    while end and at < len(folded) and folded[at] in _JOINING:
        at += 1
    if not end < at < len(folded) or not texts[at][0].isupper():
        return end
    while at < len(folded) and _is_place_word(sentence, at) and at < start + 2 * _MOST_WORDS:
        at += 1
    return at


def _is_place_word(sentence: Sentence, at: int) -> bool:
    text, folded = sentence.texts[at], sentence.folded[at]
    if not text[0].isupper() or len(text) < 2 or "@" in text:  # noqa: PLR2004
        return False
    if folded in among("no_places") or folded in numbered("months") or folded in among("weekdays"):
        return False
    return not text.isupper() and folded not in among("titles", "helpers", "roles")
