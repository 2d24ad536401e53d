"""One case as a member may see it: what she can open, and where others would have to be asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from policies.case import ReporterKind, RowId, Status, Subject, Suggestion
from policies.mail import MailId
from policies.values import value
from records import audit, cases, drafts, keyring, mail, members, parts, witnesses
from records.audit import Entry
from records.cases import Case, Row
from records.keyring import Keyring
from records.mail import StoredMail
from records.parts import Reporter
from records.store import Transaction


@value
class ShownSubject:
    """A row and the person in it; None where the part is closed to this member or destroyed."""

    row: Row
    subject: Subject | None

    def __repr__(self) -> str:
        """Which row."""
        return f"ShownSubject({self.row.n})"


@value
class ShownMail:
    """A mail of the case; ``draft`` is what was read in it, None where it is closed to this member."""

    stored: StoredMail
    draft: drafts.Opened | None

    def __repr__(self) -> str:
        """Which mail."""
        return f"ShownMail({self.stored.mail})"


@value
class CaseView:
    """Everything of one case that a member may read.  ``closed_parts`` says what is not shown, and whom to ask."""

    case: Case
    handler: str
    subjects: tuple[ShownSubject, ...]
    account: Mapping[str, str]
    reporter: Reporter | None
    witnesses: tuple[Subject, ...]
    mails: tuple[ShownMail, ...]
    suggestions: tuple[Suggestion, ...]
    history: tuple[Entry, ...]
    closed_parts: tuple[str, ...]

    def __repr__(self) -> str:
        """Which case."""
        return f"CaseView({self.case.code_name})"


def view(transaction: Transaction, acting: Keyring, case: Case) -> CaseView:
    """Open what this member can of a case."""
    mails = tuple(_shown_mail(transaction, acting, each) for each in mail.of_case(transaction, case.id))
    rows = cases.rows_of(transaction, case.id)
    is_record = case.status in {Status.OPEN, Status.CLOSED}
    account = parts.read_or_none(transaction, acting, parts.account_object(case.id)) if is_record else None
    reporter = parts.read_or_none(transaction, acting, parts.reporter_object(case.id)) if is_record else None
    return CaseView(
        case=case,
        handler=_name_of(transaction, case.handler),
        subjects=tuple(_shown_subject(transaction, acting, row) for row in rows if row.n),
        account=account["fields"] if account else {},
        reporter=parts.as_reporter(reporter) if reporter else None,
        witnesses=witnesses.of(transaction, acting, case.id) if is_record else (),
        mails=mails,
        suggestions=tuple(suggestion for each in mails for suggestion in _suggestions(each)),
        history=tuple(audit.entries(transaction, case.code_name)),
        closed_parts=tuple(_closed_parts(transaction, acting, case, mails)),
    )


def handler_names(transaction: Transaction) -> dict[str, str]:
    """The names of all members, past ones included, by id."""
    return {each.member.id: each.member.name for each in members.load(transaction)}


def find_mail(transaction: Transaction, acting: Keyring) -> list[ShownMail]:
    """Every mail that this member may read, oldest first."""
    granted = {MailId(object_id.removeprefix("message:")) for object_id in acting.granted(transaction, "message:")}
    found = dict(drafts.opened_many(transaction, acting, granted))
    here = [each for each in mail.stored(transaction) if each.mail in granted and each.expunged_on is None]
    return [ShownMail(each, found.get(each.mail) or drafts.opened(transaction, acting, each.mail)) for each in here]


def mail_of_threads(transaction: Transaction, acting: Keyring, threads: Collection[str]) -> list[ShownMail]:
    """The mail of some threads that is not expunged, oldest first."""
    return open_mails(transaction, acting, mail.of_threads(transaction, threads))


def open_mails(transaction: Transaction, acting: Keyring, mails: Iterable[StoredMail]) -> list[ShownMail]:
    """These mails as this member may see them, without what is expunged."""
    return [_shown_mail(transaction, acting, each) for each in mails if each.expunged_on is None]


def subjects_of(transaction: Transaction, acting: Keyring, case: Case) -> list[tuple[RowId, Subject]]:
    """The named subjects of a record that this member can open."""
    found = []
    for row in cases.rows_of(transaction, case.id):
        value = parts.read_or_none(transaction, acting, parts.subject_object(row.id)) if row.n else None
        if value is not None:
            found.append((row.id, parts.as_subject(value)))
    return found


def _shown_subject(transaction: Transaction, acting: Keyring, row: Row) -> ShownSubject:
    value = parts.read_or_none(transaction, acting, parts.subject_object(row.id))
    return ShownSubject(row, parts.as_subject(value) if value else None)


def _shown_mail(transaction: Transaction, acting: Keyring, each: StoredMail) -> ShownMail:
    if acting.key_or_none(transaction, mail.object_id(each.mail)) is None:
        return ShownMail(each, None)
    return ShownMail(each, drafts.opened(transaction, acting, each.mail))


def _suggestions(each: ShownMail) -> Sequence[Suggestion]:
    return each.draft.intake.suggestions if each.draft is not None and each.draft.intake is not None else ()


def _name_of(transaction: Transaction, member: str | None) -> str:
    return handler_names(transaction).get(member, "") if member else ""


def _closed_parts(transaction: Transaction, acting: Keyring, case: Case, mails: Sequence[ShownMail]) -> list[str]:
    found = []
    closed = [each for each in mails if each.draft is None and each.stored.expunged_on is None]
    if closed:
        hint = keyring.whom_to_ask(transaction, mail.object_id(closed[0].stored.mail))
        found.append(f"{len(closed)} of {len(mails)} mails are not granted to you. {hint}")
    if case.status not in {Status.OPEN, Status.CLOSED}:
        return found
    for name, object_id, gone in (
        ("The record", parts.account_object(case.id), case.account_expunged),
        ("The reporter's part", parts.reporter_object(case.id), case.reporter_expunged),
    ):
        if gone is not None:
            found.append(f"{name} was expunged on {gone.isoformat()}.")
        elif acting.key_or_none(transaction, object_id) is None:
            found.append(f"{name} is not granted to you. {keyring.whom_to_ask(transaction, object_id)}")
    return found


def shown_reporter(found: CaseView) -> str:
    """The policy's field "Reporter, if official/public, CoC person if private"."""
    if found.case.reporter_kind in {None, ReporterKind.PRIVATE}:
        return found.handler
    if found.reporter is None:
        return ""
    return ", ".join((*found.reporter.names, *found.reporter.addresses))
