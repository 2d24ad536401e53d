"""Threads divided when some of their mail turns out to be about something else, and joined again."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable

import sqlalchemy as sa

from policies.mail import Kind, MailId
from records import mail, tables
from records.store import Transaction


def branch(transaction: Transaction, thread: str, mails: Collection[MailId]) -> str:
    """Move some mails of a thread into a new one, with those who took part in them; returns its id.

    The new thread has the salt of the old one, for nobody but the service could make its tags anew: so the store
    still shows that an address wrote in both, which it showed before.
    """
    new = "t" + secrets.token_hex(8)
    salt = mail.salt_of(transaction, thread)
    transaction.content.execute(sa.insert(tables.threads).values(id=new, salt=salt, case=None))
    for table, column in (
        (tables.messages, tables.messages.c.id),
        (tables.participants, tables.participants.c.message),
    ):
        here = (table.c.thread == thread) & column.in_(mails)
        transaction.content.execute(sa.update(table).where(here).values(thread=new))
    return new


def join(transaction: Transaction, new: str, thread: str) -> None:
    """Put a branch back into the thread that it was taken from, with all that has come to it since."""
    for table in (tables.messages, tables.participants):
        transaction.content.execute(sa.update(table).where(table.c.thread == new).values(thread=thread))
    transaction.content.execute(sa.delete(tables.threads).where(tables.threads.c.id == new))


def call(transaction: Transaction, message: MailId, kind: Kind, flags: Iterable[str]) -> None:
    """Put another kind and other flags in place of a mail's."""
    here = tables.messages.c.id == message
    values = {"kind": kind.value, "flags": list(flags)}
    transaction.content.execute(sa.update(tables.messages).where(here).values(**values))
