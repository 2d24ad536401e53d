"""Several users of one host in one home, each with her own identity: real ones, where root allows."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from records import cases
from tests.cli_runner import ROOT, Completed
from tests.ingest.cli.homes import PASSPHRASE, RECEIVED, opened, write_secret_line
from tests.records.builders import add_mail

SHARED_GROUP = 61_000
SERVICE, SECOND, STRANGER = 61_001, 61_002, 61_003


class Users:
    """Several users of this host, by number; the program is run as each of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        folder.chmod(0o755)
        self.code = folder / "code"
        ignore = shutil.ignore_patterns("__pycache__", ".*")
        for package in ("ingest", "policies", "records", "templates"):
            shutil.copytree(ROOT / package, self.code / package, ignore=ignore)
        subprocess.run(["chmod", "-R", "a+rX", str(self.code)], check=True)
        for user in (SERVICE, SECOND, STRANGER):
            own = folder / str(user)
            own.mkdir(mode=0o700)
            write_secret_line(own / "passphrase", PASSPHRASE)
            for path in (own, own / "passphrase"):
                os.chown(path, user, user)

    def share(self) -> None:
        """What an administrator does: a folder of the group, with the bit that hands the group on."""
        self.home.mkdir()
        os.chown(self.home, SERVICE, SHARED_GROUP)
        self.home.chmod(0o2770)

    def conduct(self, user: int, *args: object, stdin: str = "", **env: str) -> Completed:
        """The command, run by one of them with an umask that is too generous."""
        own = self.folder / str(user)
        groups = ["--groups", str(SHARED_GROUP)] if user != STRANGER else ["--clear-groups"]
        become = ["setpriv", f"--reuid={user}", f"--regid={user}", *groups]
        home = [] if "CONDUCT_HOME" in env else ["--home", str(self.home)]
        command = [sys.executable, "-P", "-B", "-m", "ingest.cli", *home]
        finished = subprocess.run(
            ["sh", "-c", 'umask 022; exec "$@"', "sh", *become, *command, *map(str, args)],
            input=stdin.encode(),
            capture_output=True,
            timeout=60,
            check=False,
            cwd="/",
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(own),
                "PYTHONPATH": str(self.code),
                "LC_ALL": "C.UTF-8",
                "CONDUCT_PASSPHRASE_FILE": str(own / "passphrase"),
                "CONDUCT_TODAY": "2026-05-04",
                **env,
            },
        )
        return Completed(finished.returncode, finished.stdout.decode(), finished.stderr.decode())


