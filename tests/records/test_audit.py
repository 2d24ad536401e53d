"""The audit chain: every flipped bit, cut tail, removed or swapped entry is found, and nothing crashes the check."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from policies.errors import Unavailable
from records import audit, members, tables
from records.audit import Pin
from records.checking import check
from records.store import Transaction
from records.vault.identity import Identity
from tests.records.builders import Committee

Tamper = Callable[[Transaction], object]
TABLE = tables.audit


@pytest.fixture
def busy(committee: Committee) -> Committee:
    """A committee whose chain has seven entries by three signers."""
    return _work(committee)


@pytest.fixture
def busy_on_sqlite(sqlite_committee: Committee) -> Committee:
    """The same, for long rows of examples that do not depend on the database."""
    return _work(sqlite_committee)


def _work(committee: Committee) -> Committee:
    quinn = committee.join("Quinn Abara")
    committee.join("Ruth Solano", by=quinn)
    for _ in range(3):
        committee.draft()
    committee.leave(quinn)
    return committee


def _end(committee: Committee) -> Pin:
    with committee.store.reading() as transaction:
        return audit.end(transaction)


def _after(committee: Committee, tamper: Tamper, *pins: Pin) -> list[str]:
    """What the check says after the store was written to behind the program's back; then that is undone."""
    with committee.store.writing() as transaction:
        tamper(transaction)
        found = check(transaction, pins)
        transaction.content.rollback()
        transaction.keys.rollback()
    return found


def _set(entry: int, **values: Any) -> Tamper:
    return lambda transaction: transaction.content.execute(
        sa.update(TABLE).where(TABLE.c.number == entry).values(**values)
    )


def _delete(number: int) -> Tamper:
    return lambda transaction: transaction.content.execute(sa.delete(TABLE).where(TABLE.c.number >= number))


def test_whole_chain_has_no_problems(busy: Committee) -> None:
    end = _end(busy)

    assert end.count == 7
    with busy.store.reading() as transaction:
        assert check(transaction, [end, Pin(0, bytes(32))]) == []
        assert audit.still_holds(transaction, end)


def test_entries_tell_who_did_what_when(busy: Committee) -> None:
    with busy.store.reading() as transaction:
        entries = audit.entries(transaction)
        about = audit.entries(transaction, entries[1].about)

    assert [entry.act for entry in entries] == ["found", "add-member", "add-member", *["draft"] * 3, "remove-member"]
    assert entries[0].actor == busy.founder.member
    assert entries[-1].at == busy.at
    assert [entry.number for entry in about] == [2, 7]


def test_first_entry_names_whom_everything_hangs_on(committee: Committee) -> None:
    with committee.store.reading() as transaction:
        (first,) = audit.entries(transaction)

    assert first.details["key"] == committee.founder.identity.public.fingerprint.hex()
    assert first.details["recovery"] == committee.recovery.public.fingerprint.hex()
    assert first.details["server"] == committee.server.keys.public_sign.hex()


# ------------------------------------------------------------ flipped, cut, removed, swapped


def _flips(value: Any) -> list[Any]:
    if isinstance(value, bytes):
        places = range(len(value))
        return [value[:at] + bytes([value[at] ^ 1 << at % 8]) + value[at + 1 :] for at in places] + [value[:-1], b""]
    if isinstance(value, int):
        return [value + 100, -value, 0]
    return [*(value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1 :] for at in range(len(value))), value + " ", ""]


@pytest.mark.parametrize("number", [1, 7])
@pytest.mark.parametrize("column", [column.name for column in TABLE.columns])
def test_every_flipped_bit_is_found(busy_on_sqlite: Committee, number: int, column: str) -> None:
    with busy_on_sqlite.store.reading() as transaction:
        value = transaction.content.execute(sa.select(TABLE.c[column]).where(TABLE.c.number == number)).scalar_one()
    flips = [flip for flip in _flips(value) if flip != value]

    assert flips or value == ""
    for flip in flips:
        assert _after(busy_on_sqlite, _set(number, **{column: flip})) != [], flip


def test_changed_column_is_found_on_either_database(busy: Committee) -> None:
    for column in ("act", "details", "hash", "signature"):
        with busy.store.reading() as transaction:
            value = transaction.content.execute(sa.select(TABLE.c[column]).where(TABLE.c.number == 4)).scalar_one()
        assert _after(busy, _set(4, **{column: _flips(value)[0]})) != []


def test_cut_tail_is_found_by_the_anchor(busy: Committee) -> None:
    for number in range(1, 8):
        assert _after(busy, _delete(number)) != []


