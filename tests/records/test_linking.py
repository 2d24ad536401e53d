"""The same person in two records: matched by the very same contact, settled by a member, forgotten in the end."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from policies.case import Subject
from policies.errors import Refused, WrongUsage
from records import accepting, cases, keyring, linking, parts, tables
from records.cases import Case
from records.keyring import Keyring
from tests.records.builders import Committee


def record(committee: Committee, *subjects: Subject) -> Case:
    case = committee.record()
    with committee.store.writing() as transaction:
        accepting.name_subjects(transaction, committee.founder, case, subjects)
    return case


def matched(committee: Committee, case: Case, who: Keyring | None = None, *, same: bool = False) -> linking.Matches:
    with committee.store.writing() as transaction:
        return linking.link_matches(transaction, who or committee.founder, case, same_person=same, at=committee.now())


def states(committee: Committee) -> list[str]:
    with committee.store.reading() as transaction:
        return sorted(state for _, _, state in linking.links(transaction))


SHARED = [
    (Subject(addresses=("Bo+list@Mail.example",)), Subject(addresses=("bo@mail.example",))),
    (Subject(handles=("@Bo",)), Subject(handles=("bo",))),
    (Subject(urls=("https://x.example/bo/",)), Subject(urls=("https://x.example/bo",))),
]
APART = [
    (Subject(names=("Bo Rook",)), Subject(names=("Bo Rook",))),
    (Subject(addresses=("bo@mail.example",)), Subject(handles=("bo@mail.example",))),
    (Subject(urls=("https://x.example/Bo",)), Subject(urls=("https://x.example/bo",))),
    (Subject(handles=("@bo",)), Subject(handles=("@bobo",))),
]


@pytest.mark.parametrize(("one", "other"), SHARED)
def test_the_very_same_contact_makes_a_possible_link(sqlite_committee: Committee, one: Subject, other: Subject) -> None:
    first = record(sqlite_committee, one)
    second = record(sqlite_committee, other)

    found = matched(sqlite_committee, second)

    assert [(match.mine, match.code_name, match.n) for match in found.found] == [(1, first.code_name, 1)]
    assert states(sqlite_committee) == ["possible"]


@pytest.mark.parametrize(("one", "other"), APART)
def test_anything_less_makes_none(sqlite_committee: Committee, one: Subject, other: Subject) -> None:
    record(sqlite_committee, one)

    assert matched(sqlite_committee, record(sqlite_committee, other)).found == ()
    assert states(sqlite_committee) == []


def test_records_that_are_closed_to_her_are_counted_and_not_compared(sqlite_committee: Committee) -> None:
    committee = sqlite_committee
    noor = committee.join("Noor Haddad")
    bo = Subject(handles=("@bo",))
    hidden, other = record(committee, bo), record(committee, bo)
    with committee.store.writing() as transaction:
        keyring.revoke(transaction, parts.case_object(hidden.id), noor.member)
    noor.forget(parts.case_object(hidden.id))

    found = matched(committee, other, noor)

    assert (found.found, found.not_compared) == ((), 1)


def test_a_members_word_replaces_what_was_known_in_either_order(committee: Committee) -> None:
    bo = Subject(handles=("@bo",))
    first, second = record(committee, bo), record(committee, bo)
    matched(committee, second)

    for one, other, state in (((first, 1), (second, 1), "same"), ((second, 1), (first, 1), "different")):
        with committee.store.writing() as transaction:
            linking.settle(transaction, committee.founder, one, other, state, committee.now())  # type: ignore[arg-type]
        assert states(committee) == [state]


def test_who_may_not_read_a_record_says_nothing_about_its_people(sqlite_committee: Committee) -> None:
    committee = sqlite_committee
    bo = Subject(handles=("@bo",))
    first, second = record(committee, bo), record(committee, bo)
    noor = committee.join("Noor Haddad")
    with committee.store.writing() as transaction:
        keyring.revoke(transaction, parts.case_object(first.id), noor.member)

    with pytest.raises(Refused), committee.store.writing() as transaction:
        linking.settle(transaction, noor, (first, 1), (second, 1), "different", committee.now())
    with pytest.raises(WrongUsage), committee.store.writing() as transaction:
        linking.settle(transaction, committee.founder, (first, 1), (first, 1), "same", committee.now())


def test_links_go_when_no_row_of_the_person_is_left_and_not_before(committee: Committee) -> None:
    bo, cyd = Subject(handles=("@bo",)), Subject(handles=("@cyd",))
    hers = [record(committee, bo) for _ in range(3)]
    others = [record(committee, cyd) for _ in range(2)]
    for case in (*hers[1:], others[1]):
        matched(committee, case, same=True)
    assert len(states(committee)) == 4

    _expunge(committee, *hers[:2], others[0], others[1])
    assert len(states(committee)) == 3
    _expunge(committee, hers[2])

    assert states(committee) == []


def _expunge(committee: Committee, *gone: Case) -> None:
    with committee.store.writing() as transaction:
        for case in gone:
            for row in cases.rows_of(transaction, case.id):
                here = tables.rows.c.id == row.id
                transaction.content.execute(sa.update(tables.rows).where(here).values(expunged_on=committee.at.date()))
        linking.forget_finished(transaction)
