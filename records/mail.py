"""Stored mail: sealed rows, where each lies in the mailbox, its thread, and who took part there."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from policies.case import CaseId
from policies.errors import WrongUsage
from policies.mail import Kind, MailId
from policies.values import value
from records import tables
from records.keyring import Keyring
from records.store import Transaction, once
from records.tags import Tags
from records.vault import seal

RAW: Final = "raw"
# Stands for the mailbox of mail that was read from a file: it lies nowhere that the program reaches.
IMPORTED: Final = "import"
_OPENING: Final = frozenset({Kind.REPORT, Kind.FORWARD, Kind.OTHER})
_CHUNK: Final = 500
_MOST_HELD: Final = 4 * 1024 * 1024

# What is asked for every mail that comes in is written once: SQLAlchemy takes longer to build a query than to run it.
_SALT: Final = sa.select(tables.threads.c.salt).where(tables.threads.c.id == sa.bindparam("thread"))
_CASE_OF_THREAD: Final = sa.select(tables.threads.c.case).where(tables.threads.c.id == sa.bindparam("thread"))
_TAKES_PART: Final = sa.select(tables.participants.c.tag).where(
    tables.participants.c.thread == sa.bindparam("_thread"), tables.participants.c.tag == sa.bindparam("_tag")
)


@value
class Location:
    """Where a mail lies in a mailbox; the triple of folder, UIDVALIDITY and UID is unique (RFC 9051 2.3.1.1)."""

    mailbox: str
    folder: str
    uidvalidity: int
    uid: int

    @property
    def is_in_mailbox(self) -> bool:
        """Whether a mailbox holds it; false for what was imported."""
        return self.mailbox != IMPORTED


@value
class Incoming:
    """One mail, read, tagged and sealed, ready to be written.

    ``pieces`` are rows of the sealed stream, each at most 1 MiB.  ``flags`` are fixed words of ours.
    ``inner_id_tag`` is of the Message-ID of a mail that a member handed in attached to this one.
    """

    mail: MailId
    received: datetime
    size: int
    location: Location
    kind: Kind
    flags: tuple[str, ...]
    pieces: Iterable[bytes]
    draft: bytes
    message_id_tag: bytes | None
    content_tag: bytes
    identity_tag: bytes | None
    thread: str
    inner_id_tag: bytes | None = None
    copy_of: MailId | None = None
    bounce_of: MailId | None = None
    forwarded_by: str | None = None
    triaged_on: date | None = None

    def __repr__(self) -> str:
        """Which mail."""
        return f"Incoming({self.mail})"


@value
class StoredMail:
    """What is known of a mail without a key."""

    mail: MailId
    received: datetime
    size: int
    kind: Kind
    thread: str
    flags: tuple[str, ...]
    copy_of: MailId | None
    bounce_of: MailId | None
    forwarded_by: str | None
    triaged_on: date | None
    expunged_on: date | None
    mailbox_state: str
    cases: tuple[CaseId, ...]


def object_id(mail: MailId) -> str:
    """The name under which a mail's key is granted."""
    return f"message:{mail}"


def new_id() -> MailId:
    """A random id, short enough to be typed."""
    return MailId("m" + secrets.token_hex(5))


def write(transaction: Transaction, incoming: Incoming) -> None:
    """Write one mail; the caller grants its key in the same transaction."""
    write_head(transaction, incoming)
    write_sealed(transaction, [incoming])


def write_sealed(transaction: Transaction, mails: Iterable[Incoming]) -> None:
    """Write what is sealed of mails whose heads were written in the same transaction, many rows at a time."""
    drafts: list[dict[str, object]] = []
    rows: list[dict[str, object]] = []
    held = 0
    for each in mails:
        drafts.append({"message": each.mail, "sealed": each.draft})
        for number, piece in enumerate(each.pieces):
            rows.append({"message": each.mail, "number": number, "sealed": piece})
            held += len(piece)
            if held > _MOST_HELD:
                transaction.content.execute(sa.insert(tables.blobs), rows)
                rows, held = [], 0
    for table, values in ((tables.blobs, rows), (tables.drafts, drafts)):
        if values:
            transaction.content.execute(sa.insert(table), values)


