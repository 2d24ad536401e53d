"""What can be checked in a text: clock times, days, named places, links; and details that only a report can hold.

communications.md, "Confronting subjects of reports": the right of reply "doesn't mean we have to disclose details".
"""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Iterator, Sequence
from typing import Final

from policies.folding import fold
from policies.lint.checked import Checked
from policies.lint.displayed import Kind
from policies.lint.ngrams import words_of
from policies.lint.own_words import OwnWords
from policies.patterns import late
from policies.values import value
from policies.words import among, listed

_CLOCK: Final = late(
    r"(?<![\d.:/])(\d{1,2})\s?[:h時点點시]\s?(\d{2})(?::\d{2})?(?![\d:/]|\.\d)\s{0,2}(a\.?m\b\.?|p\.?m\b\.?)?"
    r"|(?<![\d.:/-])(\d{1,2})\s?[.\u2009]\s?(\d{2})(?![\d:/-]|\.\d)\s{0,2}(a\.?m\b\.?|p\.?m\b\.?|uhr\b|h\b)?"
    r"|(?<![\d.:/-])([01]\d|2[0-3])([0-5]\d)\s?(?:h|hrs|hours|uhr)\b"
    r"|(?<![\d.:/-])(\d{1,2})\s{0,2}(a\.?m\b\.?|p\.?m\b\.?|uhr\b|h(?!\w)|o['’]clock\b)(?:\s?(\d{2})(?!\d))?",
    re.IGNORECASE,
)
_MONEY: Final = r"(?:[€$£]|\b(?:EUR|USD|GBP|CHF|euros?)\b)"
_PRICED: Final = late(rf"{_MONEY}\s?\d{{1,2}}\.\d{{2}}|\d{{1,2}}\.\d{{2}}\s?{_MONEY}", re.IGNORECASE)
_LINK: Final = late(r"\w{2,12}://\S|\bwww\.\w|<[^\s<>@]{3,120}@[^\s<>@]{3,120}>", re.IGNORECASE)
_WEEKDAY_BEFORE: Final = late(
    r"(?:on|last|am|letzten|vergangenen|le|el|il|lo|op|no|na|neste|nesta|afgelopen|vorige|scors[oa]|this past)\s+$",
    re.IGNORECASE,
)
_WEEKDAY_BEHIND: Final = late(r"\s+(?:dernier|passé|pasado|passad[oa]|scors[oa]|jl\b)", re.IGNORECASE)
_SHORT_QUOTATION: Final = 4
_PLACE_WORDS: Final = 4
_HOURS, _MINUTES, _NOON = 24, 60, 12
_PREPOSITIONS: Final = (
    "in|at|inside|outside|near|behind|beside|opposite|by|on|im|in der|in dem|am|an der|beim|bei der|vor dem|vor der|"
    "hinter dem|hinter der|neben dem|neben der|auf der|auf dem|à|à la|au|aux|dans|dans la|dans le|devant|devant la|"
    "devant le|derrière|près de|près du|chez|en|en el|en la|cerca de|al|nel|nella|presso|al bar"
)
_ARTICLES: Final = "the|our|la|le|les|el|l['’]|der|dem|den|il|lo"


@value
class Detail:
    """A stretch of text and what it says in a form that can be compared."""

    start: int
    end: int
    value: str


def clock_times(text: str) -> Iterator[Detail]:
    """Clock times as ``HH:MM``, in any notation.

    >>> [each.value for each in clock_times("at 9.40 pm, not 21:05 or 7.3.2026")]
    ['21:40', '21:05']
    """
    prices = [price.span() for price in _PRICED.finditer(text)]
    for match in _CLOCK.finditer(text):
        before = bisect.bisect(prices, (match.start(), len(text)))
        if before and match.start() < prices[before - 1][1]:
            continue
        hour = int(match[1] or match[4] or match[7] or match[9])
        minute = int(match[2] or match[5] or match[8] or match[11] or 0)
        half = (match[3] or match[6] or match[10] or "").casefold().replace(".", "")
        if half == "pm" and hour < _NOON:
            hour += _NOON
        elif half == "am" and hour == _NOON:
            hour = 0
        if hour < _HOURS and minute < _MINUTES:
            written = match[0].rstrip()
            yield Detail(match.start(), match.start() + len(written), f"{hour:02}:{minute:02}")


