"""What an IMAP library hands over, read into the values of ``ingest.mailbox``; raises ValueError & co. on nonsense."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from ingest import parse_headers
from ingest.mailbox import SPECIAL_USES, Folder, Heading, Overview, Selected

Answer = Mapping[bytes, Any]

_NOT_SELECTABLE = frozenset({"\\noselect", "\\nonexistent"})
_SPECIAL = {flag.lower(): flag for flag in SPECIAL_USES}
_APPENDED = re.compile(rb"\[APPENDUID \d+ (\d+)\]", re.IGNORECASE)


def text(value: object) -> str:
    """Flags, capabilities and codes as text, which they may be already; what is not ASCII is shown as escapes."""
    return value.decode("ascii", "backslashreplace") if isinstance(value, bytes) else str(value)


def selectable_folders(listed: Iterable[tuple[Any, Any, Any]]) -> Iterator[Folder]:
    """The folders of a LIST answer that can be opened, each once, with the special uses of RFC 6154."""
    seen: set[str] = set()
    for flags, _, name in listed:
        told = {text(flag).lower() for flag in flags or ()}
        if not isinstance(name, str) or name in seen or told & _NOT_SELECTABLE:
            continue
        seen.add(name)
        yield Folder(name, frozenset(_SPECIAL[flag] for flag in told & _SPECIAL.keys()))


def selected(answer: Answer, *, read_only: bool) -> Selected:
    """An answer to SELECT or EXAMINE; without UIDVALIDITY (RFC 9051 section 2.3.1.1) no mail could be named."""
    uidnext = answer.get(b"UIDNEXT")
    return Selected(
        uidvalidity=int(answer[b"UIDVALIDITY"]),
        uidnext=None if uidnext is None else int(uidnext),
        exists=int(answer[b"EXISTS"]),
        permanentflags=frozenset(text(flag) for flag in answer.get(b"PERMANENTFLAGS", ())),
        read_only=read_only,
    )


def overview(uid: int, answer: Answer) -> Overview | None:
    """Size and arrival; None where this is not the answer (servers send flag changes unasked)."""
    if b"RFC822.SIZE" not in answer:
        return None
    arrived: datetime | None = answer.get(b"INTERNALDATE")
    if arrived is not None:
        arrived = arrived.astimezone(UTC) if arrived.tzinfo else None
    return Overview(uid, int(answer[b"RFC822.SIZE"]), arrived)


def section(answer: Answer, offset: int | None = None) -> bytes | None:
    """The bytes of the section asked for; None where the answer holds none, or NIL."""
    exact = b"BODY[]" if offset is None else b"BODY[]<%d>" % offset
    if exact in answer:
        content = answer[exact]
    else:
        content = next((answer[key] for key in answer if key.startswith(b"BODY[")), None)
    if content is not None and not isinstance(content, bytes):
        raise TypeError
    return content


def heading(uid: int, answer: Answer) -> Heading | None:
    """Message-ID and size; None where this is not the answer."""
    header = section(answer)
    if header is None or b"RFC822.SIZE" not in answer:
        return None
    return Heading(uid, parse_headers.message_id(parse_headers.split(header)[0]), int(answer[b"RFC822.SIZE"]))


def appended_uid(answer: object) -> int | None:
    """The UID out of an APPENDUID code (RFC 4315 section 3), None where the server tells none."""
    found = _APPENDED.search(answer) if isinstance(answer, bytes) else None
    return int(found[1]) if found else None
