"""Founding a committee in its empty stores: whom to trust, the first member, the first audit entry."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from policies.errors import Refused
from records import audit, members
from records.keyring import Keyring
from records.members import Enrolled
from records.store import Transaction
from records.vault.format import PublicIdentity
from records.vault.newcomer import Newcomer

FOUND: Final = "found"


def found(
    transaction: Transaction,
    founder: Keyring,
    newcomer: Newcomer,
    recovery: PublicIdentity,
    server_sign: bytes,
    starts: datetime | None,
    at: datetime,
) -> Enrolled:
    """Put the founder on the roster, vouching for herself, for the recovery identity and for the server's key.

    The keyring's member is a new id (``members.new_id``).  The first audit entry holds the digests of these three,
    so that each pin ever noted stands for them as well.

    Raises Refused: these stores have a committee.
    """
    if members.load(transaction) or audit.end(transaction).count:
        raise Refused(
            "already-founded",
            "There is a committee in these stores already.",
            "To join it: `conduct member key`, then `conduct member add` by a member.",
        )
    members.trust(transaction, founder, recovery, server_sign)
    enrolled = members.enrol(transaction, newcomer, founder, starts)
    audit.append(
        transaction,
        founder,
        at,
        FOUND,
        enrolled.member.id,
        key=enrolled.public.fingerprint.hex(),
        recovery=recovery.fingerprint.hex(),
        server=server_sign.hex(),
        since=starts.date().isoformat() if starts else None,
    )
    return enrolled
