"""Keys of objects: opened by whom they were granted to or wrapped for, by nobody else, and by nobody once destroyed."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from policies.errors import ConductError, Refused, Unavailable
from records import keyring, members, tables
from records.keyring import Keyring
from records.store import Transaction
from records.vault import seal
from tests.records.builders import Committee


def _grant(transaction: Transaction, committee: Committee, object_id: str, *readers: Keyring) -> bytes:
    key = seal.new_key()
    chosen = keyring.readers_with_keys(transaction, [each.member for each in readers], with_recovery=False)
    keyring.grant(transaction, object_id, key, chosen)
    return key


def test_granted_key_opens_for_its_reader_alone(committee: Committee) -> None:
    quinn = committee.join("Quinn Abara")
    with committee.store.writing() as transaction:
        key = _grant(transaction, committee, "message:m1", quinn)

    with committee.store.reading() as transaction:
        assert quinn.key(transaction, "message:m1") == key
        with pytest.raises(Refused) as caught:
            committee.founder.key(transaction, "message:m1")
    assert caught.value.code == "no-grant"
    assert caught.value.hint == "Ask one of: Quinn Abara."


def test_whom_to_ask_when_nobody_is_left(committee: Committee) -> None:
    with committee.store.writing() as transaction:
        keyring.grant(transaction, "message:m1", seal.new_key(), keyring.readers_with_keys(transaction, []))

        assert "recovery identity" in keyring.whom_to_ask(transaction, "message:m1")
        assert "destroyed" in keyring.whom_to_ask(transaction, "message:m2")


def test_wrapped_key_opens_with_the_key_above_it(committee: Committee) -> None:
    quinn = committee.join("Quinn Abara")
    with committee.store.writing() as transaction:
        case = _grant(transaction, committee, "case:c1", committee.founder)
        account = seal.new_key()
        keyring.wrap(transaction, "account:c1", account, "case:c1", case)

    with committee.store.reading() as transaction:
        assert committee.founder.key(transaction, "account:c1") == account
        assert quinn.key_or_none(transaction, "account:c1") is None
        assert keyring.readers_of(transaction, "account:c1") == {committee.founder.member}


def test_destroyed_keys_are_gone_for_everybody(committee: Committee) -> None:
    objects = [f"message:m{number}" for number in range(1200)]
    with committee.store.writing() as transaction:
        case = _grant(transaction, committee, "case:c1", committee.founder)
        keyring.wrap(transaction, "account:c1", seal.new_key(), "case:c1", case)
        for object_id in objects[:3]:
            _grant(transaction, committee, object_id, committee.founder)

        keyring.destroy(transaction, [*objects, "case:c1", "account:c1"])

    with committee.store.reading() as transaction:
        assert transaction.keys.execute(sa.select(tables.grants)).all() == []
        assert transaction.keys.execute(sa.select(tables.wrapped)).all() == []
    assert not committee.opens(committee.founder, "case:c1")


def test_revoked_reader_alone_loses_the_key(committee: Committee) -> None:
    quinn = committee.join("Quinn Abara")
    with committee.store.writing() as transaction:
        _grant(transaction, committee, "message:m1", quinn, committee.founder)
        keyring.revoke(transaction, "message:m1", quinn.member)

    assert committee.opens(committee.founder, "message:m1")
    assert not committee.opens(quinn, "message:m1")


def test_grant_copied_to_another_object_or_reader_does_not_open(committee: Committee) -> None:
    quinn = committee.join("Quinn Abara")
    with committee.store.writing() as transaction:
        _grant(transaction, committee, "message:m1", quinn)
        row = transaction.keys.execute(sa.select(tables.grants).where(tables.grants.c.object == "message:m1")).one()
        values = [
            {"object": "message:m2", "reader": quinn.member, "sealed": row.sealed},
            {"object": "message:m1", "reader": committee.founder.member, "sealed": row.sealed},
        ]
        transaction.keys.execute(sa.insert(tables.grants), values)

    with committee.store.reading() as transaction:
        for who, object_id in ((quinn, "message:m2"), (committee.founder, "message:m1")):
            with pytest.raises(Unavailable):
                who.key(transaction, object_id)


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01\x01" + bytes(1200), b"\xff" * 40])
def test_damaged_grant_is_an_error_of_ours(committee: Committee, sealed: bytes) -> None:
    with committee.store.writing() as transaction:
        values = {"object": "message:m1", "reader": committee.founder.member, "sealed": sealed}
        transaction.keys.execute(sa.insert(tables.grants).values(**values))

    with committee.store.reading() as transaction, pytest.raises(ConductError):
        committee.founder.key(transaction, "message:m1")


def test_keys_wrapped_in_a_ring_end_and_do_not_open(committee: Committee) -> None:
    """Nobody writes such rows but somebody who means harm; the answer must not be a crash."""
    with committee.store.writing() as transaction:
        for one, other in (("account:a", "account:b"), ("account:b", "account:a"), ("account:c", "account:c")):
            keyring.wrap(transaction, one, seal.new_key(), other, seal.new_key())

    for object_id in ("account:a", "account:c"):
        assert not committee.opens(committee.founder, object_id)


def test_granted_lists_one_kind(committee: Committee) -> None:
    with committee.store.writing() as transaction:
        for object_id in ("message:m2", "message:m1", "case:c1", "messages:x"):
            _grant(transaction, committee, object_id, committee.founder)

        assert committee.founder.granted(transaction, "message:") == ["message:m1", "message:m2"]


def test_former_members_are_no_readers_any_more(committee: Committee) -> None:
    quinn = committee.join("Quinn Abara")
    committee.leave(quinn)

    with committee.store.reading() as transaction:
        chosen = keyring.readers_with_keys(transaction, [quinn.member, committee.founder.member])

    assert set(chosen) == {committee.founder.member, members.RECOVERY}


def test_keyring_shows_no_key(committee: Committee) -> None:
    assert repr(committee.founder) == f"Keyring({committee.founder.member})"