def write_head(transaction: Transaction, incoming: Incoming) -> None:
    """Write what of a mail lies in clear, so that others find it; ``write_sealed`` follows in the same transaction."""
    values = {
        "id": incoming.mail,
        "received": incoming.received,
        "bytes": incoming.size,
        "kind": incoming.kind.value,
        "thread": incoming.thread,
        "message_id_tag": incoming.message_id_tag,
        "content_tag": incoming.content_tag,
        "identity_tag": incoming.identity_tag,
        "inner_id_tag": incoming.inner_id_tag,
        "copy_of": incoming.copy_of,
        "bounce_of": incoming.bounce_of,
        "forwarded_by": incoming.forwarded_by,
        "flags": list(incoming.flags),
        "triaged_on": incoming.triaged_on,
        "expunged_on": None,
        "mailbox_state": "kept" if incoming.location.is_in_mailbox else "gone",
    }
    transaction.content.execute(sa.insert(tables.messages), values)
    if incoming.location.is_in_mailbox:
        _note_location(transaction, incoming.mail, incoming.location)


def locate(transaction: Transaction, mail: MailId, location: Location) -> None:
    """Note that a mail (also) lies there; noting it twice changes nothing.

    One that was imported, or had left the mailbox, has a copy there from now on.
    """
    here = (tables.messages.c.id == mail) & (tables.messages.c.mailbox_state == "gone")
    transaction.content.execute(sa.update(tables.messages).where(here).values(mailbox_state="kept"))
    _note_location(transaction, mail, location)


def _note_location(transaction: Transaction, mail: MailId, location: Location) -> None:
    values = {**dataclasses.asdict(location), "message": mail}
    transaction.content.execute(once(transaction, tables.locations), values)


def open_thread(transaction: Transaction) -> str:
    """A new thread, with a salt of its own; returns its id."""
    thread = "t" + secrets.token_hex(8)
    transaction.salts[thread] = salt = secrets.token_bytes(32)
    transaction.content.execute(sa.insert(tables.threads), {"id": thread, "salt": salt, "case": None})
    return thread


def salt_of(transaction: Transaction, thread: str) -> bytes:
    """The salt of a thread."""
    if thread not in transaction.salts:
        transaction.salts[thread] = bytes(transaction.content.execute(_SALT, {"thread": thread}).scalar_one())
    return transaction.salts[thread]


def takes_part(transaction: Transaction, tags: Tags, thread: str, address: str) -> bool:
    """Whether an address already wrote or received a mail of the thread."""
    tag = tags.participant(salt_of(transaction, thread), address)
    return transaction.content.execute(_TAKES_PART, {"_thread": thread, "_tag": tag}).first() is not None


def note_participants(
    transaction: Transaction, tags: Tags, thread: str, mail: MailId, addresses: Collection[str]
) -> None:
    """Note who takes part, as tags; they go when the mail goes."""
    salt = salt_of(transaction, thread)
    found = {tags.participant(salt, address) for address in addresses}
    if found:
        transaction.content.execute(
            sa.insert(tables.participants),
            [{"thread": thread, "tag": tag, "message": mail} for tag in sorted(found)],
        )


def case_of_thread(transaction: Transaction, thread: str) -> CaseId | None:
    """The case to which new mail of the thread belongs, if any."""
    found = transaction.content.execute(_CASE_OF_THREAD, {"thread": thread}).scalar()
    return None if found is None else CaseId(found)


def join_case(transaction: Transaction, mail: MailId, case: CaseId) -> None:
    """File one mail with a case; filing it twice changes nothing."""
    transaction.content.execute(once(transaction, tables.case_mail), {"case": case, "message": mail})


def file_thread(transaction: Transaction, thread: str, case: CaseId) -> None:
    """File a whole thread with a case, with what it holds now and what will come."""
    transaction.content.execute(sa.update(tables.threads).where(tables.threads.c.id == thread).values(case=case))
    query = sa.select(tables.messages.c.id, tables.messages.c.triaged_on).where(
        tables.messages.c.thread == thread, tables.messages.c.expunged_on.is_(None)
    )
    rows = transaction.content.execute(query).all()
    for row in rows:
        join_case(transaction, MailId(row.id), case)
    if any(row.triaged_on is not None for row in rows):
        here = (tables.messages.c.thread == thread) & tables.messages.c.expunged_on.is_(None)
        transaction.content.execute(sa.update(tables.messages).where(here).values(triaged_on=None))


