"""``conduct member``: keys made, members added, listed, removed, recused."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from records import tables
from records.vault.identity import unlock
from tests.cli_runner import call_conduct
from tests.ingest.cli.homes import (
    PASSPHRASE,
    RECEIVED,
    Person,
    acts,
    found,
    join,
    listed,
    newcomer,
    opened,
    opens,
    person,
    record,
)


@pytest.fixture
def founder(tmp_path: Path) -> Person:
    """The founder of a trial home, alone in it."""
    return found(tmp_path, "--recovery-out", tmp_path / "recovery")[0]


# ------------------------------------------------------------ key


def test_key_needs_no_home_and_locks_the_identity(tmp_path: Path) -> None:
    quinn = person(tmp_path, "Quinn Abara", CONDUCT_TODAY="")
    out = tmp_path / "own" / "quinn.key"

    answer = quinn.conduct("member", "key", "--name", "Quinn Abara", "--address", "quinn@example.org", "--out", out)

    assert answer.done().out.startswith("-----BEGIN CONDUCT PUBLIC IDENTITY-----\n")
    assert "by voice" in answer.err
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert not quinn.home.exists()
    unlock(out.read_bytes(), PASSPHRASE)


def test_key_in_a_home_that_is_not_hers_to_read_works_all_the_same(founder: Person) -> None:
    founder.home.chmod(0o755)
    try:
        quinn = person(founder.home.parent, "Quinn Abara", CONDUCT_TODAY="")
        args = ("--name", "Quinn", "--address", "quinn@example.org", "--out", quinn.identity)
        assert "chmod 700" in quinn.conduct("member", "key", *args).done(2).err
        call = ("--passphrase-file", quinn.passphrase, "member", "key", *args)
        call_conduct(*call, home=founder.home.parent / "nowhere").done()
    finally:
        founder.home.chmod(0o700)


def test_key_is_never_written_over_another(founder: Person) -> None:
    before = founder.identity.read_bytes()

    answer = founder.conduct("member", "key", "--name", "X Y", "--address", "x@example.org", "--out", founder.identity)

    assert "is there already" in answer.done(2).err
    assert founder.identity.read_bytes() == before


@pytest.mark.parametrize(
    ("options", "missing"),
    [
        ([], "--name"),
        (["--name", "Quinn"], "--address"),
        (["--name", "Quinn", "--address", "quinn@example.org"], "--out"),
        (["--name", "Quinn", "--address", "quinn@example.org", "--out", "{folder}/key"], "--passphrase-file"),
    ],
)
def test_key_names_the_missing_option(tmp_path: Path, options: list[str], missing: str) -> None:
    args = [option.format(folder=tmp_path) for option in options]

    assert f"Give {missing}." in call_conduct("member", "key", *args, home=tmp_path / "home").done(2).err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "address"), [("", "q@example.org"), ("Q\x1b[2J", "q@example.org"), ("Quinn", "q")])
def test_key_refuses_names_that_cannot_be_shown(tmp_path: Path, name: str, address: str) -> None:
    quinn = person(tmp_path, "Quinn Abara")

    quinn.conduct("member", "key", "--name", name, "--address", address, "--out", quinn.identity).done(2)

    assert not quinn.identity.exists()


def test_key_goes_when_the_block_could_not_be_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quinn = person(tmp_path, "Quinn Abara")

    def gone(*_: Any) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("ingest.cli.output.show", gone)
    quinn.conduct("member", "key", "--name", "Quinn", "--address", "q@example.org", "--out", quinn.identity).done(141)

    assert not quinn.identity.exists()


# ------------------------------------------------------------ add


def test_newcomer_gets_every_record_and_no_older_mail(founder: Person) -> None:
    case = record(founder, RECEIVED.replace(day=3))

    quinn = join(founder, "Quinn Abara")

    assert opens(quinn, case) == (True, False)
    assert opens(founder, case) == (True, True)


def test_mail_of_the_day_she_joined_is_hers_and_since_reaches_back(founder: Person) -> None:
    today, before = record(founder), record(founder, RECEIVED.replace(day=1))

    quinn, ruth = join(founder, "Quinn Abara"), join(founder, "Ruth Solano", "--since", "2026-05-01")

    assert (opens(quinn, today), opens(quinn, before)) == ((True, True), (True, False))
    assert (opens(ruth, today), opens(ruth, before)) == ((True, True), (True, True))


def test_add_tells_words_to_compare_and_what_was_granted(founder: Person) -> None:
    record(founder)
    quinn, block = newcomer(founder, "Quinn Abara")

    answer = founder.conduct("member", "add", "-", stdin=block).done()

    with opened(founder.home):
        words = " ".join(next(each for each in listed(founder) if each["name"] == "Quinn Abara")["words"])
    assert len(words.split()) == 8
    assert words in answer.out
    assert "3 records and mails" in answer.out
    quinn.conduct("audit", "verify").done()


def test_block_may_come_as_a_file_and_quoted_as_in_a_mail(founder: Person) -> None:
    _, block = newcomer(founder, "Quinn Abara")
    file = founder.home.parent / "block.txt"
    file.write_text("Hello Priya,\r\n\r\n" + "".join(f"> {line}\r\n" for line in block.splitlines()))

    answer = founder.conduct("member", "add", file, "--json").done()

    assert (answer.json["member"], answer.json["granted"], answer.json["owed"]) == ("Quinn Abara", 0, 0)


@pytest.mark.parametrize("harm", ["cut", "flipped", "empty", "binary", "long", "locked identity"])
def test_block_that_cannot_be_read_adds_nobody(founder: Person, harm: str) -> None:
    quinn, block = newcomer(founder, "Quinn Abara")
    spoilt = {
        "cut": block[: len(block) // 2].encode(),
        "flipped": block.replace(block[200], "A" if block[200] != "A" else "B", 1).encode(),
        "empty": b"",
        "binary": os.urandom(3000),
        "long": b"x" * 70_000,
        "locked identity": quinn.identity.read_bytes(),
    }

    founder.conduct("member", "add", "-", stdin=spoilt[harm]).done(3)

    assert len(listed(founder)) == 1


@pytest.mark.parametrize(
    ("options", "status", "words"),
    [
        (["/no/such/file"], 2, "cannot be read"),
        (["-", "--since", "2026-05-05"], 2, "future"),
        (["-", "--since", "soon"], 2, "YYYY-MM-DD"),
        ([], 2, "FILE"),
    ],
)
def test_add_refuses(founder: Person, options: list[str], status: int, words: str) -> None:
    _, block = newcomer(founder, "Quinn Abara")

    assert words in founder.conduct("member", "add", *options, stdin=block).done(status).err
    assert len(listed(founder)) == 1


def test_adding_somebody_who_is_there_is_refused(founder: Person) -> None:
    quinn, block = newcomer(founder, "Quinn Abara")
    founder.conduct("member", "add", "-", stdin=block).done()

    assert "already" in quinn.conduct("member", "add", "-", stdin=block).done(1).err


def test_only_members_add(founder: Person) -> None:
    quinn, block = newcomer(founder, "Quinn Abara")

    answer = quinn.conduct("member", "add", "-", stdin=block).done(1)

    assert "no present member" in answer.err
    assert len(listed(founder)) == 1


def test_what_is_owed_is_granted_when_another_works(founder: Person) -> None:
    case = record(founder)
    quinn = join(founder, "Quinn Abara")
    founder.conduct("member", "recuse", "Quinn Abara", case).done()
    ruth, block = newcomer(founder, "Ruth Solano")

    answer = quinn.conduct("member", "add", "-", "--json", stdin=block).done()
    before = opens(ruth, case)
    founder.conduct("member", "recuse", "Quinn Abara", case).done()  # any act of a member who can open it

    assert answer.json["owed"] == 3
    assert (before, opens(ruth, case)) == ((False, False), (True, True))
    assert "grant-owed" in acts(founder)


# ------------------------------------------------------------ passphrase and identity


def test_wrong_passphrase(founder: Person) -> None:
    _, block = newcomer(founder, "Quinn Abara")
    founder.passphrase.write_text("seven loud herons\n")

    answer = founder.conduct("member", "add", "-", stdin=block).done(4)

    assert "does not open" in answer.err
    assert "herons" not in answer.err


@pytest.mark.parametrize(("file", "hint"), [("identity", "chmod 600"), ("home", "chmod 700"), ("keys", "chmod 600")])
def test_loose_modes_are_refused(founder: Person, file: str, hint: str) -> None:
    _, block = newcomer(founder, "Quinn Abara")
    path = {"identity": founder.identity, "home": founder.home, "keys": founder.home / "keys.db"}[file]
    path.chmod(0o755 if path.is_dir() else 0o644)

    assert hint in founder.conduct("member", "add", "-", stdin=block).done(2).err


def test_missing_identity_says_how_to_get_one(founder: Person) -> None:
    answer = call_conduct("member", "add", "/dev/null", home=founder.home, env=founder.env)

    assert answer.status in {2, 3}


@pytest.mark.parametrize("name", ["content.db", "keys.db"])
def test_corrupt_store_is_unavailable(founder: Person, name: str) -> None:
    (founder.home / name).write_bytes(b"x" * 9000)

    assert "backup" in founder.conduct("member", "list").done(4).err


def test_store_of_a_newer_version_is_unavailable(founder: Person) -> None:
    with opened(founder.home) as store, store.writing() as transaction:
        transaction.content.execute(sa.text("UPDATE alembic_version_content SET version_num = '9999'"))

    assert "newer version" in founder.conduct("member", "list").done(4).err


def test_no_home_is_wrong_usage(tmp_path: Path) -> None:
    assert "conduct init" in call_conduct("member", "list", home=tmp_path).done(2).err


# ------------------------------------------------------------ remove, list


def test_removal_ends_access_at_once_and_says_what_remains(founder: Person) -> None:
    case = record(founder)
    quinn = join(founder, "Quinn Abara")

    answer = founder.conduct("member", "remove", "Quinn Abara").done()

    assert "3 grants" in answer.out
    assert "mailing list" in answer.out
    quinn.conduct("member", "unrecuse", "Priya Raman", case).done(1)
    with opened(founder.home) as store, store.reading() as transaction:
        left = transaction.keys.execute(sa.select(tables.grants.c.reader).distinct()).scalars()
        assert set(left) == {founder_id(founder), "recovery"}


def founder_id(founder: Person) -> str:
    """The founder's id on the roster."""
    return str(listed(founder)[0]["id"])


