"""Witnesses of a record: read by whoever may read it, destroyed with the reporter's part."""

from __future__ import annotations

import pytest

from policies.case import Subject
from policies.errors import Refused, WrongUsage
from policies.naming import parse_subject
from policies.retention import PlanItem
from records import audit, cases, closing, expunge, parts, viewing, witnesses
from records.cases import Case
from records.keyring import Keyring
from tests.records.builders import Committee

WITT = parse_subject("Wilma Witt <wilma@example.net, @wwitt>")
OTTO = parse_subject("Otto Obst")


def change(
    committee: Committee, case: Case, *added: Subject, removed: tuple[int, ...] = (), who: Keyring | None = None
) -> tuple[Subject, ...]:
    with committee.store.writing() as transaction:
        now = cases.get(transaction, case.id)
        return witnesses.change(transaction, who or committee.founder, now, added, removed, committee.now())


def test_put_on_record_and_taken_off(committee: Committee) -> None:
    case = committee.record()

    assert change(committee, case, WITT, OTTO) == (WITT, OTTO)
    assert change(committee, case, OTTO, removed=(1,)) == (OTTO,)
    with committee.store.reading() as transaction:
        assert viewing.view(transaction, committee.founder, case).witnesses == (OTTO,)
        entry = audit.entries(transaction, case.code_name)[-1]
    assert (entry.act, dict(entry.details)) == ("witnesses", {"added": 1, "removed": 1})
    with pytest.raises(WrongUsage, match="no witness of that number"):
        change(committee, case, removed=(2,))


def test_newcomer_reads_them_and_who_steps_aside_does_not(committee: Committee) -> None:
    case = committee.record()
    change(committee, case, WITT)
    noor = committee.join("Noor Haddad")

    with committee.store.reading() as transaction:
        assert witnesses.of(transaction, noor, case.id) == (WITT,)
        assert parts.read_or_none(transaction, noor, parts.reporter_object(case.id)) is None


def test_they_go_with_the_reporters_part_though_the_account_stays(committee: Committee) -> None:
    case = committee.record()
    change(committee, case, WITT)
    item = PlanItem(
        case=case.id, code_name=case.code_name, part="reporter", person=None, mails=(), date=committee.at.date(),
        due=True, held=(), review=None, why=(), needs_other_than=None,
    )  # fmt: skip
    with committee.store.writing() as transaction:
        expunge.carry_out(transaction, committee.founder, [item], committee.now())

    assert not committee.opens(committee.founder, parts.witnesses_object(case.id))
    assert committee.opens(committee.founder, parts.account_object(case.id))
    with pytest.raises(Refused, match="expunged"):
        change(committee, case, OTTO)


def test_private_reporter_is_no_witness_and_a_draft_has_none(committee: Committee) -> None:
    case = committee.record()

    with pytest.raises(Refused, match="private reporter"):
        change(committee, case, parse_subject("S. O. <sam@example.net>"))
    with pytest.raises(Refused, match="is draft"):
        change(committee, committee.draft(), WITT)


def test_witness_is_kept_out_of_what_outlives_the_case(committee: Committee) -> None:
    case = committee.record()
    change(committee, case, WITT)

    with committee.store.reading() as transaction, pytest.raises(Refused, match="Somebody is named in: general_note"):
        closing.refuse_names(transaction, committee.founder, case, {"general_note": "as Wilma Witt said"}, ())
