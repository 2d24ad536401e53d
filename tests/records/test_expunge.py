"""Destroying parts one by one: which keys go, what is left in clear, tombstones, and what waits in the mailbox."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from policies.case import Outcome, Status, Subject
from policies.closing import Decision
from policies.mail import MailId
from policies.retention import Part, PlanItem
from records import accepting, audit, cases, closing, expunge, mail, parts, tables, waiting
from records.cases import Case
from records.closing import Grounds
from records.editing import Edit
from tests.records.builders import Committee

DUE = date(2027, 7, 4)
CAME = datetime(2026, 5, 4, 13, 14, 15, tzinfo=UTC)


def record(committee: Committee, **general: str) -> Case:
    """A closed record with two subjects, a mail, and facts that stay."""
    case = committee.record(CAME)
    with committee.store.writing() as transaction:
        people = (Subject(("Bo Rook",)), Subject(("Cyd Ferrer",)))
        accepting.name_subjects(transaction, committee.founder, case, people)
        decision = Decision(Outcome.RESOLVED, committee.at.date())
        closing.close(transaction, committee.founder, case, decision, Edit(general), Grounds("digest"), committee.now())
    return case


def item(case: Case, part: Part, person: int | None = None, *mails: MailId) -> PlanItem:
    return PlanItem(case.id, case.code_name, part, person, mails, DUE, True, (), None, None, ())


def carry_out(committee: Committee, *items: PlanItem) -> None:
    with committee.store.writing() as transaction:
        expunge.carry_out(transaction, committee.founder, items, committee.now())


def mails_of(committee: Committee, case: Case) -> list[MailId]:
    with committee.store.reading() as transaction:
        return [each.mail for each in mail.of_case(transaction, case.id)]


def whole(committee: Committee, case: Case) -> list[PlanItem]:
    mails = mails_of(committee, case)
    people = [item(case, "subject", n) for n in (1, 2)]
    return [item(case, "reporter"), *people, item(case, "account"), item(case, "mail", None, *mails)]


def rows(committee: Committee, table: sa.Table) -> list[Any]:
    with committee.store.reading() as transaction:
        home = transaction.keys if table.metadata is tables.keys else transaction.content
        return list(home.execute(sa.select(table)))


def test_one_subject_goes_and_the_others_stay(committee: Committee) -> None:
    case = record(committee)
    with committee.store.reading() as transaction:
        first, second = cases.rows_of(transaction, case.id)

    carry_out(committee, item(case, "subject", 1))

    assert not committee.opens(committee.founder, parts.subject_object(first.id))
    assert committee.opens(committee.founder, parts.subject_object(second.id))
    with committee.store.reading() as transaction:
        gone, left = cases.rows_of(transaction, case.id)
        assert (gone.expunged_on, left.expunged_on) == (committee.at.date(), None)
        assert cases.get(transaction, case.id).status is Status.CLOSED


def test_the_reporters_part_takes_the_screen_along(committee: Committee) -> None:
    case = record(committee)
    assert len(rows(committee, tables.screens)) == 1

    carry_out(committee, item(case, "reporter"))

    assert rows(committee, tables.screens) == []
    assert not committee.opens(committee.founder, parts.reporter_object(case.id))
    assert committee.opens(committee.founder, parts.account_object(case.id))


def test_with_the_last_part_the_case_is_over_and_only_general_facts_are_left(committee: Committee) -> None:
    committee.join("Noor Haddad")
    case = record(committee, space="chat", general_note="Loud words.")
    with committee.store.writing() as transaction:
        cases.exclude(transaction, parts.case_object(case.id), committee.founder.member, "recused")
        assert len(waiting.every(transaction)) == 1

    carry_out(committee, *whole(committee, case))

    for table in (tables.grants, tables.wrapped, tables.parts, tables.blobs, tables.drafts, tables.participants):
        assert rows(committee, table) == [], table.name
    for table in (tables.threads, tables.exclusions, tables.acts, tables.screens):
        assert rows(committee, table) == [], table.name
    with committee.store.reading() as transaction:
        found = cases.get(transaction, case.id)
        (stored,) = mail.of_case(transaction, case.id)
    assert (found.status, found.space, found.general_note, found.handler) == (Status.EXPUNGED, "chat", None, None)
    assert (found.reported_on, found.received) == (date(2026, 5, 1), datetime(2026, 5, 1, tzinfo=UTC))
    assert (stored.received, stored.expunged_on) == (datetime(2026, 5, 4, tzinfo=UTC), committee.at.date())


def test_a_destroyed_mail_leaves_a_tombstone_and_waits_for_the_mailbox(committee: Committee) -> None:
    case = record(committee)
    (mail_id,) = mails_of(committee, case)
    before = next(row for row in rows(committee, tables.messages) if row.id == mail_id)

    carry_out(committee, item(case, "mail", None, mail_id), item(case, "mailbox", None, mail_id))
    carry_out(committee, item(case, "mail", None, mail_id))

    (tombstone,) = rows(committee, tables.tombstones)
    assert (tombstone.content_tag, tombstone.bytes) == (before.content_tag, before.bytes)
    with committee.store.reading() as transaction:
        (doomed,) = expunge.doomed(transaction)
    assert (doomed.mail_id, doomed.content_tag) == (mail_id, before.content_tag)
    with committee.store.writing() as transaction:
        expunge.note_gone(transaction, committee.server, [mail_id], 0, committee.now())
    assert rows(committee, tables.locations) == []
    with committee.store.reading() as transaction:
        assert expunge.doomed(transaction) == []
    with committee.store.writing() as transaction:
        expunge.queue_again(transaction, mail_id)
    with committee.store.reading() as transaction:
        assert [each.mail_id for each in expunge.doomed(transaction)] == [mail_id]


def test_a_copy_that_is_kept_is_not_expunged_with_the_one_that_goes(sqlite_committee: Committee) -> None:
    committee = sqlite_committee
    case, other = record(committee), record(committee)
    ((gone,), (kept,)) = (mails_of(committee, each) for each in (case, other))
    with committee.store.writing() as transaction:
        transaction.content.execute(sa.update(tables.messages).values(identity_tag=b"i" * 32))

    carry_out(committee, item(case, "mail", None, gone), item(case, "mailbox", None, gone))

    with committee.store.reading() as transaction:
        (doomed,) = expunge.doomed(transaction)
    assert doomed.identity_tag is None
    carry_out(committee, item(other, "mail", None, kept), item(other, "mailbox", None, kept))
    with committee.store.reading() as transaction:
        assert {each.identity_tag for each in expunge.doomed(transaction)} == {b"i" * 32}


def test_the_chain_tells_which_parts_and_how_many_mails_and_no_more(committee: Committee) -> None:
    case = record(committee)

    carry_out(committee, *whole(committee, case))

    with committee.store.reading() as transaction:
        last = audit.entries(transaction, case.code_name)[-1]
    assert (last.act, last.details["mails"]) == ("expunge", 1)
    assert last.details["parts"] == ["account", "mail", "reporter", "subject:1", "subject:2"]
