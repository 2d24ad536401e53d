"""A case is decided: outcomes on its rows, bans lifted early, and general facts that name nobody."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from datetime import date, datetime

import sqlalchemy as sa

from policies.addresses import canonical
from policies.case import Outcome, Status
from policies.closing import Closing, Decision, check, naming_fields
from policies.errors import Refused, WrongUsage
from records import (
    accepting,
    audit,
    cases,
    drafts,
    linking,
    mail,
    members,
    merging,
    parts,
    screening,
    tables,
    viewing,
    waiting,
    witnesses,
)
from records.cases import Case, Row
from records.editing import Edit, apply_edit
from records.keyring import Keyring
from records.store import Transaction


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Grounds:
    """What a decision is taken under: the policy, and the mailbox's own addresses, which give nobody away."""

    policy_digest: str
    conduct: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Which policy."""
        return f"Grounds({self.policy_digest[:8]})"


@dataclasses.dataclass(frozen=True, slots=True)
class Closed:
    """What closing came to; ``still_open`` are the subjects that have no outcome yet."""

    closing: Closing
    still_open: tuple[int, ...]
    note: waiting.Act | None


def close(
    transaction: Transaction,
    acting: Keyring,
    case: Case,
    decision: Decision,
    edit: Edit,
    grounds: Grounds,
    at: datetime,
) -> Closed:
    """Put a decision on record; the case is closed once every subject has an outcome.

    Raises Refused: not open, or a field that stays names somebody; WrongUsage: dates that cannot be.
    """
    cases.require(case, Status.OPEN)
    note = apply_edit(transaction, acting, case, edit, at)
    now = cases.get(transaction, case.id)
    general = {name: getattr(now, name) for name in ("space", "category", "region", "general_note")}
    closing = check(decision, _meant(transaction, case, decision), now.reported_on, at.date(), general)
    refuse_names(transaction, acting, now, general, grounds.conduct)
    for n in closing.rows:
        _decide(transaction, acting, now, n, decision, closing, at)
    still_open = tuple(row.n for row in cases.rows_of(transaction, case.id) if row.n and row.outcome is None)
    if not still_open:
        cases.update(transaction, case.id, status=Status.CLOSED.value, policy_digest=grounds.policy_digest)
    audit.append(
        transaction,
        acting,
        at,
        "close",
        case.code_name,
        outcome=decision.outcome.value,
        decided=decision.decided_on.isoformat(),
        subjects=len(closing.rows),
    )
    return Closed(closing, still_open, note)


def _meant(transaction: Transaction, case: Case, decision: Decision) -> list[int]:
    """The subjects that a decision may be about; one for everybody leaves alone what was decided about one before."""
    rows = [row for row in cases.rows_of(transaction, case.id) if row.n and row.expunged_on is None]
    return [row.n for row in rows if decision.subject is not None or row.outcome is None]


def refuse_names(
    transaction: Transaction, acting: Keyring, case: Case, general: Mapping[str, str | None], conduct: Collection[str]
) -> None:
    """Keep everybody whom the case knows out of the fields that outlive it.

    Raises Refused, naming the fields but never the word.
    """
    known = parts.known_to(
        [
            *(subject for _, subject in viewing.subjects_of(transaction, acting, case)),
            *witnesses.of(transaction, acting, case.id),
        ],
        _reporter(transaction, acting, case),
    )
    known |= _people_of_mail(transaction, acting, case, conduct)
    guilty = set(naming_fields(general, known))
    guilty |= set(screening.naming(transaction, acting, case.id, general))
    if guilty:
        raise Refused(
            "names-somebody",
            f"Somebody is named in: {', '.join(sorted(guilty))}.",
            "These fields stay when the case is expunged; write them so that nobody can be told from them.",
        )


def lift(transaction: Transaction, acting: Keyring, case: Case, subject: int | None, on: date, at: datetime) -> Row:
    """A ban ends before its date; the record's term runs from there.

    Raises Refused: there is no ban; WrongUsage: which one is unclear, or a day before the ban or still to come.
    """
    cases.require(case, Status.CLOSED)
    merging.require_reading(transaction, acting, case)
    banned = [row for row in cases.rows_of(transaction, case.id) if row.outcome is Outcome.BANNED]
    found = [row for row in banned if subject is None or row.n == subject]
    if not found:
        raise Refused("no-ban", f"Nobody in {case.code_name} is banned.", "`conduct case show` says how it ended.")
    if len(found) > 1:
        raise WrongUsage("which-subject", "Several people are banned.", "Say which with --subject N.")
    row = found[0]
    if on > at.date() or (row.ban_from is not None and on < row.ban_from):
        raise WrongUsage("lift-date", "A ban is lifted on a day from its beginning until today.", "Check --on.")
    if row.lifted_on is not None or (row.ban_until is not None and row.ban_until <= on):
        raise Refused("ban-over", "That ban is over already.", "`conduct retain plan` shows what follows.")
    transaction.content.execute(sa.update(tables.rows).where(tables.rows.c.id == row.id).values(lifted_on=on))
    audit.append(transaction, acting, at, "lift", case.code_name, subject=row.n, on=on.isoformat())
    return linking.row_of(transaction, case, row.n)


def reopen(transaction: Transaction, acting: Keyring, case: Case, reason: str, at: datetime) -> None:
    """Take the outcomes of a closed case back, so that it can be decided anew; what is expunged stays expunged.

    Raises Refused: not closed, or the record's texts have been expunged, or it was not granted to this member.
    """
    cases.require(case, Status.CLOSED)
    merging.require_reading(transaction, acting, case)
    if case.account_expunged is not None:
        raise Refused(
            "expunged", f"The texts of {case.code_name} have been expunged.", "Open a new case for what is new."
        )
    digest = screening.add_reason(transaction, acting, case.id, "reopen", reason, at)
    undecided = dict.fromkeys(("outcome", "decided_on", "ban_from", "ban_until", "lifted_on", "closed_by", "closed_on"))
    living = (tables.rows.c.case == case.id) & tables.rows.c.expunged_on.is_(None)
    transaction.content.execute(sa.update(tables.rows).where(living).values(**undecided, permanent=False))
    nobody = living & (tables.rows.c.n == 0)
    transaction.content.execute(sa.delete(tables.rows).where(nobody))
    cases.update(transaction, case.id, status=Status.OPEN.value, policy_digest=None)
    audit.append(transaction, acting, at, "reopen", case.code_name, reason=digest)


def _decide(
    transaction: Transaction, acting: Keyring, case: Case, n: int, decision: Decision, closing: Closing, at: datetime
) -> None:
    existing = {row.n: row.id for row in cases.rows_of(transaction, case.id)}
    row = existing.get(n) or accepting.new_row(transaction, case.id, n)
    transaction.content.execute(
        sa.update(tables.rows)
        .where(tables.rows.c.id == row)
        .values(
            outcome=decision.outcome.value,
            decided_on=decision.decided_on,
            ban_from=closing.ban_from,
            ban_until=closing.ban_until,
            permanent=closing.permanent,
            closed_by=acting.member,
            closed_on=at.date(),
        )
    )


def _reporter(transaction: Transaction, acting: Keyring, case: Case) -> parts.Reporter | None:
    value = parts.read_or_none(transaction, acting, parts.reporter_object(case.id))
    return parts.as_reporter(value) if value else None


def _people_of_mail(transaction: Transaction, acting: Keyring, case: Case, conduct: Collection[str]) -> set[str]:
    """Whoever wrote or received a mail of the case that this member may read; the committee apart."""
    ours = {canonical(address) for each in members.load(transaction) for address in each.member.addresses}
    ours |= {canonical(address) for address in conduct}
    found: set[str] = set()
    for each in mail.of_case(transaction, case.id):
        if each.expunged_on is not None or acting.key_or_none(transaction, mail.object_id(each.mail)) is None:
            continue
        message = drafts.opened(transaction, acting, each.mail).message
        for read in (message, *message.inner) if message else ():
            for one in read.participants:
                found |= set() if canonical(one.address) in ours else {one.name, one.address}
    return found - {""}