def test_cut_tail_without_the_anchor_is_found_by_the_missing_note_and_by_pins(busy: Committee) -> None:
    pin = _end(busy)

    def cut(transaction: Transaction) -> None:
        _delete(6)(transaction)
        transaction.keys.execute(sa.delete(tables.anchor))

    assert any("not noted" in problem for problem in _after(busy, cut))
    assert any("last looked" in problem for problem in _after(busy, cut, pin))


def test_tail_cut_together_with_an_older_anchor_is_found_by_pins_alone(busy: Committee) -> None:
    """What a pin is for: the anchor of that time is a true one.  Drafts alone leave no other trace in the chain."""
    with busy.store.reading() as transaction:
        anchor = transaction.keys.execute(sa.select(tables.anchor)).one()._mapping
    before = _end(busy)
    busy.draft()
    pin = _end(busy)

    def cut(transaction: Transaction) -> None:
        _delete(8)(transaction)
        transaction.keys.execute(sa.delete(tables.anchor))
        transaction.keys.execute(sa.insert(tables.anchor).values(**anchor))

    assert _after(busy, cut, before) == []
    assert _after(busy, cut, pin) != []


def test_whole_chain_and_anchor_deleted_is_found(busy: Committee) -> None:
    def delete(transaction: Transaction) -> None:
        _delete(1)(transaction)
        transaction.keys.execute(sa.delete(tables.anchor))

    assert _after(busy, delete) != []


@pytest.mark.parametrize("number", range(1, 8))
def test_removed_entry_is_found(busy: Committee, number: int) -> None:
    problems = _after(busy, lambda it: it.content.execute(sa.delete(TABLE).where(TABLE.c.number == number)))

    assert problems != []


def test_swapped_entries_are_found(busy: Committee) -> None:
    def swap(transaction: Transaction) -> None:
        for old, new in ((4, 40), (5, 4), (40, 5)):
            transaction.content.execute(sa.update(TABLE).where(TABLE.c.number == old).values(number=new))

    assert len(_after(busy, swap)) > 1


def test_entry_hashed_anew_without_the_actors_key_is_found(busy: Committee) -> None:
    """Whoever can write to the store can hash; the signature is what they lack."""
    mallory = Identity.generate()

    def rewrite(transaction: Transaction) -> None:
        last = transaction.content.execute(sa.select(TABLE).where(TABLE.c.number == 7)).one()
        digest = audit._digest(7, last.at, last.actor, "nothing", last.about, last.details, last.previous)
        signature = mallory.sign(audit._signed("audit", 7, digest))
        _set(7, act="nothing", hash=digest, signature=signature)(transaction)
        transaction.keys.execute(sa.update(tables.anchor).values(head=digest))

    assert _after(busy, rewrite) == [
        "Entry 7 is not signed by the one it names.",
        "The note of the chain's end in the keys store is not signed by the one it names.",
    ]


@pytest.mark.parametrize("column", ["count", "head", "signer", "signature"])
def test_changed_anchor_is_found(busy_on_sqlite: Committee, column: str) -> None:
    busy = busy_on_sqlite
    with busy.store.reading() as transaction:
        value = transaction.keys.execute(sa.select(tables.anchor.c[column])).scalar_one()

    for flip in _flips(value):
        change = sa.update(tables.anchor).values({column: flip})
        assert _after(busy, lambda it, change=change: it.keys.execute(change)) != []  # type: ignore[misc]


def test_anchor_of_a_cut_chain_is_not_written_over(busy: Committee) -> None:
    with busy.store.writing() as transaction:
        _delete(6)(transaction)
    with busy.store.writing() as transaction:
        audit.append(transaction, busy.server, busy.now(), "draft", "amber kettle")

    with busy.store.reading() as transaction:
        assert any("ends before entry 7" in problem for problem in check(transaction))


# ------------------------------------------------------------ the roster and the chain


def test_forged_roster_is_reported_and_the_chain_is_checked_all_the_same(busy: Committee) -> None:
    def tamper(transaction: Transaction) -> None:
        transaction.content.execute(sa.update(tables.members).values(name="Somebody Else"))
        _set(4, act="nothing")(transaction)

    problems = _after(busy, tamper)

    assert "no member vouched for" in problems[0]
    assert "Entry 4 was changed after it was written." in problems


