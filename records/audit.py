"""The audit chain: who did what when, append-only, hashed one onto the other, signed, free of personal data.

Each entry's hash covers the one before it, and its actor signs that hash, so a changed, removed or swapped entry
breaks the chain.  A cut tail would not: the count and the head therefore stand, signed, in the keys store and
beside each member's identity (the pin), and ``verify`` compares all three.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Protocol

import sqlalchemy as sa

from policies.errors import Unavailable
from policies.values import value
from records import tables
from records.store import Transaction
from records.vault.identity import verify as verify_signature

_FIRST: Final = bytes(32)
_MOST: Final = 2**31 - 1
Detail = str | int | bool | None | list[str]


def _raw(table: sa.Table) -> sa.Select[*tuple[Any, ...]]:
    """Every column as the database has it: what was tampered with may not be of the column's type."""
    columns: list[Any] = [sa.type_coerce(one, sa.types.NullType()).label(one.name) for one in table.columns]
    return sa.select(*columns)


_RAW: Final = _raw(tables.audit)
_RAW_ANCHOR: Final = _raw(tables.anchor).where(tables.anchor.c.name == "audit")
_LAST: Final = _RAW.order_by(tables.audit.c.number.desc()).limit(1)


class Signer(Protocol):
    """Whoever acts: an unlocked member, or the server for unattended acts."""

    @property
    def actor(self) -> str:
        """The member's id, or ``server``."""

    def sign(self, message: bytes) -> bytes:
        """An Ed25519 signature."""


@value
class Entry:
    """One act.  ``about`` is a code name, a member's id or a mail's id; ``details`` hold fixed words and numbers."""

    number: int
    at: datetime
    actor: str
    act: str
    about: str
    details: Mapping[str, Detail]


@value
class Pin:
    """How long the chain was, and how it ended, when somebody last looked."""

    count: int
    head: bytes


def append(
    transaction: Transaction,
    signer: Signer,
    at: datetime,
    act: str,
    about: str = "",
    **details: Detail,
) -> None:
    """Add one act to the chain, as part of the transaction that carries it out."""
    last = _last(transaction)
    number, previous = (last.count + 1, last.head)
    instant = at.astimezone(UTC).isoformat()
    text = json.dumps(details, sort_keys=True, separators=(",", ":"))
    digest = _digest(number, instant, signer.actor, act, about, text, previous)
    transaction.content.execute(
        sa.insert(tables.audit),
        {
            "number": number,
            "at": instant,
            "actor": signer.actor,
            "act": act,
            "about": about,
            "details": text,
            "previous": previous,
            "hash": digest,
            "signature": signer.sign(_signed("audit", number, digest)),
        },
    )
    transaction.anchor = {
        "name": "audit",
        "count": number,
        "head": digest,
        "signer": signer.actor,
        "signature": signer.sign(_signed("anchor", number, digest)),
    }


def entries(transaction: Transaction, about: str | None = None) -> list[Entry]:
    """The acts in order, or those about one thing.

    Raises Unavailable: an entry holds what this program never writes.
    """
    query = sa.select(tables.audit).order_by(tables.audit.c.number)
    if about is not None:
        query = query.where(tables.audit.c.about == about)
    try:
        return [_entry(row) for row in transaction.content.execute(query)]
    except (ValueError, TypeError, AttributeError):
        raise _damaged() from None


def newest(transaction: Transaction) -> datetime | None:
    """The latest instant at which anything was done; None while nothing was.

    Raises Unavailable: an entry holds what this program never writes.
    """
    # Written by `append` alone, in UTC, so that the later instant is the later text.
    at = transaction.content.execute(sa.select(sa.func.max(tables.audit.c.at))).scalar()
    try:
        return None if at is None else datetime.fromisoformat(at).astimezone(UTC)
    except (ValueError, TypeError):
        raise _damaged() from None


def end(transaction: Transaction) -> Pin:
    """How the chain ends now: what a member's pin should say."""
    return _last(transaction)


def still_holds(transaction: Transaction, pin: Pin) -> bool:
    """Whether the chain still has the end that was seen earlier; ``verify`` looks far closer."""
    if not 0 < pin.count <= _MOST:
        return pin == Pin(0, _FIRST)
    found = transaction.content.execute(_RAW.where(tables.audit.c.number == pin.count)).first()
    return found is not None and found.hash == pin.head


