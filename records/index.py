"""A member's index of what she may read, by Message-IDs and parties: a mail is found without opening them all.

It holds keyed digests, is sealed under a key that only she has, and is meant for memory, never for a disk: there it
would be the index of persons that the stores do not have.  Every use compares it with the stores first.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final

import sqlalchemy as sa

from policies.addresses import canonical
from policies.case import CaseId, Status
from policies.errors import Unavailable
from policies.mail import Kind, MailId
from records import cases, drafts, mail, parts, tables
from records.drafts import Opened
from records.keyring import Keyring
from records.store import Transaction
from records.vault import seal

_PURPOSE: Final = "index"
_DIGEST_BYTES: Final = 10
_CHUNK: Final = 500
_MESSAGE: Final = "message:"


def current(transaction: Transaction, acting: Keyring) -> Index:
    """The index as of this transaction: what the member's memory keeps of it, and what is new, read now.

    Where nothing is kept it takes as long as opening all her mail.
    """
    found = Index(acting, acting.memory.recall() if acting.memory else b"")
    if found.bring_up_to_date(transaction) and acting.memory is not None:
        acting.memory.remember(found.kept())
    return found


def is_kept(acting: Keyring) -> bool:
    """Whether the index is kept between commands, so that most of it need not be read anew."""
    return acting.memory is not None and acting.memory.is_there()


class Index:
    """What was kept, or nothing where it does not open; ``bring_up_to_date`` before asking it anything."""

    def __init__(self, acting: Keyring, kept: bytes = b"") -> None:
        self._acting = acting
        self._key = acting.identity.own_key(_PURPOSE)
        self._mails, self._parts = _read(kept, self._key)

    def __repr__(self) -> str:
        """How much."""
        return f"Index({len(self._mails)} mails)"

    def kept(self) -> bytes:
        """Itself, sealed."""
        return seal.seal_bytes(json.dumps([self._mails, self._parts]).encode(), self._key, _PURPOSE)

    def bring_up_to_date(self, transaction: Transaction) -> bool:
        """Forget what is destroyed or closed to this member, read what is new to her; whether anything was."""
        granted = set(self._acting.granted(transaction, ""))
        readable = {MailId(each.removeprefix(_MESSAGE)) for each in granted if each.startswith(_MESSAGE)}
        is_changed = self._follow_mails(transaction, readable)
        return self._follow_parts(transaction, granted) or is_changed

    # --- asking

    def threads(self, transaction: Transaction, message_ids: Collection[str]) -> set[str]:
        """The threads of the mails with these Message-IDs."""
        wanted = {self._digest(each) for each in message_ids}
        found = [each for each, (message_id, *_) in self._mails.items() if message_id in wanted]
        return {each.thread for each in mail.stored(transaction, found)}

    def cases_of(self, transaction: Transaction, addresses: Collection[str]) -> set[CaseId]:
        """The cases that one of these addresses is a party of: it reported, or stands in an open record."""
        wanted = {self._digest(canonical(each)) for each in addresses}
        written = [each for each, (_, *writers) in self._mails.items() if not wanted.isdisjoint(writers)]
        reports = [each for each in mail.stored(transaction, written) if each.kind is Kind.REPORT]
        owners = {name: case for case, name in _objects(transaction)}
        named = {owners[name] for name, (_, *found) in self._parts.items() if not wanted.isdisjoint(found)}
        return named | {case for each in reports for case in each.cases}

    # --- following the stores

    def _follow_mails(self, transaction: Transaction, readable: set[MailId]) -> bool:
        gone, new = self._mails.keys() - readable, readable - self._mails.keys()
        for each in gone:
            del self._mails[each]
        for each, opened in drafts.opened_many(transaction, self._acting, new):
            self._mails[each] = list(self._of_mail(opened))
        return bool(gone or new)

    def _of_mail(self, opened: Opened) -> Iterator[str]:
        message = opened.message
        yield self._digest(message.message_id) if message and message.message_id else ""
        for each in (*message.from_, *message.reply_to) if message else ():
            yield self._digest(canonical(each.address))

    def _follow_parts(self, transaction: Transaction, granted: set[str]) -> bool:
        now = _sealed_parts(transaction, granted)
        kept = {name: found for name, found in self._parts.items() if now.get(name) == found[0]}
        is_changed = kept.keys() != self._parts.keys()
        for name in now.keys() - kept.keys():
            value = parts.read_or_none(transaction, self._acting, name) or {}
            kept[name] = [now[name], *(self._digest(canonical(each)) for each in _addresses(value))]
            is_changed = True
        self._parts = kept
        return is_changed

    def _digest(self, text: str) -> str:
        return hashlib.blake2b(text.encode("utf-8", "replace"), key=self._key, digest_size=_DIGEST_BYTES).hexdigest()


def _read(kept: bytes, key: bytes) -> tuple[dict[MailId, list[str]], dict[str, list[str]]]:
    if kept:
        try:
            mails, of_parts = json.loads(seal.open_bytes(kept, key, _PURPOSE))
            return mails, of_parts
        except (Unavailable, ValueError):  # not what we gave: then all is read anew
            pass
    return {}, {}


def _objects(transaction: Transaction) -> list[tuple[CaseId, str]]:
    """The parts of open records that name people, each with its case."""
    live = [each.id for each in cases.every(transaction, (Status.OPEN,))]
    found = [(case, name(case)) for case in live for name in (parts.reporter_object, parts.witnesses_object)]
    rows = cases.every_row(transaction) if live else {}
    return found + [(case, parts.subject_object(row.id)) for case in live for row in rows.get(case, ())]


def _sealed_parts(transaction: Transaction, granted: set[str]) -> dict[str, str]:
    """A digest of each such part that can be opened by these grants, as it is sealed now."""
    found: dict[str, str] = {}
    names = [name for _, name in _objects(transaction)]
    for start in range(0, len(names), _CHUNK):
        chunk = names[start : start + _CHUNK]
        under = sa.select(tables.wrapped.c.object, tables.wrapped.c.under).where(tables.wrapped.c.object.in_(chunk))
        openable = {row.object for row in transaction.keys.execute(under) if row.under in granted}
        sealed = sa.select(tables.parts).where(tables.parts.c.object.in_(openable | (granted & set(chunk))))
        for row in transaction.content.execute(sealed):
            found[row.object] = hashlib.blake2b(row.sealed, digest_size=_DIGEST_BYTES).hexdigest()
    return found


def _addresses(value: dict[str, Any]) -> Iterable[str]:
    yield from value.get("addresses", ())
    for each in value.get("witnesses", ()):
        yield from each.get("addresses", ())