@functools.cache
def _place_pattern() -> re.Pattern[str]:
    word = r"[^\W\d_a-zà-öø-ÿ][\w'’&-]{0,30}"
    venues = "|".join(re.escape(venue) for venue in listed("venues"))
    # Compounds of venues are places too: Hafenlounge, Tagungsraum.
    numbered = rf"(?:\w{{0,20}})?(?:{venues})\s(?:[\"“„]?{word}|[A-Za-z]?\d{{1,4}}[A-Za-z]?|[A-Z])(?!\w)"
    name = rf"{word}(?:\s(?:{word}|\d{{1,3}}(?!\d))){{0,{_PLACE_WORDS - 1}}}"
    before = "|".join(piece.replace(" ", r"\s") for piece in sorted(_PREPOSITIONS.split("|"), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?i:{before})\s(?:(?i:{_ARTICLES})\s?)?(?P<place>(?i:{numbered})|{name})")


def places(text: str, people: frozenset[str] = frozenset()) -> Iterator[Detail]:
    """Named places: behind a preposition a name of one to four words, or a place's word with its number or name.

    ``people`` are folded words of people's names, which are no places.

    >>> [each.value for each in places("we met in the Harbour Lounge on Saturday, then at room 4")]
    ['harbour lounge', 'room 4']
    """
    for match in _place_pattern().finditer(text):
        written = _without_common(match["place"])
        folded = fold(written)
        if written and not any(word in people for word in folded.split()):
            yield Detail(match.start("place"), match.start("place") + len(written), folded)


def _without_common(written: str) -> str:
    """The name up to a word that belongs to no place: a weekday, a month, a pronoun with a capital."""
    kept: list[str] = []
    for word in written.split():
        plain = word.casefold().strip(".,'’\"“„")
        is_no_name = plain in among("no_places", "no_names") and plain not in among("venues")
        if is_no_name or plain in among("weekdays") or plain in _months():
            break
        kept.append(word)
    return written if len(kept) == len(written.split()) else " ".join(kept)


@functools.cache
def _months() -> frozenset[str]:
    return frozenset(word.strip() for entry in listed("months") for word in entry.split(";"))


@functools.cache
def _day_pattern() -> re.Pattern[str]:
    months = "|".join(re.escape(month) for month in sorted(_months(), key=len, reverse=True) if month)
    weekdays = "|".join(re.escape(day) for day in listed("weekdays"))
    return re.compile(
        rf"(?<!\w)(?:(?P<date>\d{{1,2}}(?:st|nd|rd|th|\.|º|er)?\s(?:of\s|de\s)?(?:{months})(?!\w)"
        rf"|(?:{months})\.?\s\d{{1,2}}(?!\d|:)|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[./]\d{{1,2}}[./](?:\d{{4}}|\d{{2}})?(?!\d)"
        rf"|\d{{1,2}}月\d{{1,2}}日)|(?P<weekday>{weekdays})(?!\w))",
        re.IGNORECASE,
    )


@functools.cache
def _deadline_pattern() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in (*listed("deadlines"), "no later than", "within", "am spätesten"))
    filling = "the|end of|on|den|dem|zum|am|le|la|el|il|del|de|al|o|latest|midnight|noon|\\d{1,2}[:.]\\d{2}"
    weekdays = "|".join(re.escape(day) for day in listed("weekdays"))
    return re.compile(rf"(?<!\w)(?:{words})\s+(?:(?:{filling}|{weekdays})[\s,]+){{0,4}}$", re.IGNORECASE)


def names_day(text: str) -> bool:
    """Whether a day is named that is no deadline; a lone weekday needs "on" or "last" before it."""
    for match in _day_pattern().finditer(text):
        before = text[max(0, match.start() - 45) : match.start()]
        if _deadline_pattern().search(before):
            continue
        if match["date"] or _WEEKDAY_BEFORE.search(before) or _WEEKDAY_BEHIND.match(text, match.end()):
            return True
    return False


def states_fact(checked: Checked, own: OwnWords) -> bool:
    """Whether the text or the Subject holds anything by which conduct can be recognised."""
    text, subject = own.plain, checked.draft.subject
    if names_day(text) or names_day(subject) or _LINK.search(text) or _LINK.search(subject):
        return True
    shown = own.joined.text
    if any(hidden.attribute == "href" and _LINK.match(hidden.value) for hidden in shown.hidden):
        return True
    if any(line.kind is Kind.QUOTE and line.text.strip("> \t") for line in shown.lines):
        return True
    if any(words_of(text[span.start : span.end]).weight >= _SHORT_QUOTATION for span in own.quoted):
        return True
    people = people_words(checked)
    return any(True for each in (text, subject) for _ in places(each, people))


def people_words(checked: Checked) -> frozenset[str]:
    """The folded words of everybody's name on record."""
    known: Sequence[str] = [name for each in checked.directory.everybody() for name in (*each.names, *each.nicknames)]
    return frozenset(word for name in known for word in fold(name).split())
