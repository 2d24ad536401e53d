"""Giving members what they may read: newcomers, what is owed to them, conflicts lifted, recusals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from policies.access import readers
from policies.case import CaseId, Status
from policies.conflicts import is_named
from policies.errors import Refused
from policies.mail import MailId
from policies.roster import MemberId, Roster
from records import audit, cases, keyring, mail, members, parts, refusals, tables
from records.audit import Signer
from records.cases import Case
from records.keyring import Keyring
from records.members import Enrolled
from records.store import Transaction


def welcome(transaction: Transaction, acting: Keyring, newcomer: Enrolled) -> tuple[int, int]:
    """Grant a newcomer every record, and the mail of her term; returns how much was granted, and how much is owed.

    records.md: "Newly added committee member receives access to all previous records too"; "Members only have
    access to e-mails incoming to conduct@ whilst they are members".  What the acting member cannot open herself is
    granted by the next member who can.
    """
    _keep_newcomer_out(transaction, acting, newcomer)
    objects = _due_to(transaction, newcomer)
    owed: list[str] = []
    granted = keyring.hand_over(transaction, acting, objects, newcomer, owed.append)
    for object_id in owed:
        _owe(transaction, object_id, newcomer.member.id)
    return granted, len(owed)


def _keep_newcomer_out(transaction: Transaction, acting: Keyring, newcomer: Enrolled) -> None:
    """A newcomer who is a subject of a record that the acting member can read is kept from that record."""
    for case in cases.every(transaction, (Status.OPEN, Status.CLOSED)):
        rows = [row for row in cases.rows_of(transaction, case.id) if row.n and row.expunged_on is None]
        values = [parts.read_or_none(transaction, acting, parts.subject_object(row.id)) for row in rows]
        if any(value is not None and is_named(newcomer.member, parts.as_subject(value)) for value in values):
            keep_out(transaction, case, newcomer.member.id, cases.SUBJECT)


def pay_owed(transaction: Transaction, acting: Keyring) -> int:
    """Grant to others what was owed to them and this member can open; returns how much.

    A note of a debt is nobody's word: only what she is due by the roster and the records is granted.
    """
    paid = 0
    people = {each.member.id: each for each in members.present(transaction)}
    rows = transaction.content.execute(sa.select(tables.owed)).all()
    due = {
        member: set(_due_to(transaction, people[member])) for member in {row.member for row in rows} if member in people
    }
    for row in rows:
        here = (tables.owed.c.object == row.object) & (tables.owed.c.member == row.member)
        to = people.get(row.member)
        if to is None or row.object not in due[row.member] or not _exists(transaction, row.object):
            transaction.content.execute(sa.delete(tables.owed).where(here))
            continue
        missing: list[str] = []
        paid += keyring.hand_over(transaction, acting, [row.object], to, missing.append)
        if not missing:
            transaction.content.execute(sa.delete(tables.owed).where(here))
    return paid


def owes_something(transaction: Transaction) -> bool:
    """Whether anything is owed to anybody."""
    return transaction.content.execute(sa.select(tables.owed.c.object).limit(1)).first() is not None


def owed_to(transaction: Transaction) -> dict[str, int]:
    """How much is owed to whom, by the member's name."""
    names = {each.member.id: each.member.name for each in members.present(transaction)}
    query = sa.select(tables.owed.c.member, sa.func.count()).group_by(tables.owed.c.member)
    rows = transaction.content.execute(query).all()
    return {names[MemberId(member)]: count for member, count in rows if MemberId(member) in names}


def release_mail(transaction: Transaction, acting: Keyring, mail_id: MailId, to: Enrolled, at: datetime) -> bool:
    """Lift a conflict hold: another member says that she may read this mail after all.

    Returns whether she may: not while she is kept from the mail's case for another reason.
    Raises Refused: nothing is held from her, she lifts it for herself, or it is held from the acting member too.
    """
    if to.member.id == acting.member:
        raise Refused("own-hold", "Nobody lifts a hold from herself.", "Ask another member.")
    object_id = mail.object_id(mail_id)
    acting.key(transaction, object_id)
    if to.member.id not in cases.excluded_from(transaction, object_id):
        raise Refused("not-held", "This mail is not held from that member.", "`conduct mail list` shows what is held.")
    cases.include(transaction, object_id, to.member.id)
    filed = mail.one(transaction, mail_id).cases
    may_read = not any(_stays_out(transaction, case, to) for case in filed)
    if may_read:
        _hand_over_or_owe(transaction, acting, [object_id], to)
    for case in filed:
        _let_into_case(transaction, acting, case, to)
    audit.append(transaction, acting, at, "release-mail", mail_id, member=to.member.id)
    return may_read