def verify(transaction: Transaction, public_keys: Mapping[str, bytes] | None, pins: Sequence[Pin] = ()) -> list[str]:
    """What is wrong with the chain, as sentences; empty when it is whole.

    ``public_keys`` maps every actor, past ones included, to its Ed25519 key; None where nobody knows them, then
    signatures are not looked at.  ``pins`` are ends seen earlier.
    """
    problems: list[str] = []
    hashes: dict[int, object] = {0: _FIRST}
    previous: object = _FIRST
    expected = 1
    for row in transaction.content.execute(_RAW.order_by(tables.audit.c.number)):
        problems += _entry_problems(row, expected, previous, public_keys)
        previous, expected = row.hash, row.number + 1
        hashes[row.number] = row.hash
    problems += _anchor_problems(transaction, hashes, public_keys)
    for pin in pins:
        if hashes.get(pin.count) != pin.head:
            problems.append(f"The chain no longer holds entry {pin.count} as it was when you last looked.")
    return problems


def _entry(row: sa.Row[tuple[Any, ...]]) -> Entry:
    details = json.loads(row.details)
    if not isinstance(details, dict):
        raise TypeError
    at = datetime.fromisoformat(row.at)
    return Entry(row.number, at.astimezone(UTC), row.actor, row.act, row.about, details)


def _damaged() -> Unavailable:
    return Unavailable(
        "audit-damaged",
        "The audit chain holds what this program never wrote.",
        "`conduct audit verify` says where; restore the store from a backup.",
    )


def _last(transaction: Transaction) -> Pin:
    if transaction.anchor is not None:  # the end that this very act has made
        return Pin(transaction.anchor["count"], transaction.anchor["head"])
    row = transaction.content.execute(_LAST).first()
    if row is None:
        return Pin(0, _FIRST)
    if not isinstance(row.hash, bytes):
        raise _damaged()
    return Pin(row.number, row.hash)


def _digest(number: int, at: str, actor: str, act: str, about: str, details: str, previous: bytes) -> bytes:
    text = json.dumps([number, at, actor, act, about, details, previous.hex()], separators=(",", ":"))
    return hashlib.sha256(b"conduct/1/audit|" + text.encode()).digest()


def _signed(what: str, number: int, digest: bytes) -> bytes:
    return f"conduct/1/{what}|{number}|".encode() + digest


def _entry_problems(
    row: sa.Row[tuple[Any, ...]], expected: int, previous: object, public_keys: Mapping[str, bytes] | None
) -> list[str]:
    if row.number != expected:
        return [f"Entry {expected} is missing before entry {row.number}."]
    if row.previous != previous or not isinstance(row.previous, bytes):
        return [f"Entry {row.number} does not follow the one before it."]
    texts = (row.at, row.actor, row.act, row.about, row.details)
    if not all(isinstance(text, str) for text in texts) or _digest(row.number, *texts, row.previous) != row.hash:
        return [f"Entry {row.number} was changed after it was written."]
    if not _is_signed(public_keys, row.actor, _signed("audit", row.number, row.hash), row.signature):
        return [f"Entry {row.number} is not signed by the one it names."]
    return []


def _anchor_problems(
    transaction: Transaction, hashes: Mapping[int, object], public_keys: Mapping[str, bytes] | None
) -> list[str]:
    row = transaction.keys.execute(_RAW_ANCHOR).first()
    if row is None:
        return ["The chain's end is not noted in the keys store."] if len(hashes) > 1 else []
    count, head = row._mapping["count"], row.head  # noqa: SLF001  a row has a method of that name
    if not isinstance(head, bytes) or not isinstance(count, int):
        return ["The note of the chain's end in the keys store was changed."]
    if not _is_signed(public_keys, row.signer, _signed("anchor", count, head), row.signature):
        return ["The note of the chain's end in the keys store is not signed by the one it names."]
    if hashes.get(count) != head:
        return [f"The chain ends before entry {count}, or that entry was replaced."]
    return []


def _is_signed(public_keys: Mapping[str, bytes] | None, actor: object, message: bytes, signature: object) -> bool:
    if public_keys is None:
        return True
    key = public_keys.get(actor) if isinstance(actor, str) else None
    return key is not None and isinstance(signature, bytes) and verify_signature(key, message, signature)
