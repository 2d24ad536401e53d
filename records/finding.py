"""Stored mail found again: by its bytes, as a copy of another, by the Message-IDs that a mail answers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa

from policies.case import CaseId
from policies.mail import MailId
from policies.values import value
from records import tables
from records.store import Transaction
from records.tags import Tags

# Asked for every mail that comes in, so written once: SQLAlchemy takes longer to build a query than to run it.
_WITH_CONTENT: Final = sa.select(tables.messages.c.id).where(tables.messages.c.content_tag == sa.bindparam("content"))
_WITH_IDENTITY: Final = (
    sa.select(tables.messages.c.id)
    .where(tables.messages.c.identity_tag == sa.bindparam("identity"), tables.messages.c.copy_of.is_(None))
    .order_by(tables.messages.c.received)
)
_DESTROYED: Final = sa.select(tables.tombstones.c.message).where(
    (tables.tombstones.c.content_tag == sa.bindparam("content"))
    | (tables.tombstones.c.identity_tag == sa.bindparam("identity"))  # NULL equals nothing
)
_CHUNK: Final = 500
_FAMILIAR: Final = tuple(
    sa.select(column).where(column.in_(sa.bindparam("tags", expanding=True)))
    for table in (tables.messages, tables.tombstones)
    for column in (table.c.content_tag, table.c.identity_tag)
)
_IDS: Final[sa.BindParameter[Any]] = sa.bindparam("tags", expanding=True)
_WITH_MESSAGE_IDS: Final = sa.select(
    tables.messages.c.id,
    tables.messages.c.received,
    tables.messages.c.thread,
    tables.messages.c.message_id_tag,
    tables.messages.c.inner_id_tag,
).where(tables.messages.c.message_id_tag.in_(_IDS) | tables.messages.c.inner_id_tag.in_(_IDS))


@value
class Lying:
    """Where a mail was taken in from, its size in bytes, and the tag by which its bytes are known again."""

    mail: MailId
    folder: str
    uidvalidity: int
    uid: int
    size: int
    content_tag: bytes


def lying(transaction: Transaction, mailbox: str, mails: Collection[MailId]) -> list[Lying]:
    """Where these mails were seen in that mailbox, each as often as it was; destroyed ones nowhere."""
    query = (
        sa.select(tables.locations, tables.messages.c.bytes, tables.messages.c.content_tag)
        .join(tables.messages, tables.messages.c.id == tables.locations.c.message)
        .where(
            tables.locations.c.mailbox == mailbox,
            tables.messages.c.id.in_(sorted(mails)[:_CHUNK]),
            tables.messages.c.expunged_on.is_(None),
        )
        .order_by(tables.messages.c.received)
    )
    return [
        Lying(MailId(row.message), row.folder, row.uidvalidity, row.uid, row.bytes, row.content_tag)
        for row in transaction.content.execute(query)
    ]


def familiar(transaction: Transaction, tags: Collection[bytes]) -> set[bytes]:
    """Those of these content and identity tags under which a mail is stored, or was destroyed.

    A whole batch is asked for at once: nearly every mail is new, and needs no further look.
    """
    wanted = sorted(tags)
    found: set[bytes] = set()
    for start in range(0, len(wanted), _CHUNK):
        for query in _FAMILIAR:
            found.update(transaction.content.execute(query, {"tags": wanted[start : start + _CHUNK]}).scalars())
    return found


def with_content(transaction: Transaction, content_tag: bytes) -> MailId | None:
    """The stored mail that has exactly these bytes."""
    found = transaction.content.execute(_WITH_CONTENT, {"content": content_tag}).scalar()
    return None if found is None else MailId(found)


def destroyed_copy(transaction: Transaction, content_tag: bytes, identity_tag: bytes | None) -> MailId | None:
    """The destroyed mail that had these bytes, or of which this is another copy."""
    found = transaction.content.execute(_DESTROYED, {"content": content_tag, "identity": identity_tag}).scalar()
    return None if found is None else MailId(found)


def with_identity(transaction: Transaction, identity_tag: bytes | None) -> MailId | None:
    """The first stored mail with the same Message-ID, From and body, of which another is a copy."""
    if identity_tag is None:
        return None
    found = transaction.content.execute(_WITH_IDENTITY, {"identity": identity_tag}).scalar()
    return None if found is None else MailId(found)


def with_message_ids(transaction: Transaction, tags: Sequence[bytes]) -> list[tuple[MailId, str]]:
    """The stored mails with these Message-IDs, each with its thread, in the order of ``tags``.

    A mail that a member handed in is found by the id of what she attached, too.
    """
    if not tags:
        return []
    rank = {tag: place for place, tag in reversed(list(enumerate(tags)))}
    found = [
        (rank[tag], row.received, row.id, row.thread)
        for row in transaction.content.execute(_WITH_MESSAGE_IDS, {"tags": list(tags)})
        for tag in (row.message_id_tag, row.inner_id_tag)
        if tag in rank
    ]
    # Of several mails that give themselves the same id, the first one came honestly by it.
    return [(MailId(mail), thread) for _, _, mail, thread in sorted(found)]


def cases_with_participant(transaction: Transaction, tags: Tags, addresses: Collection[str]) -> set[CaseId]:
    """The cases in a thread of which one of these addresses wrote or received a mail.

    Each thread has a salt of its own, so that nobody can look for a person in all of them without the service's key.
    """
    query = (
        sa.select(tables.threads.c.case, tables.threads.c.salt, tables.participants.c.tag)
        .join(tables.participants, tables.participants.c.thread == tables.threads.c.id)
        .where(tables.threads.c.case.is_not(None))
    )
    wanted: dict[bytes, set[bytes]] = {}
    found: set[CaseId] = set()
    for case, salt, tag in transaction.content.execute(query):
        if salt not in wanted:
            wanted[salt] = {tags.participant(salt, address) for address in addresses}
        if tag in wanted[salt]:
            found.add(CaseId(case))
    return found
