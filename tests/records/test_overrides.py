"""What a member lets pass in one draft: known again by the draft alone, signed, and gone in time."""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import timedelta

import pytest
import sqlalchemy as sa

from policies.errors import Refused
from policies.lint.allowing import Allowance, for_safety
from policies.retention import PlanItem
from policies.retention.items import Part
from records import audit, cases, expunge, keyring, overrides, parts, tables
from records.cases import Case
from records.keyring import Keyring
from records.overrides import Giving
from records.vault import seal
from tests.records.builders import Committee

DRAFT, OTHER = hashlib.sha256(b"one").digest(), hashlib.sha256(b"another").digest()
ASKED = Allowance("note-missing", "bo@example.com", "Bo asked to be added.")


def give(
    committee: Committee, case: Case | None, *allowances: Allowance, who: Keyring | None = None, days: int = 30
) -> None:
    at = committee.now()
    giving = Giving(DRAFT, "ab" * 32, allowances or (ASKED,), case, at.date() + timedelta(days=days))
    with committee.store.writing() as transaction:
        overrides.give(transaction, who or committee.founder, giving, at)


def allowed(committee: Committee, digest: bytes = DRAFT, days: int = 0) -> list[tuple[str, str]]:
    today = committee.at.date() + timedelta(days=days)
    with committee.store.reading() as transaction:
        found = overrides.given_for(overrides.on_record(transaction), digest, today)
    return [(each.rule, each.about) for each in found]


def rows(committee: Committee) -> int:
    with committee.store.reading() as transaction:
        return int(transaction.content.execute(sa.select(sa.func.count()).select_from(tables.overrides)).scalar_one())


def test_known_again_by_the_very_draft_and_no_other(committee: Committee) -> None:
    give(committee, None, ASKED, Allowance("bcc-used", "", "It is a list of guests."))

    assert allowed(committee) == [("note-missing", "bo@example.com"), ("bcc-used", "")]
    assert allowed(committee, OTHER) == []
    assert (len(allowed(committee, days=30)), allowed(committee, days=31)) == (2, [])


def test_store_shows_neither_the_person_nor_the_reason(committee: Committee) -> None:
    give(committee, committee.record())
    give(committee, None)

    with committee.store.reading() as transaction:
        stored = [repr(row) for row in transaction.content.execute(sa.select(tables.overrides))]
        stored += [repr(row) for row in transaction.content.execute(sa.select(tables.parts))]
        stored += [repr(each) for each in audit.entries(transaction)]
    assert len(stored) > 4
    assert not any("bo@example.com" in text or "asked" in text for text in stored)


def test_reason_lies_in_the_account_of_a_record_and_its_digest_in_the_chain(committee: Committee) -> None:
    case = committee.record()
    give(committee, case)

    with committee.store.reading() as transaction:
        (kept,) = parts.read(transaction, committee.founder, parts.account_object(case.id))["reasons"]
        entry = audit.entries(transaction, case.code_name)[-1]
    assert (kept["text"], kept["act"]) == (ASKED.reason, "lint-allow")
    digest = seal.salted_digest(bytes.fromhex(kept["salt"]), ASKED.reason).hex()
    assert dict(entry.details) == {"draft": "ab" * 32, "rule": "note-missing", "reason": digest}


def test_reason_without_a_record_is_for_the_present_members_but_who_is_kept_from_the_draft(
    committee: Committee,
) -> None:
    noor, tomas = committee.join("Noor Haddad"), committee.join("Tomas Reyes")
    draft = committee.draft(held_from=(tomas,))
    give(committee, draft, who=noor)

    with committee.store.reading() as transaction:
        note = transaction.content.execute(sa.select(tables.overrides.c.note)).scalar_one()
        assert parts.read(transaction, noor, note)["text"] == ASKED.reason
        readers = keyring.readers_of(transaction, note)
    assert readers == {committee.founder.member, noor.member, "recovery"}
    assert committee.opens(committee.founder, note)
    assert not committee.opens(tomas, note)


def test_over_it_is_destroyed_with_its_reason(committee: Committee) -> None:
    give(committee, None, days=0)
    with committee.store.reading() as transaction:
        note = transaction.content.execute(sa.select(tables.overrides.c.note)).scalar_one()
    tomorrow = committee.at.date() + timedelta(days=1)

    with committee.store.writing() as transaction:
        assert not overrides.has_old(transaction, committee.at.date())
        assert overrides.has_old(transaction, tomorrow)
        assert overrides.forget_old(transaction, tomorrow) == 1

    assert rows(committee) == 0
    assert not committee.opens(committee.founder, note)


@pytest.mark.parametrize("part", ["reporter", "account"])
def test_it_goes_with_whichever_part_of_its_case_goes_first(committee: Committee, part: Part) -> None:
    case = committee.record()
    give(committee, case)
    item = PlanItem(
        case=case.id, code_name=case.code_name, part=part, person=None, mails=(), date=committee.at.date(),
        due=True, held=(), review=None, why=(), needs_other_than=None,
    )  # fmt: skip

    with committee.store.writing() as transaction:
        expunge.carry_out(transaction, committee.founder, [item], committee.now())

    assert (rows(committee), allowed(committee)) == (0, [])


def test_nobody_lets_pass_who_only_writes_to_the_store(committee: Committee) -> None:
    give(committee, None)
    with committee.store.writing() as transaction:
        row = transaction.content.execute(sa.select(tables.overrides)).one()
        transaction.content.execute(sa.update(tables.overrides).values(rule="bcc-used"))
    assert allowed(committee) == []

    with committee.store.writing() as transaction:
        transaction.content.execute(sa.delete(tables.overrides))
        values = {**row._mapping, "until": row.until + timedelta(days=900)}
        transaction.content.execute(sa.insert(tables.overrides).values(**values))
    assert allowed(committee) == []


def test_who_steps_down_lets_nothing_pass_any_more(committee: Committee) -> None:
    noor = committee.join("Noor Haddad")
    give(committee, None, who=noor)
    assert len(allowed(committee)) == 1

    committee.leave(noor)

    assert allowed(committee) == []


def test_safety_measure_is_an_act_of_its_own(committee: Committee) -> None:
    case = committee.record()
    give(committee, case, for_safety("He waits at her door."))

    with committee.store.reading() as transaction:
        entry = audit.entries(transaction, case.code_name)[-1]
        (found,) = overrides.given_for(overrides.on_record(transaction), DRAFT, committee.at.date())
    assert (entry.act, entry.details["rule"], found.is_safety) == ("lint-safety", "right-of-reply", True)


def test_reason_may_not_name_the_private_reporter(committee: Committee) -> None:
    case = committee.record()

    with pytest.raises(Refused, match="private reporter"):
        give(committee, case, dataclasses.replace(ASKED, reason="Sam Ostrova wants it so."))
    with committee.store.reading() as transaction:
        assert cases.get(transaction, case.id).account_expunged is None
    assert rows(committee) == 0
