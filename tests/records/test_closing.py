"""Decisions on rows: one subject, all of them, nobody; bans lifted; and closing as one act."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from policies.case import Outcome, Status, Subject
from policies.closing import Decision
from policies.errors import Refused, WrongUsage
from records import accepting, cases, closing, tables
from records.cases import Case, Row
from records.closing import Closed, Grounds
from records.editing import Edit
from tests.records.builders import Committee


def record(committee: Committee, *names: str) -> Case:
    case = committee.record()
    with committee.store.writing() as transaction:
        people = [Subject((name,)) for name in names]
        accepting.name_subjects(transaction, committee.founder, case, people)
    return case


def close(committee: Committee, case: Case, outcome: Outcome, *, n: int | None = None, **more: object) -> Closed:
    ban = {name: more.pop(name) for name in ("ban_until", "permanent") if name in more}
    decision = Decision(outcome, committee.at.date(), n, **ban)  # type: ignore[arg-type]
    edit = Edit({name: str(value) for name, value in more.items()})
    with committee.store.writing() as transaction:
        return closing.close(
            transaction,
            committee.founder,
            case,
            decision,
            edit,
            Grounds("digest", ("conduct@example.org",)),
            committee.now(),
        )


def rows(committee: Committee, case: Case) -> list[Row]:
    with committee.store.reading() as transaction:
        return cases.rows_of(transaction, case.id)


def status(committee: Committee, case: Case) -> Status:
    with committee.store.reading() as transaction:
        return cases.get(transaction, case.id).status


def test_a_case_is_closed_when_the_last_subject_has_an_outcome(committee: Committee) -> None:
    case = record(committee, "Bo Rook", "Cyd Ferrer", "Dee Vance")

    first = close(committee, case, Outcome.BANNED, n=2, permanent=True)
    assert (first.still_open, status(committee, case)) == ((1, 3), Status.OPEN)
    second = close(committee, case, Outcome.NO_VIOLATION)

    assert (second.closing.rows, second.still_open, status(committee, case)) == ((1, 3), (), Status.CLOSED)
    outcomes = [row.outcome for row in rows(committee, case)]
    assert outcomes == [Outcome.NO_VIOLATION, Outcome.BANNED, Outcome.NO_VIOLATION]
    assert {row.closed_by for row in rows(committee, case)} == {committee.founder.member}


def test_where_nobody_is_named_a_row_stands_for_nobody(committee: Committee) -> None:
    case = record(committee)

    close(committee, case, Outcome.UNIDENTIFIED)

    assert [(row.n, row.outcome) for row in rows(committee, case)] == [(0, Outcome.UNIDENTIFIED)]


def test_what_was_decided_about_one_can_be_decided_anew_until_the_case_is_closed(sqlite_committee: Committee) -> None:
    case = record(sqlite_committee, "Bo Rook", "Cyd Ferrer")
    close(sqlite_committee, case, Outcome.BANNED, n=1, permanent=True)

    close(sqlite_committee, case, Outcome.RESOLVED, n=1)

    first = rows(sqlite_committee, case)[0]
    assert (first.outcome, first.permanent, first.ban_from) == (Outcome.RESOLVED, False, None)


def test_a_refused_closing_writes_nothing_not_even_the_other_fields(committee: Committee) -> None:
    case = record(committee, "Bo Rook")

    with pytest.raises(Refused) as told:
        close(committee, case, Outcome.RESOLVED, summary="Loud words.", space="chat", region="around Rook")

    assert str(told.value).startswith("Somebody is named in: region.")
    assert "Rook" not in str(told.value)
    assert status(committee, case) is Status.OPEN
    assert rows(committee, case)[0].outcome is None
    with committee.store.reading() as transaction:
        assert cases.get(transaction, case.id).space is None


def test_a_lifted_ban_is_over_once(sqlite_committee: Committee) -> None:
    committee = sqlite_committee
    case = record(committee, "Bo Rook", "Cyd Ferrer")
    today = committee.at.date()
    close(committee, case, Outcome.BANNED, ban_until=today + timedelta(days=90))

    def lift(n: int | None, on: date) -> Row:
        with committee.store.writing() as transaction:
            found = cases.get(transaction, case.id)
            return closing.lift(transaction, committee.founder, found, n, on, committee.now())

    with pytest.raises(WrongUsage, match="Several people"):
        lift(None, today)
    assert lift(2, today).lifted_on == today
    with pytest.raises(Refused, match="over already"):
        lift(2, today)
    assert lift(1, today).n == 1


def test_the_reopened_case_leaves_alone_who_is_expunged(sqlite_committee: Committee) -> None:
    committee = sqlite_committee
    case = record(committee, "Bo Rook", "Cyd Ferrer")
    close(committee, case, Outcome.NO_VIOLATION, n=1)
    close(committee, case, Outcome.RESOLVED)
    with committee.store.writing() as transaction:
        here = tables.rows.c.n == 1
        transaction.content.execute(tables.rows.update().where(here).values(expunged_on=committee.at.date()))
        closing.reopen(transaction, committee.founder, cases.get(transaction, case.id), "an appeal", committee.now())

    with pytest.raises(WrongUsage):
        close(committee, case, Outcome.FLAGGED, n=1)
    close(committee, case, Outcome.FLAGGED)

    assert [row.outcome for row in rows(committee, case)] == [Outcome.NO_VIOLATION, Outcome.FLAGGED]
