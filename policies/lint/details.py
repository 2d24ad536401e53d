"""Details by which a subject or an organiser can tell who reported: an hour, a place, words that stand in a report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from policies.lint.checked import Checked
from policies.lint.facts import Detail, clock_times, people_words, places
from policies.lint.mentions import Mentions, within
from policies.lint.ngrams import words_of
from policies.lint.own_words import OwnWords
from policies.lint.rules import severity_of
from policies.lint.stored_words import StoredText
from policies.lint.verdict import Finding, Role

_TOLD: Final = frozenset({Role.SUBJECT, Role.ORGANISER})
_QUOTATION: Final = 12
_RULE: Final = "report-detail"


def detail_findings(mentions: Mentions, store: Sequence[StoredText]) -> Iterator[Finding]:
    """Hours, places and quotations of the own text that stand in a report which that recipient does not know."""
    checked = mentions.checked
    recipients = checked.outside_with(*_TOLD)
    if not recipients or not checked.texts:
        return
    reports = [
        (stored, mail.draft)
        for stored, mail in zip(store, checked.stored, strict=False)
        if checked.directory.role(stored.writer) in {Role.REPORTER, Role.WITNESS}
        and any(recipient.person not in stored.has for recipient in recipients)
        and stored.is_whole
        and (stored.own or stored.quoted)
    ]
    if not reports:
        return
    known = [stored for stored in store if all(recipient.person in stored.has for recipient in recipients)]
    told = "\n\n".join(line.text for _, mail in reports for text in mail.texts for line in within(text.lines))
    for text in checked.texts:
        yield from _in_text(checked, OwnWords(text), [stored for stored, _ in reports], known, told)


def _in_text(
    checked: Checked, own: OwnWords, reports: Sequence[StoredText], known: Sequence[StoredText], told: str
) -> Iterator[Finding]:
    hours = {each.value for each in clock_times(told)}
    for hour in clock_times(own.plain):
        if hour.value in hours:
            yield _finding(own, hour, "the day is enough for an answer")
    for place in places(own.plain, people_words(checked)):
        if any(stored.told.holds(words_of(place.value)) for stored in reports):
            yield _finding(own, place, "a place known to few narrows down who was there")
    for span in own.quoted:
        words = words_of(own.plain[span.start + 1 : span.end - 1])
        is_told = words.weight >= _QUOTATION and any(stored.told.holds(words) for stored in reports)
        if is_told and not any(stored.all.holds(words) for stored in known):
            yield _finding(own, Detail(span.start, span.end, ""), "say what it was about instead")


def _finding(own: OwnWords, detail: Detail, advice: str) -> Finding:
    written = own.written(detail.start, detail.end)
    message = f'"{written.strip(chr(34))}" also stands in a report; {advice}.'
    return own.place(Finding(_RULE, severity_of(_RULE), written, "body", message), detail.start, detail.end)
