"""A member makes a draft a record: keys for its parts, readers for the keys, subjects named, reporter set apart."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from policies.case import CaseId, ReporterKind, RowId, Status, Subject
from policies.conflicts import is_named
from policies.errors import Refused
from records import audit, cases, drafts, granting, keyring, linking, mail, members, parts, screening, tables
from records.cases import Case
from records.editing import Edit, apply_edit
from records.keyring import Keyring
from records.parts import Reporter
from records.store import Transaction
from records.vault import seal
from records.waiting import Act


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Acceptance:
    """What a member says when she accepts a draft."""

    reporter_kind: ReporterKind = ReporterKind.PRIVATE
    subjects: tuple[Subject, ...] = ()
    same_person: bool = False
    edit: Edit = dataclasses.field(default_factory=Edit)

    def __repr__(self) -> str:
        """Nothing of the people."""
        return f"Acceptance({self.reporter_kind.value}, {len(self.subjects)} subjects)"


@dataclasses.dataclass(frozen=True, slots=True)
class Accepted:
    """What came of it: earlier records that may be about the same person, and a general note that waits."""

    matches: linking.Matches
    note: Act | None


def accept(transaction: Transaction, acting: Keyring, case: Case, acceptance: Acceptance, at: datetime) -> Accepted:
    """Turn a draft into an open record.

    Raises Refused: not a draft, not granted to this member, or a field names a private reporter.
    """
    cases.require(case, Status.DRAFT)
    mails = mail.of_case(transaction, case.id)
    reporter = _reporter(transaction, acting, case, mails)
    # What an interrupted act may have left behind opens nothing, and would be in the way.
    objects = (parts.case_object(case.id), parts.account_object(case.id), parts.reporter_object(case.id))
    keyring.destroy(transaction, objects)
    acting.forget(*(name(case.id) for name in (parts.case_object, parts.account_object, parts.reporter_object)))
    case_key = _open_case(transaction, case, mails)
    _seal_account(transaction, case.id, case_key, reporter)
    _seal_reporter(transaction, case, case_key, reporter, acceptance.reporter_kind, mails)
    cases.update(
        transaction,
        case.id,
        status=Status.OPEN.value,
        reporter_kind=acceptance.reporter_kind.value,
        handler=acting.member,
        accepted_on=at.date(),
    )
    opened = cases.get(transaction, case.id)
    name_subjects(transaction, acting, opened, acceptance.subjects)
    note = apply_edit(transaction, acting, opened, acceptance.edit, at)
    audit.append(
        transaction,
        acting,
        at,
        "accept",
        case.code_name,
        reporter_kind=acceptance.reporter_kind.value,
        subjects=len(acceptance.subjects),
    )
    matches = linking.link_matches(transaction, acting, opened, same_person=acceptance.same_person, at=at)
    return Accepted(matches, note)


def name_subjects(transaction: Transaction, acting: Keyring, case: Case, subjects: Sequence[Subject]) -> None:
    """Add named subjects to an open record, each with a part of its own.

    Raises Refused: one of them is the private reporter.
    """
    screening.refuse_subject(transaction, acting, case.id, subjects)
    case_object = parts.case_object(case.id)
    case_key = acting.key(transaction, case_object)
    taken = max((row.n for row in cases.rows_of(transaction, case.id)), default=0)
    for n, subject in enumerate(subjects, start=taken + 1):
        row = new_row(transaction, case.id, n)
        parts.new_part(transaction, parts.subject_object(row), case_object, case_key, parts.subject_value(subject))
    _keep_subjects_out(transaction, acting, case, subjects)


def _keep_subjects_out(transaction: Transaction, acting: Keyring, case: Case, subjects: Sequence[Subject]) -> None:
    """A member who is named as a subject is kept from the case, until another one lifts it (`member unrecuse`).

    Raises Refused: it is the acting member herself.
    """
    for each in members.present(transaction):
        if not any(is_named(each.member, subject) for subject in subjects):
            continue
        if each.member.id == acting.member:
            raise Refused("own-case", "You cannot name yourself as a subject.", "Leave this case to another member.")
        granting.keep_out(transaction, case, each.member.id, cases.SUBJECT)


def new_row(transaction: Transaction, case: CaseId, n: int) -> RowId:
    """A row under a random id."""
    row = RowId("r" + secrets.token_hex(8))
    transaction.content.execute(sa.insert(tables.rows).values(id=row, case=case, n=n, permanent=False))
    return row


def _reporter(transaction: Transaction, acting: Keyring, case: Case, mails: Sequence[mail.StoredMail]) -> Reporter:
    """Everybody who reports in a draft: the writers of all the mails that opened its threads.

    Raises Refused: this member can read none of them, or not one that others can: she cannot know whom to keep out.
    """
    present = {each.member.id for each in members.present(transaction)}
    found, could_read = Reporter(), False
    for each in mail.openers(mails):
        object_id = mail.object_id(each.mail)
        if acting.key_or_none(transaction, object_id) is not None:
            found, could_read = parts.together(found, reporter_of(drafts.opened(transaction, acting, each.mail))), True
        elif present & keyring.readers_of(transaction, object_id):
            raise _not_granted(transaction, case, object_id)
    if not could_read:
        raise _not_granted(transaction, case, mail.object_id(mails[0].mail))
    return found


def _not_granted(transaction: Transaction, case: Case, object_id: str) -> Refused:
    hint = keyring.whom_to_ask(transaction, object_id)
    return Refused("no-grant", f"The mail that opened {case.code_name} was not granted to you.", hint)


def reporter_of(draft: drafts.Opened) -> Reporter:
    """Whom a mail shows as the one who reports: its effective sender, and what a web form says of her."""
    intake = draft.intake
    if intake is None or draft.message is None or intake.own:
        return Reporter()
    suggested = [one.value for one in intake.suggestions if one.field == "reporter"]
    names = [value for value in suggested if "@" not in value]
    addresses = [value for value in suggested if "@" in value]
    # A web form sends from an address of its own: whoever filled it in is not behind it.
    if intake.sender is not None and (not addresses or intake.sender.address in addresses):
        answers = intake.threading(draft.message).reply_to
        names = [intake.sender.name, *names, *(one.name for one in answers)]
        addresses = [intake.sender.address, *addresses, *(one.address for one in answers)]
    return Reporter(tuple(dict.fromkeys(filter(None, names))), tuple(dict.fromkeys(filter(None, addresses))))


def _open_case(transaction: Transaction, case: Case, mails: Sequence[mail.StoredMail]) -> bytes:
    case_object = parts.case_object(case.id)
    for each in mails:
        for member in cases.excluded_from(transaction, mail.object_id(each.mail)):
            cases.exclude(transaction, case_object, member, cases.CONFLICT)
    kept_out = cases.excluded_from(transaction, case_object)
    readers = [each.member.id for each in members.present(transaction) if each.member.id not in kept_out]
    key = seal.new_key()
    keyring.grant(transaction, case_object, key, keyring.readers_with_keys(transaction, readers))
    return key


def _seal_account(transaction: Transaction, case: CaseId, case_key: bytes, reporter: Reporter) -> None:
    value = {"fields": {}, "reasons": [], "screen": screening.start(transaction, case, reporter)}
    parts.new_part(transaction, parts.account_object(case), parts.case_object(case), case_key, value)


def _seal_reporter(
    transaction: Transaction,
    case: Case,
    case_key: bytes,
    reporter: Reporter,
    kind: ReporterKind,
    mails: Sequence[mail.StoredMail],
) -> None:
    # records.md: "We do not name private reporters here"; an official or public one is part of the record.
    reporter_object = parts.reporter_object(case.id)
    value = dataclasses.asdict(reporter)
    if kind is not ReporterKind.PRIVATE:
        parts.new_part(transaction, reporter_object, parts.case_object(case.id), case_key, value)
        return
    present = {each.member.id for each in members.present(transaction)}
    for each in mail.openers(mails):
        present = {name for name in present if name in keyring.readers_of(transaction, mail.object_id(each.mail))}
    key = seal.new_key()
    keyring.grant(transaction, reporter_object, key, keyring.readers_with_keys(transaction, present))
    parts.write(transaction, reporter_object, key, value)
