"""Acts that wait for a second member's word: holds, deviations, general notes; and who agreed to them."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal

import sqlalchemy as sa

from policies.case import CaseId, RowId
from policies.errors import Refused, WrongUsage
from policies.roster import MemberId
from records import audit, cases, members, parts, screening, tables
from records.cases import Case, Row
from records.keyring import Keyring
from records.store import Transaction

About = Literal["hold", "deviation", "note"]


@dataclasses.dataclass(frozen=True, slots=True)
class Act:
    """One act and who agreed.  ``about`` is ``hold:ID``, ``deviation:ID`` or ``note:CASE``."""

    id: str
    about: str
    case: CaseId
    by: str
    agreed_by: str | None
    agreed_on: date | None

    @property
    def kind(self) -> str:
        """What sort of act it is."""
        return self.about.partition(":")[0]


@dataclasses.dataclass(frozen=True, slots=True)
class StoredHold:
    """A hold as stored; what it means on a day, ``policies.retention`` says."""

    id: str
    case: CaseId
    by: str
    placed_on: date
    until: date | None
    released_on: date | None


@dataclasses.dataclass(frozen=True, slots=True)
class StoredDeviation:
    """A deviation as stored; ``until`` None means never."""

    id: str
    row: RowId
    by: str
    decided_on: date
    until: date | None
    review_on: date | None


def propose(transaction: Transaction, acting: Keyring, case: CaseId, about: str, at: datetime) -> Act:
    """Put an act before a second member; in a committee of one it counts at once."""
    alone = len(members.present(transaction)) == 1
    transaction.content.execute(sa.delete(tables.acts).where(tables.acts.c.about == about))
    act = "a" + secrets.token_hex(3)
    transaction.content.execute(
        sa.insert(tables.acts).values(
            id=act,
            about=about,
            case=case,
            by=acting.member,
            agreed_by=acting.member if alone else None,
            agreed_on=at.date() if alone else None,
        )
    )
    if alone:
        _take_the_place(transaction, about)
    return _act(transaction.content.execute(sa.select(tables.acts).where(tables.acts.c.id == act)).one())


def _take_the_place(transaction: Transaction, about: str) -> None:
    """What was agreed on last counts: an agreed deviation goes when another of its row takes its place."""
    kind, _, deviation_id = about.partition(":")
    if kind != "deviation":
        return
    agreed = {act.about.partition(":")[2] for act in every(transaction) if act.agreed_by is not None}
    row = next(each.row for each in deviations(transaction) if each.id == deviation_id)
    for each in deviations(transaction):
        if each.row == row and each.id in agreed - {deviation_id}:
            transaction.content.execute(sa.delete(tables.deviations).where(tables.deviations.c.id == each.id))
            transaction.content.execute(sa.delete(tables.acts).where(tables.acts.c.about == f"deviation:{each.id}"))


def every(transaction: Transaction) -> list[Act]:
    """All acts, those that wait and those agreed to."""
    return [_act(row) for row in transaction.content.execute(sa.select(tables.acts).order_by(tables.acts.c.id))]


def agree(transaction: Transaction, acting: Keyring, act_id: str, at: datetime) -> Act:
    """The second member's word.

    Raises WrongUsage: no such act; Refused: her own, agreed to already, or about a case that she is kept from.
    """
    for act in every(transaction):
        if act.id == act_id:
            break
    else:
        raise WrongUsage("no-such-act", "Nothing waits under that name.", "`conduct agree` lists what waits.")
    if act.agreed_by is not None:
        raise Refused("agreed-already", "It has been agreed to already.", "Nothing is left to do.")
    if act.by == acting.member:
        raise Refused("own-act", "You proposed it yourself; the policy asks for another member's word.")
    if acting.member in cases.excluded_from(transaction, parts.case_object(act.case)):
        raise Refused("recused", "You are kept from this case.", "Ask another member.")
    here = tables.acts.c.id == act.id
    transaction.content.execute(sa.update(tables.acts).where(here).values(agreed_by=acting.member, agreed_on=at.date()))
    _take_the_place(transaction, act.about)
    audit.append(transaction, acting, at, "agree", cases.get(transaction, act.case).code_name, to=act.about)
    return act


def may_follow(transaction: Transaction, member: MemberId, first: MemberId, objects: Sequence[str]) -> bool:
    """Whether a member may carry out what ``first`` alone decided about these objects.

    Another one may, if nothing of it is kept from her, for it may be about her; where no such member is left, one
    who stepped aside: destroying needs no reading.  Where none is left either, ``first`` may herself.
    """
    others = {each.member.id for each in members.present(transaction)} - {first}
    reasons = {one: {cases.why_excluded(transaction, object_id, one) for object_id in objects} for one in others}
    free = {one for one in others if reasons[one] <= {None}}
    able = free or {one for one in others if reasons[one] <= {None, cases.RECUSED}}
    return member in able if able else member == first


def hold(transaction: Transaction, acting: Keyring, case: Case, reason: str, until: date | None, at: datetime) -> Act:
    """Keep everything of a case from being expunged; alone it lapses after the policy's days."""
    digest = screening.add_reason(transaction, acting, case.id, "hold", reason, at)
    hold_id = "h" + secrets.token_hex(4)
    transaction.content.execute(
        sa.insert(tables.holds).values(id=hold_id, case=case.id, by=acting.member, placed_on=at.date(), until=until)
    )
    audit.append(
        transaction, acting, at, "hold", case.code_name, until=until.isoformat() if until else None, reason=digest
    )
    return propose(transaction, acting, case.id, f"hold:{hold_id}", at)


