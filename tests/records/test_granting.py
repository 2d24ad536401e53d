"""Who may read what, decided by grants: newcomers, debts, leaving, recusal, conflict holds, the last resort."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from policies.case import ReporterKind
from policies.errors import ConductError
from records import accepting, audit, cases, granting, joining, mail, members, parts, tables, waiting
from records.accepting import Acceptance
from records.cases import Case
from records.checking import check
from records.keyring import Keyring
from records.vault.identity import Identity
from tests.records.builders import NOW, Committee, add_mail, newcomer


def _mails(committee: Committee, case: Case) -> list[str]:
    with committee.store.reading() as transaction:
        return [mail.object_id(each.mail) for each in mail.of_case(transaction, case.id)]


def _owed(committee: Committee) -> list[tuple[str, str]]:
    with committee.store.reading() as transaction:
        return sorted((row.object, row.member) for row in transaction.content.execute(sa.select(tables.owed)))


def _pay(committee: Committee, who: Keyring) -> int:
    with committee.store.writing() as transaction:
        return granting.pay_owed(transaction, Keyring(who.member, who.identity))


def _recuse(committee: Committee, case: Case, who: Keyring) -> int:
    with committee.store.writing() as transaction:
        member = committee.enrolled(transaction, who)
        return granting.recuse(transaction, committee.server, case, member, committee.now())


def _unrecuse(committee: Committee, case: Case, who: Keyring, by: Keyring) -> None:
    with committee.store.writing() as transaction:
        granting.unrecuse(transaction, by, case, committee.enrolled(transaction, who), committee.now())


def _code(act: Callable[[], object]) -> str:
    with pytest.raises(ConductError) as caught:
        act()
    return caught.value.code


# ------------------------------------------------------------ joining


def test_newcomer_gets_every_record_and_no_older_mail(committee: Committee) -> None:
    record, draft = committee.record(), committee.draft()

    quinn = committee.join("Quinn Abara")

    assert committee.opens(quinn, parts.case_object(record.id))
    assert committee.opens(quinn, parts.account_object(record.id))
    assert not any(committee.opens(quinn, each) for each in [*_mails(committee, record), *_mails(committee, draft)])
    assert not committee.opens(quinn, parts.reporter_object(record.id))


def test_newcomer_gets_an_official_reporter_with_the_record(committee: Committee) -> None:
    case = committee.draft()
    with committee.store.writing() as transaction:
        official = Acceptance(reporter_kind=ReporterKind.OFFICIAL)
        accepting.accept(transaction, committee.founder, case, official, committee.now())

    assert committee.opens(committee.join("Quinn Abara"), parts.reporter_object(case.id))


def test_newcomer_who_was_there_before_gets_the_mail_since_then(committee: Committee) -> None:
    old, new = committee.record(NOW - timedelta(days=30)), committee.record(NOW - timedelta(days=3))

    quinn = committee.join("Quinn Abara", since=NOW - timedelta(days=10))

    assert not any(committee.opens(quinn, each) for each in _mails(committee, old))
    assert all(committee.opens(quinn, each) for each in _mails(committee, new))
    assert committee.opens(quinn, parts.reporter_object(new.id))


def test_returning_member_reads_the_mail_of_both_terms_and_none_between(committee: Committee) -> None:
    quinn = committee.join("Quinn Abara")
    first = committee.draft()
    committee.leave(quinn)
    between = committee.draft()

    again = committee.join("Quinn Abara")
    later = committee.draft()

    opened = [committee.opens(again, _mails(committee, case)[0]) for case in (first, between, later)]
    assert opened == [True, False, True]


def test_what_the_adder_cannot_open_is_owed_and_granted_by_the_next_who_can(committee: Committee) -> None:
    quinn = committee.join("Quinn Abara")
    record = committee.record()
    _recuse(committee, record, quinn)

    ruth = committee.join("Ruth Solano", by=quinn, since=NOW)

    objects = [parts.case_object(record.id), parts.reporter_object(record.id), *_mails(committee, record)]
    assert [object_id for object_id, _ in _owed(committee)] == sorted(objects)
    assert not any(committee.opens(ruth, each) for each in objects)
    assert _pay(committee, quinn) == 0
    assert _pay(committee, committee.founder) == 3
    assert all(committee.opens(ruth, each) for each in objects)
    assert _owed(committee) == []


def test_debts_of_what_was_destroyed_or_of_who_left_are_forgotten(committee: Committee) -> None:
    quinn = committee.join("Quinn Abara")
    record = committee.record()
    _recuse(committee, record, quinn)
    committee.join("Ruth Solano", by=quinn)
    sol = committee.join("Sol Iverson", by=quinn)
    committee.leave(sol)
    with committee.store.writing() as transaction:
        transaction.keys.execute(sa.delete(tables.grants))

    assert _pay(committee, committee.founder) == 0
    assert _owed(committee) == []


def test_recusal_wins_over_a_debt(committee: Committee) -> None:
    """What was owed from before must not be granted by the next member who works."""
    quinn = committee.join("Quinn Abara")
    record = committee.record()
    _recuse(committee, record, quinn)
    ruth = committee.join("Ruth Solano", by=quinn)

    _recuse(committee, record, ruth)

    assert _pay(committee, committee.founder) == 0
    assert not committee.opens(ruth, parts.case_object(record.id))


# ------------------------------------------------------------ leaving


def test_removal_takes_all_grants_at_once(committee: Committee) -> None:
    quinn = committee.join("Quinn Abara")
    record = committee.record()

    taken = committee.leave(quinn)

    with committee.store.reading() as transaction:
        left = transaction.keys.execute(sa.select(tables.grants).where(tables.grants.c.reader == quinn.member)).all()
    assert (taken, left) == (3, [])
    assert not any(committee.opens(quinn, each) for each in [parts.case_object(record.id), *_mails(committee, record)])
    assert committee.opens(committee.founder, parts.case_object(record.id))


def test_mail_that_comes_after_leaving_is_not_granted(committee: Committee) -> None:
    quinn = committee.join("Quinn Abara")
    committee.leave(quinn)

    assert not committee.opens(quinn, _mails(committee, committee.draft())[0])


# ------------------------------------------------------------ recusal and holds


def test_recusal_takes_a_case_with_its_mail_and_what_is_to_come(committee: Committee) -> None:
    quinn = committee.join("Quinn Abara")
    record = committee.record()

    taken = _recuse(committee, record, quinn)

    assert taken == 3
    with committee.store.reading() as transaction:
        assert cases.excluded_from(transaction, parts.case_object(record.id)) == {quinn.member}
    assert not committee.opens(quinn, parts.account_object(record.id))
    assert not committee.opens(quinn, _mails(committee, record)[0])


def test_another_member_lets_her_back_in(committee: Committee) -> None:
    quinn = committee.join("Quinn Abara")
    record = committee.record()
    _recuse(committee, record, quinn)

    assert _code(lambda: _unrecuse(committee, record, quinn, by=quinn)) == "own-recusal"
    _unrecuse(committee, record, quinn, by=committee.founder)

    assert committee.opens(quinn, parts.account_object(record.id))
    assert committee.opens(quinn, parts.reporter_object(record.id))
    assert committee.opens(quinn, _mails(committee, record)[0])
    assert _code(lambda: _unrecuse(committee, record, quinn, by=committee.founder)) == "not-recused"


def test_somebody_must_be_left_to_work_on_a_case(committee: Committee) -> None:
    quinn = committee.join("Quinn Abara")
    record = committee.record()
    _recuse(committee, record, quinn)

    assert _code(lambda: _recuse(committee, record, committee.founder)) == "nobody-left"
    assert committee.opens(committee.founder, parts.case_object(record.id))


def test_recused_member_gives_no_second_word(committee: Committee) -> None:
    quinn = committee.join("Quinn Abara")
    record = committee.record()
    _recuse(committee, record, quinn)

    with committee.store.writing() as transaction:
        act = waiting.hold(transaction, committee.founder, record, "An appeal is announced.", None, committee.now())
        assert _code(lambda: waiting.agree(transaction, quinn, act.id, committee.now())) == "recused"


def test_held_mail_stays_held_from_a_member_until_another_releases_it(committee: Committee) -> None:
    quinn = committee.join("Quinn Abara")
    case = committee.draft(held_from=(quinn,))
    (object_id,) = _mails(committee, case)
    assert not committee.opens(quinn, object_id)

    with committee.store.writing() as transaction:
        mail_id = mail.of_case(transaction, case.id)[0].mail
        to = committee.enrolled(transaction, quinn)
        assert _code(lambda: granting.release_mail(transaction, quinn, mail_id, to, committee.now())) == "own-hold"
        granting.release_mail(transaction, committee.founder, mail_id, to, committee.now())

    assert committee.opens(quinn, object_id)


def test_record_accepted_from_a_held_mail_is_kept_from_her_too(committee: Committee) -> None:
    quinn = committee.join("Quinn Abara")
    case = committee.draft(held_from=(quinn,))
    with committee.store.writing() as transaction:
        accepting.accept(transaction, committee.founder, case, Acceptance(), committee.now())

    assert not committee.opens(quinn, parts.case_object(case.id))


# ------------------------------------------------------------ the last resort


def _recovery(committee: Committee) -> Keyring:
    with committee.store.reading() as transaction:
        return joining.recovery_keyring(transaction, committee.recovery)


def test_recovery_identity_grants_what_nobody_else_can(committee: Committee) -> None:
    record = committee.record()
    quinn = committee.join("Quinn Abara")
    with committee.store.writing() as transaction:
        only = add_mail(transaction, committee.now(), held_from=(committee.founder, quinn))
        cases.include(transaction, mail.object_id(only), quinn.member)
        of_quinn = sa.delete(tables.grants).where(tables.grants.c.reader == quinn.member)
        transaction.keys.execute(of_quinn)

    with committee.store.writing() as transaction:
        to = committee.enrolled(transaction, quinn)
        granted, owed = joining.restore(transaction, _recovery(committee), to, committee.now())

    assert (granted, owed) == (2, 0)
    assert committee.opens(quinn, mail.object_id(only))
    assert committee.opens(quinn, parts.case_object(record.id))
    assert not committee.opens(quinn, _mails(committee, record)[0])


def test_lone_founder_who_lost_her_key_is_replaced_by_herself(committee: Committee) -> None:
    record, draft = committee.record(), committee.draft()
    identity = Identity.generate()

    with committee.store.writing() as transaction:
        leaving = committee.enrolled(transaction, committee.founder)
        person = newcomer("Priya Raman", identity)
        admitted = joining.replace(transaction, _recovery(committee), leaving, person, committee.at, committee.now())

    again = Keyring(admitted.enrolled.member.id, identity)
    objects = [parts.case_object(record.id), parts.reporter_object(record.id), *_mails(committee, draft)]
    assert all(committee.opens(again, each) for each in objects)
    assert not any(committee.opens(committee.founder, each) for each in objects)
    with committee.store.reading() as transaction:
        assert [each.member.id for each in members.present(transaction)] == [again.member]
        assert check(transaction) == []
        assert audit.entries(transaction)[-1].actor == members.RECOVERY


def test_successor_of_a_lone_founder_gets_the_records_and_no_older_mail(committee: Committee) -> None:
    record = committee.record()
    identity = Identity.generate()

    with committee.store.writing() as transaction:
        leaving = committee.enrolled(transaction, committee.founder)
        person = newcomer("Quinn Abara", identity)
        now = committee.now()
        admitted = joining.replace(transaction, _recovery(committee), leaving, person, now, now)

    quinn = Keyring(admitted.enrolled.member.id, identity)
    assert committee.opens(quinn, parts.case_object(record.id))
    assert not committee.opens(quinn, _mails(committee, record)[0])
    ruth = committee.join("Ruth Solano", by=quinn)
    assert committee.opens(ruth, parts.case_object(record.id))


def test_replacing_with_the_lost_key_itself_is_refused(committee: Committee) -> None:
    with committee.store.writing() as transaction:
        leaving = committee.enrolled(transaction, committee.founder)
        person = newcomer("Priya Raman", committee.founder.identity)
        code = _code(lambda: joining.replace(transaction, _recovery(committee), leaving, person, NOW, committee.now()))

    assert code == "same-key"


def test_recovery_secret_of_another_committee_is_refused(committee: Committee) -> None:
    with committee.store.reading() as transaction:
        assert _code(lambda: joining.recovery_keyring(transaction, Identity.generate())) == "wrong-recovery"


def test_former_member_is_restored_nothing(committee: Committee) -> None:
    quinn = committee.join("Quinn Abara")
    committee.leave(quinn)

    with committee.store.writing() as transaction:
        to = committee.enrolled(transaction, quinn)
        code = _code(lambda: joining.restore(transaction, _recovery(committee), to, committee.now()))

    assert code == "not-present"
