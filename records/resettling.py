"""A case's dates and those who report in it, set anew by the mail that it has after some came or went."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from datetime import UTC, date

from policies.case import Status
from policies.mail import Message
from records import accepting, cases, drafts, mail, parts, screening
from records.cases import Case
from records.keyring import Keyring
from records.mail import StoredMail
from records.store import Transaction


def without(
    transaction: Transaction, acting: Keyring, case: Case, gone: Sequence[StoredMail], left: Sequence[StoredMail]
) -> None:
    """Settle a case that has lost some of its mail.

    The day of the first report moves to that of what is left only where it came from what is gone: a day that a
    member wrote herself stays, and so does one that this member cannot work out.
    """
    values: dict[str, object] = {"received": min(each.received for each in left)}
    came_from_mail = case.reported_on == reported_on(transaction, acting, [*gone, *left])
    if came_from_mail and _all_open(transaction, acting, left):
        values["reported_on"] = reported_on(transaction, acting, left)
    cases.update(transaction, case.id, **values)
    _name_reporters(transaction, acting, case, left)


def together(transaction: Transaction, acting: Keyring, case: Case, now: Sequence[StoredMail]) -> None:
    """Settle a case to which mail has come back: the earlier day of the first report counts."""
    first = min(case.reported_on, reported_on(transaction, acting, now))
    cases.update(transaction, case.id, received=min(each.received for each in now), reported_on=first)
    _name_reporters(transaction, acting, case, now)


def message_of(transaction: Transaction, acting: Keyring, each: StoredMail) -> Message | None:
    """What was read in a mail; None where it is closed to this member, destroyed, or could not be read."""
    if each.expunged_on is not None or acting.key_or_none(transaction, mail.object_id(each.mail)) is None:
        return None
    return drafts.opened(transaction, acting, each.mail).message


def _name_reporters(transaction: Transaction, acting: Keyring, case: Case, now: Sequence[StoredMail]) -> None:
    """The reporter's part and its screen anew, from those who wrote what opened the threads that are left.

    Whoever cannot read all of that leaves both as they are: they protect too many rather than too few.
    """
    openers, reporter_object = mail.openers(now), parts.reporter_object(case.id)
    if case.status not in {Status.OPEN, Status.CLOSED} or case.reporter_expunged is not None:
        return
    if not openers or not _all_open(transaction, acting, openers):
        return
    found = parts.Reporter()
    for each in openers:
        found = parts.together(found, accepting.reporter_of(drafts.opened(transaction, acting, each.mail)))
    screening.renew(transaction, acting, case.id, found)
    if acting.key_or_none(transaction, reporter_object) is not None:
        parts.rewrite(transaction, acting, reporter_object, dataclasses.asdict(found))


def _all_open(transaction: Transaction, acting: Keyring, mails: Iterable[StoredMail]) -> bool:
    return all(message_of(transaction, acting, each) is not None for each in mails)


def reported_on(transaction: Transaction, acting: Keyring, mails: Iterable[StoredMail]) -> date:
    """The day of the first of these mails; of one that a member handed in, the day on which that was written."""
    return min(_day(transaction, acting, each) for each in mails)


def _day(transaction: Transaction, acting: Keyring, each: StoredMail) -> date:
    claimed = None
    if message_of(transaction, acting, each) is not None:
        intake = drafts.opened(transaction, acting, each.mail).intake
        claimed = intake.claimed_date if intake is not None and intake.forward else None
    arrived = each.received.astimezone(UTC)
    return min(claimed or arrived, arrived).astimezone(UTC).date()
