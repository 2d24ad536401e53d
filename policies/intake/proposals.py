"""What a mail proposes for a case's fields: every value stands in the mail, beside the words it comes from."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Final

from policies.addresses import canonical
from policies.case import ReporterKind, Suggestion
from policies.folding import words
from policies.intake import contacts, dates, forms, handled, people, places, reporter
from policies.intake.names import is_strong_handle
from policies.intake.passages import Told, bounded, is_labelled, sentences, tokens
from policies.intake.people import Candidate
from policies.mail import Address, MailId, Message
from policies.roster import Roster
from policies.text import Line, Part
from policies.words import each_of

MOST_PER_FIELD: Final = 12
_SUMMARY: Final = 600
# Their values are words of ours for what the evidence says: a day in ISO form, a kind of reporter.
_DERIVED: Final = ("incident_date", "reporter_kind")
_EVIDENCE: Final = 400
_ZONE: Final = re.compile(r"([+-])(\d{2})(\d{2})\s*(?:\([^()]*\))?\s*$")
_NAME: Final = 60
_PRONOUNS: Final = each_of("he him his she her hers they them their it er sie ihn ihm il elle lui él ella")
_SEPARATORS: Final = re.compile(r"\s*(?:[,;|()]|\s/\s|\band\b|\bund\b|\baka\b|\bet\b|\by\b|、)\s*")


class Reading:
    """One mail's own text, read once for all fields.  ``offset`` is added to line numbers (of a forwarded part).

    Suggestions come from the first 20,000 characters; ``is_cut`` is whether there are more.
    """

    def __init__(  # what a suggestion stands on
        self, message: Message, lines: Sequence[Line], sender: Address | None, roster: Roster, mail: MailId, offset: int
    ) -> None:
        written = [line for line in lines if line.part is Part.OWN and line.text.strip()]
        own = bounded(written)
        self.message, self.lines, self.sender, self.roster, self.mail = message, lines, sender, roster, mail
        self.offset = offset
        self.is_cut = len(own) < len(written)
        self.told = Told(sentences(own))
        self.sentences = self.told.sentences
        self.entries = forms.entries(own)
        self.is_form = reporter.is_form_mail(message, self.entries)
        if not self.is_form and not forms.is_form(own):
            # A lone "Name:" or "Date:" in a letter is no form; only the clear question whom it is about counts.
            self.entries = tuple(entry for entry in self.entries if entry.field == "subject")

    def suggest(self, written: date | None, *, is_own_zone: bool) -> tuple[Suggestion, ...]:
        """All suggestions, in the order of the policy's fields, the best of each field first."""
        found = [*self._of_reporter(), *self._of_subjects(), *self._of_case(written, is_own_zone=is_own_zone)]
        text = _squeezed("\n".join((*(line.text for line in self.lines), self.message.subject, *_shown(self.sender))))
        sound = [each for each in found if each.field in _DERIVED or _squeezed(each.value) in text]
        return tuple(_bounded(self._numbered(each) for each in sound))

    def _numbered(self, each: Suggestion) -> Suggestion:
        is_long = len(each.evidence) > _EVIDENCE and each.field != "summary"
        evidence = each.evidence[: _EVIDENCE - 1] + "…" if is_long else each.evidence
        line = each.line + self.offset if each.line else 0
        return dataclasses.replace(each, evidence=evidence, line=line)

    def _of_reporter(self) -> Iterator[Suggestion]:
        yield from reporter.suggestions(self.sender, self.sentences, self.entries, self.mail, is_form=self.is_form)
        official = handled.official(self.lines, self.told, words(" ".join(_shown(self.sender))))
        self.is_official = official is not None
        if official is not None:
            # records.md: "Reporter, if official/public": proposed only where the mail itself says so.
            _, evidence, line = official
            yield Suggestion("reporter_kind", ReporterKind.OFFICIAL.value, evidence, line, self.mail)

    def _of_subjects(self) -> Iterator[Suggestion]:
        found = [*self._labelled_people(), *people.candidates(self.sentences, self._not_them)]
        unique: dict[str, Candidate] = {}
        for each in found:
            unique.setdefault(" ".join(words(each.value.lstrip("@"))), each)
        candidates = tuple(unique.values())
        self.people = candidates
        for each in candidates:
            yield Suggestion("named_subjects", each.value, each.evidence, each.line, self.mail)
        for contact in (
            *contacts.addresses(self.sentences, candidates, self._is_ours),
            *contacts.handles(candidates, self._not_them),
            *contacts.links(self.sentences),
        ):
            yield Suggestion("subject_contacts", contact.value, contact.evidence, contact.line, self.mail)

    def _labelled_people(self) -> Iterator[Candidate]:
        for entry in self.entries:
            if entry.field != "subject":
                continue
            for piece in _SEPARATORS.split(entry.value):
                if _names_somebody(piece):
                    is_handle = piece.startswith("@") or is_strong_handle(piece)
                    yield Candidate(piece, is_handle, 0, entry.evidence, entry.line)

    def _of_case(self, written: date | None, *, is_own_zone: bool) -> Iterator[Suggestion]:
        yield from self._of_summary()
        for sentence in handled.acted(self.told, is_official=self.is_official):
            yield Suggestion("action_by_local_rep", sentence.text, sentence.text, sentence.line, self.mail)
        for day in dates.days(self.sentences, written, is_own_zone=is_own_zone):
            yield Suggestion("incident_date", day.value, day.evidence, day.line, self.mail)
        named = frozenset(word for each in self.people for word in words(each.value)) | self._not_them
        labelled = [entry for entry in self.entries if entry.field == "place"]
        for entry in labelled:
            for piece in re.split(r"[,;]\s*", entry.value):
                if "://" not in piece:
                    yield Suggestion("incident_place", piece, entry.evidence, entry.line, self.mail)
        found = tuple(places.places(self.sentences, named))
        values = " ".join(entry.value for entry in labelled)
        for place in found:
            if place.value in values:
                continue
            yield Suggestion("incident_place", place.value, place.evidence, place.line, self.mail)
        # Where nothing else tells the place, the site that a link leads to is one.
        for link in () if found or labelled else contacts.links(self.sentences):
            yield Suggestion("incident_place", places.host(link.value), link.evidence, link.line, self.mail)

    def _of_summary(self) -> Iterator[Suggestion]:
        """The first sentences as they stand; records.md calls for a summary, but a member writes it."""
        text, first = "", 0
        told = self.sentences
        if self.is_form:
            told = tuple(each for each in told if not is_labelled(each.text) and each.line > self.entries[0].line)
            told = told or self.sentences
        for sentence in told:
            if len(text) + len(sentence.text) + 1 > _SUMMARY:
                break
            text = f"{text} {sentence.text}".strip()
            first = first or sentence.line
        if not text and told:
            text, first = told[0].text[:_SUMMARY].rsplit(" ", 1)[0], told[0].line
        if text:
            yield Suggestion("summary", text, text, first, self.mail)

    def _is_ours(self, address: str) -> bool:
        own = canonical(address)
        return own in _committees_addresses(self.roster) or own in self._senders_addresses

    @functools.cached_property
    def _senders_addresses(self) -> frozenset[str]:
        senders = [each.address for each in (*self.message.from_, *self.message.reply_to)]
        senders += [each.address for each in (self.sender,) if each]
        senders += [entry.value for entry in self.entries if entry.field in {"email", "name"}]
        return frozenset(map(canonical, senders))

    @functools.cached_property
    def _not_them(self) -> frozenset[str]:
        """The words of the sender's and the members' names and accounts."""
        shown = [*_shown(self.sender), *(entry.value for entry in self.entries if entry.field == "name")]
        shown.append(self.sender.address.partition("@")[0] if self.sender else "")
        return _words_of(shown) | _committees_words(self.roster)


