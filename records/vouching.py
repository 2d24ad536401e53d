"""Who vouches for the roster: every entry, term and end of a term is signed, and the signers lead to the founder.

The founder signs her own entry, and for the recovery identity and the server's key.  Whoever can write to the store
but holds no member's key can therefore not slip in a reader, bring a former member back, or have new mail sealed to
a recovery identity of their own.  They can put back an older copy of a whole table, or found anew under the same
names: that is found by comparing the roster with the audit chain, and the chain with the pins (``records.checking``).
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa

from policies.errors import Unavailable
from policies.values import value
from records.vault.format import PublicIdentity
from records.vault.identity import verify

RECOVERY: Final = "recovery"
SERVER: Final = "server"

Row = sa.Row[tuple[Any, ...]]


@value
class Entry:
    """A row of the roster before it is signed."""

    id: str
    name: str
    details: dict[str, list[str]]
    kem: bytes
    sign: bytes
    added_by: str

    def __repr__(self) -> str:
        """Which member, not who."""
        return f"Entry({self.id})"


def forged() -> Unavailable:
    """The error for a roster that nobody with a key has written."""
    return Unavailable(
        "roster-forged",
        "The roster holds an entry that no member vouched for, so it was changed behind the program's back.",
        "Do not go on; restore the store from a backup and find out who wrote to it.",
    )


@contextlib.contextmanager
def garbage_is_forged() -> Iterator[None]:
    """Turn what a column that we never wrote so makes Python raise into ``roster-forged``."""
    try:
        yield
    except (ValueError, TypeError, KeyError, AttributeError):
        raise forged() from None


def refuse_forged(keys: Mapping[str, bytes], signer: object, message: bytes, signature: object) -> None:
    """Raise Unavailable ``roster-forged`` unless ``signer`` is known and signed ``message``."""
    key = keys.get(signer) if isinstance(signer, str) else None
    if key is None or not isinstance(signature, bytes) or not verify(key, message, signature):
        raise forged()


def founder_of(rows: Sequence[Row]) -> Row:
    """The one entry that vouches for itself.  Raises Unavailable: there is none, or more than one."""
    founders = [row for row in rows if row.added_by == row.id]
    if len(founders) != 1:
        raise forged()
    return founders[0]


def vouched_keys(rows: Sequence[Row], others: Mapping[str, bytes]) -> dict[str, bytes]:
    """Every member's signing key, and ``others`` (recovery, server), once each entry was traced back to the founder.

    Raises Unavailable: an entry is signed by nobody, by itself, or in a ring that does not reach the founder.
    """
    founder = founder_of(rows)
    keys = {**others, founder.id: founder.sign}
    waiting = list(rows)
    while waiting:
        traced = [row for row in waiting if row.added_by in keys and row.added_by != SERVER]
        if not traced:
            raise forged()
        for row in traced:
            refuse_forged(keys, row.added_by, member_bytes(row), row.signature)
            keys.setdefault(row.id, row.sign)
        waiting = [row for row in waiting if row not in traced]
    return keys


def refuse_forged_period(keys: Mapping[str, bytes], row: Row) -> None:
    """Raise Unavailable unless a term's beginning, and its end if it has one, are vouched for."""
    refuse_forged(keys, row.added_by, start_bytes(row.member, row.number, row.starts), row.signature)
    if row.ends is not None:
        refuse_forged(keys, row.ended_by, end_bytes(row.member, row.number, row.ends), row.end_signature)


def member_bytes(entry: Row | Entry) -> bytes:
    """What is signed for an entry."""
    parts = [entry.id, entry.name, entry.details, entry.kem.hex(), entry.sign.hex(), entry.added_by]
    return b"conduct/1/member|" + json.dumps(parts, sort_keys=True).encode()


def start_bytes(member: str, number: int, starts: datetime | None) -> bytes:
    """What is signed for the beginning of a term."""
    return f"conduct/1/period|{member}|{number}|{_instant(starts) if starts else '-'}".encode()


def end_bytes(member: str, number: int, ends: datetime) -> bytes:
    """What is signed for the end of a term."""
    return f"conduct/1/period-end|{member}|{number}|{_instant(ends)}".encode()


def trust_bytes(recovery: PublicIdentity, server_sign: bytes) -> bytes:
    """What the founder signs for the recovery identity and the server's key."""
    return b"conduct/1/trust|" + recovery.fingerprint + server_sign


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()
