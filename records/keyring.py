"""What one unlocked member can open, and the sealing of new objects to their readers.

Every object has a key of its own.  A key reaches a reader either by a grant (sealed to her) or wrapped under
another key that she can open: the subject and account parts lie under their case's key.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final, Protocol

import sqlalchemy as sa

from policies.errors import Refused
from policies.roster import MemberId
from records import members, tables
from records.store import Transaction
from records.vault import seal
from records.vault.format import PublicIdentity
from records.vault.identity import Identity

_CHUNK: Final = 500


class Memory(Protocol):
    """Where something sealed is remembered between two commands, at most as long as the key is unlocked."""

    def recall(self) -> bytes:
        """What was last remembered; empty where nothing was."""

    def remember(self, what: bytes) -> None:
        """Remember this instead; where nothing can be remembered, nothing happens."""

    def is_there(self) -> bool:
        """Whether anything can be remembered."""


@dataclasses.dataclass(slots=True, repr=False)
class Keyring:
    """An unlocked member: she signs, and opens what was granted to her.  Keys opened once are remembered."""

    member: MemberId
    identity: Identity
    memory: Memory | None = None
    _opened: dict[str, bytes] = dataclasses.field(default_factory=dict)

    def __repr__(self) -> str:
        """Which member; never a key."""
        return f"Keyring({self.member})"

    @property
    def actor(self) -> str:
        """Who signs."""
        return self.member

    def sign(self, message: bytes) -> bytes:
        """The member's Ed25519 signature."""
        return self.identity.sign(message)

    def key(self, transaction: Transaction, object_id: str) -> bytes:
        """The key of an object.

        Raises Refused: it was not granted to this member; the hint names those who can open it.
        """
        found = self.key_or_none(transaction, object_id)
        if found is None:
            raise Refused("no-grant", "This was not granted to you.", whom_to_ask(transaction, object_id))
        return found

    def key_or_none(self, transaction: Transaction, object_id: str) -> bytes | None:
        """The key of an object, or None if it was not granted to this member or has been destroyed."""
        if object_id not in self._opened:
            key = self._find(transaction, object_id)
            if key is None:
                return None
            self._opened[object_id] = key
        return self._opened[object_id]

    def open_many(self, transaction: Transaction, objects: Collection[str]) -> None:
        """Look the keys of many objects up at once; those that were granted to this member are remembered then."""
        wanted = [each for each in objects if each not in self._opened]
        for start in range(0, len(wanted), _CHUNK):
            query = sa.select(tables.grants.c.object, tables.grants.c.sealed).where(
                tables.grants.c.reader == self.member, tables.grants.c.object.in_(wanted[start : start + _CHUNK])
            )
            for row in transaction.keys.execute(query):
                self._opened[row.object] = seal.open_grant(row.sealed, self.identity, row.object)

    def forget(self, *objects: str) -> None:
        """Look these keys up anew: what was remembered of them may come from an act that was not completed."""
        for object_id in objects:
            self._opened.pop(object_id, None)

    def granted(self, transaction: Transaction, prefix: str) -> list[str]:
        """The objects of one kind (``message:``, ``case:``, ``reporter:``) that were granted to this member."""
        query = sa.select(tables.grants.c.object).where(
            tables.grants.c.reader == self.member, tables.grants.c.object.startswith(prefix)
        )
        return sorted(transaction.keys.execute(query).scalars())

    def _find(self, transaction: Transaction, object_id: str) -> bytes | None:
        granted = self._by_grant(transaction, object_id)
        if granted is not None:
            return granted
        row = transaction.keys.execute(sa.select(tables.wrapped).where(tables.wrapped.c.object == object_id)).first()
        if row is None:
            return None
        # One level is all there is: what lies under a case's key wraps nothing itself, so no ring can hold us up.
        under = self._opened.get(row.under) or self._by_grant(transaction, row.under)
        return None if under is None else seal.unwrap(row.sealed, under, object_id)

    def _by_grant(self, transaction: Transaction, object_id: str) -> bytes | None:
        sealed = transaction.keys.execute(
            sa.select(tables.grants.c.sealed).where(
                tables.grants.c.object == object_id, tables.grants.c.reader == self.member
            )
        ).scalar_one_or_none()
        return None if sealed is None else seal.open_grant(sealed, self.identity, object_id)


