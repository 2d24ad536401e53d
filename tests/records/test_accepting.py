"""A draft becomes a record: who can open which part, what is written where, and all of it or nothing."""

from __future__ import annotations

import pytest

from policies.case import ReporterKind, Status, Subject
from policies.errors import Refused
from records import accepting, cases, mail, members, parts
from records.accepting import Acceptance
from records.cases import Case
from records.editing import Edit
from records.keyring import Keyring
from tests.records.builders import Committee, add_mail

BO = Subject(("Bo Rook",), ("bo@example.net",), ("@bo",), ("https://x.example/bo",))
CYD = Subject(("Cyd Ferrer",))


def accept(committee: Committee, case: Case, who: Keyring | None = None, **what: object) -> accepting.Accepted:
    with committee.store.writing() as transaction:
        acceptance = Acceptance(**what)  # type: ignore[arg-type]
        return accepting.accept(transaction, who or committee.founder, case, acceptance, committee.now())


def state(committee: Committee, case: Case) -> Case:
    with committee.store.reading() as transaction:
        return cases.get(transaction, case.id)


def test_every_present_member_opens_the_record_and_the_recovery_identity_too(committee: Committee) -> None:
    noor = committee.join("Noor Haddad")
    case = committee.draft()

    accept(committee, case, noor, subjects=(BO, CYD), edit=Edit({"summary": "Loud words.", "region": "online"}))

    recovery = Keyring(members.new_id(), committee.recovery)
    recovery.member = members.RECOVERY  # type: ignore[assignment]
    for who in (committee.founder, noor, recovery):
        with committee.store.reading() as transaction:
            rows = cases.rows_of(transaction, case.id)
            people = [parts.as_subject(parts.read(transaction, who, parts.subject_object(row.id))) for row in rows]
            account = parts.read(transaction, who, parts.account_object(case.id))
            reporter = parts.as_reporter(parts.read(transaction, who, parts.reporter_object(case.id)))
        assert people == [BO, CYD]
        assert account["fields"] == {"summary": "Loud words."}
        assert (reporter.names, reporter.addresses) == (("Sam Ostrova",), ("sam@example.net",))
    found = state(committee, case)
    assert (found.status, found.reporter_kind, found.handler) == (Status.OPEN, ReporterKind.PRIVATE, noor.member)
    assert (found.region, found.accepted_on) == ("online", committee.at.date())


@pytest.mark.parametrize("kind", list(ReporterKind))
def test_only_a_private_reporter_has_readers_of_her_own(sqlite_committee: Committee, kind: ReporterKind) -> None:
    committee = sqlite_committee
    case = committee.draft()
    accept(committee, case, reporter_kind=kind)

    newcomer = committee.join("Wren Abe")

    assert committee.opens(newcomer, parts.account_object(case.id))
    assert committee.opens(newcomer, parts.reporter_object(case.id)) is (kind is not ReporterKind.PRIVATE)


def test_a_reporter_of_two_mails_is_known_only_to_who_can_read_both(sqlite_committee: Committee) -> None:
    committee = sqlite_committee
    noor, tomas = committee.join("Noor Haddad"), committee.join("Tomas Novak")
    case = committee.draft()
    with committee.store.writing() as transaction:
        add_mail(transaction, committee.now(), case=case.id, held_from=(noor,))

    with pytest.raises(Refused, match="was not granted to you"):
        accept(committee, case, noor)
    accept(committee, case, tomas)

    assert committee.opens(tomas, parts.reporter_object(case.id))
    assert not committee.opens(noor, parts.reporter_object(case.id))
    assert not committee.opens(noor, parts.case_object(case.id))


def test_what_is_refused_at_the_end_leaves_a_draft(committee: Committee) -> None:
    case = committee.draft()

    with pytest.raises(Refused) as told:
        accept(committee, case, subjects=(BO,), edit=Edit({"space": "online", "summary": "Ostrova says so."}))

    assert "Ostrova" not in str(told.value)
    with committee.store.reading() as transaction:
        found = cases.get(transaction, case.id)
        assert (found.status, found.space, cases.rows_of(transaction, case.id)) == (Status.DRAFT, None, [])
    assert not committee.opens(committee.founder, parts.account_object(case.id))
    accept(committee, case, subjects=(BO,))
    with committee.store.reading() as transaction:
        (row,) = cases.rows_of(transaction, case.id)
    assert committee.opens(committee.founder, parts.subject_object(row.id))


def test_a_draft_that_nobody_present_can_read_waits_for_the_recovery_identity(sqlite_committee: Committee) -> None:
    committee = sqlite_committee
    case = committee.draft(held_from=(committee.founder,))

    with pytest.raises(Refused) as told:
        accept(committee, case)

    assert told.value.hint == "Only the recovery identity can open it."


def test_what_nobody_can_read_any_more_does_not_keep_the_rest_from_being_accepted(sqlite_committee: Committee) -> None:
    committee = sqlite_committee
    case = committee.draft(held_from=(committee.founder,))
    noor = committee.join("Noor Haddad")
    committee.mail_to(case)

    accept(committee, case, noor)

    with committee.store.reading() as transaction:
        value = parts.read(transaction, noor, parts.account_object(case.id))
        assert value["screen"]
        assert [each.mail for each in mail.openers(mail.of_case(transaction, case.id))] != []


def test_nothing_of_the_people_shows_in_what_is_printed() -> None:
    acceptance = Acceptance(subjects=(BO,), edit=Edit({"summary": "Bo did it."}))

    assert "Bo" not in f"{acceptance}{acceptance.edit}{acceptance.subjects}"