def release(transaction: Transaction, acting: Keyring, case: Case, at: datetime) -> int:
    """Lift every hold of a case; returns how many there were.

    Raises Refused: nothing is held, or the case is kept from this member.
    """
    acting.key(transaction, parts.case_object(case.id))
    running = (tables.holds.c.case == case.id) & tables.holds.c.released_on.is_(None)
    lifted = transaction.content.execute(sa.update(tables.holds).where(running).values(released_on=at.date())).rowcount
    if not lifted:
        raise Refused("not-held", f"Nobody holds {case.code_name}.", "`conduct retain plan` says what is held and why.")
    audit.append(transaction, acting, at, "release", case.code_name, holds=lifted)
    return int(lifted)


def deviate(
    transaction: Transaction, acting: Keyring, case: Case, row: Row, until: date | None, reason: str, at: datetime
) -> Act:
    """Propose another date than the policy's for one row ("in exceptional circumstances"); None means never."""
    digest = screening.add_reason(transaction, acting, case.id, "deviate", reason, at)
    deviation_id = "d" + secrets.token_hex(4)
    transaction.content.execute(
        sa.insert(tables.deviations).values(
            id=deviation_id, row=row.id, by=acting.member, decided_on=at.date(), until=until
        )
    )
    audit.append(
        transaction,
        acting,
        at,
        "deviate",
        case.code_name,
        subject=row.n,
        until=until.isoformat() if until else "never",
        reason=digest,
    )
    return propose(transaction, acting, case.id, f"deviation:{deviation_id}", at)


def forget_case(transaction: Transaction, case: CaseId) -> None:
    """Drop what still waits about a case that is expunged."""
    here = (tables.acts.c.case == case) & tables.acts.c.agreed_by.is_(None)
    transaction.content.execute(sa.delete(tables.acts).where(here))


def holds(transaction: Transaction) -> list[StoredHold]:
    """Every hold ever placed, oldest first."""
    rows = transaction.content.execute(sa.select(tables.holds).order_by(tables.holds.c.placed_on, tables.holds.c.id))
    return [StoredHold(**row._mapping) for row in rows]  # noqa: SLF001


def deviations(transaction: Transaction) -> list[StoredDeviation]:
    """Every deviation that is proposed or agreed to, oldest first; of a row one at most is agreed to."""
    query = sa.select(tables.deviations).order_by(tables.deviations.c.decided_on, tables.deviations.c.id)
    return [StoredDeviation(**row._mapping) for row in transaction.content.execute(query)]  # noqa: SLF001


def _act(row: sa.Row[tuple[Any, ...]]) -> Act:
    return Act(**row._mapping)  # noqa: SLF001  SQLAlchemy's public name for a row as a mapping
