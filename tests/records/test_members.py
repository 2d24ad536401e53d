"""The signed roster: who may vouch for whom, and what happens to entries that nobody with a key has written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from policies.errors import ConductError, Refused, Unavailable, WrongUsage
from records import joining, members, tables, vouching
from records.founding import found
from records.keyring import Keyring
from records.members import Enrolled
from records.vault.identity import Identity
from tests.records.builders import NOW, Committee, newcomer


def _load(committee: Committee) -> tuple[Enrolled, ...]:
    with committee.store.reading() as transaction:
        return members.load(transaction)


def _execute(committee: Committee, statement: Any) -> None:
    with committee.store.writing() as transaction:
        transaction.content.execute(statement)


def _code(act: Callable[[], object]) -> str:
    with pytest.raises(ConductError) as caught:
        act()
    return caught.value.code


# ------------------------------------------------------------ who is there


def test_founder_vouches_for_herself_and_has_always_been_there(committee: Committee) -> None:
    (founder,) = _load(committee)

    assert founder.member.id == committee.founder.member
    assert founder.member.periods[0].start is None
    assert founder.public == committee.founder.identity.public


def test_second_founding_is_refused(committee: Committee) -> None:
    other, recovery = Keyring(members.new_id(), Identity.generate()), Identity.generate().public
    with committee.store.writing() as transaction, pytest.raises(Refused, match="already"):
        found(transaction, other, newcomer("Mallory Vane", other.identity), recovery, bytes(32), None, NOW)


def test_members_come_in_order_of_joining(committee: Committee) -> None:
    committee.join("Quinn Abara")
    committee.join("Ruth Solano")

    assert [each.member.name for each in _load(committee)] == ["Priya Raman", "Quinn Abara", "Ruth Solano"]


def test_chain_of_vouching_may_be_long_and_its_members_gone(committee: Committee) -> None:
    quinn = committee.join("Quinn Abara")
    committee.join("Ruth Solano", by=quinn)
    committee.leave(quinn)

    assert [each.member.is_present for each in _load(committee)] == [True, False, True]


def test_names_addresses_and_ids_find_a_member(committee: Committee) -> None:
    quinn = committee.join("Quinn Abara")
    texts = ("quinn abara", " QUINN@example.org", quinn.member, "Quinn")

    with committee.store.reading() as transaction:
        found_by = [members.find(transaction, text) for text in texts]
        unknown = _code(lambda: members.find(transaction, "Nobody Here"))

    assert {each.member.id for each in found_by} == {quinn.member}
    assert unknown == "no-such-member"


def test_two_former_members_of_one_name_are_ambiguous(committee: Committee) -> None:
    for _ in range(2):
        committee.leave(committee.join("Quinn Abara"))

    with committee.store.reading() as transaction, pytest.raises(WrongUsage, match="More than one"):
        members.find(transaction, "Quinn Abara")


def test_present_member_cannot_be_added_twice(committee: Committee) -> None:
    committee.join("Quinn Abara")

    assert _code(lambda: committee.join("Quinn Abara")) == "already-a-member"


def test_name_of_one_and_address_of_another_is_refused(committee: Committee) -> None:
    committee.leave(committee.join("Quinn Abara"))
    mixed = newcomer("Quinn Abara", Identity.generate(), "priya@example.org")

    with committee.store.writing() as transaction, pytest.raises(WrongUsage, match="two different people"):
        members.enrol(transaction, mixed, committee.founder, NOW)


# ------------------------------------------------------------ leaving and coming back


def test_last_member_stays(committee: Committee) -> None:
    assert _code(lambda: committee.leave(committee.founder)) == "last-member"
    assert _load(committee)[0].member.is_present


def test_founder_may_leave_when_somebody_remains(committee: Committee) -> None:
    quinn = committee.join("Quinn Abara")

    committee.leave(committee.founder)

    assert _code(lambda: committee.leave(quinn)) == "last-member"


def test_former_member_cannot_leave_again_and_her_key_is_refused(committee: Committee) -> None:
    quinn = committee.join("Quinn Abara")
    committee.leave(quinn)

    assert _code(lambda: committee.leave(quinn)) == "not-present"
    with committee.store.reading() as transaction:
        assert _code(lambda: members.by_key(transaction, quinn.identity.public)) == "not-a-member"


def test_returning_with_the_same_key_opens_a_second_term(committee: Committee) -> None:
    quinn = committee.join("Quinn Abara")
    committee.leave(quinn)

    with committee.store.writing() as transaction:
        person = newcomer("Quinn Abara", quinn.identity)
        admitted = joining.admit(transaction, committee.founder, person, committee.now(), committee.now())

    assert admitted.returns
    assert admitted.enrolled.member.id == quinn.member
    assert [period.end is None for period in admitted.enrolled.member.periods] == [False, True]


def test_returning_with_a_new_key_keeps_the_terms_and_leaves_the_old_key_checkable(committee: Committee) -> None:
    quinn = committee.join("Quinn Abara")
    committee.leave(quinn)

    again = committee.join("Quinn Abara")

    entries = {each.member.is_present: each for each in _load(committee) if each.member.name == "Quinn Abara"}
    old, new = entries[False], entries[True]
    assert (old.public, new.public) == (quinn.identity.public, again.identity.public)
    assert [period.end is None for period in new.member.periods] == [False, True]
    assert new.member.periods[0] == old.member.periods[0]


def test_returning_a_third_time_with_the_first_key(committee: Committee) -> None:
    """An old entry with the same key, former, must not hide the running one."""
    first = committee.join("Quinn Abara")
    committee.leave(first)
    committee.leave(committee.join("Quinn Abara"))

    with committee.store.writing() as transaction:
        person = newcomer("Quinn Abara", first.identity)
        joining.admit(transaction, committee.founder, person, committee.now(), committee.now())

    with committee.store.reading() as transaction:
        assert members.by_key(transaction, first.identity.public).member.is_present


def test_instants_come_back_as_they_were(committee: Committee) -> None:
    since = datetime(2026, 3, 1, 23, 59, 59, 999_999, tzinfo=UTC)

    quinn = committee.join("Quinn Abara", since=since)
    committee.leave(quinn)

    (period,) = next(each for each in _load(committee) if each.member.id == quinn.member).member.periods
    assert period.start == since
    assert period.end == committee.at


# ------------------------------------------------------------ forgery


def _forged_entry(identity: Identity, member: str, added_by: str, signer: Identity) -> dict[str, Any]:
    details: dict[str, list[str]] = {"addresses": ["mallory@example.net"], "handles": [], "nicknames": []}
    public = identity.public
    entry = vouching.Entry(member, "Mallory Vane", details, public.kem, public.sign, added_by)
    return {**{name: getattr(entry, name) for name in entry.__dataclass_fields__},
            "signature": signer.sign(vouching.member_bytes(entry))}  # fmt: skip


def _forged_term(member: str, added_by: str, signer: Identity) -> dict[str, Any]:
    signature = signer.sign(vouching.start_bytes(member, 0, None))
    return {"member": member, "number": 0, "starts": None, "added_by": added_by, "signature": signature}


@pytest.mark.parametrize("added_by", ["pmallory", "founder", "recovery", "server", "nobody"])
def test_entry_that_mallory_signs_is_refused(committee: Committee, added_by: str) -> None:
    mallory = Identity.generate()
    voucher = committee.founder.member if added_by == "founder" else added_by

    _execute(committee, sa.insert(tables.members).values(**_forged_entry(mallory, "pmallory", voucher, mallory)))
    _execute(committee, sa.insert(tables.periods).values(**_forged_term("pmallory", voucher, mallory)))

    assert _code(lambda: _load(committee)) == "roster-forged"


def test_two_entries_that_vouch_for_one_another_are_refused(committee: Committee) -> None:
    one, two = Identity.generate(), Identity.generate()

    _execute(committee, sa.insert(tables.members).values(**_forged_entry(one, "pone", "ptwo", two)))
    _execute(committee, sa.insert(tables.members).values(**_forged_entry(two, "ptwo", "pone", one)))

    assert _code(lambda: _load(committee)) == "roster-forged"


def test_recovery_identity_that_the_founder_did_not_sign_for_is_refused(committee: Committee) -> None:
    text = members.public_text(Identity.generate().public)

    _execute(committee, sa.update(tables.meta).where(tables.meta.c.name == "recovery").values(value=text))

    with committee.store.reading() as transaction:
        assert _code(lambda: members.recovery(transaction)) == "roster-forged"
    assert _code(lambda: _load(committee)) == "roster-forged"


@pytest.mark.parametrize("name", ["recovery", "server_sign", "trust_signature"])
@pytest.mark.parametrize("value", ["", "zz", "00", "00 11"])
def test_garbage_in_the_facts_of_the_store_is_an_error_of_ours(committee: Committee, name: str, value: str) -> None:
    _execute(committee, sa.update(tables.meta).where(tables.meta.c.name == name).values(value=value))

    with committee.store.reading() as transaction, pytest.raises(Unavailable):
        members.signing_keys(transaction)


def test_end_of_a_term_cannot_be_taken_back_halfway(committee: Committee) -> None:
    quinn = committee.join("Quinn Abara")
    committee.leave(quinn)
    here = tables.periods.c.member == quinn.member

    _execute(committee, sa.update(tables.periods).where(here).values(ends=NOW + timedelta(days=400)))

    assert _code(lambda: _load(committee)) == "roster-forged"


def test_term_of_a_present_member_cannot_be_ended_without_a_key(committee: Committee) -> None:
    quinn = committee.join("Quinn Abara")
    here = tables.periods.c.member == quinn.member

    _execute(committee, sa.update(tables.periods).where(here).values(ends=NOW, ended_by="server", end_signature=b""))

    assert _code(lambda: _load(committee)) == "roster-forged"


def _mutations(values: dict[str, Any]) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, value in values.items():
        if isinstance(value, bytes):
            found += [(name, bytes([value[0] ^ 1]) + value[1:]), (name, value[:-1]), (name, b"")]
        elif isinstance(value, datetime):
            found += [(name, value + timedelta(microseconds=1)), (name, None)]
        elif isinstance(value, str):
            found += [(name, value + "x"), (name, "")]
        elif isinstance(value, dict):
            found += [(name, {**value, "addresses": ["mallory@example.net"]}), (name, {})]
        elif isinstance(value, int):
            found += [(name, value + 1)]
    return found


@pytest.mark.parametrize("table", ["members", "periods"])
def test_every_column_of_the_roster_is_covered_by_a_signature(committee: Committee, table: str) -> None:
    committee.leave(committee.join("Quinn Abara", since=NOW))
    committee.join("Ruth Solano", since=NOW)
    which = tables.content.tables[table]
    with committee.store.reading() as transaction:
        rows = [dict(row._mapping) for row in transaction.content.execute(sa.select(which))]
    tried = 0

    for row in rows:
        for name, value in _mutations(row):
            if (name, value) == ("ends", None):
                continue  # the whole end taken back: the audit chain tells
            here = sa.and_(*(column == row[column.name] for column in which.primary_key))
            with committee.store.writing() as transaction:
                transaction.content.execute(sa.update(which).where(here).values({name: value}))
                assert _code(lambda: members.load(transaction)) == "roster-forged", name
                transaction.content.rollback()
                transaction.keys.rollback()
            tried += 1

    assert tried > 20


def test_garbage_that_is_not_even_of_the_columns_type_is_refused(sqlite_committee: Committee) -> None:
    """SQLite takes any value in any column."""
    for table, column in [("members", "kem"), ("members", "details"), ("periods", "starts"), ("periods", "signature")]:
        for value in ("'not what it was'", "17", "x'ff00ff'", "'[1]'"):
            with sqlite_committee.store.writing() as transaction:
                transaction.content.exec_driver_sql(f"UPDATE {table} SET {column} = {value}")  # noqa: S608
                with pytest.raises(Unavailable):
                    members.load(transaction)
                transaction.content.rollback()
                transaction.keys.rollback()
