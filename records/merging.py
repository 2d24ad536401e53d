"""Mail filed with another case by a member: who is kept out, who reports, and what becomes of the draft."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from policies.case import ReporterKind, Status
from policies.errors import Refused
from records import accepting, audit, cases, drafts, granting, keyring, mail, parts, screening, tables
from records.cases import Case
from records.keyring import Keyring
from records.mail import StoredMail
from records.store import Transaction


def merge(transaction: Transaction, acting: Keyring, case: Case, into: Case, at: datetime) -> None:
    """File everything of a draft with another case; threads stay apart, so nobody joins somebody else's.

    Raises Refused: not a draft, the other is closed, or one of them is kept from this member.
    """
    cases.require(case, Status.DRAFT)
    cases.require(into, Status.DRAFT, Status.OPEN)
    if case.id == into.id:
        raise Refused("same-case", "A case cannot be merged into itself.", "Name two different cases.")
    require_reading(transaction, acting, case)
    require_reading(transaction, acting, into)
    moved = mail.of_case(transaction, case.id)
    threads = sa.update(tables.threads).where(tables.threads.c.case == case.id).values(case=into.id)
    transaction.content.execute(threads)
    transaction.content.execute(sa.delete(tables.case_mail).where(tables.case_mail.c.case == case.id))
    for each in moved:
        mail.join_case(transaction, each.mail, into.id)
    for member in cases.excluded_from(transaction, parts.case_object(case.id)):
        why = cases.why_excluded(transaction, parts.case_object(case.id), member) or cases.RECUSED
        granting.keep_out(transaction, into, member, why)
    take_in(transaction, acting, into, moved)
    first = min(case.received, into.received)
    reported = min(case.reported_on, into.reported_on)
    cases.update(transaction, into.id, received=first, reported_on=reported)
    cases.update(transaction, case.id, status=Status.MERGED.value, merged_into=into.id)
    audit.append(transaction, acting, at, "merge", case.code_name, into=into.code_name, mails=len(moved))
    audit.append(transaction, acting, at, "merged-in", into.code_name, other=case.code_name, mails=len(moved))


def file(transaction: Transaction, acting: Keyring, stored: StoredMail, into: Case, at: datetime) -> None:
    """File a mail that belongs to no case, with the rest of its thread and what will be answered in it.

    Raises Refused: it belongs to a case, or mail or case is kept from this member.
    """
    cases.require(into, Status.DRAFT, Status.OPEN, Status.CLOSED)
    if any(cases.get(transaction, each).status is not Status.DISMISSED for each in stored.cases):
        raise Refused(
            "filed-already", "This mail belongs to a case already.", "Merge its draft: conduct case merge CASE INTO."
        )
    require_reading(transaction, acting, into)
    acting.key(transaction, mail.object_id(stored.mail))
    before = {each.mail for each in mail.of_case(transaction, into.id)}
    mail.file_thread(transaction, stored.thread, into.id)
    moved = [each for each in mail.of_case(transaction, into.id) if each.mail not in before]
    take_in(transaction, acting, into, moved)
    audit.append(transaction, acting, at, "mail", into.code_name, mail=stored.mail)


def take_in(transaction: Transaction, acting: Keyring, into: Case, moved: Sequence[StoredMail]) -> None:
    """Settle who may read mail that came to a case by a member's hand, and whom its record must not name.

    Whoever is kept from the case loses the mail.  Whoever is kept from the mail, because it names her, loses the
    record as well, as if it had been accepted with that mail.

    Raises Refused: what opened a thread is kept from this member.
    """
    for each in mail.openers(moved):
        acting.key(transaction, mail.object_id(each.mail))
    if into.status is not Status.DRAFT:
        _keep_from_record(transaction, into, moved)
        _note_reporters(transaction, acting, into, moved)
    for each in moved:
        for member in cases.excluded_from(transaction, parts.case_object(into.id)):
            keyring.revoke(transaction, mail.object_id(each.mail), member)


def require_reading(transaction: Transaction, acting: Keyring, case: Case) -> None:
    """Refuse an act about a case that this member may not read: the record, or of a draft any of its mails.

    Raises Refused: she is recused, or it names her, or it was before her time.
    """
    if case.status is not Status.DRAFT:
        acting.key(transaction, parts.case_object(case.id))
        return
    mails = [mail.object_id(each.mail) for each in mail.of_case(transaction, case.id)]
    if not any(acting.key_or_none(transaction, object_id) for object_id in mails):
        acting.key(transaction, mails[0])


def _keep_from_record(transaction: Transaction, into: Case, moved: Sequence[StoredMail]) -> None:
    held = {member for each in moved for member in cases.excluded_from(transaction, mail.object_id(each.mail))}
    for member in held:
        granting.keep_out(transaction, into, member, cases.CONFLICT)


def _note_reporters(transaction: Transaction, acting: Keyring, into: Case, moved: Sequence[StoredMail]) -> None:
    """The writers of what opened a thread report too: the screen keeps them out, and the reporter's part holds them."""
    reporter_object = parts.reporter_object(into.id)
    value = parts.read_or_none(transaction, acting, reporter_object) if into.reporter_expunged is None else None
    for each in mail.openers(moved):
        more = accepting.reporter_of(drafts.opened(transaction, acting, each.mail))
        if into.reporter_kind is ReporterKind.PRIVATE and into.reporter_expunged is None:
            screening.extend(transaction, acting, into.id, more)
        if value is not None:
            known = parts.together(parts.as_reporter(value), more)
            value = {"names": known.names, "addresses": known.addresses, "handles": known.handles}
    if value is not None:
        parts.rewrite(transaction, acting, reporter_object, value)