@pytest.fixture
def users() -> Iterator[Users]:
    """Users by number, in a folder that all of them can enter."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to act as two users")
    folder = Path(subprocess.run(["mktemp", "-d"], capture_output=True, text=True, check=True).stdout.strip())
    try:
        yield Users(folder)
    finally:
        shutil.rmtree(folder)


def _found_shared(users: Users) -> None:
    users.share()
    args = ("--address", "conduct@example.org", "--member", "Priya Raman <priya@example.org>", "--trial")
    users.conduct(SERVICE, "init", *args).done()
    out = users.folder / str(SECOND) / ".config" / "conduct" / "identity.key"
    block = users.conduct(
        SECOND, "member", "key", "--name", "Quinn Abara", "--address", "quinn@example.org", "--out", out
    ).done()
    users.conduct(SERVICE, "member", "add", "-", stdin=block.out).done()


@pytest.mark.root
def test_two_users_share_one_home_each_with_her_own_identity(users: Users) -> None:
    _found_shared(users)
    with opened(users.home) as store, store.writing() as transaction:
        case = cases.new_draft(transaction, RECEIVED)
        add_mail(transaction, RECEIVED, case=case.id)

    # By turns, so that each meets the files that the other left.
    for _ in range(2):
        users.conduct(SECOND, "case", "list").done()
        assert "Quinn Abara" in users.conduct(SECOND, "member", "list").done().out
        users.conduct(SECOND, "member", "recuse", "Priya Raman", case.code_name).done()
        users.conduct(SECOND, "member", "unrecuse", "Priya Raman", case.code_name).done()
        users.conduct(SERVICE, "member", "recuse", "Quinn Abara", case.code_name).done()
        users.conduct(SERVICE, "member", "unrecuse", "Quinn Abara", case.code_name, "--identity",
                      users.folder / str(SERVICE) / ".config/conduct/identity.key").done()  # fmt: skip

    for user in (SERVICE, SECOND):
        assert "1 pins compared" in users.conduct(user, "audit", "verify").done().out
    entries = users.conduct(SECOND, "audit", "list", "--json").done().json["entries"]
    assert {entry["name"] for entry in entries} == {"Priya Raman", "Quinn Abara", "server"}


@pytest.mark.root
def test_files_of_a_shared_home_are_the_groups_and_its_secrets_are_not(users: Users) -> None:
    _found_shared(users)
    with opened(users.home) as store, store.reading():
        pass

    found = {path.name: path.stat() for path in users.home.iterdir()}
    modes = {name: stat.S_IMODE(entry.st_mode) for name, entry in found.items()}
    assert {entry.st_gid for entry in found.values()} == {SHARED_GROUP}
    assert modes["server.key"] == 0o600
    assert (modes["content.db"], modes["keys.db"]) == (0o660, 0o660)
    assert not any(mode & 0o007 for mode in modes.values())
    for user in (SERVICE, SECOND):
        identity = users.folder / str(user) / ".config" / "conduct" / "identity.key"
        assert (stat.S_IMODE(identity.stat().st_mode), identity.stat().st_uid) == (0o600, user)


@pytest.mark.root
def test_second_user_has_no_server_keys_and_acts_as_herself(users: Users) -> None:
    _found_shared(users)

    users.conduct(SECOND, "member", "recuse", "Nobody", "amber kettle").done(2)
    refused = users.conduct(SECOND, "poll")

    assert refused.status in {2, 4}
    entries = users.conduct(SECOND, "audit", "list", "--json").done().json["entries"]
    assert [entry["act"] for entry in entries] == ["found", "add-member"]


@pytest.mark.root
def test_stores_left_open_by_one_user_can_be_written_by_the_other(users: Users) -> None:
    """The write-ahead log and its index are made by whoever comes first; a crash leaves them behind."""
    _found_shared(users)
    script = (
        "import os, sys; from records.store import Store; from records import members\n"
        "s = Store.open(*sys.argv[1:])\n"
        "with s.writing() as t: members.set_meta(t, 'left', 'open')\n"
        "os._exit(0)"
    )
    own = [f"sqlite:///{users.home}/{name}.db" for name in ("content", "keys")]
    become = ["setpriv", f"--reuid={SECOND}", f"--regid={SECOND}", "--groups", str(SHARED_GROUP)]
    environ = {"PYTHONPATH": str(users.code), "PATH": os.environ["PATH"]}
    subprocess.run([*become, sys.executable, "-P", "-B", "-c", script, *own], check=True, env=environ, cwd="/")
    left = {path.name: stat.S_IMODE(path.stat().st_mode) for path in users.home.glob("content.db-*")}

    users.conduct(SERVICE, "member", "remove", "Quinn Abara").done()

    assert left == {"content.db-wal": 0o660, "content.db-shm": 0o660}


@pytest.mark.root
def test_stranger_on_the_host_gets_a_sentence_and_nothing_else(users: Users) -> None:
    _found_shared(users)

    named = users.conduct(STRANGER, "member", "list").done(2)
    by_variable = users.conduct(STRANGER, "member", "list", CONDUCT_HOME=str(users.home)).done(2)

    assert "not readable" in named.err
    assert "into its group" in by_variable.err
    assert "Priya" not in named.err + by_variable.err


@pytest.mark.root
def test_init_makes_a_home_for_a_group(users: Users) -> None:
    users.home = users.folder / "made"
    subprocess.run(["chmod", "1777", str(users.folder)], check=True)
    subprocess.run(["groupadd", "--gid", str(SHARED_GROUP), "conduct-test"], check=False)
    try:
        args = ("--address", "conduct@example.org", "--member", "Priya Raman <priya@example.org>", "--trial")
        users.conduct(SERVICE, "init", *args, "--group", "conduct-test").done()
    finally:
        subprocess.run(["groupdel", "conduct-test"], check=False)

    assert stat.S_IMODE(users.home.stat().st_mode) == 0o2770
    assert {path.stat().st_gid for path in users.home.iterdir()} == {SHARED_GROUP}
    users.conduct(SECOND, "member", "list").done()