@functools.lru_cache(maxsize=4)
def _committees_addresses(roster: Roster) -> frozenset[str]:
    known = [*roster.conduct, *(address for member in roster.members for address in member.addresses)]
    return frozenset(map(canonical, known))


@functools.lru_cache(maxsize=4)
def _committees_words(roster: Roster) -> frozenset[str]:
    known = [address.partition("@")[0] for address in roster.conduct]
    for member in roster.members:
        known += [member.name, *member.handles, *member.nicknames, *member.addresses]
    return _words_of(known)


def _words_of(shown: Iterable[str]) -> frozenset[str]:
    return frozenset(word for each in shown for word in words(each.lstrip("@")))


def _names_somebody(piece: str) -> bool:
    """Whether a piece of a form's answer is a name or an account, no description, pronoun or address."""
    named = piece.lstrip("@")
    if not 1 < len(piece) <= _NAME or not named[:1].isalpha() or len(piece.split()) > 4:  # noqa: PLR2004 words of a name
        return False
    if {token.kind for token in tokens(piece)} & {"url", "mail"} or set(named.casefold().split("/")) & _PRONOUNS:
        return False
    return len(piece.split()) == 1 or not named[0].islower()


def own_day(message: Message) -> tuple[date | None, bool]:
    """The day on which the sender wrote, and whether it is that of her own zone, which the hint ``date`` tells."""
    if message.date is None:
        return None, False
    offset = own_zone(message)
    if offset is None:
        return message.date.date(), False
    return _in_zone(message.date, offset), True


def own_zone(message: Message) -> timedelta | None:
    """The sender's distance from UTC as her Date header tells it, None where it does not."""
    zone = _ZONE.search(message.hint("date")[:100])
    if zone is None:
        return None
    return timedelta(hours=int(zone[2]), minutes=int(zone[3])) * (1 if zone[1] == "+" else -1)


def _in_zone(instant: datetime, offset: timedelta) -> date:
    try:
        return instant.astimezone(timezone(offset)).date()
    except (ValueError, OverflowError):
        return instant.date()


def _shown(address: Address | None) -> tuple[str, ...]:
    return (address.name, address.address) if address else ()


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _bounded(found: Iterator[Suggestion]) -> Iterator[Suggestion]:
    seen: set[tuple[str, str]] = set()
    counts: dict[str, int] = {}
    for each in found:
        key = (each.field, each.value.casefold())
        if key in seen or counts.get(each.field, 0) == MOST_PER_FIELD or not each.value:
            continue
        seen.add(key)
        counts[each.field] = counts.get(each.field, 0) + 1
        yield each
