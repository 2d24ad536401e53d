"""Case rows and their life before anything is sealed in them: drafted, found, dismissed."""

from __future__ import annotations

import dataclasses
import itertools
import secrets
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

import sqlalchemy as sa

from policies import codenames
from policies.case import CaseId, Outcome, ReporterKind, RowId, Status
from policies.errors import Refused, WrongUsage
from policies.folding import fold
from policies.values import value
from records import audit, mail, parts, tables
from records.keyring import Keyring
from records.store import Transaction

_CASE: Final = sa.select(tables.cases).where(tables.cases.c.id == sa.bindparam("case"))
_CHUNK: Final = 500
_TAKEN: Final = sa.select(tables.cases.c.id).where(tables.cases.c.code_name == sa.bindparam("code_name"))


# Why a member is kept from a case: one of its mails names her, she is a subject of it, or she stepped aside.
CONFLICT: Final = "conflict"
SUBJECT: Final = "subject"
RECUSED: Final = "recused"
# Why she is kept from a mail, which is also its flag; and the flag of one that only seems to name a member.
HELD: Final = "conflict-hold"
NICKNAME: Final = "names-a-member"


@value
class Case:
    """What is known of a case without a key; ``received`` is when its first mail arrived (INTERNALDATE)."""

    id: CaseId
    code_name: str
    status: Status
    received: datetime
    reported_on: date
    reporter_kind: ReporterKind | None
    handler: str | None
    accepted_on: date | None
    dismissed_on: date | None
    dismissed_by: str | None
    merged_into: CaseId | None
    space: str | None
    category: str | None
    region: str | None
    general_note: str | None
    policy_digest: str | None
    reporter_expunged: date | None
    account_expunged: date | None


@value
class Row:
    """One named subject of a case, by number; n = 0 where the case names nobody."""

    id: RowId
    case: CaseId
    n: int
    outcome: Outcome | None
    decided_on: date | None
    ban_from: date | None
    ban_until: date | None
    permanent: bool
    lifted_on: date | None
    closed_by: str | None
    closed_on: date | None
    expunged_on: date | None


def new_draft(transaction: Transaction, received: datetime, reported_on: date | None = None) -> Case:
    """Open a draft for mail that arrived then, under a code name that nobody has.

    ``reported_on`` is the day of the report where that is an earlier one.
    """
    case = CaseId("c" + secrets.token_hex(8))
    values: dict[str, Any] = {
        "id": case,
        "code_name": _unused_code_name(transaction),
        "status": Status.DRAFT.value,
        "received": received,
        "reported_on": reported_on or received.astimezone(UTC).date(),
    }
    transaction.content.execute(sa.insert(tables.cases), values)
    unset = dict.fromkeys(field.name for field in dataclasses.fields(Case))
    return Case(**{**unset, **values, "status": Status.DRAFT})


def get(transaction: Transaction, case: CaseId) -> Case:
    """A case by its id."""
    return _case(transaction.content.execute(_CASE, {"case": case}).one())


def every(transaction: Transaction, statuses: Collection[Status] = ()) -> list[Case]:
    """The cases in these states, or in all, oldest first."""
    query = sa.select(tables.cases).order_by(tables.cases.c.received, tables.cases.c.id)
    if statuses:
        query = query.where(tables.cases.c.status.in_([status.value for status in statuses]))
    return [_case(row) for row in transaction.content.execute(query)]


def find(transaction: Transaction, text: str) -> Case:
    """A case by its code name, written with a blank or a hyphen; a beginning will do where it fits one case only.

    Raises WrongUsage: no case, or more than one.
    """
    wanted = codenames.typed(text)
    found = [case for case in every(transaction) if case.code_name.startswith(wanted)] if wanted else []
    exact = [case for case in found if case.code_name == wanted]
    if len(exact or found) == 1:
        return (exact or found)[0]
    if not found:
        codenames.parse(text)
        raise WrongUsage("no-such-case", "No case goes by that code name.", "`conduct case list` shows them all.")
    names = ", ".join(sorted(case.code_name for case in found)[:5])
    raise WrongUsage("ambiguous-case", f"That could be any of: {names}.", "Give the whole code name.")