def readers_of(transaction: Transaction, object_id: str) -> set[str]:
    """Who can open an object: member ids, and ``recovery``."""
    under = transaction.keys.execute(
        sa.select(tables.wrapped.c.under).where(tables.wrapped.c.object == object_id)
    ).scalar_one_or_none()
    query = sa.select(tables.grants.c.reader).where(tables.grants.c.object == (under or object_id))
    return set(transaction.keys.execute(query).scalars())


def whom_to_ask(transaction: Transaction, object_id: str) -> str:
    """A hint that names the present members who can open an object."""
    able = readers_of(transaction, object_id)
    names = [each.member.name for each in members.present(transaction) if each.member.id in able]
    if names:
        return f"Ask one of: {', '.join(names)}."
    return "Only the recovery identity can open it." if members.RECOVERY in able else "Its key has been destroyed."


def grant(transaction: Transaction, object_id: str, key: bytes, readers: Mapping[str, PublicIdentity]) -> None:
    """Seal an object's key to each reader."""
    grant_all(transaction, [(object_id, key, readers)])


def grant_all(transaction: Transaction, due: Iterable[tuple[str, bytes, Mapping[str, PublicIdentity]]]) -> None:
    """Seal the keys of several objects, each to its readers."""
    values = [
        {"object": object_id, "reader": reader, "sealed": seal.grant(key, public, object_id)}
        for object_id, key, readers in due
        for reader, public in readers.items()
    ]
    if values:
        transaction.keys.execute(sa.insert(tables.grants), values)


def wrap(transaction: Transaction, object_id: str, key: bytes, under: str, under_key: bytes) -> None:
    """Put an object's key under another one's, in place of what an interrupted act may have left."""
    transaction.keys.execute(sa.delete(tables.wrapped).where(tables.wrapped.c.object == object_id))
    transaction.keys.execute(
        sa.insert(tables.wrapped).values(object=object_id, under=under, sealed=seal.wrap(key, under_key, object_id))
    )


def destroy(transaction: Transaction, objects: Iterable[str]) -> None:
    """Delete every key to these objects; what was sealed under them can never be opened again."""
    ids = list(objects)
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        transaction.keys.execute(sa.delete(tables.grants).where(tables.grants.c.object.in_(chunk)))
        transaction.keys.execute(sa.delete(tables.wrapped).where(tables.wrapped.c.object.in_(chunk)))


def revoke(transaction: Transaction, object_id: str, reader: str) -> None:
    """Take one reader's grant away; needs nobody's key."""
    transaction.keys.execute(
        sa.delete(tables.grants).where(tables.grants.c.object == object_id, tables.grants.c.reader == reader)
    )


def readers_with_keys(
    transaction: Transaction, chosen: Iterable[MemberId], *, with_recovery: bool = True
) -> dict[str, PublicIdentity]:
    """The public keys of the chosen present members, and the recovery identity's."""
    wanted = set(chosen)
    found: dict[str, PublicIdentity] = {
        each.member.id: each.public for each in members.present(transaction) if each.member.id in wanted
    }
    if with_recovery:
        found[members.RECOVERY] = members.recovery(transaction)
    return found


def hand_over(
    transaction: Transaction,
    keyring: Keyring,
    objects: Iterable[str],
    to: members.Enrolled,
    still_owed: Callable[[str], None],
) -> int:
    """Grant what the acting member can open to another; what she cannot is reported to ``still_owed``.

    Returns how many were granted.
    """
    granted = 0
    for object_id in objects:
        if to.member.id in readers_of(transaction, object_id):
            continue
        key = keyring.key_or_none(transaction, object_id)
        if key is None:
            still_owed(object_id)
            continue
        grant(transaction, object_id, key, {to.member.id: to.public})
        granted += 1
    return granted
