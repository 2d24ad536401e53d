"""The sealed parts of a record: each named subject, the account, the reporter."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from policies.addresses import canonical
from policies.case import CaseId, RowId, Subject
from policies.values import value
from records import keyring as keys
from records import tables
from records.keyring import Keyring
from records.store import Transaction
from records.vault import seal


@value
class Reporter:
    """Who reported, as it stands in the part with a key of its own."""

    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Nothing of the person."""
        return "Reporter(…)"


def case_object(case: CaseId) -> str:
    """The name under which a case's key is granted."""
    return f"case:{case}"


def account_object(case: CaseId) -> str:
    """The name of a case's account part."""
    return f"account:{case}"


def reporter_object(case: CaseId) -> str:
    """The name of a case's reporter part."""
    return f"reporter:{case}"


def witnesses_object(case: CaseId) -> str:
    """The name of a case's part for its witnesses."""
    return f"witnesses:{case}"


def subject_object(row: RowId) -> str:
    """The name of one subject's part."""
    return f"subject:{row}"


def write(transaction: Transaction, object_id: str, key: bytes, value: Mapping[str, Any]) -> None:
    """Seal a part, in place of what it held before."""
    sealed = seal.seal_bytes(json.dumps(value, separators=(",", ":")).encode(), key, object_id)
    transaction.content.execute(sa.delete(tables.parts).where(tables.parts.c.object == object_id))
    transaction.content.execute(sa.insert(tables.parts).values(object=object_id, sealed=sealed))


def read(transaction: Transaction, keyring: Keyring, object_id: str) -> dict[str, Any]:
    """Open a part.

    Raises Refused: not granted to this member, or its key has been destroyed.
    """
    return _open(transaction, keyring.key(transaction, object_id), object_id)


def read_or_none(transaction: Transaction, keyring: Keyring, object_id: str) -> dict[str, Any] | None:
    """Open a part, or None where this member cannot."""
    key = keyring.key_or_none(transaction, object_id)
    return None if key is None else _open(transaction, key, object_id)


def new_part(transaction: Transaction, object_id: str, under: str, under_key: bytes, value: Mapping[str, Any]) -> None:
    """Seal a new part under a key of its own, which another key wraps."""
    key = seal.new_key()
    keys.wrap(transaction, object_id, key, under, under_key)
    write(transaction, object_id, key, value)


def rewrite(transaction: Transaction, keyring: Keyring, object_id: str, value: Mapping[str, Any]) -> None:
    """Seal a part anew under the key that it has."""
    write(transaction, object_id, keyring.key(transaction, object_id), value)


def add_note(transaction: Transaction, keyring: Keyring, mail_object: str, act: str, text: str) -> str:
    """Keep a reason under a mail's key, for a mail that has no record; returns the salted digest."""
    salt = secrets.token_bytes(16)
    value = {"act": act, "text": text, "salt": salt.hex(), "by": keyring.member}
    sealed = seal.seal_bytes(json.dumps(value).encode(), keyring.key(transaction, mail_object), f"note:{mail_object}")
    note = f"note:{mail_object}"
    transaction.content.execute(sa.delete(tables.parts).where(tables.parts.c.object == note))
    transaction.content.execute(sa.insert(tables.parts).values(object=note, sealed=sealed))
    return seal.salted_digest(salt, text).hex()


def as_subject(value: Mapping[str, Any]) -> Subject:
    """The named subject in a part's value."""
    return Subject(*(tuple(value.get(name, ())) for name in ("names", "addresses", "handles", "urls")))


def subject_value(subject: Subject) -> dict[str, list[str]]:
    """A named subject as a part's value."""
    return {
        "names": list(subject.names),
        "addresses": list(subject.addresses),
        "handles": list(subject.handles),
        "urls": list(subject.urls),
    }


def as_reporter(value: Mapping[str, Any]) -> Reporter:
    """The reporter in a part's value."""
    return Reporter(*(tuple(value.get(name, ())) for name in ("names", "addresses", "handles")))


def together(one: Reporter, other: Reporter) -> Reporter:
    """Both in one part, each name and address once."""
    pairs = ((one.names, other.names), (one.addresses, other.addresses), (one.handles, other.handles))
    return Reporter(*(tuple(dict.fromkeys((*mine, *theirs))) for mine, theirs in pairs))


def identifiers(subject: Subject) -> set[str]:
    """What makes an earlier record possibly about the same person: the very same address, handle or URL."""
    found = {f"address {canonical(address)}" for address in subject.addresses}
    found |= {f"handle {handle.casefold().lstrip('@')}" for handle in subject.handles}
    return found | {f"url {url.rstrip('/')}" for url in subject.urls}


def known_to(people: Iterable[Subject], reporter: Reporter | None) -> set[str]:
    """Every name, address, handle and URL that a case knows, for checking what outlives it."""
    found: set[str] = set()
    for each in people:
        found |= {*each.names, *each.addresses, *each.handles, *each.urls}
    if reporter is not None:
        found |= {*reporter.names, *reporter.addresses, *reporter.handles}
    return found


def _open(transaction: Transaction, key: bytes, object_id: str) -> dict[str, Any]:
    sealed = transaction.content.execute(
        sa.select(tables.parts.c.sealed).where(tables.parts.c.object == object_id)
    ).scalar_one()
    value: dict[str, Any] = json.loads(seal.open_bytes(sealed, key, object_id))
    return value
