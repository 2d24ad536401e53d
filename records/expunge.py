"""Destroying what is due: keys first, then what they opened; tombstones and the mailbox's part remain to do.

After it nothing that named a person can be opened with any key that exists: the part's own key is deleted from the
keys store, which overwrites and is vacuumed.  No private key is needed, so a sweep can do it as well as a member.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Final

import sqlalchemy as sa

from policies.case import CaseId, Status
from policies.mail import MailId
from policies.retention import PlanItem
from records import audit, cases, keyring, linking, mail, overrides, parts, refusals, sent_checks, tables, waiting
from records.audit import Signer
from records.store import Transaction

_BLANKED: Final = (
    "message_id_tag", "content_tag", "identity_tag", "inner_id_tag", "forwarded_by", "copy_of", "bounce_of",
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Doomed:
    """A mail whose copies in the mailbox are to go; the tags are HMACs, None where there was nothing to tag.

    ``size`` and ``content_tag`` are of the delivered bytes; ``identity_tag`` is what copies with other headers share.
    """

    mail_id: MailId
    message_id_tag: bytes | None
    size: int
    content_tag: bytes
    identity_tag: bytes | None


def carry_out(transaction: Transaction, signer: Signer, items: Iterable[PlanItem], at: datetime) -> None:
    """Destroy these parts; items whose part is the mailbox are only queued for whoever may log in there."""
    by_case: dict[str, list[PlanItem]] = {}
    for item in items:
        by_case.setdefault(item.code_name, []).append(item)
    for code_name, due in sorted(by_case.items()):
        for item in due:
            _destroy(transaction, item, at.date())
        for case in {item.case for item in due if item.case is not None}:
            _finish_case(transaction, case, at.date())
        linking.forget_finished(transaction)
        audit.append(
            transaction,
            signer,
            at,
            "expunge",
            code_name,
            parts=sorted({part_name(item) for item in due}),
            mails=len({each for item in due for each in item.mails}),
        )


def doomed(transaction: Transaction) -> list[Doomed]:
    """The mails whose copies must still leave the mailbox."""
    query = (
        sa.select(tables.tombstones)
        .join(tables.messages, tables.messages.c.id == tables.tombstones.c.message)
        .where(tables.messages.c.mailbox_state == "queued")
        .order_by(tables.tombstones.c.message)
    )
    rows = transaction.content.execute(query).all()
    if not rows:
        return []
    kept = sa.select(tables.messages.c.identity_tag).where(tables.messages.c.identity_tag.is_not(None))
    living = set(transaction.content.execute(kept).scalars())
    # A copy with other headers that is kept as a mail of its own must not go with this one.
    return [
        Doomed(
            MailId(row.message),
            row.message_id_tag,
            row.bytes,
            row.content_tag,
            None if row.identity_tag in living else row.identity_tag,
        )
        for row in rows
    ]


def note_gone(transaction: Transaction, signer: Signer, gone: Sequence[MailId], left: int, at: datetime) -> None:
    """Record which mails have left the mailbox for good, proved by a fresh look."""
    for each in gone:
        here = tables.messages.c.id == each
        transaction.content.execute(sa.update(tables.messages).where(here).values(mailbox_state="gone"))
        transaction.content.execute(sa.delete(tables.locations).where(tables.locations.c.message == each))
    if gone:  # what is still left is tried again and again, and told each time by whoever tries
        audit.append(transaction, signer, at, "mailbox-expunge", "", gone=len(gone), left=left)


def queue_again(transaction: Transaction, message: MailId) -> None:
    """A destroyed mail lies in the mailbox (again): its copies are to go at the next chance."""
    here = tables.messages.c.id == message
    transaction.content.execute(sa.update(tables.messages).where(here).values(mailbox_state="queued"))


def part_name(item: PlanItem) -> str:
    """A part as the audit chain names it: "account", "subject:2"."""
    return item.part if item.person is None else f"{item.part}:{item.person}"


def _destroy(transaction: Transaction, item: PlanItem, on: date) -> None:
    if item.part == "mail":
        for message in item.mails:
            _destroy_mail(transaction, message, on)
    elif item.part == "mailbox":
        for message in item.mails:
            queue_again(transaction, message)
    elif item.case is not None:
        _destroy_part(transaction, item.case, item, on)


def _destroy_part(transaction: Transaction, case: CaseId, item: PlanItem, on: date) -> None:
    if item.part == "reporter":
        _forget(transaction, [parts.reporter_object(case), parts.witnesses_object(case)])
        overrides.forget_case(transaction, case)
        refusals.forget_case(transaction, case)
        transaction.content.execute(sa.delete(tables.screens).where(tables.screens.c.case == case))
        cases.update(transaction, case, reporter_expunged=on)
    elif item.part == "account":
        _forget(transaction, [parts.account_object(case)])
        overrides.forget_case(transaction, case)
        refusals.forget_case(transaction, case)
        cases.update(transaction, case, account_expunged=on)
        _drop_unconfirmed_note(transaction, case)
    else:
        for row in cases.rows_of(transaction, case):
            if row.n == item.person:
                _forget(transaction, [parts.subject_object(row.id)])
                here = tables.rows.c.id == row.id
                transaction.content.execute(sa.update(tables.rows).where(here).values(expunged_on=on))


def _destroy_mail(transaction: Transaction, message: MailId, on: date) -> None:
    row = transaction.content.execute(sa.select(tables.messages).where(tables.messages.c.id == message)).one()
    if row.expunged_on is not None:
        return
    _bury(transaction, row)
    object_id = mail.object_id(message)
    _forget(transaction, [object_id, f"note:{object_id}"])
    for table in (tables.blobs, tables.drafts, tables.participants, tables.splits):
        transaction.content.execute(sa.delete(table).where(table.c.message == message))
    transaction.content.execute(sa.delete(tables.exclusions).where(tables.exclusions.c.object == object_id))
    blank = dict.fromkeys(_BLANKED)
    here = tables.messages.c.id == message
    transaction.content.execute(
        sa.update(tables.messages).where(here).values(**blank, flags=[], expunged_on=on, received=_day(row.received))
    )
    sent_checks.forget(transaction, message)
    _drop_empty_thread(transaction, row.thread)


def _bury(transaction: Transaction, row: sa.Row[tuple[Any, ...]]) -> None:
    transaction.content.execute(
        sa.insert(tables.tombstones).values(
            message=row.id,
            content_tag=row.content_tag,
            identity_tag=row.identity_tag,
            message_id_tag=row.message_id_tag,
            bytes=row.bytes,
        )
    )


def _forget(transaction: Transaction, objects: Sequence[str]) -> None:
    keyring.destroy(transaction, objects)
    transaction.content.execute(sa.delete(tables.parts).where(tables.parts.c.object.in_(objects)))
    transaction.content.execute(sa.delete(tables.owed).where(tables.owed.c.object.in_(objects)))


def _drop_empty_thread(transaction: Transaction, thread: str) -> None:
    alive = sa.select(tables.messages.c.id).where(
        tables.messages.c.thread == thread, tables.messages.c.expunged_on.is_(None)
    )
    if transaction.content.execute(alive).first() is None:
        transaction.content.execute(sa.delete(tables.threads).where(tables.threads.c.id == thread))


def _drop_unconfirmed_note(transaction: Transaction, case: CaseId) -> None:
    # What one member alone wrote may name somebody by mistake; only a note that a second confirmed stays.
    confirmed = {act.about for act in waiting.every(transaction) if act.agreed_by is not None}
    if f"note:{case}" not in confirmed:
        cases.update(transaction, case, general_note=None)


def _finish_case(transaction: Transaction, case: CaseId, on: date) -> None:
    """Close the books on a case of which nothing sealed is left: general facts stay, exact days go."""
    now = cases.get(transaction, case)
    rows = cases.rows_of(transaction, case)
    if now.account_expunged is None or any(row.expunged_on is None for row in rows if row.n):
        return
    if now.reporter_expunged is None:
        return
    keyring.destroy(transaction, [parts.case_object(case)])
    # Whom it was kept from said whom it was about; nothing is left that could be read or agreed to.
    transaction.content.execute(
        sa.delete(tables.exclusions).where(tables.exclusions.c.object == parts.case_object(case))
    )
    waiting.forget_case(transaction, case)
    here = tables.rows.c.case == case
    transaction.content.execute(sa.update(tables.rows).where(here, tables.rows.c.n == 0).values(expunged_on=on))
    month = now.reported_on.replace(day=1)
    cases.update(
        transaction,
        case,
        status=Status.EXPUNGED.value,
        reported_on=month,
        received=datetime.combine(month, time(), UTC),
        handler=None,
    )


def _day(instant: datetime) -> datetime:
    return datetime.combine(instant.astimezone(UTC).date(), time(), UTC)
