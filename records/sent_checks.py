"""Which of the committee's sent mails were checked after the fact, and what came of it; rules are named, nobody is.

An entry goes with its mail.  What a check found stands in the audit chain as well, under the case's code name.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import date, datetime

import sqlalchemy as sa

from policies.mail import Kind, MailId
from records import mail, tables
from records.mail import StoredMail
from records.store import Transaction


@dataclasses.dataclass(frozen=True, slots=True)
class SentCheck:
    """What the check of a sent mail came to; ``ruling`` is the gate's word, ``rules`` those that found errors."""

    mail: MailId
    on: date
    ruling: str
    rules: tuple[str, ...]


def unchecked(transaction: Transaction, since: datetime) -> list[StoredMail]:
    """The committee's mails of the time since then that have not been checked, oldest first; of copies the first."""
    checked = sa.select(tables.sent_checks.c.message)
    query = sa.select(tables.messages.c.id).where(
        tables.messages.c.kind == Kind.SENT.value,
        tables.messages.c.received >= since,
        tables.messages.c.copy_of.is_(None),
        tables.messages.c.expunged_on.is_(None),
        tables.messages.c.id.not_in(checked),
    )
    found = set(transaction.content.execute(query).scalars())
    return mail.stored(transaction, found) if found else []


def copies(transaction: Transaction, message: MailId) -> list[MailId]:
    """A mail and its copies: any of them may be the one that still lies in the mailbox."""
    query = sa.select(tables.messages.c.id).where(tables.messages.c.copy_of == message)
    return [message, *(MailId(one) for one in transaction.content.execute(query).scalars())]


def note(transaction: Transaction, check: SentCheck) -> None:
    """Note what a check came to; a later one takes its place."""
    here = tables.sent_checks.c.message == check.mail
    transaction.content.execute(sa.delete(tables.sent_checks).where(here))
    transaction.content.execute(
        sa.insert(tables.sent_checks).values(
            message=check.mail, on=check.on, ruling=check.ruling, rules=list(check.rules)
        )
    )


def ruled(transaction: Transaction, ruling: str, since: date) -> list[MailId]:
    """The mails of which a check has said this on that day or later."""
    here = (tables.sent_checks.c.on >= since) & (tables.sent_checks.c.ruling == ruling)
    query = sa.select(tables.sent_checks.c.message).where(here).order_by(tables.sent_checks.c.message)
    return [MailId(one) for one in transaction.content.execute(query).scalars()]


def lies_outside_inbox(transaction: Transaction, mails: Iterable[MailId]) -> bool:
    """Whether one of these lies in a folder in which no mail arrives by itself, as that of sent mail is."""
    query = sa.select(tables.locations.c.folder).where(tables.locations.c.message.in_(list(mails)))
    return any(folder.upper() != "INBOX" for folder in transaction.content.execute(query).scalars())


def forget(transaction: Transaction, message: MailId) -> None:
    """The mail is destroyed."""
    transaction.content.execute(sa.delete(tables.sent_checks).where(tables.sent_checks.c.message == message))