def names_for_mail(transaction: Transaction) -> dict[CaseId, str]:
    """Code names by id, dismissed drafts last: mail that came up again is shown with the case that it is in now."""
    found = sorted(every(transaction), key=lambda case: case.status is Status.DISMISSED)
    return {case.id: case.code_name for case in found}


def name_of(filed: Collection[CaseId], names: Mapping[CaseId, str]) -> str | None:
    """The case under which a mail is shown, by the order of ``names``."""
    return next((name for case, name in names.items() if case in filed), None)


def named_in(transaction: Transaction, text: str) -> Case | None:
    """The one open or closed case whose code name stands in a text; None for none, and for several."""
    found = all_named_in(transaction, text, (Status.OPEN, Status.CLOSED))
    return found[0] if len(found) == 1 else None


def all_named_in(transaction: Transaction, text: str, statuses: Collection[Status]) -> list[Case]:
    """Every case in these states whose code name stands in a text, oldest first."""
    words = fold(text).replace("-", " ").split()
    pairs = sorted({f"{first} {second}" for first, second in itertools.pairwise(words)})
    found: list[Case] = []
    for start in range(0, len(pairs), _CHUNK):
        query = sa.select(tables.cases).where(tables.cases.c.code_name.in_(pairs[start : start + _CHUNK]))
        found += [_case(row) for row in transaction.content.execute(query)]
    return sorted((each for each in found if each.status in statuses), key=lambda each: (each.received, each.id))


def rows_of(transaction: Transaction, case: CaseId) -> list[Row]:
    """The rows of a case, by number."""
    query = sa.select(tables.rows).where(tables.rows.c.case == case).order_by(tables.rows.c.n)
    return [_row(row) for row in transaction.content.execute(query)]


def every_row(transaction: Transaction) -> dict[CaseId, list[Row]]:
    """All rows, by case."""
    found: dict[CaseId, list[Row]] = {}
    for row in transaction.content.execute(sa.select(tables.rows).order_by(tables.rows.c.case, tables.rows.c.n)):
        found.setdefault(CaseId(row.case), []).append(_row(row))
    return found


def update(transaction: Transaction, case: CaseId, **values: object) -> None:
    """Change columns of a case."""
    transaction.content.execute(sa.update(tables.cases).where(tables.cases.c.id == case).values(**values))


def keeps_anybody_out(transaction: Transaction) -> bool:
    """Whether any member is kept from anything."""
    return transaction.content.execute(sa.select(tables.exclusions.c.member).limit(1)).first() is not None


def excluded_from(transaction: Transaction, object_id: str) -> set[str]:
    """The members who may not read an object: held back by a conflict, or recused."""
    query = sa.select(tables.exclusions.c.member).where(tables.exclusions.c.object == object_id)
    return set(transaction.content.execute(query).scalars())


def excluded_from_mail_of(transaction: Transaction, thread: str, case: CaseId | None) -> set[str]:
    """The members from whom any mail of a thread, or of a case, is held."""
    of_thread = sa.select("message:" + tables.messages.c.id).where(tables.messages.c.thread == thread)
    of_case = sa.select("message:" + tables.case_mail.c.message).where(tables.case_mail.c.case == case)
    held = tables.exclusions.c.object
    query = sa.select(tables.exclusions.c.member).where(held.in_(of_thread) | held.in_(of_case))
    return set(transaction.content.execute(query).scalars())


def kept_from(transaction: Transaction, about: Collection[CaseId], threads: Collection[str] = ()) -> set[str]:
    """The members who are kept from one of these cases, or from any mail of theirs or of these threads."""
    found: set[str] = set()
    for case in about:
        found |= excluded_from(transaction, parts.case_object(case)) | excluded_from_mail_of(transaction, "", case)
    for thread in threads:
        found |= excluded_from_mail_of(transaction, thread, None)
    return found