def test_service_user_removes_without_any_passphrase(founder: Person) -> None:
    join(founder, "Quinn Abara")

    answer = call_conduct("member", "remove", "quinn@example.org", "--json", home=founder.home, env=founder.env).done()

    assert answer.json["member"] == "Quinn Abara"
    entries = founder.conduct("audit", "list", "--json").done().json["entries"]
    assert (entries[-1]["act"], entries[-1]["actor"]) == ("remove-member", "server")


def test_last_member_stays_and_herself_may_go_before(founder: Person) -> None:
    assert "successor" in founder.conduct("member", "remove", "Priya Raman").done(1).err
    quinn = join(founder, "Quinn Abara")

    founder.conduct("member", "remove", "Priya Raman").done()

    assert "last member" in quinn.conduct("member", "remove", "Quinn Abara").done(1).err


def test_removing_nobody_or_a_former_member_is_refused(founder: Person) -> None:
    join(founder, "Quinn Abara")
    founder.conduct("member", "remove", "Quinn Abara").done()

    founder.conduct("member", "remove", "Quinn Abara").done(1)
    assert "Nobody" in founder.conduct("member", "remove", "Sol Iverson").done(2).err


def test_returning_member_with_the_same_key_and_with_a_new_one(founder: Person) -> None:
    quinn, block = newcomer(founder, "Quinn Abara")
    for _ in range(2):
        founder.conduct("member", "add", "-", stdin=block).done()
        founder.conduct("member", "remove", "Quinn Abara").done()
    quinn.identity.unlink()
    answer = founder.conduct("member", "add", "-", "--json", stdin=newcomer(founder, "Quinn Abara")[1]).done()

    assert answer.json["returns"]
    names = [(each["name"], each["present"], len(each["terms"])) for each in listed(founder)]
    assert sorted(names) == [("Priya Raman", True, 1), ("Quinn Abara", False, 2), ("Quinn Abara", True, 3)]
    founder.conduct("audit", "verify").done()