def let_read(transaction: Transaction, acting: Keyring, message: MailId, to: Iterable[str]) -> None:
    """Grant a mail to present members from whom it is held no longer, as far as it is due to them."""
    wanted = set(to)
    for each in members.present(transaction):
        if each.member.id in wanted and mail.object_id(message) in _due_to(transaction, each):
            _hand_over_or_owe(transaction, acting, [mail.object_id(message)], each)


def recuse(transaction: Transaction, signer: Signer, case: Case, member: Enrolled, at: datetime) -> int:
    """Keep a member from a case: no grants now, none to come; returns how many were taken.  No reason is asked.

    Raises Refused: nobody would be left to work on the case.
    """
    kept_out = {member.member.id, *cases.excluded_from(transaction, parts.case_object(case.id))}
    if all(each.member.id in kept_out for each in members.present(transaction)):
        raise Refused(
            "nobody-left", f"Nobody could work on {case.code_name} then.", "Add a member first: `conduct member add`."
        )
    taken = keep_out(transaction, case, member.member.id, cases.RECUSED)
    audit.append(transaction, signer, at, "recuse", case.code_name, member=member.member.id)
    return taken


def keep_out(transaction: Transaction, case: Case, member: str, why: str) -> int:
    """Keep a member from a case: no grant to it is left, and none will be made; returns how many were taken."""
    objects = [parts.case_object(case.id), parts.reporter_object(case.id)]
    objects += [mail.object_id(each.mail) for each in mail.of_case(transaction, case.id)]
    taken = 0
    for object_id in objects:
        taken += member in keyring.readers_of(transaction, object_id)
        keyring.revoke(transaction, object_id, member)
        _owe_no_more(transaction, object_id, member)
    refusals.shut(transaction, case.id, member)
    cases.exclude(transaction, parts.case_object(case.id), member, why)
    return taken


def unrecuse(transaction: Transaction, acting: Keyring, case: Case, member: Enrolled, at: datetime) -> None:
    """Let a member back into a case, by another one.

    Raises Refused: she is not recused, or does it herself.
    """
    if member.member.id == acting.member:
        raise Refused("own-recusal", "Nobody lifts her own recusal.", "Ask another member.")
    if member.member.id not in cases.excluded_from(transaction, parts.case_object(case.id)):
        raise Refused("not-recused", "She is not recused from this case.")
    if acting.member in cases.excluded_from(transaction, parts.case_object(case.id)):
        raise Refused("recused", "You are kept from this case yourself.", "Ask another member.")
    cases.include(transaction, parts.case_object(case.id), member.member.id)
    _hand_over_or_owe(transaction, acting, _of_case(transaction, member, case.id), member)
    audit.append(transaction, acting, at, "unrecuse", case.code_name, member=member.member.id)


def held(transaction: Transaction) -> dict[str, tuple[str, ...]]:
    """The mails that are held from members whom they name: ids of mails, names of members."""
    names = {each.member.id: each.member.name for each in members.load(transaction)}
    found: dict[str, tuple[str, ...]] = {}
    query = sa.select(tables.exclusions).where(tables.exclusions.c.object.startswith("message:"))
    for row in transaction.content.execute(query.order_by(tables.exclusions.c.member)):
        message = row.object.removeprefix("message:")
        found[message] = (*found.get(message, ()), names.get(MemberId(row.member), row.member))
    return found