def test_former_member_brought_back_by_blanking_her_end_is_found(busy: Committee) -> None:
    def revive(transaction: Transaction) -> None:
        transaction.content.execute(sa.update(tables.periods).values(ends=None, ended_by=None, end_signature=None))

    assert _after(busy, revive) == ["The members present are not those whom the chain tells of."]


def test_member_deleted_from_the_roster_is_found(committee: Committee) -> None:
    quinn = committee.join("Quinn Abara")

    def delete(transaction: Transaction) -> None:
        transaction.content.execute(sa.delete(tables.members).where(tables.members.c.id == quinn.member))
        transaction.content.execute(sa.delete(tables.periods).where(tables.periods.c.member == quinn.member))

    assert len(_after(committee, delete)) == 2


def test_member_whom_another_let_in_without_an_entry_is_found(committee: Committee) -> None:
    """A member who writes to the store herself can vouch; she cannot do it unseen."""

    def enrol(transaction: Transaction) -> None:
        from tests.records.builders import newcomer

        members.enrol(transaction, newcomer("Mallory Vane", Identity.generate()), committee.founder, None)

    assert len(_after(committee, enrol)) == 2


def test_founder_who_signs_for_another_recovery_identity_is_seen(committee: Committee) -> None:
    def swap(transaction: Transaction) -> None:
        members.trust(transaction, committee.founder, Identity.generate().public, bytes(32))

    assert _after(committee, swap) == [
        "The recovery identity is not the one of the founding.",
        "The server's signing key is not the one of the founding.",
    ]


# ------------------------------------------------------------ garbage


GARBAGE = ["NULL", "''", "'not an instant'", "'[1, 2'", "'[1]'", "x''", "x'00'", "17", "2.5", "'caf\u00e9 \U0001f980'"]


@pytest.mark.parametrize("column", ["at", "actor", "act", "about", "details", "previous", "hash", "signature"])
def test_garbage_of_any_type_is_found_and_crashes_nothing(sqlite_committee: Committee, column: str) -> None:
    """SQLite takes any value in any column; NOT NULL is lifted as whoever writes to the file can do."""
    sqlite_committee.draft()
    for garbage in GARBAGE:
        with sqlite_committee.store.writing() as transaction:
            run = transaction.content.exec_driver_sql
            run("CREATE TABLE loose AS SELECT * FROM audit")
            run("DROP TABLE audit")
            run("ALTER TABLE loose RENAME TO audit")
            run(f"UPDATE audit SET {column} = {garbage} WHERE number = 2")  # noqa: S608
            assert check(transaction) != [], garbage
            transaction.content.rollback()
            transaction.keys.rollback()


@pytest.mark.parametrize("column", ["count", "head", "signer", "signature"])
def test_garbage_in_the_anchor_is_found_and_crashes_nothing(sqlite_committee: Committee, column: str) -> None:
    for garbage in GARBAGE:
        with sqlite_committee.store.writing() as transaction:
            run = transaction.keys.exec_driver_sql
            run("CREATE TABLE loose AS SELECT * FROM anchor")
            run("DROP TABLE anchor")
            run("ALTER TABLE loose RENAME TO anchor")
            run(f"UPDATE anchor SET {column} = {garbage}")  # noqa: S608
            assert check(transaction) != [], garbage
            transaction.content.rollback()
            transaction.keys.rollback()


@pytest.mark.parametrize(("column", "garbage"), [("at", "yesterday"), ("details", "{"), ("details", "[]")])
def test_list_says_that_the_chain_is_damaged(committee: Committee, column: str, garbage: str) -> None:
    with committee.store.writing() as transaction:
        _set(1, **{column: garbage})(transaction)

    with committee.store.reading() as transaction, pytest.raises(Unavailable) as caught:
        audit.entries(transaction)
    assert caught.value.code == "audit-damaged"


def test_text_that_is_no_utf_8_is_an_error_of_ours(sqlite_committee: Committee) -> None:
    with sqlite_committee.store.writing() as transaction:
        transaction.content.exec_driver_sql("UPDATE audit SET act = CAST(x'ff' AS TEXT)")

    with pytest.raises(Unavailable), sqlite_committee.store.reading() as transaction:
        check(transaction)


def test_pin_of_nothing_and_of_what_is_to_come(committee: Committee) -> None:
    with committee.store.reading() as transaction:
        assert audit.still_holds(transaction, Pin(0, bytes(32)))
        assert not audit.still_holds(transaction, Pin(2, bytes(32)))
        assert not audit.still_holds(transaction, Pin(1, bytes(32)))
        assert not audit.still_holds(transaction, Pin(2**70, b""))
