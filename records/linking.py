"""Which rows are about the same person: possible by the very same contact, certain only by a member's word."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from policies.case import RowId, Status
from policies.errors import WrongUsage
from records import audit, cases, parts, tables
from records.cases import Case, Row
from records.keyring import Keyring
from records.store import Transaction

State = Literal["same", "possible", "different"]


@dataclasses.dataclass(frozen=True, slots=True)
class Match:
    """A row of this case and a row of an earlier one that share a contact."""

    mine: int
    code_name: str
    n: int


@dataclasses.dataclass(frozen=True, slots=True)
class Matches:
    """What was found among the records that this member can open, and how many she cannot."""

    found: tuple[Match, ...]
    not_compared: int


def link_matches(transaction: Transaction, acting: Keyring, case: Case, *, same_person: bool, at: datetime) -> Matches:
    """Link this case's rows to earlier ones with the very same address, handle or URL.

    ``same_person`` is the member's word that they are the same; without it the link stays possible: it holds the
    earlier record and extends nothing.  Comparing happens here, in memory; there is no index of persons.
    """
    mine = _identifiers(transaction, acting, case)
    settled = {frozenset((a, b)) for a, b, state in links(transaction) if state != "possible"}
    found, not_compared = [], 0
    for other in cases.every(transaction, (Status.OPEN, Status.CLOSED)):
        if other.id == case.id:
            continue
        theirs = _identifiers(transaction, acting, other)
        not_compared += theirs is None
        for row, contacts in (mine or {}).items():
            for other_row, other_contacts in (theirs or {}).items():
                if contacts & other_contacts and not _is_settled(settled, row.id, other_row.id):
                    set_link(transaction, row.id, other_row.id, "same" if same_person else "possible", acting)
                    found.append(Match(row.n, other.code_name, other_row.n))
    for match in found:
        state = "same" if same_person else "possible"
        audit.append(transaction, acting, at, "link", case.code_name, subject=match.mine, state=state)
    return Matches(tuple(found), not_compared)


def _is_settled(settled: set[frozenset[RowId]], a: RowId, b: RowId) -> bool:
    """Whether a member has said already that two rows are, or are not, about one person."""
    return frozenset((a, b)) in settled


def settle(
    transaction: Transaction,
    acting: Keyring,
    one: tuple[Case, int],
    other: tuple[Case, int],
    state: State,
    at: datetime,
) -> None:
    """A member's word that a subject (a case and its number) is, or is not, the same person as another.

    Raises WrongUsage: there is no such subject, or both are one; Refused: a case is kept from this member.
    """
    rows = [_subject_row(transaction, case, n) for case, n in (one, other)]
    for case, _ in (one, other):
        acting.key(transaction, parts.case_object(case.id))
    if rows[0].id == rows[1].id:
        raise WrongUsage("same-subject", "That is one and the same subject.", "Name subjects of two cases.")
    set_link(transaction, rows[0].id, rows[1].id, state, acting)
    # The chain never forgets, so it does not say with whom: two expunged cases must not be tied to one person.
    for case, n in (one, other):
        audit.append(transaction, acting, at, "link", case.code_name, subject=n, state=state)


def forget_finished(transaction: Transaction) -> None:
    """Drop the links of people of whom no row is left: they would still say that two expunged cases were about one.

    While any row of a person is left, links among her expunged ones stay, for they carry what extends it.
    """
    alive = set(
        transaction.content.execute(sa.select(tables.rows.c.id).where(tables.rows.c.expunged_on.is_(None))).scalars()
    )
    known = links(transaction)
    reached = {row for a, b, _ in known for row in (a, b) if row in alive}
    while more := {row for a, b, _ in known for row in (a, b) if {a, b} & reached} - reached:
        reached |= more
    for a, b, _ in known:
        if a not in reached:
            here = (tables.links.c.a == a) & (tables.links.c.b == b)
            transaction.content.execute(sa.delete(tables.links).where(here))


def row_of(transaction: Transaction, case: Case, n: int) -> Row:
    """Subject ``n`` of a case.

    Raises WrongUsage: there is none of that number.
    """
    for row in cases.rows_of(transaction, case.id):
        if row.n == n:
            return row
    raise WrongUsage(
        "no-such-subject", f"{case.code_name} has no subject {n}.", "`conduct case show` numbers the subjects."
    )


def _subject_row(transaction: Transaction, case: Case, n: int) -> Row:
    # The row 0 of a case that names nobody stands for no person.
    return row_of(transaction, case, n or -1)


def set_link(transaction: Transaction, a: RowId, b: RowId, state: State, acting: Keyring) -> None:
    """Note what is known of two rows, in place of what was known before."""
    first, second = sorted((a, b))
    here = (tables.links.c.a == first) & (tables.links.c.b == second)
    transaction.content.execute(sa.delete(tables.links).where(here))
    transaction.content.execute(sa.insert(tables.links).values(a=first, b=second, state=state, by=acting.member))


def links(transaction: Transaction) -> list[tuple[RowId, RowId, State]]:
    """Every link between rows."""
    return [(RowId(row.a), RowId(row.b), row.state) for row in transaction.content.execute(sa.select(tables.links))]


def _identifiers(transaction: Transaction, acting: Keyring, case: Case) -> dict[Row, set[str]] | None:
    found = {}
    for row in cases.rows_of(transaction, case.id):
        if row.n == 0 or row.expunged_on is not None:
            continue
        value = parts.read_or_none(transaction, acting, parts.subject_object(row.id))
        if value is None:
            return None
        found[row] = parts.identifiers(parts.as_subject(value))
    return found
