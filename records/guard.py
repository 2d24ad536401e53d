"""One poller per mailbox, also where several hosts share a PostgreSQL store: an advisory lock beside the file lock."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from typing import Final

import sqlalchemy as sa

from policies.errors import LockedElsewhere
from records.store import Store, told

_TAKE: Final = sa.text("SELECT pg_try_advisory_lock(:number)")
# PostgreSQL manual, "pg_locks": a 64-bit key stands in two columns of 32 bits.
_HOLDER: Final = sa.text(
    "SELECT coalesce(host(activity.client_addr), 'this host'), activity.pid FROM pg_locks AS held"
    " JOIN pg_stat_activity AS activity USING (pid)"
    " WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 1"
    " AND ((held.classid::bigint << 32) | held.objid::bigint) = :number"
)


@contextlib.contextmanager
def only_poller(store: Store, mailbox: str) -> Iterator[None]:
    """Hold the mailbox for the length of the block, for all hosts that share the store.

    With SQLite there is one host, and the file lock is enough.  The server lets go when the connection ends, however
    it ends.

    Raises LockedElsewhere: another host holds it; the sentence says which.
    """
    if store.is_sqlite:
        yield
        return
    number = int.from_bytes(hashlib.sha256(b"conduct/poller|" + mailbox.encode()).digest()[:7], "big")
    with told("locking the mailbox"), store.content_engine.connect() as fresh:
        connection = fresh.execution_options(isolation_level="AUTOCOMMIT")  # held for long, so no open transaction
        if not connection.execute(_TAKE, {"number": number}).scalar():
            raise _held(connection, number)
        try:
            yield
        finally:
            connection.invalidate()  # the lock belongs to the connection, which a pool would keep


def _held(connection: sa.Connection, number: int) -> LockedElsewhere:
    found = connection.execute(_HOLDER, {"number": number}).first()
    holder = f"a connection from {found[0]} (server process {found[1]})" if found else "another host"
    return LockedElsewhere("mailbox-locked", f"This mailbox is being read by {holder}.", "Try again when it is done.")
