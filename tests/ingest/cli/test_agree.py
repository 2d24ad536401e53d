"""``conduct agree``: what waits for a second member's word, and giving it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from records import cases, members, parts, waiting
from records.cases import Case
from records.keyring import Keyring
from records.store import Transaction
from records.vault.identity import unlock
from tests.ingest.cli.homes import PASSPHRASE, RECEIVED, Person, found, join, opened, record


@pytest.fixture
def founder(tmp_path: Path) -> Person:
    """The founder of a trial home, alone in it."""
    return found(tmp_path)[0]


def _propose_hold(who: Person, case: str, until: date | None = None) -> str:
    """A hold that she places; the id of the act."""
    with opened(who.home) as store, store.writing() as transaction:
        acting = _keyring(who, transaction)
        return waiting.hold(transaction, acting, _case(transaction, case), "An appeal is open.", until, RECEIVED).id


def _propose_deviation(who: Person, case: str) -> str:
    with opened(who.home) as store, store.writing() as transaction:
        row = cases.rows_of(transaction, _case(transaction, case).id)
        acting = _keyring(who, transaction)
        if not row:
            from records.accepting import new_row

            new_row(transaction, _case(transaction, case).id, 0)
            row = cases.rows_of(transaction, _case(transaction, case).id)
        reason = "The person asked to be remembered."
        return waiting.deviate(transaction, acting, _case(transaction, case), row[0], None, reason, RECEIVED).id


def _keyring(who: Person, transaction: Transaction) -> Keyring:
    identity = unlock(who.identity.read_bytes(), PASSPHRASE)
    return Keyring(members.by_key(transaction, identity.public).member.id, identity)


def _case(transaction: Transaction, code_name: str) -> Case:
    return cases.find(transaction, code_name)


def test_nothing_waits(founder: Person) -> None:
    assert founder.conduct("agree").done().out == "Nothing waits for a second member's word.\n"


def test_lone_member_needs_no_second_word(founder: Person) -> None:
    case = record(founder)

    _propose_hold(founder, case)

    assert founder.conduct("agree", "--json").done().json["acts"] == []


def test_what_waits_is_listed_and_agreed_to_by_another(founder: Person) -> None:
    case = record(founder)
    quinn = join(founder, "Quinn Abara")
    act = _propose_hold(founder, case, date(2026, 9, 1))

    (listed,) = founder.conduct("agree", "--json").done().json["acts"]
    assert listed == {
        "act": act, "kind": "hold", "case": case, "until": "2026-09-01", "by": "Priya Raman", "on": "2026-05-04"
    }  # fmt: skip
    assert "another member's word" in founder.conduct("agree", act).done(1).err
    answer = quinn.conduct("agree", act, "--json").done()

    assert (answer.json["case"], answer.json["kind"]) == (case, "hold")
    assert founder.conduct("agree", "--json").done().json["acts"] == []
    assert "already" in quinn.conduct("agree", act).done(1).err
    entries = founder.conduct("audit", "list", "--about", case, "--json").done().json["entries"]
    assert (entries[-1]["act"], entries[-1]["name"]) == ("agree", "Quinn Abara")


def test_deviation_without_an_end_says_never(founder: Person) -> None:
    case = record(founder)
    join(founder, "Quinn Abara")
    act = _propose_deviation(founder, case)

    (listed,) = founder.conduct("agree", "--json").done().json["acts"]

    assert (listed["act"], listed["kind"], listed["until"]) == (act, "deviation", "never")
    assert case in founder.conduct("agree").done().out


def test_released_hold_waits_no_more(founder: Person) -> None:
    case = record(founder)
    join(founder, "Quinn Abara")
    _propose_hold(founder, case)
    with opened(founder.home) as store, store.writing() as transaction:
        waiting.release(transaction, _keyring(founder, transaction), _case(transaction, case), RECEIVED)

    assert founder.conduct("agree", "--json").done().json["acts"] == []


def test_unknown_act(founder: Person) -> None:
    assert "conduct agree" in founder.conduct("agree", "a123456").done(2).err


def test_recused_member_gives_no_word(founder: Person) -> None:
    case = record(founder)
    quinn = join(founder, "Quinn Abara")
    act = _propose_hold(founder, case)
    founder.conduct("member", "recuse", "Quinn Abara", case).done()

    assert "kept from this case" in quinn.conduct("agree", act).done(1).err


def test_reason_of_a_hold_lies_sealed(founder: Person) -> None:
    case = record(founder)
    _propose_hold(founder, case)

    assert not any(b"appeal" in path.read_bytes() for path in founder.home.rglob("*") if path.is_file())
    with opened(founder.home) as store, store.reading() as transaction:
        account = parts.account_object(_case(transaction, case).id)
        reasons = parts.read(transaction, _keyring(founder, transaction), account)["reasons"]
    assert [reason["text"] for reason in reasons] == ["An appeal is open."]
