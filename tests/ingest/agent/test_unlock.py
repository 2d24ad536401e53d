"""``conduct unlock`` and ``lock``: one passphrase for a row of commands, gone when it should be."""

from __future__ import annotations

import datetime as dt
import os
import signal
from pathlib import Path

import click
import pytest

from ingest.agent.client import identity_for, is_up, keyring_for
from ingest.cli.parameters import DURATION
from records.vault.format import TRIAL_COST
from records.vault.identity import lock
from tests.ingest.agent.agents import Agents, is_alive
from tests.processes import eventually


def test_commands_that_follow_need_no_passphrase(unlocking: Agents) -> None:
    assert unlocking.conduct("mail", "list").status == 2
    unlocking.unlock()

    assert unlocking.conduct("mail", "list").done().out == "No mail that you may read.\n"


def test_it_says_until_when(unlocking: Agents) -> None:
    before = dt.datetime.now(dt.UTC)
    answer = unlocking.unlock("90s").json

    until = dt.datetime.fromisoformat(answer["until"])
    assert dt.timedelta(seconds=80) < until - before < dt.timedelta(seconds=110)
    words = unlocking.conduct("unlock", passphrase=True, env={"TZ": "Asia/Tokyo"}).done().out
    assert words.startswith("Your key is unlocked until 20")
    assert " UTC (" in words
    assert "JST" in words


def test_locking_ends_it_and_may_be_done_twice(unlocking: Agents) -> None:
    unlocking.unlock()
    running = unlocking.process()

    assert unlocking.conduct("lock").done().out == "Your key is locked.\n"
    assert eventually(lambda: not is_alive(running))
    assert not unlocking.line().place.path.exists()
    assert unlocking.conduct("lock").done().out == "No key was unlocked.\n"
    assert unlocking.conduct("mail", "list").status == 2


def test_unlocking_again_sets_the_time_anew_and_starts_no_second_process(unlocking: Agents) -> None:
    unlocking.unlock("5m")
    running = unlocking.process()
    unlocking.line().remember(b"what was learnt")
    unlocking.unlock("8h")

    state = unlocking.line().state()
    assert state is not None
    assert 8 * 3600 - 30 < state.seconds <= 8 * 3600
    assert unlocking.process() == running
    assert unlocking.line().recall() != b""


def test_lock_and_unlock_one_upon_the_other(unlocking: Agents) -> None:
    for _ in range(3):
        unlocking.unlock()
        unlocking.conduct("lock").done()
    unlocking.unlock()

    unlocking.conduct("mail", "list").done()


def test_time_runs_out(unlocking: Agents) -> None:
    unlocking.unlock("2s")
    running = unlocking.process()

    assert eventually(lambda: not is_alive(running))
    assert not unlocking.line().place.path.exists()
    assert not is_up(unlocking.scene.home, [unlocking.person().identity], {"XDG_RUNTIME_DIR": str(unlocking.runtime)})


def test_killed_agent_leaves_a_socket_that_is_cleared_away(unlocking: Agents) -> None:
    unlocking.unlock()
    running = unlocking.process()
    os.kill(running, signal.SIGKILL)
    assert eventually(lambda: not is_alive(running))
    assert unlocking.line().place.path.exists()

    assert unlocking.conduct("mail", "list").status == 2
    assert not unlocking.line().place.path.exists()
    unlocking.unlock()
    unlocking.conduct("mail", "list").done()


def test_wrong_passphrase_starts_nothing(unlocking: Agents, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("not bees\n")
    wrong.chmod(0o600)

    assert unlocking.conduct("unlock", "--passphrase-file", wrong).status == 4
    assert not unlocking.line().place.path.exists()


def test_without_anybody_to_ask_it_names_the_option(unlocking: Agents) -> None:
    answer = unlocking.conduct("unlock").done(2)

    assert "--passphrase-file" in answer.err


def test_passphrase_that_is_given_counts_before_the_agent(unlocking: Agents, tmp_path: Path) -> None:
    unlocking.unlock()
    wrong = tmp_path / "wrong"
    wrong.write_text("not bees\n")
    wrong.chmod(0o600)

    assert unlocking.conduct("mail", "list", "--passphrase-file", wrong).status == 4


def test_key_of_one_member_is_no_key_of_another(unlocking: Agents) -> None:
    unlocking.unlock(who="Priya")

    assert unlocking.conduct("mail", "list", who="Noor").status == 2
    unlocking.unlock(who="Noor")
    assert unlocking.process("Noor") != unlocking.process("Priya")
    unlocking.conduct("lock", who="Noor").done()
    unlocking.conduct("mail", "list", who="Priya").done()


def test_removed_member_is_refused(unlocking: Agents) -> None:
    unlocking.unlock(who="Noor")
    unlocking.conduct("member", "remove", "Noor", passphrase=True).done()

    assert "belongs to no present member" in unlocking.conduct("mail", "list", who="Noor").done(1).err
    environ = {"XDG_RUNTIME_DIR": str(unlocking.runtime)}
    with unlocking.scene.opened() as store, pytest.raises(Exception, match="no present member"):
        keyring_for(store, unlocking.scene.home, [unlocking.person("Noor").identity], environ)


def test_key_of_a_file_that_has_changed_is_not_used(unlocking: Agents) -> None:
    unlocking.unlock()
    person = unlocking.person()
    person.identity.write_bytes(lock(person.keyring.identity, "another passphrase", TRIAL_COST))

    assert unlocking.conduct("mail", "list").status == 2
    assert "No key is unlocked" in unlocking.conduct("doctor").out


def test_what_the_client_gives_is_the_members_identity(unlocking: Agents) -> None:
    person, environ = unlocking.person(), {"XDG_RUNTIME_DIR": str(unlocking.runtime)}
    assert identity_for(unlocking.scene.home, [person.identity], environ) is None
    unlocking.unlock()

    found = identity_for(unlocking.scene.home, [Path("/nowhere"), person.identity], environ)

    assert found is not None
    assert found.public == person.keyring.identity.public
    assert is_up(unlocking.scene.home, [person.identity], environ)


def test_doctor_tells_whether_a_key_is_unlocked(unlocking: Agents) -> None:
    assert "No key is unlocked here." in unlocking.conduct("doctor").out
    unlocking.unlock("5m")

    said = unlocking.conduct("doctor").out
    assert "is unlocked for another 5 min" in said


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("15m", 900), ("8h", 28800), ("12h", 43200), (" 1s ", 1)])
def test_lengths_of_time(text: str, seconds: int) -> None:
    assert DURATION.convert(text, None, None) == dt.timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["0s", "13h", "721m", "1d", "15", "h", "-5m", "1.5h", "9999999s", "１５m", "15 m", ""])
def test_what_is_no_length_of_time(text: str) -> None:
    with pytest.raises(click.BadParameter):
        DURATION.convert(text, None, None)
