"""Who must not be given away: reporters and witnesses to anybody outside, a subject to whom it does not concern.

communications.md, "Protect reporters": "Never … disclose identities of reporters outside of the code of conduct
committee, without the express written permission of the person concerned."
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from policies.lint.checked import Checked
from policies.lint.mentions import Mention, Mentions, Party, is_cleared, uncleared
from policies.lint.rules import severity_of
from policies.lint.verdict import Finding, Recipient, Role, Severity
from policies.outcomes import Outcome

_NOT_TOLD: Final = frozenset({Outcome.RESOLVED, Outcome.NO_VIOLATION, Outcome.UNIDENTIFIED})
_CORROBORATED: Final = 2
_RULE_OF: Final = {
    "own": "reporter-named", "Subject": "reporter-named", "quote": "reporter-quoted",
    "header": "reporter-header", "attachment": "reporter-attached",
}  # fmt: skip


def identity_findings(mentions: Mentions) -> Iterator[Finding]:
    """All rules about who is named, or seen, by whom."""
    checked = mentions.checked
    if not checked.outside:
        yield from _subject_line(mentions, set())
        return
    named_in_subject: set[str] = set()
    for party in mentions.parties:
        if party.is_protected:
            yield from _protected(mentions, party, named_in_subject)
            yield from _visible(checked, party)
            yield from _thread(checked, party)
        else:
            yield from _subject(mentions, party)
    yield from _subject_line(mentions, named_in_subject)


def _protected(mentions: Mentions, party: Party, named_in_subject: set[str]) -> Iterator[Finding]:
    others = uncleared(mentions.checked, party)
    if not others:
        return
    for mention in _of(mentions, party):
        rule = _RULE_OF[mention.source]
        if mention.source == "Subject":
            named_in_subject.add(mention.about)
        for other in _told(mention, others, mentions.checked):
            yield mention.finding(rule, severity_of(rule), mention.about_to(other), _sentence(mention, other))


def _of(mentions: Mentions, party: Party) -> Iterator[Mention]:
    return (mention for mention in mentions.all if mention.party is party)


def _told(mention: Mention, others: Iterable[Recipient], checked: Checked) -> Iterator[Recipient]:
    """The first who learns of the party here: not the one whose own mailbox it stands beside."""
    owner = checked.person(mention.mailbox) if mention.mailbox else ""
    is_subject = bool(owner) and owner == mention.party.key and not mention.party.is_protected
    know = {owner, *_have_met(owner, checked)} if is_subject else {owner}
    return islice((each for each in others if each.person not in know), 1)


def _have_met(person: str, checked: Checked) -> Iterator[str]:
    """Who stands beside the person on an earlier mail of the thread: a friend, whom the subject put in Cc."""
    for each in checked.ancestors:
        together = checked.participants(each.draft)
        if person in together:
            yield from together


def _sentence(mention: Mention, other: Recipient) -> str:
    about, role, to = mention.about, mention.party.role.value, other.address
    remedy = "Remove it or record the permission: conduct consent add …"
    if mention.source == "attachment":
        return f"{mention.detail} contains {about} ({role}), and goes to {to}. {remedy}"
    if mention.source == "quote":
        return f"The quoted text carries {about} ({role}) to {to}. Delete the quote."
    if mention.source == "header":
        return f"{mention.place} shows {about} ({role}) to {to}; start a new mail."
    where = f"Line {mention.line.number}" if mention.line else f"The {mention.place}"
    extra = f" {mention.detail}" if mention.detail else ""
    return f"{where} names {about} ({role}){extra} to {to}; no written permission is on record. {remedy}"


def _visible(checked: Checked, party: Party) -> Iterator[Finding]:
    seen = next((each for each in checked.recipients if each.person == party.key and each.field != "Bcc"), None)
    others = uncleared(checked, party) if seen else ()
    if seen and others:
        one, other = f"{seen.address} ({party.role.value})", others[0]
        meet = f"{one} and {other.address} would see each other"
        # Who is hidden in Bcc is not seen, but sees.
        message = f"{other.address}, in Bcc, would see {one}" if other.field == "Bcc" else meet
        severity = severity_of("reporter-recipient")
        yield Finding("reporter-recipient", severity, seen.address, seen.field, f"{message}; write two mails.")


def _thread(checked: Checked, party: Party) -> Iterator[Finding]:
    others = uncleared(checked, party)
    if not others or not party.key:
        return
    # Without an address nobody can be known to have taken part.
    if not any(party.key in checked.shown_on(each.draft) for each in checked.ancestors):
        return
    place = "In-Reply-To" if checked.draft.in_reply_to else "References"
    name = party.person.name
    yield Finding(
        "thread-reused",
        severity_of("thread-reused"),
        f"{name} to {others[0].address}",
        place,
        f"{name} ({party.role.value}) took part in this thread; write a new mail to {others[0].address}"
        " (no quote, no In-Reply-To).",
    )


def _subject(mentions: Mentions, party: Party) -> Iterator[Finding]:
    checked = mentions.checked
    outsiders = tuple(each for each in checked.outside_with(Role.OUTSIDER) if not is_cleared(checked, party, each))
    organisers = checked.outside_with(Role.ORGANISER)
    for mention in _of(mentions, party):
        yield from (_disclosed(mention, other) for other in _told(mention, outsiders, checked))
        if party.person.status in _NOT_TOLD:
            yield from (_not_to_be_told(mention, other) for other in _told(mention, organisers, checked))
    if organisers and party.person.status is None and checked.case and checked.case.reports < _CORROBORATED:
        # It is about the person and not about a spelling: once is enough.
        yield from (_uncorroborated(mention) for mention in islice(_of(mentions, party), 1))


def _disclosed(mention: Mention, other: Recipient) -> Finding:
    return mention.finding(
        "subject-disclosed",
        severity_of("subject-disclosed"),
        mention.about_to(other),
        f"{mention.about} is named to {other.address}, who has no part in this case.",
    )


def _not_to_be_told(mention: Mention, other: Recipient) -> Finding:
    status = mention.party.person.status
    outcome = status.value if status else ""
    return mention.finding(
        "not-to-be-told",
        severity_of("not-to-be-told"),
        mention.mailbox or mention.about,
        f"{mention.about} is on record as {outcome}, neither flagged nor banned; organisers are not told"
        f" ({other.address}).",
    )


def _uncorroborated(mention: Mention) -> Finding:
    return mention.finding(
        "subject-uncorroborated",
        severity_of("subject-uncorroborated"),
        mention.about,
        f"{mention.about}: only one report is on record; the guide asks for corroboration"
        ' ("pattern of behavior") first.',
    )


def _subject_line(mentions: Mentions, already: set[str]) -> Iterable[Finding]:
    checked = mentions.checked
    is_prefixed = checked.says_reply or checked.says_forward
    if checked.case is None or not checked.is_new_subject() or (is_prefixed and checked.baseline is None):
        return
    for mention in mentions.all:
        if mention.source == "Subject" and mention.about not in already:
            message = f'{mention.about} stands in the Subject; use the code name "{checked.case.code}".'
            yield mention.finding("subject-line-name", Severity.WARNING, mention.about, message)
