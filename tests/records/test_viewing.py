"""What a member sees of a case: what she can open, and for the rest whom to ask."""

from __future__ import annotations

import pytest

from policies.case import ReporterKind, Status, Subject
from records import accepting, cases, granting, viewing
from records.accepting import Acceptance
from records.cases import Case
from records.keyring import Keyring
from records.viewing import CaseView
from tests.records.builders import Committee


def view(committee: Committee, case: Case, who: Keyring | None = None) -> CaseView:
    with committee.store.reading() as transaction:
        return viewing.view(transaction, who or committee.founder, cases.get(transaction, case.id))


def test_a_draft_shows_its_mail_and_no_record(committee: Committee) -> None:
    case = committee.draft()

    found = view(committee, case)

    assert (found.case.status, found.handler, found.subjects, dict(found.account)) == (Status.DRAFT, "", (), {})
    assert (found.reporter, found.closed_parts) == (None, ())
    assert [each.draft is not None for each in found.mails] == [True]
    assert [entry.act for entry in found.history] == ["draft"]


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        (ReporterKind.PRIVATE, "Priya Raman"),
        (ReporterKind.OFFICIAL, "Sam Ostrova, sam@example.net"),
        (ReporterKind.PUBLIC, "Sam Ostrova, sam@example.net"),
    ],
)
def test_the_field_reporter_is_the_policys(sqlite_committee: Committee, kind: ReporterKind, shown: str) -> None:
    case = sqlite_committee.draft()
    with sqlite_committee.store.writing() as transaction:
        acceptance = Acceptance(kind, (Subject(("Bo Rook",)),))
        accepting.accept(transaction, sqlite_committee.founder, case, acceptance, sqlite_committee.now())

    found = view(sqlite_committee, case)

    assert viewing.shown_reporter(found) == shown
    assert [each.subject for each in found.subjects] == [Subject(("Bo Rook",))]
    assert "Rook" not in f"{found}{found.subjects}{found.mails}"


def test_what_is_closed_to_her_is_told_with_whom_to_ask(sqlite_committee: Committee) -> None:
    committee = sqlite_committee
    case = committee.record()
    noor = committee.join("Noor Haddad")
    assert view(committee, case, noor).closed_parts == (
        "1 of 1 mails are not granted to you. Ask one of: Priya Raman.",
        "The reporter's part is not granted to you. Ask one of: Priya Raman.",
    )

    with committee.store.writing() as transaction:
        enrolled = committee.enrolled(transaction, noor)
        granting.recuse(transaction, committee.founder, case, enrolled, committee.now())

    recused = view(committee, case, Keyring(noor.member, noor.identity))
    assert len(recused.closed_parts) == 3
    assert (dict(recused.account), recused.reporter, recused.subjects) == ({}, None, ())
    with committee.store.reading() as transaction:
        assert viewing.find_mail(transaction, noor) == []
        assert len(viewing.find_mail(transaction, committee.founder)) == 1


def test_past_members_keep_their_names_in_the_history(sqlite_committee: Committee) -> None:
    noor = sqlite_committee.join("Noor Haddad")
    case = sqlite_committee.record(by=sqlite_committee.founder)
    sqlite_committee.leave(noor)

    with sqlite_committee.store.reading() as transaction:
        assert viewing.handler_names(transaction)[noor.member] == "Noor Haddad"
    assert view(sqlite_committee, case).handler == "Priya Raman"
