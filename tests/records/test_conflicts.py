"""Nobody comes by what is kept from her: with a new key, by a planted debt, by another's favour, by a merge."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
import sqlalchemy as sa

from policies.case import ReporterKind, Subject
from policies.errors import ConductError
from policies.mail import MailId
from records import accepting, audit, cases, expunge, granting, joining, linking, mail, members, merging, parts, tables
from records.accepting import Acceptance
from records.cases import Case
from records.checking import check
from records.keyring import Keyring
from records.vault.identity import Identity
from tests.records.builders import NOW, Committee, newcomer

NOOR = Subject(names=("Noor Haddad",))


def refused(act: Callable[[], object]) -> str:
    """The code of the refusal that an act meets."""
    with pytest.raises(ConductError) as caught:
        act()
    return caught.value.code


def held_from(committee: Committee, *people: Keyring) -> tuple[Case, MailId]:
    """A draft whose one mail is held from these members."""
    case = committee.draft(held_from=people)
    with committee.store.reading() as transaction:
        (only,) = mail.of_case(transaction, case.id)
    return case, only.mail


def accept(committee: Committee, case: Case, *subjects: Subject, by: Keyring | None = None) -> None:
    with committee.store.writing() as transaction:
        acceptance = Acceptance(subjects=subjects)
        accepting.accept(transaction, by or committee.founder, case, acceptance, committee.now())


def recuse(committee: Committee, case: Case, who: Keyring) -> None:
    with committee.store.writing() as transaction:
        member = committee.enrolled(transaction, who)
        granting.recuse(transaction, committee.server, case, member, committee.now())


def release(committee: Committee, mail_id: MailId, to: Keyring, by: Keyring) -> None:
    with committee.store.writing() as transaction:
        member = committee.enrolled(transaction, to)
        granting.release_mail(transaction, by, mail_id, member, committee.now())


def plant_debt(committee: Committee, who: Keyring, object_id: str) -> None:
    """A row that nobody of the committee wrote; then the founder is at work."""
    with committee.store.writing() as transaction:
        transaction.content.execute(sa.insert(tables.owed).values(object=object_id, member=who.member))
    with committee.store.writing() as transaction:
        granting.pay_owed(transaction, Keyring(committee.founder.member, committee.founder.identity))


# --- who returns, who is new


def test_who_returns_with_a_new_key_stays_kept_out(committee: Committee) -> None:
    noor = committee.join("Noor Haddad", since=NOW)
    case, held = held_from(committee, noor)
    accept(committee, case)
    committee.leave(noor)

    back = committee.join("Noor Haddad", since=NOW)

    assert back.member != noor.member
    assert not committee.opens(back, mail.object_id(held))
    assert not committee.opens(back, parts.case_object(case.id))


def test_a_newcomer_who_is_a_subject_of_a_record_gets_all_others(committee: Committee) -> None:
    about_her, other = committee.draft(), committee.record()
    accept(committee, about_her, NOOR)

    noor = committee.join("Noor Haddad", since=NOW)

    with committee.store.reading() as transaction:
        (opener,) = mail.of_case(transaction, about_her.id)
    assert not committee.opens(noor, parts.case_object(about_her.id))
    assert not committee.opens(noor, mail.object_id(opener.mail))
    assert committee.opens(noor, parts.case_object(other.id))


# --- planted debts


def test_a_planted_debt_grants_no_held_mail(committee: Committee) -> None:
    noor = committee.join("Noor Haddad", since=NOW)
    _, held = held_from(committee, noor)

    plant_debt(committee, noor, mail.object_id(held))

    assert not committee.opens(noor, mail.object_id(held))
    with committee.store.reading() as transaction:
        assert not granting.owes_something(transaction)


def test_a_planted_debt_grants_no_private_reporter(committee: Committee) -> None:
    case = committee.draft()
    with committee.store.writing() as transaction:
        acceptance = Acceptance(reporter_kind=ReporterKind.PRIVATE)
        accepting.accept(transaction, committee.founder, case, acceptance, committee.now())
    late = committee.join("Noor Haddad")

    plant_debt(committee, late, parts.reporter_object(case.id))

    assert committee.opens(late, parts.case_object(case.id))
    assert not committee.opens(late, parts.reporter_object(case.id))


# --- favours


def test_who_is_kept_from_a_mail_releases_it_to_nobody(committee: Committee) -> None:
    noor, tomas = (committee.join(name, since=NOW) for name in ("Noor Haddad", "Tomas Novak"))
    _, held = held_from(committee, noor, tomas)

    for one, other in ((noor, tomas), (tomas, noor)):
        assert refused(partial(release, committee, held, other, one)) == "no-grant"

    with committee.store.reading() as transaction:
        assert cases.excluded_from(transaction, mail.object_id(held)) == {noor.member, tomas.member}
    assert not committee.opens(noor, mail.object_id(held))


def test_a_recused_member_lets_nobody_back(committee: Committee) -> None:
    noor, tomas = (committee.join(name, since=NOW) for name in ("Noor Haddad", "Tomas Novak"))
    case = committee.record()
    for who in (noor, tomas):
        recuse(committee, case, who)

    with committee.store.writing() as transaction:
        member = committee.enrolled(transaction, tomas)
        code = refused(lambda: granting.unrecuse(transaction, noor, case, member, committee.now()))

    assert code == "recused"
    assert not committee.opens(tomas, parts.case_object(case.id))


@pytest.mark.parametrize("when", ["draft", "record"])
def test_releasing_a_held_mail_lifts_no_recusal(committee: Committee, when: str) -> None:
    noor = committee.join("Noor Haddad", since=NOW)
    case, held = held_from(committee, noor)
    if when == "record":
        accept(committee, case)
    recuse(committee, case, noor)

    release(committee, held, noor, committee.founder)

    assert not committee.opens(noor, mail.object_id(held))
    assert not committee.opens(noor, parts.case_object(case.id))


def test_releasing_a_held_mail_gives_no_subject_her_case(committee: Committee) -> None:
    noor = committee.join("Noor Haddad", since=NOW)
    case, held = held_from(committee, noor)
    accept(committee, case, NOOR)

    release(committee, held, noor, committee.founder)

    assert not committee.opens(noor, parts.case_object(case.id))


def test_a_recusal_survives_a_merge(committee: Committee) -> None:
    noor = committee.join("Noor Haddad", since=NOW)
    into, draft = committee.record(), committee.draft()
    recuse(committee, draft, noor)

    with committee.store.writing() as transaction:
        merging.merge(transaction, committee.founder, draft, cases.get(transaction, into.id), committee.now())
        later = [mail.object_id(each.mail) for each in mail.of_case(transaction, into.id)]

    assert not any(committee.opens(noor, each) for each in (parts.case_object(into.id), *later))
    with committee.store.reading() as transaction:
        assert cases.why_excluded(transaction, parts.case_object(into.id), noor.member) == cases.RECUSED


# --- subjects who are members


def test_a_member_named_at_accept_loses_case_reporter_and_mail(committee: Committee) -> None:
    noor = committee.join("Noor Haddad", since=NOW)
    case = committee.draft()
    with committee.store.reading() as transaction:
        (opener,) = mail.of_case(transaction, case.id)
    assert committee.opens(noor, mail.object_id(opener.mail))

    accept(committee, case, NOOR)

    for each in (mail.object_id(opener.mail), parts.case_object(case.id), parts.reporter_object(case.id)):
        assert not committee.opens(noor, each)


def test_a_member_named_later_loses_them_too(committee: Committee) -> None:
    noor = committee.join("Noor Haddad", since=NOW)
    case = committee.record()
    assert committee.opens(noor, parts.case_object(case.id))

    with committee.store.writing() as transaction:
        accepting.name_subjects(transaction, committee.founder, case, (NOOR,))

    assert not committee.opens(noor, parts.case_object(case.id))


def test_nobody_names_herself(committee: Committee) -> None:
    case = committee.draft()
    herself = Subject(names=("Priya Raman",))

    assert refused(lambda: accept(committee, case, herself)) == "own-case"


# --- what the chain says


def test_an_act_about_the_roster_by_a_departed_member_is_found(sqlite_committee: Committee) -> None:
    committee = sqlite_committee
    noor = committee.join("Noor Haddad", since=NOW)
    committee.leave(noor)
    with committee.store.reading() as transaction:
        assert check(transaction) == []

    with committee.store.writing() as transaction:
        joining.admit(transaction, noor, newcomer("Olga Winter", Identity.generate()), None, committee.now())

    with committee.store.reading() as transaction:
        (problem,) = [each for each in check(transaction) if "no member then" in each]
        assert str(audit.entries(transaction)[-1].number) in problem


def test_entries_about_links_name_no_other_case(sqlite_committee: Committee) -> None:
    committee = sqlite_committee
    first, second = committee.draft(), committee.draft()
    for case in (first, second):
        accept(committee, case, Subject(names=("Bo Rook",), handles=("@bo",)))
    with committee.store.writing() as transaction:
        for one, other in ((first, second), (second, first)):
            sides = [(cases.get(transaction, each.id), 1) for each in (one, other)]
            linking.settle(transaction, committee.founder, sides[0], sides[1], "same", committee.now())

    with committee.store.reading() as transaction:
        entries = [entry for entry in audit.entries(transaction) if entry.act == "link"]
    assert len(entries) == 5
    for entry in entries:
        names = {case.code_name for case in (first, second)} - {entry.about}
        assert not any(name in str(entry.details) for name in names)


def test_a_wiping_that_achieves_nothing_is_no_entry(sqlite_committee: Committee) -> None:
    committee = sqlite_committee
    with committee.store.writing() as transaction:
        before = len(audit.entries(transaction))
        expunge.note_gone(transaction, committee.server, [], 3, committee.now())
        assert len(audit.entries(transaction)) == before


def test_what_an_interrupted_accept_left_is_not_in_the_way(committee: Committee) -> None:
    noor = committee.join("Noor Haddad", since=NOW)
    case = committee.draft()
    with committee.store.writing() as transaction:
        accepting.accept(transaction, committee.founder, case, Acceptance(), committee.now())
        # The keys were written, the content was not: two databases do not end in one instant.
        transaction.content.rollback()
        transaction.content.begin()

    accept(committee, case, Subject(names=("Bo Rook",)), by=noor)

    for who in (noor, committee.founder):
        assert committee.opens(who, parts.case_object(case.id))
    with committee.store.reading() as transaction:
        assert members.load(transaction)
