"""``conduct init``: what it makes, what it refuses, and that a failure leaves nothing behind."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect
import pytest

from ingest.config import load_settings
from ingest.home import Home, user_identity
from records.vault.identity import from_recovery_text, unlock
from tests.cli_runner import ROOT, call_conduct
from tests.ingest.cli.homes import FOUNDER, PASSPHRASE, found, listed, person, write_secret_line

_NOWHERE = "postgresql+psycopg://127.0.0.1:9/"
BASE = ("init", "--address", "conduct@example.org", "--member", FOUNDER)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


# ------------------------------------------------------------ what it makes


def test_init_makes_a_home_that_works(tmp_path: Path) -> None:
    founder, answer = found(tmp_path)

    assert answer.json | {"recovery": ""} == {
        "schema": 1,
        "trial": True,
        "home": str(founder.home),
        "identity": str(founder.identity),
        "member": "Priya Raman",
        "recovery": "",
    }
    (member,) = listed(founder)
    assert (member["name"], member["since"], member["present"]) == ("Priya Raman", None, True)
    founder.conduct("audit", "verify").done()
    founder.conduct("config", "show").done()


def test_every_file_is_its_owners_alone(tmp_path: Path) -> None:
    founder, _ = found(tmp_path)

    loose = [path.name for path in founder.home.rglob("*") if _mode(path) & 0o077]
    assert loose == []
    assert _mode(founder.home) == 0o700
    assert {_mode(founder.identity), _mode(founder.identity.with_suffix(".pin"))} == {0o600}


def test_identity_is_locked_by_the_passphrase(tmp_path: Path) -> None:
    founder, _ = found(tmp_path)

    words = unlock(founder.identity.read_bytes(), PASSPHRASE).public.fingerprint
    assert words
    assert PASSPHRASE.encode() not in founder.identity.read_bytes()


def test_recovery_secret_is_printed_once_and_kept_nowhere(tmp_path: Path) -> None:
    founder, answer = found(tmp_path)
    secret = answer.json["recovery"]

    from_recovery_text(secret)
    line = secret.splitlines()[1]
    assert not any(line.encode() in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert "recovery" not in founder.conduct("member", "list").out


def test_recovery_secret_goes_to_a_file_and_is_not_printed(tmp_path: Path) -> None:
    file = tmp_path / "envelope" / "recovery.txt"

    _, answer = found(tmp_path, "--recovery-out", file)

    assert "recovery" not in answer.json
    assert _mode(file) == 0o600
    from_recovery_text(file.read_text())
    assert file.read_text().splitlines()[1] not in answer.out + answer.err


def test_text_answer_shows_the_secret_on_stdout_and_words_on_stderr(tmp_path: Path) -> None:
    founder = person(tmp_path)

    answer = founder.conduct(*BASE, "--trial").done()

    from_recovery_text(answer.out[answer.out.index("CONDUCT-RECOVERY") :])
    assert "trial" in answer.err
    assert "envelope" in answer.err


def test_configuration_holds_what_was_said(tmp_path: Path) -> None:
    password = write_secret_line(tmp_path / "password", "wood")
    options = ["--alias", "coc@example.org", "--alias", "help@example.org", "--policy", "generic", "--imap-host",
               "127.0.0.1", "--imap-port", "2143", "--imap-tls", "none", "--imap-user", "conduct",
               "--imap-password-file", password]  # fmt: skip

    founder, _ = found(tmp_path, *options)

    settings = load_settings(Home(founder.home, founder.home))
    assert settings.aliases == ("coc@example.org", "help@example.org")
    assert (settings.policy, settings.trial) == ("generic", True)
    imap = settings.imap
    assert imap is not None
    assert (imap.host, imap.port, imap.tls, imap.user, imap.password_file) == (
        "127.0.0.1", 2143, "none", "conduct", password
    )  # fmt: skip
    assert "# grace_days = 0" in (founder.home / "conduct.toml").read_text()


def test_user_of_the_mailbox_is_the_address_unless_told(tmp_path: Path) -> None:
    founder, _ = found(tmp_path, "--imap-host", "localhost")

    imap = load_settings(Home(founder.home, founder.home)).imap
    assert imap is not None
    assert imap.user == "conduct@example.org"


def test_policy_file_is_copied_into_the_home(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    shipped = (ROOT / "policies" / "communities" / "generic.toml").read_text()
    file.write_text(shipped.replace('name = "', 'name = "Our ', 1))

    founder, _ = found(tmp_path, "--policy", file)
    file.unlink()

    assert 'name = "Our ' in (founder.home / "policy.toml").read_text()
    assert "Our " in founder.conduct("policy", "explain").done().out


def test_founder_may_say_since_when(tmp_path: Path) -> None:
    founder, _ = found(tmp_path, "--since", "2026-02-28", "--handle", "@priya", "--nickname", "Pri")

    (member,) = listed(founder)
    assert member["since"] == "2026-02-28"
    assert (member["handles"], member["nicknames"]) == (["@priya"], ["Pri"])


def test_identity_goes_to_the_users_own_folder_by_default(tmp_path: Path) -> None:
    passphrase = write_secret_line(tmp_path / "passphrase", PASSPHRASE)

    answer = call_conduct(*BASE, "--trial", "--json", "--passphrase-file", passphrase, home=tmp_path / "home").done()

    assert answer.json["identity"] == str(user_identity())
    assert _mode(user_identity()) == 0o600
    assert _mode(user_identity().parent) == 0o700


def test_variable_says_where_the_identity_goes(tmp_path: Path) -> None:
    passphrase = write_secret_line(tmp_path / "passphrase", PASSPHRASE)
    env = {"CONDUCT_IDENTITY": str(tmp_path / "me.key"), "CONDUCT_PASSPHRASE_FILE": str(passphrase)}

    call_conduct(*BASE, "--trial", home=tmp_path / "home", env=env).done()

    assert (tmp_path / "me.key").exists()


def test_home_may_be_an_empty_folder_that_was_there(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o700)

    founder, _ = found(tmp_path)

    founder.conduct("audit", "verify").done()


def test_real_home_locks_the_identity_at_full_cost(tmp_path: Path) -> None:
    founder = person(tmp_path)
    env = {"CONDUCT_TODAY": ""}

    founder.conduct(*BASE, **env).done()

    trial, _ = found(tmp_path / "other")
    assert founder.identity.read_bytes()[:60] != trial.identity.read_bytes()[:60]
    assert "trial" not in founder.conduct("member", "list", **env).done().err


# ------------------------------------------------------------ what it refuses


def test_second_committee_in_one_home_is_refused(tmp_path: Path) -> None:
    founder, _ = found(tmp_path)
    before = (founder.home / "keys.db").read_bytes(), founder.identity.read_bytes()
    other = person(tmp_path, "Quinn Abara")

    answer = other.conduct(*BASE, "--trial").done(1)

    assert "committee" in answer.err
    assert "conduct.toml" in answer.err
    assert ((founder.home / "keys.db").read_bytes(), founder.identity.read_bytes()) == before
    assert not other.identity.exists()


def test_half_of_a_home_is_not_built_upon(tmp_path: Path) -> None:
    founder = person(tmp_path)
    founder.home.mkdir(mode=0o700)
    (founder.home / "keys.db").write_bytes(b"something")

    founder.conduct(*BASE, "--trial").done(1)

    assert _files(founder.home) == ["keys.db"]


def _loose_home(folder: Path) -> None:
    (folder / "home").mkdir(mode=0o755)
    (folder / "home").chmod(0o755)


def _file_for_a_home(folder: Path) -> None:
    (folder / "home").write_text("a file")


def _identity_there(folder: Path) -> None:
    (folder / "priya" / "identity.key").write_text("another identity")


def _dangling_link(folder: Path) -> None:
    (folder / "home").mkdir(mode=0o700)
    (folder / "home" / "server.key").symlink_to(folder / "elsewhere")


def _recovery_there(folder: Path) -> None:
    (folder / "recovery").write_text("an old secret")


def _nothing(folder: Path) -> None:
    """Leave the folder as it is."""


@pytest.mark.parametrize(
    ("before", "options", "status", "words"),
    [
        (_loose_home, [], 2, "chmod 700"),
        (_file_for_a_home, [], 2, "cannot be made"),
        (_identity_there, [], 2, "is there already"),
        (_dangling_link, [], 1, "server.key"),
        (_recovery_there, ["--recovery-out", "{folder}/recovery"], 2, "is there already"),
        (_nothing, ["--recovery-out", "{folder}/priya/passphrase/recovery"], 2, "cannot be made"),
        (_nothing, ["--address", "no address"], 2, "address"),
        (_nothing, ["--address", "x@example.org\nBcc: y"], 2, "address"),
        (_nothing, ["--alias", "nonsense"], 2, "aliases"),
        (_nothing, ["--member", "Priya Raman"], 2, "Write it as"),
        (_nothing, ["--member", "<priya@example.org>"], 2, "--member"),
        (_nothing, ["--member", "Pri\u202eya <priya@example.org>"], 2, "cannot be shown"),
        (_nothing, ["--member", "Priya <priya@>"], 2, "address"),
        (_nothing, ["--policy", "djanga"], 2, "Did you mean django"),
        (_nothing, ["--policy", "{folder}/missing.toml"], 2, "no policy"),
        (_nothing, ["--policy", "{folder}/priya/passphrase"], 2, "no TOML"),
        (_nothing, ["--since", "2026-05-05"], 2, "future"),
        (_nothing, ["--since", "yesterday"], 2, "YYYY-MM-DD"),
        (_nothing, ["--imap-host", "imap.example.org"], 2, "this host"),
        (_nothing, ["--imap-port", "143"], 2, "--imap-host"),
        (_nothing, ["--imap-port", "70000", "--imap-host", "localhost"], 2, "--imap-port"),
        (_nothing, ["--imap-tls", "maybe"], 2, "implicit"),
        (_nothing, ["--group", "no-such-group-here"], 2, "groupadd"),
        (_nothing, ["--content-url", "postgresql+psycopg:///x"], 2, "--keys-url"),
        (_nothing, ["--content-url", "nonsense", "--keys-url", "nonsense"], 2, "store"),
        (_nothing, ["--content-url", _NOWHERE + "x", "--keys-url", _NOWHERE + "y"], 4, "store"),
    ],
)  # fmt: skip
def test_refusal_says_why_and_leaves_the_folder_as_it_was(
    tmp_path: Path, before: Callable[[Path], None], options: list[str], status: int, words: str
) -> None:
    founder = person(tmp_path)
    before(tmp_path)
    files = _files(tmp_path)

    answer = founder.conduct(*BASE, "--trial", *(option.format(folder=tmp_path) for option in options)).done(status)

    assert words in answer.err
    assert _files(tmp_path) == files


def test_tls_none_is_for_this_host_alone(tmp_path: Path) -> None:
    founder = person(tmp_path)
    options = ("--imap-host", "imap.example.org", "--imap-tls", "none")

    answer = founder.conduct(*BASE, *options, CONDUCT_TODAY="").done(2)

    assert "on this host only" in answer.err
    assert not founder.home.exists()


def test_clock_cannot_be_moved_outside_a_trial(tmp_path: Path) -> None:
    assert "CONDUCT_TODAY" in person(tmp_path).conduct(*BASE).done(2).err


def test_policy_without_terms_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text('name = "Ours"\n[retention]\nclock = "decided"\n')

    answer = person(tmp_path).conduct(*BASE, "--trial", "--policy", file).done(2)

    assert "retention.terms" in answer.err
    assert not (tmp_path / "home").exists()


def test_empty_passphrase_locks_nothing(tmp_path: Path) -> None:
    founder = person(tmp_path)
    founder.passphrase.write_text("   \n")

    founder.conduct(*BASE, "--trial").done(2)

    assert not founder.home.exists()


def test_loose_passphrase_file_is_pointed_out(tmp_path: Path) -> None:
    founder = person(tmp_path)
    founder.passphrase.chmod(0o644)

    assert "chmod 600" in founder.conduct(*BASE, "--trial").done().err


# ------------------------------------------------------------ everything or nothing


def _fail(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    "step",
    [
        "ingest.founding.write_settings",
        "ingest.founding.lock",
        "ingest.founding.found",
        "ingest.founding.Store.open",
        "ingest.founding.write_pin",
        "ingest.founding.audit.end",
        "ingest.cli.init.emit",
    ],
)
def test_interruption_at_any_step_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    founder = person(tmp_path)
    files = _files(tmp_path)
    monkeypatch.setattr(step, _fail)

    founder.conduct(*BASE, "--trial", "--recovery-out", tmp_path / "deep" / "recovery").done(130)

    assert _files(tmp_path) == files


def test_secret_that_could_not_be_shown_founds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A recovery secret that nobody has seen would be lost for good."""
    founder = person(tmp_path)

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ingest.cli.output.show", full)

    founder.conduct(*BASE, "--trial").done(4)

    assert not founder.home.exists()
    assert not founder.identity.exists()


