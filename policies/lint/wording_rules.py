"""The wording rules over a draft: each sentence of the writer's own words, for the audiences that an entry names."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from policies.lint.checked import Checked
from policies.lint.context import Case, Stage
from policies.lint.facts import states_fact
from policies.lint.mentions import Mentions, Party, is_cleared
from policies.lint.own_words import OwnWords
from policies.lint.rules import RULES, severity_of
from policies.lint.verdict import Finding, Role, Severity
from policies.lint.wording import OUTSIDE, Entries, Entry, Match, Wording

_CHOICE: Final = "organiser-choice"
_FACT: Final = "no-observable-fact"
_GENDERED: Final = "reporter-gendered"
_SINGLED_OUT: Final = "reporter-singled-out"
_VOICE: Final = "voice-channel"


def wording_findings(mentions: Mentions, entries: Sequence[Entry]) -> Iterator[Finding]:
    """Everything that the entries find; mail that stays within the committee may be worded as it likes."""
    checked = mentions.checked
    wanted = [entry for entry in entries if entry.id in RULES and _applies(mentions, entry)]
    if not checked.outside or not wanted or not checked.texts:
        return
    wording = Wording(wanted, entries.ready if isinstance(entries, Entries) else None)
    people = [party.naming for party in mentions.parties]
    texts = [OwnWords(text, people) for text in checked.texts]
    for own in texts:
        yield from _in_text(checked, own, wording)
    if wording.effort.left < 0:
        message = "The wording is too tangled to be checked to its end; write shorter sentences."
        yield Finding("opaque-body", severity_of("opaque-body"), "wording", "body", message)
    yield from _choice(mentions, texts, [entry for entry in wanted if entry.id == _CHOICE])


def _applies(mentions: Mentions, entry: Entry) -> bool:
    checked = mentions.checked
    roles = {role.value for role in checked.audience} | ({OUTSIDE} if checked.outside else set())
    if not roles & entry.audience:
        return False
    if checked.case is None:
        return not RULES[entry.id].needs_case or entry.id == _CHOICE
    asked = _ASKED.get(entry.id)
    return asked is None or asked(mentions, checked.case)


def _may_know(mentions: Mentions) -> bool:
    """Whether everybody outside may know who reported."""
    reporters: list[Party] = [party for party in mentions.parties if party.role is Role.REPORTER]
    return bool(reporters) and all(
        is_cleared(mentions.checked, party, each) for party in reporters for each in mentions.checked.outside
    )


def _may_not_decide(mentions: Mentions, case: Case) -> bool:
    """Whether the right of reply is still to come, on the day of the draft."""
    return case.right_of_reply is None or case.right_of_reply > mentions.checked.day


# What of the case an entry depends on, beside the audience.
_ASKED: Final[Mapping[str, Callable[[Mentions, Case], bool]]] = {
    "outcome-promise": lambda _, case: case.stage < Stage.DECIDED,
    "right-of-reply": _may_not_decide,
    _GENDERED: lambda mentions, _: any(each.role is not Role.REPORTER for each in mentions.checked.outside),
    _SINGLED_OUT: lambda mentions, _: not _may_know(mentions),
}


def _in_text(checked: Checked, own: OwnWords, wording: Wording) -> Iterator[Finding]:
    described = False
    for sentence in own.sentences:
        matches = list(wording.matches(sentence, own.parties_in(sentence)))
        is_gendered = any(match.entry.id == _GENDERED for match in matches)
        for match in sorted(matches, key=lambda match: match.start):
            if match.entry.id == _CHOICE or (match.entry.id == _SINGLED_OUT and is_gendered):
                continue
            if match.entry.id == _FACT:
                # One a mail, at the first words that describe; a fact anywhere makes it answerable.
                if described or states_fact(checked, own):
                    continue
                described = True
            yield _finding(checked, own, match)


def _finding(checked: Checked, own: OwnWords, match: Match) -> Finding:
    written = own.written(match.start, match.end)
    return own.place(
        Finding(match.entry.id, _severity(checked, match.entry), written, "body", match.entry.said(written)),
        match.start,
        match.end,
    )


def _severity(checked: Checked, entry: Entry) -> Severity:
    if entry.id == _VOICE and Role.ORGANISER in checked.audience:
        # "Any information we communicate needs to be written down, not done over Skype/Hangout."
        return Severity.ERROR
    return entry.severity or severity_of(entry.id)


def _choice(mentions: Mentions, texts: Sequence[OwnWords], entries: Sequence[Entry]) -> Iterator[Finding]:
    """Organisers are told of a person, and no sentence leaves the choice to them."""
    if not entries or not texts:
        return
    granting = Wording([_without_with(entry) for entry in entries])
    speaking = Wording([_speaking(entry) for entry in entries if entry.with_])
    if any(
        True
        for own in texts
        for sentence in own.sentences
        for _ in granting.matches(sentence, own.parties_in(sentence))
    ):
        return
    about = next(
        (each for each in mentions.all if each.party.role is Role.SUBJECT and each.source in {"own", "Subject"}), None
    )
    if about is not None:
        yield about.finding(_CHOICE, severity_of(_CHOICE), about.about, entries[0].said(about.matched))
        return
    for own in texts:
        for sentence in own.sentences:
            for match in speaking.matches(sentence):
                yield _finding(mentions.checked, own, match)
                return


def _without_with(entry: Entry) -> Entry:

    return dataclasses.replace(entry, with_=())


def _speaking(entry: Entry) -> Entry:

    return dataclasses.replace(entry, any=entry.with_, with_=(), not_=())