def only_for_recovery(transaction: Transaction) -> int:
    """How many mails no present member can open: they arrived in a time without members, or name everybody."""
    # By the index alone: the sealed keys need not be read to be counted.
    lonely = (
        sa.select(tables.grants.c.object)
        .where(tables.grants.c.object.startswith("message:"))
        .group_by(tables.grants.c.object)
        .having(sa.func.count() == 1, sa.func.max(tables.grants.c.reader) == members.RECOVERY)
    )
    return int(transaction.keys.execute(sa.select(sa.func.count()).select_from(lonely.subquery())).scalar_one())


def _due_to(transaction: Transaction, member: Enrolled) -> list[str]:
    mails = _mail_of_her_terms(transaction, member)
    return [*_records_for(transaction, member, set(mails)), *(mail.object_id(each) for each in mails)]


def _mail_of_her_terms(transaction: Transaction, member: Enrolled) -> list[MailId]:
    alone = Roster((), (member.member,))
    closed = cases.closed_to(transaction, member.member.id)
    found = []
    for each in mail.stored(transaction):
        objects = {mail.object_id(each.mail), *(parts.case_object(case) for case in each.cases)}
        if each.expunged_on is None and not objects & closed and readers(alone, each.received, ()):
            found.append(each.mail)
    return found


def _records_for(transaction: Transaction, member: Enrolled, her_mail: set[MailId]) -> Iterable[str]:
    for case in cases.every(transaction, (Status.OPEN, Status.CLOSED)):
        if member.member.id in cases.excluded_from(transaction, parts.case_object(case.id)):
            continue
        if keyring.readers_of(transaction, parts.case_object(case.id)):
            yield parts.case_object(case.id)
        mails = mail.of_case(transaction, case.id)
        # A private reporter's part has the readers of what she wrote first; wrapped ones come with the case.
        has_grants = not _is_wrapped(transaction, parts.reporter_object(case.id))
        opening = {each.mail for each in mail.openers(mails)}
        if has_grants and opening and opening <= her_mail and case.reporter_expunged is None:
            yield parts.reporter_object(case.id)


def _let_into_case(transaction: Transaction, acting: Keyring, case: CaseId, to: Enrolled) -> None:
    for each in mail.of_case(transaction, case):
        if to.member.id in cases.excluded_from(transaction, mail.object_id(each.mail)):
            return
    if not _stays_out(transaction, case, to):
        cases.include(transaction, parts.case_object(case), to.member.id)
        _hand_over_or_owe(transaction, acting, _of_case(transaction, to, case), to)


def _stays_out(transaction: Transaction, case: CaseId, member: Enrolled) -> bool:
    """Whether she stepped aside from a case herself, or is named as its subject: no mail's release changes that."""
    why = cases.why_excluded(transaction, parts.case_object(case), member.member.id)
    return why not in {None, cases.CONFLICT}


def _of_case(transaction: Transaction, member: Enrolled, case: CaseId) -> list[str]:
    """What of one case a member is due."""
    hers = {mail.object_id(each.mail) for each in mail.of_case(transaction, case)}
    hers |= {parts.case_object(case), parts.reporter_object(case)}
    return [object_id for object_id in _due_to(transaction, member) if object_id in hers]


def _hand_over_or_owe(transaction: Transaction, acting: Keyring, objects: Iterable[str], to: Enrolled) -> None:
    owed: list[str] = []
    keyring.hand_over(transaction, acting, objects, to, owed.append)
    for object_id in owed:
        _owe(transaction, object_id, to.member.id)


def _owe(transaction: Transaction, object_id: str, member: str) -> None:
    known = sa.select(tables.owed).filter_by(object=object_id, member=member)
    if transaction.content.execute(known).first() is None:
        transaction.content.execute(sa.insert(tables.owed).values(object=object_id, member=member))


def _owe_no_more(transaction: Transaction, object_id: str, member: str) -> None:
    transaction.content.execute(
        sa.delete(tables.owed).where(tables.owed.c.object == object_id, tables.owed.c.member == member)
    )


def _exists(transaction: Transaction, object_id: str) -> bool:
    return bool(keyring.readers_of(transaction, object_id))


def _is_wrapped(transaction: Transaction, object_id: str) -> bool:
    query = sa.select(tables.wrapped.c.object).where(tables.wrapped.c.object == object_id)
    return transaction.keys.execute(query).first() is not None
