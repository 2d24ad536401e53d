"""The second member's word: who may give it, what it counts for, and who may carry out what one alone decided."""

from __future__ import annotations

from datetime import date

import pytest

from policies.errors import Refused, WrongUsage
from records import cases, parts, waiting
from records.cases import Case
from records.keyring import Keyring
from records.waiting import Act
from tests.records.builders import Committee

UNTIL = date(2026, 9, 1)


def hold(committee: Committee, case: Case, who: Keyring | None = None) -> Act:
    with committee.store.writing() as transaction:
        return waiting.hold(transaction, who or committee.founder, case, "an appeal", UNTIL, committee.now())


def agree(committee: Committee, who: Keyring, act: str) -> Act:
    with committee.store.writing() as transaction:
        return waiting.agree(transaction, who, act, committee.now())


def test_alone_she_needs_nobody_and_with_another_she_does(committee: Committee) -> None:
    case = committee.record()
    assert hold(committee, case).agreed_by == committee.founder.member

    noor = committee.join("Noor Haddad")
    act = hold(committee, case)
    assert act.agreed_by is None
    with pytest.raises(Refused, match="proposed it yourself"):
        agree(committee, committee.founder, act.id)
    agree(committee, noor, act.id)

    with pytest.raises(Refused, match="already"):
        agree(committee, noor, act.id)
    with pytest.raises(WrongUsage, match="Nothing waits"):
        agree(committee, noor, "a000000")
    with committee.store.reading() as transaction:
        assert {each.agreed_by for each in waiting.every(transaction)} == {committee.founder.member, noor.member}


def test_every_hold_of_a_case_is_released_at_once(committee: Committee) -> None:
    case, other = committee.record(), committee.record()
    for each in (case, case, other):
        hold(committee, each)

    with committee.store.writing() as transaction:
        assert waiting.release(transaction, committee.founder, case, committee.now()) == 2
    with committee.store.writing() as transaction, pytest.raises(Refused, match="Nobody holds"):
        waiting.release(transaction, committee.founder, case, committee.now())

    with committee.store.reading() as transaction:
        running = [each for each in waiting.holds(transaction) if each.released_on is None]
    assert [(each.case, each.until) for each in running] == [(other.id, UNTIL)]


def test_a_reason_is_sealed_with_the_case_and_the_chain_has_its_digest_alone(committee: Committee) -> None:
    case = committee.record()

    hold(committee, case)

    with committee.store.reading() as transaction:
        account = parts.read(transaction, committee.founder, parts.account_object(case.id))
    (reason,) = account["reasons"]
    assert (reason["act"], reason["text"], reason["by"]) == ("hold", "an appeal", committee.founder.member)


def test_the_last_agreed_deviation_of_a_row_is_what_the_snapshot_takes(sqlite_committee: Committee) -> None:
    from records import accepting, snapshot

    committee = sqlite_committee
    case = committee.record()
    noor = committee.join("Noor Haddad")
    with committee.store.writing() as transaction:
        row_id = accepting.new_row(transaction, case.id, 1)
        row = cases.rows_of(transaction, case.id)[0]
        for who, until in ((noor, date(2027, 1, 1)), (noor, date(2028, 1, 1)), (noor, None)):
            act = waiting.deviate(transaction, who, case, row, until, "because", committee.now())
            if until is not None:
                waiting.agree(transaction, committee.founder, act.id, committee.now())

    with committee.store.reading() as transaction:
        taken = next(each for each in snapshot.take(transaction).cases if each.case == case.id)
    (taken_row,) = taken.rows
    assert taken_row.row == row_id
    assert taken_row.deviation is not None
    assert (taken_row.deviation.until, taken_row.deviation.agreed) == (date(2028, 1, 1), True)


def test_who_may_follow_where_one_alone_decided(sqlite_committee: Committee) -> None:
    committee = sqlite_committee
    founder, noor = committee.founder.member, committee.join("Noor Haddad").member
    tomas = committee.join("Tomas Novak").member

    def may(*objects: str) -> list[str]:
        with committee.store.reading() as transaction:
            people = {"founder": founder, "noor": noor, "tomas": tomas}
            return [name for name, one in people.items() if waiting.may_follow(transaction, one, founder, objects)]

    assert may("case:c1") == ["noor", "tomas"]
    with committee.store.writing() as transaction:
        cases.exclude(transaction, "case:c1", noor, "conflict")
    assert may("case:c1") == ["tomas"]
    assert may("message:m1") == ["noor", "tomas"]
    with committee.store.writing() as transaction:
        cases.exclude(transaction, "message:m1", tomas, "conflict-hold")
    assert may("case:c1", "message:m1") == ["founder"]