def stored(transaction: Transaction, mails: Collection[MailId] | None = None) -> list[StoredMail]:
    """What is known of these mails, or of all, oldest first."""
    if mails is None:
        return _in_order(_look_up(transaction, None))
    ids = sorted(mails)
    chunks = (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))
    return _in_order(each for chunk in chunks for each in _look_up(transaction, chunk))


def of_case(transaction: Transaction, case: CaseId) -> list[StoredMail]:
    """The mails of one case, oldest first."""
    query = sa.select(tables.case_mail.c.message).where(tables.case_mail.c.case == case)
    return stored(transaction, set(transaction.content.execute(query).scalars()))


def of_threads(transaction: Transaction, threads: Collection[str]) -> list[StoredMail]:
    """The mails of some threads, oldest first."""
    query = sa.select(tables.messages.c.id).where(tables.messages.c.thread.in_(threads))
    return stored(transaction, set(transaction.content.execute(query).scalars())) if threads else []


def one(transaction: Transaction, mail: str) -> StoredMail:
    """One mail by its id.

    Raises WrongUsage: there is none of that id.
    """
    found = stored(transaction, [MailId(mail)])
    if not found:
        raise WrongUsage("no-such-mail", "There is no mail with that id.", "`conduct mail list` shows the ids.")
    return found[0]


def openers(mails: Sequence[StoredMail]) -> list[StoredMail]:
    """Those of a case's mails, oldest first, that say who reports: what a person began each thread with."""
    found: dict[str, StoredMail] = {}
    for each in mails:
        if each.kind in _OPENING:
            found.setdefault(each.mail, each)
        elif each.kind is Kind.REPLY and not any(one.thread == each.thread for one in found.values()):
            found[each.mail] = each  # an answer to a mail of our own
    return [each for each in found.values() if each.copy_of is None]


def raw(transaction: Transaction, keyring: Keyring, mail: MailId) -> Iterator[bytes]:
    """The exact bytes that IMAP gave, piece by piece.

    Raises Refused: not granted to this member.
    """
    key = keyring.key(transaction, object_id(mail))
    query = sa.select(tables.blobs.c.sealed).where(tables.blobs.c.message == mail).order_by(tables.blobs.c.number)
    rows = transaction.content.execution_options(stream_results=True).execute(query)
    return seal.open_stream((row.sealed for row in rows), key, f"{RAW}|{mail}")


def triage(transaction: Transaction, mail: MailId, on: date) -> None:
    """Note that a mail is no report and belongs to no case: its term for unlinked mail begins."""
    transaction.content.execute(sa.update(tables.messages).where(tables.messages.c.id == mail).values(triaged_on=on))


def _look_up(transaction: Transaction, ids: Sequence[MailId] | None) -> list[StoredMail]:
    """These mails, few enough for one query, or all."""
    query, links = sa.select(tables.messages), sa.select(tables.case_mail).order_by(tables.case_mail.c.case)
    if ids is not None:
        query, links = query.where(tables.messages.c.id.in_(ids)), links.where(tables.case_mail.c.message.in_(ids))
    cases: dict[str, tuple[CaseId, ...]] = {}
    for row in transaction.content.execute(links):
        cases[row.message] = (*cases.get(row.message, ()), CaseId(row.case))
    return [_stored(row, cases.get(row.id, ())) for row in transaction.content.execute(query)]


def _in_order(mails: Iterable[StoredMail]) -> list[StoredMail]:
    return sorted(mails, key=lambda each: (each.received, each.mail))


def _stored(row: sa.Row[tuple[Any, ...]], cases: tuple[CaseId, ...]) -> StoredMail:
    return StoredMail(
        mail=MailId(row.id),
        received=row.received,
        size=row.bytes,
        kind=Kind(row.kind),
        thread=row.thread,
        flags=tuple(row.flags),
        copy_of=row.copy_of,
        bounce_of=row.bounce_of,
        forwarded_by=row.forwarded_by,
        triaged_on=row.triaged_on,
        expunged_on=row.expunged_on,
        mailbox_state=row.mailbox_state,
        cases=cases,
    )
