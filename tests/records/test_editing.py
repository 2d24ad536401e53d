"""The words FIELD=VALUE: which fields there are, which are computed, and what an empty value means."""

from __future__ import annotations

import pytest

from policies.errors import WrongUsage
from records import cases, editing, parts
from records.editing import Edit, apply_edit, parse_fields
from tests.records.builders import Committee

WRITABLE = (
    "date_of_first_report", "reporter", "summary", "action_by_us", "action_by_local_rep", "outcome_to_share",
    "space", "category", "region", "general_note",
)  # fmt: skip


def test_the_fields_that_may_be_written_are_those_of_the_policy_that_are_not_computed() -> None:
    assert editing.writable() == WRITABLE


def test_words_are_read_up_to_the_first_sign() -> None:
    edit = parse_fields(("summary=He said a=b. ", "space=", "summary=Last counts"))

    assert dict(edit.fields) == {"summary": "Last counts", "space": ""}


@pytest.mark.parametrize(
    "words", ["summary", "=x", "Summary=x", "expunge_on=x", "banned_or_flagged=x", "named_subjects=x"]
)
def test_other_words_are_refused_and_not_quoted(words: str) -> None:
    with pytest.raises(WrongUsage) as told:
        parse_fields((f"{words} Ada Quill",))

    assert "Quill" not in str(told.value)


def test_texts_lie_sealed_and_general_facts_in_clear(committee: Committee) -> None:
    case = committee.record()
    edit = Edit(
        {"summary": "Loud words.", "action_by_us": "Wrote.", "space": "chat", "date_of_first_report": "2026-04-30"}
    )

    with committee.store.writing() as transaction:
        assert apply_edit(transaction, committee.founder, case, edit, committee.now()) is None
        apply_edit(transaction, committee.founder, case, Edit({"action_by_us": "", "space": ""}), committee.now())

    with committee.store.reading() as transaction:
        found = cases.get(transaction, case.id)
        account = parts.read(transaction, committee.founder, parts.account_object(case.id))
    assert (found.space, found.reported_on.isoformat()) == (None, "2026-04-30")
    assert account["fields"] == {"summary": "Loud words.", "action_by_us": ""}


def test_a_note_is_proposed_once_for_each_wording(sqlite_committee: Committee) -> None:
    committee = sqlite_committee
    committee.join("Noor Haddad")
    case = committee.record()

    with committee.store.writing() as transaction:
        first = apply_edit(transaction, committee.founder, case, Edit({"general_note": "One."}), committee.now())
        second = apply_edit(transaction, committee.founder, case, Edit({"general_note": "Two."}), committee.now())

    assert first is not None
    assert second is not None
    assert (first.about, second.agreed_by) == (second.about, None)
    assert first.id != second.id
