"""Messages as JSON and back, exactly: what the reading child hands to its parent.

The parent trusts nothing that it gets: the child has just read hostile text.  Every value is checked for its type.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn

from policies.errors import UnreadableInput
from policies.mail import Address, Attachment, Bounce, Message

_PEOPLE = ("from_", "sender", "reply_to", "to", "cc", "bcc")
_TEXTS = ("message_id", "subject", "text", "calendar_method")
_LISTS = ("in_reply_to", "references", "defects")


def message_to_json(message: Message) -> dict[str, Any]:
    """A dictionary of strings, numbers, lists and dictionaries."""
    plain: dict[str, Any] = {name: getattr(message, name) for name in _TEXTS}
    plain |= {name: list(getattr(message, name)) for name in _LISTS}
    plain |= {name: [[person.name, person.address] for person in getattr(message, name)] for name in _PEOPLE}
    bounce = message.bounce
    return plain | {
        "date": message.date.isoformat() if message.date else None,
        "attachments": [[attachment.filename, attachment.content_type] for attachment in message.attachments],
        "inner": [message_to_json(inner) for inner in message.inner],
        "hints": [list(hint) for hint in message.hints],
        "bounce": {"failed": list(bounce.failed), "original_id": bounce.original_id} if bounce else None,
        "from_headers": message.from_headers,
    }


def message_from_json(plain: object) -> Message:
    """The message again.

    Raises:
        UnreadableInput: where anything is missing, or is not of its type.
    """
    try:
        return _message(plain, may_have_inner=True)
    except (KeyError, ValueError, OverflowError):
        _refuse()


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