def closed_to(transaction: Transaction, member: str) -> set[str]:
    """The objects that one member is kept from."""
    query = sa.select(tables.exclusions.c.object).where(tables.exclusions.c.member == member)
    return set(transaction.content.execute(query).scalars())


def why_excluded(transaction: Transaction, object_id: str, member: str) -> str | None:
    """Why a member is kept from an object; None where she is not."""
    query = sa.select(tables.exclusions.c.why).filter_by(object=object_id, member=member)
    return transaction.content.execute(query).scalar()


def exclude(transaction: Transaction, object_id: str, member: str, why: str) -> None:
    """Keep one member from an object; of two reasons the one that outlasts a mail's release is kept."""
    before = why_excluded(transaction, object_id, member)
    if before is None:
        values = {"object": object_id, "member": member, "why": why}
        transaction.content.execute(sa.insert(tables.exclusions).values(**values))
    elif before == CONFLICT or why == SUBJECT:
        here = (tables.exclusions.c.object == object_id) & (tables.exclusions.c.member == member)
        transaction.content.execute(sa.update(tables.exclusions).where(here).values(why=why))


def include(transaction: Transaction, object_id: str, member: str) -> None:
    """Lift what kept one member from an object; granting it is another step."""
    here = (tables.exclusions.c.object == object_id) & (tables.exclusions.c.member == member)
    transaction.content.execute(sa.delete(tables.exclusions).where(here))


def require(case: Case, *statuses: Status) -> None:
    """Refuse an act that this state of the case does not allow.

    Raises Refused.
    """
    if case.status in statuses:
        return
    allowed = " or ".join(status.value for status in statuses)
    raise Refused("wrong-status", f"{case.code_name} is {case.status.value}; this needs {allowed}.", _next_step(case))


def dismiss(transaction: Transaction, keyring: Keyring, case: Case, reason: str, at: datetime) -> None:
    """Say that a draft is no report; its mail becomes unlinked mail and its term begins.

    Raises Refused: not a draft, or the draft was not granted to this member.
    """
    require(case, Status.DRAFT)
    mails = mail.of_case(transaction, case.id)
    digest = parts.add_note(transaction, keyring, mail.object_id(mails[0].mail), "dismiss", reason)
    update(transaction, case.id, status=Status.DISMISSED.value, dismissed_on=at.date(), dismissed_by=keyring.member)
    for each in mails:
        mail.triage(transaction, each.mail, at.date())
    transaction.content.execute(sa.update(tables.threads).where(tables.threads.c.case == case.id).values(case=None))
    audit.append(transaction, keyring, at, "dismiss", case.code_name, reason=digest)


def _next_step(case: Case) -> str:
    steps = {
        Status.DRAFT: "Accept it first: `conduct case accept`.",
        Status.OPEN: "Close it first: `conduct case close`.",
        Status.CLOSED: "`conduct case show` says how it ended.",
        Status.MERGED: "Name the case that it was merged into.",
    }
    return steps.get(case.status, "`conduct case list` shows which cases are.")


def _unused_code_name(transaction: Transaction) -> str:
    while True:
        drawn = codenames.code_name(secrets.randbelow(codenames.possible()))
        if transaction.content.execute(_TAKEN, {"code_name": drawn}).first() is None:
            return drawn


def _case(row: sa.Row[tuple[Any, ...]]) -> Case:
    values = dict(row._mapping)  # noqa: SLF001  SQLAlchemy's public name for a row as a mapping
    values["status"] = Status(values["status"])
    values["reporter_kind"] = ReporterKind(values["reporter_kind"]) if values["reporter_kind"] else None
    return Case(**values)


def _row(row: sa.Row[tuple[Any, ...]]) -> Row:
    values = dict(row._mapping)  # noqa: SLF001
    values["outcome"] = Outcome(values["outcome"]) if values["outcome"] else None
    return Row(**values)
