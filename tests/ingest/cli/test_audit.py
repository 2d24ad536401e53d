"""``conduct audit``: the list reads without a key, and the check finds what was tampered with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from records import tables
from tests.cli_runner import call_conduct
from tests.ingest.cli.homes import Person, found, join, opened


@pytest.fixture
def founder(tmp_path: Path) -> Person:
    """The founder of a trial home with one other member."""
    founder, _ = found(tmp_path)
    join(founder, "Quinn Abara")
    return founder


def _tamper(who: Person, statement: Any, *, keys: bool = False) -> None:
    with opened(who.home) as store, store.writing() as transaction:
        (transaction.keys if keys else transaction.content).execute(statement)


def _pin(who: Person) -> Path:
    return who.identity.with_suffix(".pin")


def test_list_needs_no_key(founder: Person) -> None:
    answer = call_conduct("audit", "list", home=founder.home, env=founder.env).done()

    lines = [line.split() for line in answer.out.splitlines()]
    assert [line[0] for line in lines] == ["NO.", "1", "2"]
    assert "Priya Raman  add-member  Quinn Abara" in answer.out


def test_list_in_json(founder: Person) -> None:
    first, second = founder.conduct("audit", "list", "--json").done().json["entries"]

    assert (first["number"], first["act"], first["name"]) == (1, "found", "Priya Raman")
    assert first["at"].startswith("2026-05-04T")
    assert first["at"].endswith("Z")
    assert set(second["details"]) == {"granted", "key", "owed", "returns", "since"}


def test_list_about_a_member_by_name_or_id(founder: Person) -> None:
    by_name = founder.conduct("audit", "list", "--about", "quinn abara", "--json").done().json["entries"]
    by_id = founder.conduct("audit", "list", "--about", by_name[0]["about"], "--json").done().json["entries"]

    assert [entry["act"] for entry in by_name] == ["add-member"]
    assert by_id == by_name
    assert founder.conduct("audit", "list", "--about", "amber-kettle").done().out == "No acts.\n"


def test_nothing_personal_stands_in_the_chain(founder: Person) -> None:
    with opened(founder.home) as store, store.reading() as transaction:
        text = str(transaction.content.execute(sa.select(tables.audit)).all())

    assert not any(name in text for name in ("Priya", "Quinn", "priya@", "example"))


def test_whole_chain_is_verified_without_a_passphrase(founder: Person) -> None:
    answer = call_conduct(
        "--identity", founder.identity, "audit", "verify", "--json", home=founder.home, env=founder.env
    ).done()

    assert (answer.json["ok"], answer.json["entries"], answer.json["pins"]) == (True, 2, [str(_pin(founder))])


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (sa.update(tables.audit).where(tables.audit.c.number == 1).values(act="nothing"), "Entry 1 was changed"),
        (sa.update(tables.audit).values(details="{"), "Entry 1 was changed"),
        (sa.update(tables.audit).values(at="yesterday"), "Entry 1 was changed"),
        (sa.update(tables.audit).values(signature=b""), "not signed"),
        (sa.delete(tables.audit).where(tables.audit.c.number == 2), "last looked"),
        (sa.delete(tables.audit), "ends before entry 2"),
        (sa.update(tables.members).values(name="Somebody Else"), "no member vouched for"),
        (sa.delete(tables.members), "no member vouched for"),
        (sa.delete(tables.meta), "does not say"),
    ],
)
def test_tampering_is_answered_no(founder: Person, statement: Any, words: str) -> None:
    _tamper(founder, statement)

    answer = founder.conduct("audit", "verify", "--json").done(1)

    assert any(words in problem for problem in answer.json["problems"])
    assert not answer.json["ok"]


def test_list_of_a_damaged_chain_points_to_the_check(founder: Person) -> None:
    _tamper(founder, sa.update(tables.audit).values(details="{"))

    assert "audit verify" in founder.conduct("audit", "list").done(4).err


def test_list_shows_a_forged_roster_by_ids(founder: Person) -> None:
    _tamper(founder, sa.update(tables.members).values(name="Somebody Else"))

    assert "add-member" in founder.conduct("audit", "list").done().out


def test_cut_tail_with_its_anchor_is_found_by_the_pin_and_the_pin_stays(founder: Person) -> None:
    """The member's next act must not wipe out what tells of the cut."""
    with opened(founder.home) as store, store.reading() as transaction:
        anchor = dict(transaction.keys.execute(sa.select(tables.anchor)).one()._mapping)
    founder.conduct("member", "remove", "Quinn Abara").done()
    join(founder, "Ruth Solano")
    pin = _pin(founder).read_text()
    _tamper(founder, sa.delete(tables.audit).where(tables.audit.c.number > 2))
    _tamper(founder, sa.update(tables.anchor).values(**anchor), keys=True)

    warned = join_again(founder)

    assert "no longer holds what you saw" in warned
    assert _pin(founder).read_text() == pin
    assert any("last looked" in one for one in founder.conduct("audit", "verify", "--json").done(1).json["problems"])


def join_again(founder: Person) -> str:
    """An act of the founder; what it said on stderr."""
    from tests.ingest.cli.homes import newcomer

    return founder.conduct("member", "add", "-", stdin=newcomer(founder, "Sol Iverson")[1]).done().err


def test_pin_follows_each_act(founder: Person) -> None:
    before = json.loads(_pin(founder).read_text())["count"]

    join(founder, "Ruth Solano")

    assert json.loads(_pin(founder).read_text())["count"] == before + 1


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"count": "x", "head": "00"}', '{"count": 1}', "\xff"])
def test_pin_that_cannot_be_read_is_a_problem_and_stops_acts(founder: Person, text: str) -> None:
    _pin(founder).write_text(text, encoding="latin-1")

    assert "delete it" in founder.conduct("audit", "verify", "--json").done(1).json["problems"][0]


@pytest.mark.parametrize(("count", "head"), [(10**30, "00"), (-1, ""), (2, "00" * 32)])
def test_pin_of_another_chain_is_a_problem(founder: Person, count: int, head: str) -> None:
    _pin(founder).write_text(json.dumps({"count": count, "head": head}))

    founder.conduct("audit", "verify").done(1)
    assert "no longer holds" in join_again(founder)


def test_home_without_pins_is_verified_by_its_anchor(founder: Person) -> None:
    _pin(founder).unlink()

    assert "0 pins" in founder.conduct("audit", "verify").done().out
