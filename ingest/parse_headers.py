"""The header of a mail, split tolerantly: every field kept, Message-IDs cleaned, machine headers picked out."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable

from ingest.parse_words import header_text, raw_text

MAX_REFERENCES = 100
MAX_IN_REPLY_TO = 20
MAX_ID = 998  # RFC 5322 2.1.1: no line is longer
MAX_HINT = 500

# The headers that tell machines from people (RFC 3834, RFC 2919, RFC 2369, and what programs made up), and the date
# as written, for the sender's time zone.
HINTS = (
    "date",
    "auto-submitted",
    "precedence",
    "x-autoreply",
    "x-autorespond",
    "x-auto-response-suppress",
    "x-ms-exchange-inbox-rules-loop",
    "x-ms-exchange-generated-message-source",
    "list-id",
    "list-unsubscribe",
    "return-path",
    "x-failed-recipients",
    "x-loop",
    "content-type",
    "feedback-id",
    "delivered-to",
    "x-mailer",
    "user-agent",
    "resent-from",
    "resent-date",
    "resent-to",
    "x-forwarded-message-id",
    "x-forwarded-for",
    "x-forwarded-to",
    "x-original-to",
    "mail-followup-to",
    "disposition-notification-to",
)

_EMPTY_LINE = re.compile(rb"\n\r?\n")
_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:[ \t]*([^\n]*(?:\n[ \t][^\n]*)*)")
_IN_BRACKETS = re.compile(r"<([^<>]{1,2000})>")
_BARE_ID = re.compile(r"[^\s<>@\",;:()]{6,400}@[^\s<>@\",;:()]{1,400}")
_SHORTEST_WITHOUT_AT = 8


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Headers:
    """Fields in their order as (lower-case name, raw value); ``junk`` are lines that are no field."""

    fields: tuple[tuple[str, bytes], ...]
    junk: tuple[bytes, ...] = ()

    def __repr__(self) -> str:
        """How many fields."""
        return f"Headers({len(self.fields)} fields)"

    def all(self, name: str) -> list[bytes]:
        """The raw values of every field of that lower-case name."""
        return [value for key, value in self.fields if key == name]

    def first(self, name: str) -> bytes:
        """The raw value of the first field of that name, empty where absent."""
        return next((value for key, value in self.fields if key == name), b"")

    def text(self, name: str) -> str:
        """The first field of that name as a person sees it."""
        return header_text(self.first(name))


def split(raw: bytes) -> tuple[Headers, bytes]:
    """Header and body.  A mail that begins with no field at all is all body."""
    if raw.startswith((b"\r\n", b"\n")):
        return Headers(()), raw[raw.index(b"\n") + 1 :]
    match = _EMPTY_LINE.search(raw)
    block, body = (raw[: match.start() + 1], raw[match.end() :]) if match else (raw, b"")
    headers = _fields(block)
    return (headers, body) if headers.fields else (Headers(()), raw)


def _fields(block: bytes) -> Headers:
    fields: list[tuple[str, bytes]] = []
    junk: list[bytes] = []
    at = 0
    while at < len(block):
        match = _FIELD.match(block, at)
        if match:
            fields.append((match[1].decode("ascii").lower(), match[2].rstrip(b"\r\n")))
            at = match.end() + 1
        else:
            end = block.find(b"\n", at)
            end = len(block) if end < 0 else end
            line = block[at:end].strip()
            if line and not line.startswith((b"From ", b">From ")):
                junk.append(line)
            at = end + 1
    return Headers(tuple(fields), tuple(junk))


def message_id(headers: Headers) -> str:
    """The Message-ID without brackets; what a mail gives is kept, even without an @."""
    text = raw_text(headers.first("message-id"))
    found = _IN_BRACKETS.search(text)
    name = "".join((found[1] if found else text).split()) if found or len(text.split()) == 1 else ""
    return name.strip("<>") if len(name) <= MAX_ID else ""


def references(headers: Headers, name: str, addresses: Iterable[str], limit: int) -> tuple[str, ...]:
    """The Message-IDs that a field points to, without brackets, each once, in order.

    What only looks like one is dropped: prose, ``<yes>``, and the mail's own addresses (old programs wrote
    ``In-Reply-To: Your message to <paula@example.net>``).  Of too many, the first and the latest are kept.
    """
    no_ids = {address.lower() for address in addresses}
    found: dict[str, None] = {}
    for value in headers.all(name):
        for candidate in _candidates(raw_text(value)):
            if len(candidate) <= MAX_ID and candidate.lower() not in no_ids:
                found.setdefault(candidate)
    ids = tuple(found)
    return ids if len(ids) <= limit else (ids[0], *ids[len(ids) - limit + 1 :])


def _candidates(text: str) -> Iterable[str]:
    for match in _IN_BRACKETS.finditer(text):
        candidate = "".join(match[1].split())
        if "@" in candidate or (len(candidate) >= _SHORTEST_WITHOUT_AT and candidate == match[1]):
            yield candidate
    bare = _IN_BRACKETS.sub(" ", text).replace(",", " ").split()
    # HyperKitty writes the bare id and nothing else; an address among words is prose.
    if all(_BARE_ID.fullmatch(word) for word in bare):
        yield from bare


def hints(headers: Headers) -> tuple[tuple[str, str], ...]:
    """The machine headers that are there, decoded, cut at a length no honest one reaches."""
    found: dict[str, str] = {}
    for name, value in headers.fields:
        if name in HINTS and name not in found:
            found[name] = header_text(value[: MAX_HINT * 4])[:MAX_HINT]
    return tuple(found.items())
