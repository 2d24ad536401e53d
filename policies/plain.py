"""Messages, what was read out of them, and rosters as plain values and back, exactly.

So they travel between the program and the limited child that reads mail, and are sealed.  Whoever reads them back
trusts nothing: the child has just read hostile text, so every value is checked for its type.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn

from policies.case import Suggestion
from policies.errors import UnreadableInput
from policies.intake_result import Intake
from policies.mail import Address, Attachment, Bounce, Kind, MailId, Message
from policies.roster import Member, MemberId, Period, Roster

_PEOPLE = ("from_", "sender", "reply_to", "to", "cc", "bcc")
_TEXTS = ("message_id", "subject", "text", "calendar_method")
_LISTS = ("in_reply_to", "references", "defects")


def message_to_plain(message: Message) -> dict[str, Any]:
    """A dictionary of strings, numbers, lists and dictionaries."""
    plain: dict[str, Any] = {name: getattr(message, name) for name in _TEXTS}
    plain |= {name: list(getattr(message, name)) for name in _LISTS}
    plain |= {name: [[person.name, person.address] for person in getattr(message, name)] for name in _PEOPLE}
    bounce = message.bounce
    return plain | {
        "date": message.date.isoformat() if message.date else None,
        "attachments": [[attachment.filename, attachment.content_type] for attachment in message.attachments],
        "inner": [message_to_plain(inner) for inner in message.inner],
        "hints": [list(hint) for hint in message.hints],
        "bounce": {"failed": list(bounce.failed), "original_id": bounce.original_id} if bounce else None,
        "from_headers": message.from_headers,
    }


def message_from_plain(plain: object) -> Message:
    """The message again.

    Raises:
        UnreadableInput: where anything is missing, or is not of its type.
    """
    try:
        return _message(plain, may_have_inner=True)
    except (KeyError, ValueError, OverflowError):
        _refuse()


def intake_to_plain(intake: Intake) -> dict[str, Any]:
    """A dictionary of strings, numbers, lists and dictionaries."""
    sender = intake.sender
    return {
        "kind": intake.kind.value,
        "automatic_reason": intake.automatic_reason,
        "sender": [sender.name, sender.address] if sender else None,
        "sender_is_member": intake.sender_is_member,
        "claimed_date": intake.claimed_date.isoformat() if intake.claimed_date else None,
        "forwarded_by": intake.forwarded_by or "",
        "forward": intake.forward,
        "forwarded_subject": intake.forwarded_subject,
        "suggestions": [[one.field, one.value, one.evidence, one.line] for one in intake.suggestions],
        "names_members": list(intake.names_members),
        "mentions_nickname": list(intake.mentions_nickname),
        "needs_eyes": list(intake.needs_eyes),
        "own": intake.own,
    }


def intake_from_plain(plain: object, mail: MailId) -> Intake:
    """What was read out of a mail again; ``mail`` is the one that the suggestions are from.

    Raises:
        UnreadableInput: where anything is missing, or is not of its type.
    """
    try:
        return _intake(_mapping(plain), mail)
    except (KeyError, ValueError, OverflowError):
        _refuse()


def roster_to_plain(roster: Roster) -> dict[str, Any]:
    """The present members and the mailbox's addresses, as far as reading mail needs them."""
    return {
        "conduct": list(roster.conduct),
        "members": [
            [[member.id, member.name], list(member.addresses), list(member.handles), list(member.nicknames)]
            for member in roster.present
        ],
    }


def roster_from_plain(plain: object) -> Roster:
    """The roster again; every member in it is present.

    Raises:
        UnreadableInput: where anything is missing, or is not of its type.
    """
    try:
        fields = _mapping(plain)
        return Roster(_texts(fields["conduct"]), tuple(_member(one) for one in _sequence(fields["members"])))
    except (KeyError, ValueError):
        _refuse()


def _member(plain: object) -> Member:
    who, addresses, handles, nicknames = (_texts(each) for each in _sequence(plain))
    member_id, name = who
    return Member(MemberId(member_id), name, addresses, handles, nicknames, (Period(None, None),))


def _intake(fields: Mapping[str, object], mail: MailId) -> Intake:
    sender = fields["sender"]
    return Intake(
        kind=Kind(_text(fields["kind"])),
        automatic_reason=_text(fields["automatic_reason"]),
        sender=Address(*_pair(sender)) if sender is not None else None,
        sender_is_member=_truth(fields["sender_is_member"]),
        claimed_date=_date(fields["claimed_date"]),
        forwarded_by=MemberId(_text(fields["forwarded_by"])) if fields["forwarded_by"] else None,
        forward=_text(fields["forward"]),
        forwarded_subject=_text(fields["forwarded_subject"]),
        suggestions=tuple(_suggestion(one, mail) for one in _sequence(fields["suggestions"])),
        names_members=tuple(MemberId(one) for one in _texts(fields["names_members"])),
        mentions_nickname=tuple(MemberId(one) for one in _texts(fields["mentions_nickname"])),
        needs_eyes=_texts(fields["needs_eyes"]),
        own=_truth(fields["own"]),
    )


def _suggestion(plain: object, mail: MailId) -> Suggestion:
    field, value, evidence, line = _sequence(plain)
    return Suggestion(_text(field), _text(value), _text(evidence), _count(line), mail)


def _truth(value: object) -> bool:
    return value if isinstance(value, bool) else _refuse()


def _message(plain: object, *, may_have_inner: bool) -> Message:
    fields = _mapping(plain)
    inner = _sequence(fields["inner"])
    if inner and not may_have_inner:
        _refuse()
    texts: dict[str, Any] = {name: _text(fields[name]) for name in _TEXTS}
    lists: dict[str, Any] = {name: _texts(fields[name]) for name in _LISTS}
    people: dict[str, Any] = {name: _people(fields[name]) for name in _PEOPLE}
    return Message(
        **texts,
        **lists,
        **people,
        date=_date(fields["date"]),
        attachments=tuple(Attachment(*_pair(pair)) for pair in _sequence(fields["attachments"])),
        inner=tuple(_message(mail, may_have_inner=False) for mail in inner),
        hints=tuple(_pair(pair) for pair in _sequence(fields["hints"])),
        bounce=_bounce(fields["bounce"]),
        from_headers=_count(fields["from_headers"]),
    )


def _refuse() -> NoReturn:
    raise UnreadableInput("reader-answer", "The reading child gave an answer that is no message.")


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else _refuse()


def _sequence(value: object) -> list[object]:
    return value if isinstance(value, list) else _refuse()


def _text(value: object) -> str:
    return value if isinstance(value, str) else _refuse()


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else _refuse()


def _texts(value: object) -> tuple[str, ...]:
    return tuple(_text(item) for item in _sequence(value))


def _pair(value: object) -> tuple[str, str]:
    first, second = _texts(value)
    return first, second


def _people(value: object) -> tuple[Address, ...]:
    return tuple(Address(*_pair(pair)) for pair in _sequence(value))


def _bounce(value: object) -> Bounce | None:
    if value is None:
        return None
    fields = _mapping(value)
    return Bounce(_texts(fields["failed"]), _text(fields["original_id"]))


def _date(value: object) -> datetime | None:
    if value is None:
        return None
    instant = datetime.fromisoformat(_text(value))
    return instant.astimezone(UTC) if instant.tzinfo else _refuse()