def test_what_was_in_the_folder_before_survives_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    founder = person(tmp_path)
    founder.home.mkdir(mode=0o700)
    (founder.home / "templates").mkdir()
    (founder.home / "policy.toml").write_text("theirs")
    monkeypatch.setattr("ingest.founding.found", _fail)

    founder.conduct(*BASE, "--trial").done(130)

    assert _files(founder.home) == ["policy.toml", "templates"]


# ------------------------------------------------------------ asking


@pytest.mark.parametrize(
    ("options", "missing"),
    [
        ([], "--address"),
        (["--address", "conduct@example.org"], "--member"),
        (["--address", "conduct@example.org", "--member", FOUNDER], "--passphrase-file"),
    ],
)
def test_missing_answer_names_its_option(tmp_path: Path, options: list[str], missing: str) -> None:
    answer = call_conduct("init", "--trial", *options, "--no-input", home=tmp_path / "home").done(2)

    assert f"Give {missing}." in answer.err
    assert not (tmp_path / "home").exists()


def test_person_at_a_terminal_is_asked(tmp_path: Path) -> None:
    child = pexpect.spawn(
        sys.executable,
        ["-P", "-m", "ingest.cli", "--home", str(tmp_path / "home"), "init", "--trial"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "dumb"},
        encoding="utf-8",
        timeout=30,
    )
    dialogue = [
        ("committee's address", "conduct@example.org"),
        ("Name <address>", FOUNDER),
        ("Policy", ""),
        ("Mail server", "127.0.0.1"),
        ("Log in as", ""),
        ("password", ""),
        ("New passphrase", PASSPHRASE),
        ("(?i)repeat", PASSPHRASE),
    ]
    for question, answer in dialogue:
        child.expect(question)
        child.sendline(answer)
    child.expect("CONDUCT-RECOVERY-1")
    child.expect(pexpect.EOF)
    child.close()

    assert child.exitstatus == 0
    settings = load_settings(Home(tmp_path / "home", tmp_path / "home"))
    assert settings.imap is not None
    assert (settings.imap.user, settings.policy) == ("conduct@example.org", "django")


# ------------------------------------------------------------ PostgreSQL


@pytest.mark.postgres
def test_stores_may_lie_in_postgresql(tmp_path: Path, postgres_server: Any) -> None:
    urls = "--content-url", postgres_server.create(), "--keys-url", postgres_server.create()

    founder, _ = found(tmp_path, *urls)

    founder.conduct("audit", "verify").done()
    assert not (founder.home / "content.db").exists()
    other = person(tmp_path / "second", "Quinn Abara")
    assert "already" in other.conduct(*BASE, "--trial", *urls).done(1).err
