"""A mail's bytes to a ``Message``: tolerant of everything, losing nothing it can help, and never raising.

Order: the mail is trimmed (again: it costs little, and bounds what follows), its header is split by rules of our own,
its parts are found by the standard library, mail-parser gives a second opinion on addresses and date.
``DEFECTS`` lists every word that can stand in ``Message.defects``.
"""

from __future__ import annotations

import dataclasses
import functools

from ingest import parse_address, parse_bounce, parse_charset, parse_date, parse_headers, parse_text, parse_tree
from ingest.parse_headers import Headers
from ingest.parse_tree import Tree
from ingest.trim import trim
from policies.mail import Address, Attachment, Message

CUT = "mail-cut"
UNREADABLE = "unreadable"
JUNK = "header-junk"
TWO_FROM = "two-from"
NO_FROM = "no-from"
TWO_IDS = "two-message-ids"
INNER_CUT = "inner-cut"
DEFECTS = frozenset(
    {CUT, UNREADABLE, JUNK, TWO_FROM, NO_FROM, TWO_IDS, INNER_CUT}
    | parse_address.ALL
    | parse_date.ALL
    | parse_text.ALL
    | parse_tree.ALL
)

MAX_TEXT = 2 * 1024 * 1024
MAX_INNER_TEXT = 1024 * 1024
MAX_INNER = 20
MAX_SUBJECT = 2000
MAX_JUNK = 20_000


def parse(raw: bytes, *, is_cut: bool = False) -> Message:
    """Read a mail, whole or trimmed (and then perhaps cut); what is beyond reading becomes text as it stands."""
    trimmed, is_cut_now = trim(raw)
    try:
        message = _read(_with_line_feeds(trimmed))
    except Exception:  # noqa: BLE001  one mail: whatever it does to us, its bytes are shown and kept
        message = _as_it_stands(trimmed)
    return (
        dataclasses.replace(message, defects=tuple(sorted({*message.defects, CUT})))
        if is_cut or is_cut_now
        else message
    )


def _with_line_feeds(raw: bytes) -> bytes:
    """A mail whose lines end in carriage returns alone, as some old programs wrote them."""
    return raw if b"\n" in raw else raw.replace(b"\r", b"\n")


def _read(raw: bytes) -> Message:
    defects: set[str] = set()
    headers, body = parse_headers.split(raw)
    tree = parse_tree.walk(parse_tree.build(headers, body, defects), defects)
    message = _message(headers, tree, MAX_TEXT, defects, inner=_inner(tree, defects))
    if message.text.strip() or message.attachments or message.inner or not defects & parse_tree.ALL:
        return message
    text = parse_charset.printable_lines(parse_charset.decode(body)[0])
    return dataclasses.replace(message, text=parse_text.bounded(text.strip(), MAX_TEXT, set()))


def _inner(tree: Tree, defects: set[str]) -> tuple[Message, ...]:
    """The attached mails; what is attached to them is only listed."""
    messages: list[Message] = []
    left = MAX_INNER_TEXT
    for attached in tree.attached[:MAX_INNER]:
        own: set[str] = set()
        inner_tree = parse_tree.walk(attached, own)
        messages.append(_message(parse_tree.headers_of(attached), inner_tree, left, own, inner=()))
        left = max(0, left - len(messages[-1].text.encode()))
    if len(tree.attached) > MAX_INNER:
        defects.add(INNER_CUT)
    return tuple(messages)


def _message(headers: Headers, tree: Tree, limit: int, defects: set[str], inner: tuple[Message, ...]) -> Message:
    second = parse_address.second_opinion(headers)
    people = functools.partial(parse_address.addresses, headers, second=second, defects=defects)
    from_, sender, reply_to, to, cc, bcc = map(people, ("from", "sender", "reply-to", "to", "cc", "bcc"))
    own = {person.address for person in from_ + sender + reply_to + to + cc}
    content = parse_text.content(tree.leaves, limit, defects)
    text = parse_text.bounded(_junk_text(headers, defects) + content.text, limit, defects)
    unread = tuple(Attachment("", "message/rfc822") for _ in tree.attached[len(inner) :])
    defects |= _header_defects(headers, from_)
    return Message(
        message_id=parse_headers.message_id(headers),
        in_reply_to=parse_headers.references(headers, "in-reply-to", own, parse_headers.MAX_IN_REPLY_TO),
        references=parse_headers.references(headers, "references", own, parse_headers.MAX_REFERENCES),
        from_=from_,
        sender=sender,
        reply_to=reply_to,
        to=to,
        cc=cc,
        bcc=bcc,
        subject=headers.text("subject")[:MAX_SUBJECT],
        date=parse_date.date(headers, second, defects),
        text=text,
        attachments=content.attachments + unread,
        inner=inner,
        hints=parse_headers.hints(headers),
        bounce=parse_bounce.bounce(headers, from_, tree, text),
        calendar_method=content.calendar_method,
        from_headers=len(headers.all("from")),
        defects=tuple(sorted(defects)),
    )


def _junk_text(headers: Headers, defects: set[str]) -> str:
    """Lines in the header that are no field: other programs may take them for the beginning of the text."""
    if not headers.junk:
        return ""
    defects.add(JUNK)
    return parse_charset.printable_lines(parse_charset.decode(b"\n".join(headers.junk)[:MAX_JUNK])[0]) + "\n\n"


def _header_defects(headers: Headers, from_: tuple[Address, ...]) -> set[str]:
    found = {TWO_FROM} if len(headers.all("from")) > 1 else set()
    found |= {NO_FROM} if not from_ else set()
    return found | ({TWO_IDS} if len(headers.all("message-id")) > 1 else set())


def _as_it_stands(raw: bytes) -> Message:
    """The last resort: identity from the header splitter, the rest as text."""
    headers, body = parse_headers.split(raw)
    text = parse_charset.printable_lines(body[:MAX_TEXT].decode("utf-8", "replace"))
    return Message(
        message_id=parse_headers.message_id(headers),
        text=parse_text.bounded(text, MAX_TEXT, set()),
        hints=parse_headers.hints(headers),
        from_headers=len(headers.all("from")),
        defects=(UNREADABLE,),
    )
