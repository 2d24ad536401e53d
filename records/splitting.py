"""Mail taken out of a case that it does not belong to, and put back: its threads, readers, dates, who reports.

What was joined wrongly becomes a draft of its own, which a member reviews like any other.  Nobody may read anything
more for it: whoever is kept from the case is kept from the draft as well, until another member lets her in, and
whoever the mail names is kept from it, as if it had opened a draft when it came.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from policies.case import CaseId, Status
from policies.errors import Refused, WrongUsage
from policies.mail import Kind, MailId
from policies.roster import MemberId
from policies.threads import ids_to_look_up
from records import (
    audit,
    branches,
    cases,
    drafts,
    facts,
    granting,
    keyring,
    mail,
    members,
    merging,
    parts,
    resettling,
    tables,
)
from records.cases import Case
from records.keyring import Keyring
from records.mail import StoredMail
from records.store import Transaction


@dataclasses.dataclass(frozen=True, slots=True)
class Split:
    """A draft made of mail of another case; ``held_from`` and ``kept_out`` are the members who may not read it."""

    draft: Case
    mails: tuple[MailId, ...]
    held_from: tuple[MemberId, ...]
    kept_out: tuple[MemberId, ...]


def split(transaction: Transaction, acting: Keyring, case: Case, named: Sequence[MailId], at: datetime) -> Split:
    """Take mails out of a case, with what follows them, and make a draft of them.

    The first mail of a thread takes its whole thread along, any other one what was answered to it, as far as this
    member can read that; copies and bounces of a mail go with it.

    Raises WrongUsage: no such mail; Refused: the case is over, the mail is not in it, nothing would be left, or one
    of them is kept from this member.
    """
    _require_alive(case)
    merging.require_reading(transaction, acting, case)
    every = mail.of_case(transaction, case.id)
    moved = _with_followers(transaction, acting, every, _named(transaction, case, every, named))
    rest = [each for each in every if each not in moved]
    _refuse(transaction, acting, case, moved, rest)
    first = min(each.received for each in moved)
    draft = cases.new_draft(transaction, first, resettling.reported_on(transaction, acting, moved))
    _remember(transaction, case, draft, moved)
    begun = _move(transaction, case, draft, moved)
    held = _open_anew(transaction, acting, begun)
    _shut(transaction, acting, moved, held)
    kept_out = _keep_out(transaction, case, draft, rest)
    resettling.without(transaction, acting, case, moved, rest)
    audit.append(transaction, acting, at, "split", case.code_name, into=draft.code_name, mails=len(moved))
    audit.append(transaction, acting, at, "split-off", draft.code_name, other=case.code_name, mails=len(moved))
    ids = tuple(each.mail for each in moved)
    return Split(draft, ids, tuple(held), tuple(sorted(MemberId(one) for one in kept_out)))


def undo(transaction: Transaction, acting: Keyring, draft: Case, at: datetime) -> tuple[Case, tuple[MemberId, ...]]:
    """Put mail that was split off back where it was, with what has come to it since.

    Returns the case, and the members who are kept from it now because they were kept from the draft meanwhile.
    Raises Refused: the draft was not made by a split, has been accepted or dismissed, or its case is over.
    """
    rows = transaction.content.execute(sa.select(tables.splits).where(tables.splits.c.case == draft.id)).all()
    if not rows:
        raise Refused(
            "not-split", f"{draft.code_name} was not split off another case.", "conduct case merge files it with one."
        )
    cases.require(draft, Status.DRAFT)
    origin = cases.get(transaction, CaseId(rows[0].origin))
    _require_alive(origin)
    for concerned in (draft, origin):
        merging.require_reading(transaction, acting, concerned)
    moved = mail.of_case(transaction, draft.id)
    _refuse_strangers(transaction, draft, moved, [MailId(row.message) for row in rows])
    _put_back(transaction, draft, origin, rows)
    _as_before(transaction, acting, rows)
    kept_out = _stay_out(transaction, draft, origin)
    shut_out = cases.excluded_from(transaction, parts.case_object(origin.id))
    for each in moved:
        for member in shut_out:
            keyring.revoke(transaction, mail.object_id(each.mail), member)
    resettling.together(transaction, acting, origin, mail.of_case(transaction, origin.id))
    cases.update(transaction, draft.id, status=Status.MERGED.value, merged_into=origin.id)
    transaction.content.execute(sa.delete(tables.splits).where(tables.splits.c.case == draft.id))
    audit.append(transaction, acting, at, "split-undone", draft.code_name, into=origin.code_name, mails=len(moved))
    audit.append(transaction, acting, at, "merged-in", origin.code_name, other=draft.code_name, mails=len(moved))
    return origin, kept_out


# --- what goes


def _require_alive(case: Case) -> None:
    if case.status is Status.CLOSED:
        raise Refused(
            "closed-case",
            f"{case.code_name} is closed, and its dates hang on its mail.",
            f"Open it first: conduct case reopen {case.code_name.replace(' ', '-')} --reason TEXT",
        )
    if case.status is Status.EXPUNGED:
        raise Refused("expunged-case", f"{case.code_name} is expunged; none of its mail is left.")
    cases.require(case, Status.DRAFT, Status.OPEN)


def _named(
    transaction: Transaction, case: Case, every: Sequence[StoredMail], named: Sequence[MailId]
) -> list[StoredMail]:
    found = [mail.one(transaction, each) for each in dict.fromkeys(named)]
    for each in found:
        if each not in every:
            hint = f"`conduct case show {case.code_name.replace(' ', '-')}` lists its mail."
            raise Refused("other-case", f"{each.mail} does not belong to {case.code_name}.", hint)
    if not found:
        raise WrongUsage("no-mail", "No mail is named.", "`conduct case show` lists the ids of a case's mail.")
    return found


def _with_followers(
    transaction: Transaction, acting: Keyring, every: Sequence[StoredMail], named: Sequence[StoredMail]
) -> list[StoredMail]:
    """The named mails with all that hangs on them, in the order of their arrival."""
    begun = {each.thread: each.mail for each in reversed(every)}
    going = {each.copy_of or each.mail for each in named}
    whole = {each.thread for each in every if each.mail in going and begun[each.thread] == each.mail}
    ids: set[str] = set()
    found = []
    for each in every:
        message = resettling.message_of(transaction, acting, each)
        asked = ids_to_look_up(message)[:1] if message else ()
        hangs = {each.mail, each.copy_of, each.bounce_of} & going or not ids.isdisjoint(asked)
        if each.thread in whole or hangs:
            going.add(each.mail)
            found.append(each)
            ids |= {message.message_id} - {""} if message else set()
    return found


def _refuse(
    transaction: Transaction, acting: Keyring, case: Case, moved: Sequence[StoredMail], rest: Sequence[StoredMail]
) -> None:
    if not rest:
        raise Refused(
            "nothing-left",
            f"That is all the mail of {case.code_name}; nothing would be left of it.",
            "To file it with another case: conduct case merge. If it is no report: conduct case dismiss.",
        )
    for each in moved:
        if each.expunged_on is not None:
            raise Refused("expunged-mail", f"{each.mail} is expunged.", "Name mail that is still there.")
        acting.key(transaction, mail.object_id(each.mail))
    cited = {one.mail for one in facts.permissions(transaction, acting, case) if one.withdrawn is None}
    for each in moved:
        if each.mail in cited:
            raise Refused(
                "cited-mail",
                f"A permission on record in {case.code_name} was given in {each.mail}.",
                "Withdraw it first: conduct consent withdraw. `conduct consent list` shows it.",
            )


def _refuse_strangers(
    transaction: Transaction, draft: Case, mails: Iterable[StoredMail], split_off: Collection[MailId]
) -> None:
    threads = {each.thread for each in mail.stored(transaction, split_off)}
    others = [each.mail for each in mails if each.thread not in threads]
    if others:
        code = draft.code_name.replace(" ", "-")
        raise Refused(
            "other-mail",
            f"Other mail has been filed with {draft.code_name} since.",
            f"Take that out first: conduct case split {code} {' '.join(others[:3])}",
        )


# --- threads and links


def _remember(transaction: Transaction, case: Case, draft: Case, moved: Iterable[StoredMail]) -> None:
    here = tables.splits.c.message.in_([each.mail for each in moved])
    transaction.content.execute(sa.delete(tables.splits).where(here))  # split again, it goes back to this case
    values = [
        {
            "message": each.mail, "case": draft.id, "origin": case.id, "thread": each.thread,
            "kind": each.kind.value, "flags": list(each.flags), "held": [],
        }
        for each in moved
    ]  # fmt: skip
    transaction.content.execute(sa.insert(tables.splits), values)


def _move(transaction: Transaction, case: Case, draft: Case, moved: Sequence[StoredMail]) -> list[StoredMail]:
    """File the mails with the draft; returns those that begin a thread now and did not when they came."""
    going = {each.mail for each in moved}
    begun = []
    for thread in dict.fromkeys(each.thread for each in moved):
        mine = [each for each in moved if each.thread == thread]
        staying = {each.mail for each in mail.of_threads(transaction, [thread]) if each.expunged_on is None} - going
        if staying:
            begun.append(mine[0])
            mail.file_thread(transaction, branches.branch(transaction, thread, [one.mail for one in mine]), draft.id)
        else:
            mail.file_thread(transaction, thread, draft.id)
    _unlink(transaction, case.id, going)
    return begun


def _unlink(transaction: Transaction, case: CaseId, mails: Collection[MailId]) -> None:
    here = (tables.case_mail.c.case == case) & tables.case_mail.c.message.in_(mails)
    transaction.content.execute(sa.delete(tables.case_mail).where(here))


def _put_back(transaction: Transaction, draft: Case, origin: Case, rows: Sequence[sa.Row[tuple[Any, ...]]]) -> None:
    """Each thread as it was; what came to a branch since was an answer to what is put back, and goes with it."""
    homes = {MailId(row.message): str(row.thread) for row in rows}
    homes_of = {each.thread: homes[each.mail] for each in mail.stored(transaction, set(homes))}
    for branch, home in homes_of.items():
        if branch != home:
            branches.join(transaction, branch, home)
    here = tables.threads.c.case == draft.id
    transaction.content.execute(sa.update(tables.threads).where(here).values(case=origin.id))
    mails = {each.mail for each in mail.of_case(transaction, draft.id)}
    for each in mails:
        mail.join_case(transaction, each, origin.id)
    _unlink(transaction, draft.id, mails)


# --- readers


def _open_anew(transaction: Transaction, acting: Keyring, begun: Iterable[StoredMail]) -> list[MemberId]:
    """Treat mails as what opens a draft: held from the present members whom they name, who are returned."""
    here = {one.member.id for one in members.present(transaction)}
    found: dict[MemberId, None] = {}
    for each in begun:
        intake = drafts.opened(transaction, acting, each.mail).intake
        if intake is None:
            continue
        known = cases.excluded_from(transaction, mail.object_id(each.mail))
        held = [one for one in intake.names_members if one in here - known]
        for member in held:
            cases.exclude(transaction, mail.object_id(each.mail), member, cases.HELD)
        kept = [flag for flag in each.flags if flag not in {cases.HELD, cases.NICKNAME}]
        kind = intake.kind if each.kind is Kind.REPLY else each.kind
        branches.call(transaction, each.mail, kind, [*kept, cases.HELD] if held else each.flags)
        found |= dict.fromkeys(held)
    return list(found)


def _shut(transaction: Transaction, acting: Keyring, moved: Sequence[StoredMail], held: Collection[MemberId]) -> None:
    """Whoever is held from what opens the draft reads nothing of it."""
    if not held:
        return
    for each in moved:
        _keep_a_reader(transaction, acting, mail.object_id(each.mail), held)
        for member in held:
            keyring.revoke(transaction, mail.object_id(each.mail), member)
    row = tables.splits.c.message.in_([each.mail for each in moved])
    transaction.content.execute(sa.update(tables.splits).where(row).values(held=list(held)))


def _keep_a_reader(transaction: Transaction, acting: Keyring, object_id: str, leaving: Collection[str]) -> None:
    """Where nobody else is left to read a mail, the recovery identity is, as for one that names everybody."""
    readers = keyring.readers_of(transaction, object_id)
    if not readers - set(leaving):
        key = acting.key(transaction, object_id)
        keyring.grant(transaction, object_id, key, keyring.readers_with_keys(transaction, ()))


def _keep_out(transaction: Transaction, case: Case, draft: Case, rest: Sequence[StoredMail]) -> set[str]:
    """Keep from the draft whoever is kept from the case or from mail that stays in it."""
    of_case = parts.case_object(case.id)
    excluded = cases.excluded_from(transaction, of_case)
    kept = {member: cases.why_excluded(transaction, of_case, member) or cases.RECUSED for member in excluded}
    for each in rest:
        for member in cases.excluded_from(transaction, mail.object_id(each.mail)):
            kept.setdefault(member, cases.CONFLICT)
    for member, why in kept.items():
        granting.keep_out(transaction, draft, member, why)
    return set(kept)


def _stay_out(transaction: Transaction, draft: Case, origin: Case) -> tuple[MemberId, ...]:
    """Keep from the case, as a merge does, whoever stepped aside from the draft or is its subject.

    Not who was kept from it for mail that had stayed behind: that mail is still held from her, and nothing else is.
    """
    of_draft = parts.case_object(draft.id)
    known = cases.excluded_from(transaction, parts.case_object(origin.id))
    found = []
    for member in sorted(cases.excluded_from(transaction, of_draft) - known):
        why = cases.why_excluded(transaction, of_draft, member) or cases.RECUSED
        if why != cases.CONFLICT:
            granting.keep_out(transaction, origin, member, why)
            found.append(MemberId(member))
    return tuple(found)


def _as_before(transaction: Transaction, acting: Keyring, rows: Sequence[sa.Row[tuple[Any, ...]]]) -> None:
    """Take back the holds that the split has placed, and no others, and what it called the mails."""
    for row in rows:
        object_id = mail.object_id(MailId(row.message))
        for member in cases.excluded_from(transaction, object_id) & set(row.held):
            if cases.HELD not in row.flags:
                cases.include(transaction, object_id, member)
        branches.call(transaction, MailId(row.message), Kind(row.kind), row.flags)
    for row in rows:
        granting.let_read(transaction, acting, MailId(row.message), row.held)
