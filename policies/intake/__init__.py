"""What a mail is and what it proposes: its kind, its true sender, whom it names, and a draft of the record.

``read`` looks at one mail and the roster and nothing else.  It never fills in anything: a suggestion is a value that
stands in the mail, with the words and the line it comes from, for a member to take or leave.  It never raises on
mail of any kind, and its time is linear in the text.  Of an overlong text only the beginning is searched for
suggestions (``passages.MOST_CHARACTERS``), and ``needs_eyes`` says "cut"; members' names are looked for in all of it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from policies.case import Suggestion
from policies.intake import hold, kinds
from policies.intake.handed_in import Told, first, is_ours, mail_within, words_above
from policies.intake.proposals import Reading, own_day
from policies.intake_result import Intake
from policies.mail import Address, Kind, MailId, Message
from policies.roster import MemberId, Roster
from policies.text import Line, Part, read_lines

__all__ = ["HARMLESS", "Intake", "read"]

# Defects that ordinary mail has every day and that hide nothing from whoever reads it: the text is whole, the people
# are known.  They stay with the message; every other word, known or not, asks for a person.
HARMLESS: Final = frozenset({
    "address-encoded", "address-in-name", "alternatives-differ", "charset-guessed", "date-from-received",
    "header-junk", "hidden-text", "odd-address",
})  # fmt: skip


def read(message: Message, roster: Roster, mail: MailId) -> Intake:
    """Everything that one mail tells by itself; ``roster`` is that of the day on which it is read."""
    reason = kinds.automatic_reason(message)
    if kinds.is_bounce(message):
        return _machine(message, roster, Kind.BOUNCE, "")
    if reason:
        return _machine(message, roster, Kind.AUTOMATIC, reason)
    forwarder = kinds.writer(message, roster)
    if forwarder is not None or kinds.is_from_conduct(message, roster):
        outside = kinds.outsiders(message, roster)
        forward = None if outside else mail_within(message, roster)
        if forward is None and (outside or forwarder is None or message.in_reply_to or message.references):
            return _sent(message)
        if forward is None:  # a member writes to the committee alone, and answers nobody: she may report something
            return _told(message, Told(message, message.text, first(message), message.date), roster, mail, None)
        return _told(message, forward, roster, mail, forwarder.id if forwarder else None)
    told = Told(message, message.text, first(message), message.date)
    return _told(message, told, roster, mail, None)


def _machine(message: Message, roster: Roster, kind: Kind, reason: str) -> Intake:
    # Nothing is read out of a machine's words: whoever is away is often the subject, and never a reporter by that.
    is_member = kinds.writer(message, roster) is not None
    eyes = ("two-from",) if message.from_headers > 1 else ()
    return Intake(kind, reason, first(message), is_member, message.date, needs_eyes=eyes)


def _sent(message: Message) -> Intake:
    return Intake(Kind.SENT, "", first(message), True, message.date, own=True)


def _told(message: Message, told: Told, roster: Roster, mail: MailId, forwarder: MemberId | None) -> Intake:
    handed_in = told.message is not message or told.block is not None
    lines = read_lines(told.text, f"{told.sender.name} {told.sender.address}" if told.sender else "")
    reading = Reading(told.message, lines, _reporting(told, roster, handed_in=handed_in), roster, mail, told.offset)
    day, is_own_zone = _day(told)
    own, signature = (hold.Folded(_of_part(lines, part)) for part in (Part.OWN, Part.SIGNATURE))
    named, flagged = hold.screened(roster, own, signature, None if message.from_headers > 1 else told.sender)
    also = tuple(_named_beside(message, told, roster))
    found = reading.suggest(day, is_own_zone=is_own_zone)
    return Intake(
        kind=_kind(message, handed_in=handed_in),
        sender=told.sender,
        claimed_date=told.written,
        forwarded_by=forwarder,
        forward="" if not handed_in else "attached" if told.message is not message else "inline",
        forwarded_subject=told.subject() if handed_in else "",
        suggestions=tuple(_suggestions(told, found, mail, handed_in=handed_in)),
        names_members=tuple(dict.fromkeys((*named, *also))),
        mentions_nickname=tuple(each for each in flagged if each not in also),
        needs_eyes=_eyes(message, told, handed_in=handed_in, is_cut=reading.is_cut),
    )


def _named_beside(message: Message, told: Told, roster: Roster) -> Iterator[MemberId]:
    """The members whom a mail that was handed in names besides: its forwarder's words, other mails attached to it.

    All of it is sealed as one.
    """
    is_attached = told.message is not message
    beside = [(words_above(message), first(message))] if is_attached or told.block is not None else []
    beside += [(each.text, first(each)) for each in message.inner[1:]] if is_attached else []
    for text, writer in beside:
        lines = read_lines(text, f"{writer.name} {writer.address}" if writer else "")
        own, signature = (hold.Folded(_of_part(lines, part)) for part in (Part.OWN, Part.SIGNATURE))
        yield from hold.screened(roster, own, signature, writer)[0]


def _kind(message: Message, *, handed_in: bool) -> Kind:
    if handed_in:
        return Kind.FORWARD
    return Kind.OTHER if kinds.has_nothing(message) else Kind.REPORT


def _reporting(told: Told, roster: Roster, *, handed_in: bool) -> Address | None:
    """The sender as far as she may be the reporter: of what a member handed in, no member."""
    if told.sender is None or not handed_in:
        return told.sender
    return None if is_ours(told.sender, roster) else told.sender


def _suggestions(told: Told, found: Iterable[Suggestion], mail: MailId, *, handed_in: bool) -> Iterator[Suggestion]:
    """What was found; of a mail that was handed in with its day, and its sender with the line that names her."""
    dated = told.dated(mail) if handed_in else None
    if dated is not None:
        yield dated
    for each in found:
        of_header = each.field == "reporter" and not each.line and told.block is not None
        yield dataclasses.replace(each, line=told.block.from_line) if of_header and told.block else each


def _day(told: Told) -> tuple[date | None, bool]:
    if told.block is not None:
        return told.written.date() if told.written else None, False
    return own_day(told.message)


def _of_part(lines: tuple[Line, ...], part: Part) -> str:
    return "\n".join(line.text for line in lines if line.part is part)


def _eyes(message: Message, told: Told, *, handed_in: bool, is_cut: bool) -> tuple[str, ...]:
    """Why a person should look at the mail itself, in fixed words."""
    asked = {
        "two-from": message.from_headers > 1 or len(message.from_) > 1,
        "no-from": told.sender is None,
        "no-text": not told.text.strip(),
        "encrypted": kinds.is_encrypted(message) or kinds.is_encrypted(told.message),
        "cut": is_cut or len(told.text) > hold.MOST_CHARACTERS,
        "absence-subject": kinds.has_absence_subject(message),
        "bounce-like": message.bounce is not None,
        "several-forwarded": handed_in and len(message.inner) > 1,
        "attached-mail": not handed_in and bool(message.inner),
    }
    defects = sorted(set(message.defects) - HARMLESS)
    return tuple(dict.fromkeys((*(word for word, holds in asked.items() if holds), *defects)))
