"""Rules on the mail as a thing: whether it parses, who it says it is from, its Subject, its size, its readability."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from policies.addresses import canonical
from policies.lint.checked import Checked, bare_subject
from policies.lint.directory import CONDUCT
from policies.lint.displayed import MOST_LINES
from policies.lint.fields import MOST_FIELDS, VALUE_LIMIT
from policies.lint.findings import cut, found
from policies.lint.mime import Part
from policies.lint.verdict import Finding, Role
from policies.patterns import late

_ONCE: Final = (
    "From", "Sender", "To", "Cc", "Bcc", "Reply-To", "Subject", "Message-ID", "Date", "In-Reply-To", "References",
    "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition",
)  # fmt: skip
_ADDRESSES: Final = ("From", "Sender", "To", "Cc", "Bcc", "Reply-To")
_BARE_RETURN: Final = late(rb"\r(?!\n)")
_DEFECTS: Final = {
    "no boundary": "A part of several parts does not say where they divide",
    "boundary never appears": "A part of several parts has none",
    "nested too deep": "Parts are nested more than 20 deep",
    "too many parts": "There are more than 2,000 parts",
}


def check_mechanics(checked: Checked) -> Iterator[Finding]:
    """Every finding of this family."""
    yield from _check_malformed(checked)
    yield from _check_identity(checked)
    if not bare_subject(checked.draft.subject):
        yield found("subject-missing", checked.draft.subject, "Subject", "The Subject says nothing.")
    if checked.draft.is_opaque:
        message = "The body is encrypted, so nobody here can check what it says."
        yield found("opaque-body", checked.draft.root.type, "body", message)
    size, limit = len(checked.draft.raw), checked.context.message_bytes
    if size > limit:
        message = f"The mail has {size:,} bytes, more than the {limit:,} that may be sent."
        yield found("size", f"{size} bytes", "attachment" if checked.draft.attachments else "body", message)


# ---------------------------------------------------------------- who it is from


def _check_identity(checked: Checked) -> Iterator[Finding]:
    if len(checked.draft.header.all("From")) > 1:
        return
    writers = checked.draft.mailboxes("From")
    if len(writers) != 1:
        addresses = ", ".join(each.address for each in writers)
        said = f"From names {len(writers)} addresses" if writers else "From names nobody"
        yield found("from-identity", addresses, "From", f"{said}; write from one address of yours on the roster.")
        return
    for field in ("From", "Sender"):
        for each in checked.draft.mailboxes(field):
            if not _may_write_as(checked, each.address):
                message = f"{each.address} is no address of a working member or of the committee."
                yield found("from-identity", each.address, field, message)


def _may_write_as(checked: Checked, address: str) -> bool:
    context = checked.context
    person = checked.person(address)
    role = checked.directory.role(person)
    if role is Role.RECUSED:
        return False
    # Where nobody says otherwise the committee writes from the mailbox, under each of its addresses.
    identities = context.mailbox if context.identities in {(), context.conduct} else context.identities
    if canonical(address) in {canonical(each) for each in identities}:
        return True
    return role is Role.COMMITTEE and person != CONDUCT


# ---------------------------------------------------------------- whether it can be read


def _check_malformed(checked: Checked) -> Iterator[Finding]:
    header = checked.draft.header
    counts = Counter(field.name.casefold() for field in header.fields)
    for name in _ONCE:
        if counts[name.casefold()] > 1:
            yield _malformed(
                name, name, f"There are {counts[name.casefold()]} {name} headers; programs disagree on which counts."
            )
    for name in _ADDRESSES:
        for words in checked.draft.addresses(name).unreadable:
            yield _malformed(cut(words), name, f"{name} has an address that cannot be read: {cut(words)}.")
    for field in header.fields:
        if len(field.raw) >= VALUE_LIMIT:
            yield _malformed(field.name, field.name, f"{field.name} is too long to be read.")
    if any(part.header.has_strays for part in checked.draft.parts):
        yield _malformed("header", "body", "A line of a header is no header: it has no colon.")
    if any(part.header.is_cut for part in checked.draft.parts):
        yield _malformed("header", "body", f"There are more than {MOST_FIELDS:,} headers; the rest was not read.")
    yield from _check_bytes(checked)
    yield from _check_parts(checked)


def _malformed(about: str, place: str, message: str) -> Finding:
    return found("mail-malformed", about, place, message)


def _check_bytes(checked: Checked) -> Iterator[Finding]:
    raw = checked.draft.raw
    if b"\0" not in raw and not _BARE_RETURN.search(raw):
        return
    # RFC 3030 lets a file travel as it is; such a body may hold any byte.
    files = [part for part in checked.draft.attachments if part.encoding == "binary"]
    pieces, at = [], 0
    for part in sorted(files, key=lambda each: each.start):
        pieces.append(raw[at : part.body_start])
        at = part.end
    rest = b"".join([*pieces, raw[at:]])
    if b"\0" in rest:
        yield _malformed("NUL", "body", "The mail holds a NUL byte; some programs stop reading there.")
    if _BARE_RETURN.search(rest):
        yield _malformed(
            "CR", "body", "The mail holds a carriage return without line feed; programs disagree on its lines."
        )


def _check_parts(checked: Checked) -> Iterator[Finding]:
    for part in checked.draft.parts:
        for defect in part.defects:
            if defect in _DEFECTS:
                yield _malformed(defect, "body", f"{_DEFECTS[defect]}, so it cannot be read.")
    for text in checked.draft.texts:
        if text.is_damaged:
            yield _malformed(
                _encoding(text.part),
                "body",
                f"The text cannot be read as it says it is written ({_encoding(text.part)}).",
            )
        if text.is_cut:
            yield _malformed(
                "length", "body", f"The text has more than {MOST_LINES:,} lines, or as many tags; its end was not read."
            )


def _encoding(part: Part) -> str:
    return cut(" ".join(word for word in (part.parameter("charset"), part.encoding) if word))
