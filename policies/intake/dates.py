"""The days on which something happened, as far as a mail's own words name them."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from policies.intake.passages import Sentence
from policies.words import among, each_of, listed, longest_run, numbered, telling

_ISO: Final = re.compile(r"(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?![\d-])")
_YEAR_FIRST: Final = re.compile(r"(?<!\d)(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日")
_DOTTED: Final = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2})\.(\d{4})?(?![\d.])")
_SLASHED: Final = re.compile(r"(?<![\d/])(\d{1,4})/(\d{1,2})/(\d{1,4})(?![\d/])")
# Begin with the sign itself, which is found faster than a digit.
_BEFORE_DAY: Final = {"-": re.compile(r"-\d"), ".": re.compile(r"\.\d"), "/": re.compile(r"/\d")}
_DAY_MONTH: Final = re.compile(
    r"(?<![\d.:])(\d{1,2})(?:\.|st|nd|rd|th|er|º|°)? (?:of |de )?([^\W\d_]{3,12})\b\.?(?:,? (?:de |del )?(\d{4})\b)?"
)
_MONTH_DAY: Final = re.compile(r"\b([^\W\d_]{3,12})\.? (\d{1,2})(?:st|nd|rd|th)?\b(?![:.\d])(?:,? (\d{4})\b)?")
_MONTH_YEAR: Final = re.compile(r"(?<!\d )(?<!\d\. )\b([^\W\d_]{3,12})\.? (?:de |del )?(\d{4})\b")
_MONTH: Final = re.compile(r"([^\W\d_]{1,8}) ([^\W\d_]{3,12})\b(?! \d)")
_NO_INCIDENT: Final = each_of(
    "deadline frist échéance plazo scadenza prazo due article artikel artículo registration anmeldeschluss born"
)
_REPORTED: Final = each_of(
    "wrote reported mailed emailed e-mailed contacted schrieb geschrieben gemeldet écrit escribí escribi scritto "
    "schreef escrevi"
)
_SHORT: Final = 7
_ASCII_DIGIT: Final = re.compile("[0-9]")
_DIGIT: Final = re.compile(r"\d")
_UNSPACED: Final = re.compile("[\u3040-\uffff]")  # scripts in which words are not parted
_OLDEST_YEAR: Final = 1990


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Day:
    """``value`` is an ISO day or month, or the words themselves where they name no day; ``rank`` 1 is best."""

    value: str
    rank: int
    evidence: str
    line: int

    def __repr__(self) -> str:
        """Where it stands."""
        return f"Day(line {self.line})"


def days(sentences: Sequence[Sentence], written: date | None, *, is_own_zone: bool) -> tuple[Day, ...]:
    """The days named, each once, best first.

    ``written`` is the sender's own day: a year that is not said is the last in which the day was not after it, and
    "today" and "yesterday" are counted from it if it is known to be that of her zone (``is_own_zone``), and are left
    as words if not.  A day later than it is no day of an incident.
    """
    found: dict[str, Day] = {}
    for sentence in sentences:
        found_here = list(_in_sentence(sentence, written, is_own_zone=is_own_zone))
        if not found_here or not _NO_INCIDENT.isdisjoint(sentence.lows):
            continue
        for value, rank, offset in sorted(found_here, key=lambda each: each[2]):
            found.setdefault(value, Day(value, rank, sentence.text, sentence.line_at(offset)))
    exact = {value[:7] for value in found if len(value) == 10 and value[0].isdigit()}  # noqa: PLR2004 YYYY-MM-DD
    kept = [day for day in found.values() if day.value not in exact]
    return tuple(sorted(kept, key=lambda day: (day.rank, day.line)))


def _in_sentence(sentence: Sentence, written: date | None, *, is_own_zone: bool) -> Iterator[tuple[str, int, int]]:
    """(value, rank, offset) of every day that is no deadline.

    Most sentences name none: each kind is looked for only where a word or a digit of its kind occurs.
    """
    text, has_month = sentence.text, not _months_names().isdisjoint(sentence.runs)
    has_digit = (_ASCII_DIGIT if text.isascii() else _DIGIT).search(text) is not None
    for year, month, day, match in _full(text, has_month=has_month) if has_digit else ():
        value = _completed(year, month, day, written)
        if value and not _is_deadline(text, match.start()):
            yield value, 1, match.start()
    if sentence.may_have("today", "yesterday") or (not text.isascii() and _UNSPACED.search(text)):
        yield from _relative(sentence, written if is_own_zone else None)
    if has_month:
        yield from _months(sentence, written, has_digit=has_digit)
    if sentence.may_have("weekdays"):
        yield from _weekdays(sentence)


def _full(text: str, *, has_month: bool) -> Iterator[tuple[int, int, int, re.Match[str]]]:
    for match in _ISO.finditer(text) if _BEFORE_DAY["-"].search(text) else ():
        yield int(match[1]), int(match[2]), int(match[3]), match
    for match in _YEAR_FIRST.finditer(text) if "月" in text else ():
        yield int(match[1] or 0), int(match[2]), int(match[3]), match
    for match in _DOTTED.finditer(text) if _BEFORE_DAY["."].search(text) else ():
        yield int(match[3] or 0), int(match[2]), int(match[1]), match
    for match in _SLASHED.finditer(text) if _BEFORE_DAY["/"].search(text) else ():
        yield from _unslashed(match)
    if has_month:
        yield from _with_month(text)


def _with_month(text: str) -> Iterator[tuple[int, int, int, re.Match[str]]]:
    months = numbered("months")
    for match in _DAY_MONTH.finditer(text):
        if month := months.get(match[2].casefold()):
            yield int(match[3] or 0), month, int(match[1]), match
    for match in _MONTH_DAY.finditer(text):
        if (month := months.get(match[1].casefold())) and match[1][0].isupper():
            yield int(match[3] or 0), month, int(match[2]), match


def _unslashed(match: re.Match[str]) -> Iterator[tuple[int, int, int, re.Match[str]]]:
    """Day and month are told apart only where one of them can be no month."""
    first, second, third = int(match[1]), int(match[2]), int(match[3])
    if len(match[1]) == 4:  # noqa: PLR2004 a year
        yield first, second, third, match
    elif len(match[3]) == 4 and (first > 12 or first == second):  # noqa: PLR2004
        yield third, second, first, match
    elif len(match[3]) == 4 and second > 12:  # noqa: PLR2004
        yield third, first, second, match


def _completed(year: int, month: int, day: int, written: date | None) -> str:
    """The ISO day; empty where there is no such day, it is not yet past, or its year cannot be known."""
    if not year and written is None:
        return ""
    try:
        if not year and written is not None:
            year = written.year if (month, day) <= (written.month, written.day) else written.year - 1
        found = date(year, month, day)
    except ValueError:
        return ""
    is_past = written is None or (found - written).days <= 1
    return found.isoformat() if is_past and year >= _OLDEST_YEAR else ""


def _is_deadline(text: str, at: int) -> bool:
    before = text[max(0, at - 24) : at].casefold().split()
    while before and before[-1] in {"the", "zum", "dem", "den", "le", "el", "il", "al", "o", "de"}:
        before.pop()
    return bool(before) and before[-1] in among("deadlines")


@functools.cache
def _months_names() -> frozenset[str]:
    return frozenset(numbered("months"))


def _words(sentence: Sentence, *fields: str) -> re.Pattern[str]:
    """A pattern for those entries that can stand in the sentence; one for all of them is slow to search for."""
    return _pattern(fields, telling(*fields) & sentence.runs)


@functools.lru_cache(maxsize=512)
def _pattern(fields: Sequence[str], runs: frozenset[str]) -> re.Pattern[str]:
    entries = sorted((entry for field in fields for entry in listed(field)), key=len, reverse=True)
    spaced = "|".join(re.escape(each) for each in entries if each[0] < "\u3040" and longest_run(each) in runs)
    unspaced = [each for each in entries if each[0] >= "\u3040"]
    return re.compile("|".join((rf"\b(?:{spaced})\b", *unspaced) if spaced else unspaced), re.IGNORECASE)


def _relative(sentence: Sentence, written: date | None) -> Iterator[tuple[str, int, int]]:
    text = sentence.text
    for match in _words(sentence, "today", "yesterday").finditer(text):
        following = text[match.end() : match.end() + 3]
        # "last night (15 March)", "today (14 March)": the day itself is there.
        if following.startswith(("'s", "’s")) or _DAY_MONTH.search(text[match.end() : match.end() + 20]):
            continue
        if written is None:
            yield text[match.start() : match.end()], 4, match.start()
        elif written > date.min + timedelta(days=1):
            back = 1 if match[0].casefold() in among("yesterday") else 0
            yield (written - timedelta(days=back)).isoformat(), 2, match.start()


def _months(sentence: Sentence, written: date | None, *, has_digit: bool) -> Iterator[tuple[str, int, int]]:
    text, months = sentence.text, numbered("months")
    for match in _MONTH_YEAR.finditer(text) if has_digit else ():
        month = months.get(match[1].casefold())
        if month and int(match[2]) >= _OLDEST_YEAR and not _is_deadline(text, match.start()):
            yield f"{int(match[2]):04}-{month:02}", 3, match.start()
    for match in _MONTH.finditer(text) if _has_lone_month(sentence) else ():
        month = months.get(match[2].casefold())
        if not month or written is None or match[1].casefold() not in among("in_month"):
            continue
        if not _tells_of_report(text[: match.start()]) and not match[2].isupper():
            year = written.year if month <= written.month else written.year - 1
            yield f"{year:04}-{month:02}", 3, match.start()


def _has_lone_month(sentence: Sentence) -> bool:
    months, before = numbered("months"), among("in_month")
    # What is not one short word of letters is left to the pattern.
    return any(first in before or len(first) > _SHORT or not first.isalpha() for first in sentence.before(months))


def _tells_of_report(before: str) -> bool:
    """``I wrote in March``: the day of another mail."""
    return not _REPORTED.isdisjoint(before[-40:].casefold().split()[-3:])


def _weekdays(sentence: Sentence) -> Iterator[tuple[str, int, int]]:
    """A weekday alone names no day; it is shown as it is written."""
    text = sentence.text
    for match in _words(sentence, "weekdays").finditer(text):
        if not re.match(r",? ?(?:the |den |le |el |il |de )?\d", text[match.end() : match.end() + 8]):
            yield match[0], 4, match.start()