def test_list_needs_no_key_and_marks_former_members(founder: Person) -> None:
    join(founder, "Quinn Abara")
    founder.conduct("member", "remove", "Quinn Abara").done()

    answer = call_conduct("member", "list", home=founder.home, env=founder.env).done()

    lines = answer.out.splitlines()
    assert [line.split("  ")[0] for line in lines] == ["NAME", "Priya Raman", "Quinn Abara (former)"]
    assert "2026-05-04" in lines[2]


def test_list_in_json(founder: Person) -> None:
    join(founder, "Quinn Abara")

    first, second = listed(founder)

    assert (first["since"], first["until"], first["present"]) == (None, None, True)
    assert second | {"id": "", "words": []} == {
        "id": "", "name": "Quinn Abara", "addresses": ["quinn@example.org"], "handles": [], "nicknames": [],
        "present": True, "since": "2026-05-04", "until": None, "terms": [{"since": "2026-05-04", "until": None}],
        "words": [],
    }  # fmt: skip


def test_roster_written_behind_the_programs_back_is_refused(founder: Person) -> None:
    with opened(founder.home) as store, store.writing() as transaction:
        transaction.content.execute(sa.update(tables.members).values(name="Somebody Else"))

    assert "no member vouched for" in founder.conduct("member", "list").done(4).err


# ------------------------------------------------------------ recuse


def test_recusal_and_back(founder: Person) -> None:
    case = record(founder)
    quinn = join(founder, "Quinn Abara")

    answer = quinn.conduct("member", "recuse", "Quinn Abara", case.replace(" ", "-"), "--json").done()
    kept = opens(quinn, case)
    quinn.conduct("member", "unrecuse", "Quinn Abara", case).done(1)
    founder.conduct("member", "unrecuse", "Quinn Abara", case).done()

    assert answer.json["grants"] == 3
    assert (kept, opens(quinn, case)) == ((False, False), (True, True))
    assert acts(founder)[-2:] == ["recuse", "unrecuse"]


def test_recusal_of_the_only_member_is_refused(founder: Person) -> None:
    assert "Nobody could work" in founder.conduct("member", "recuse", "Priya Raman", record(founder)).done(1).err


@pytest.mark.parametrize("case", ["amber kettle", "no such thing", "x"])
def test_recusal_from_a_case_that_does_not_exist(founder: Person, case: str) -> None:
    founder.conduct("member", "recuse", "Priya Raman", case).done(2)
