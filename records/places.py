"""How far each folder has been taken in, and which mails were begun but never finished."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from records import tables
from records.mail import Location
from records.store import Transaction

_FORGET = sa.delete(tables.attempts).where(
    *(column == sa.bindparam(f"_{column.name}") for column in tables.attempts.primary_key)
)


def last_uid(transaction: Transaction, mailbox: str, folder: str, uidvalidity: int) -> int:
    """The highest UID taken in; 0 for a folder that is new, or whose UIDs were given out anew.

    With a new UIDVALIDITY every mail is looked at again, and known by its content (RFC 9051 2.3.1.1).
    """
    row = transaction.content.execute(
        sa.select(tables.folders).where(tables.folders.c.mailbox == mailbox, tables.folders.c.folder == folder)
    ).first()
    return 0 if row is None or row.uidvalidity != uidvalidity else int(row.last_uid)


def note_uid(transaction: Transaction, location: Location) -> None:
    """Move a folder's mark up to this mail."""
    here = (tables.folders.c.mailbox == location.mailbox) & (tables.folders.c.folder == location.folder)
    known = last_uid(transaction, location.mailbox, location.folder, location.uidvalidity)
    transaction.content.execute(sa.delete(tables.folders).where(here))
    transaction.content.execute(
        sa.insert(tables.folders).values(
            mailbox=location.mailbox,
            folder=location.folder,
            uidvalidity=location.uidvalidity,
            last_uid=max(known, location.uid),
        )
    )


def note_attempts(transaction: Transaction, locations: Iterable[Location]) -> dict[Location, int]:
    """Count one more attempt for each of these mails; returns the new counts."""
    before = attempts(transaction)
    counts = {location: before.get(location, 0) + 1 for location in locations}
    finish_attempts(transaction, counts)
    if counts:
        values = [{**_columns(location), "count": count} for location, count in counts.items()]
        transaction.content.execute(sa.insert(tables.attempts), values)
    return counts


def finish_attempts(transaction: Transaction, locations: Iterable[Location]) -> None:
    """These mails are stored: forget that they were tried."""
    values = [{f"_{name}": value for name, value in _columns(location).items()} for location in locations]
    if values:
        transaction.content.execute(_FORGET, values)


def forgive_attempts(transaction: Transaction, locations: Iterable[Location]) -> None:
    """Count one attempt less for those of these mails that are still not stored."""
    before = attempts(transaction)
    for location in locations:
        if location in before:
            finish_attempts(transaction, [location])
            if before[location] > 1:
                values = {**_columns(location), "count": before[location] - 1}
                transaction.content.execute(sa.insert(tables.attempts), values)


def attempts(transaction: Transaction) -> dict[Location, int]:
    """The mails that were begun and never finished, and how often."""
    rows = transaction.content.execute(sa.select(tables.attempts)).mappings()
    return {Location(row["mailbox"], row["folder"], row["uidvalidity"], row["uid"]): row["count"] for row in rows}


def _columns(location: Location) -> dict[str, object]:
    return {
        "mailbox": location.mailbox,
        "folder": location.folder,
        "uidvalidity": location.uidvalidity,
        "uid": location.uid,
    }
