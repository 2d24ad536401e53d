"""``conduct member``: keys made, members added, removed, recused, let in again; two users of one host in one home."""

from __future__ import annotations

import dataclasses
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from records import accepting, cases, members, parts, tables
from records.accepting import Acceptance
from records.keyring import Keyring
from records.store import Store
from records.vault.identity import unlock
from tests.cli_runner import ROOT, Completed, call_conduct
from tests.ingest.cli.homes import PASSPHRASE, Person, found, join, listed, newcomer, opened, person, write_secret_line
from tests.records.builders import add_mail

RECEIVED = datetime(2026, 5, 4, 0, 30, tzinfo=UTC)


@pytest.fixture
def founder(tmp_path: Path) -> Person:
    """The founder of a trial home, alone in it."""
    return found(tmp_path, "--recovery-out", tmp_path / "recovery")[0]


def _keyring(who: Person, store: Store) -> Keyring:
    identity = unlock(who.identity.read_bytes(), PASSPHRASE)
    with store.reading() as transaction:
        return Keyring(members.by_key(transaction, identity.public).member.id, identity)


def _record(who: Person, received: datetime = RECEIVED) -> str:
    """A record that she accepted from a mail, made past the mailbox; its code name."""
    with opened(who.home) as store:
        acting = _keyring(who, store)
        with store.writing() as transaction:
            case = cases.new_draft(transaction, received)
            add_mail(transaction, received, case=case.id)
            accepting.accept(transaction, acting, case, Acceptance(), received)
        return case.code_name


def _opens(who: Person, case: str) -> tuple[bool, bool]:
    """Whether she can open the record, and the mail that it came from."""
    with opened(who.home) as store:
        acting = _keyring(who, store)
        with store.reading() as transaction:
            found = cases.find(transaction, case)
            row = transaction.content.execute(
                sa.select(tables.case_mail.c.message).where(tables.case_mail.c.case == found.id)
            ).scalar_one()
            record = acting.key_or_none(transaction, parts.account_object(found.id)) is not None
            return record, acting.key_or_none(transaction, f"message:{row}") is not None


def _acts(who: Person) -> list[str]:
    return [entry["act"] for entry in who.conduct("audit", "list", "--json").done().json["entries"]]


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


@pytest.mark.parametrize(("name", "address"), [("", "q@example.org"), ("Quinn\x1b[2J", "q@example.org"), ("Quinn", "q")])
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
    case = _record(founder, RECEIVED.replace(day=3))

    quinn = join(founder, "Quinn Abara")

    assert _opens(quinn, case) == (True, False)
    assert _opens(founder, case) == (True, True)


def test_mail_of_the_day_she_joined_is_hers_and_since_reaches_back(founder: Person) -> None:
    today, before = _record(founder), _record(founder, RECEIVED.replace(day=1))

    quinn, ruth = join(founder, "Quinn Abara"), join(founder, "Ruth Solano", "--since", "2026-05-01")

    assert (_opens(quinn, today), _opens(quinn, before)) == ((True, True), (True, False))
    assert (_opens(ruth, today), _opens(ruth, before)) == ((True, True), (True, True))


def test_add_tells_words_to_compare_and_what_was_granted(founder: Person) -> None:
    _record(founder)
    quinn, block = newcomer(founder, "Quinn Abara")

    answer = founder.conduct("member", "add", "-", stdin=block).done()

    with opened(founder.home):
        words = " ".join(next(each for each in listed(founder) if each["name"] == "Quinn Abara")["words"])
    assert len(words.split()) == 8
    assert words in answer.out
    assert "3 records and mails" in answer.out
    assert quinn.conduct("audit", "verify").done()


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
    case = _record(founder)
    quinn = join(founder, "Quinn Abara")
    founder.conduct("member", "recuse", "Quinn Abara", case).done()
    ruth, block = newcomer(founder, "Ruth Solano")

    answer = quinn.conduct("member", "add", "-", "--json", stdin=block).done()
    before = _opens(ruth, case)
    founder.conduct("member", "recuse", "Quinn Abara", case).done()  # any act of a member who can open it

    assert answer.json["owed"] == 3
    assert (before, _opens(ruth, case)) == ((False, False), (True, True))
    assert "grant-owed" in _acts(founder)


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
    case = _record(founder)
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
    case = _record(founder)
    quinn = join(founder, "Quinn Abara")

    answer = quinn.conduct("member", "recuse", "Quinn Abara", case.replace(" ", "-"), "--json").done()
    kept = _opens(quinn, case)
    quinn.conduct("member", "unrecuse", "Quinn Abara", case).done(1)
    founder.conduct("member", "unrecuse", "Quinn Abara", case).done()

    assert answer.json["grants"] == 3
    assert (kept, _opens(quinn, case)) == ((False, False), (True, True))
    assert _acts(founder)[-2:] == ["recuse", "unrecuse"]


def test_recusal_of_the_only_member_is_refused(founder: Person) -> None:
    assert "Nobody could work" in founder.conduct("member", "recuse", "Priya Raman", _record(founder)).done(1).err


@pytest.mark.parametrize("case", ["amber kettle", "no such thing", "x"])
def test_recusal_from_a_case_that_does_not_exist(founder: Person, case: str) -> None:
    founder.conduct("member", "recuse", "Priya Raman", case).done(2)


# ------------------------------------------------------------ recover


def _recovery(founder: Person) -> Path:
    return founder.home.parent / "recovery"


def test_recovery_grants_what_nobody_else_can(founder: Person) -> None:
    case = _record(founder)
    quinn = join(founder, "Quinn Abara")
    with opened(founder.home) as store, store.writing() as transaction:
        transaction.keys.execute(sa.delete(tables.grants).where(tables.grants.c.reader != "recovery"))

    answer = founder.conduct("member", "recover", "--recovery", _recovery(founder), "--for", "Quinn Abara", "--json")

    assert answer.done().json["granted"] == 3
    assert _opens(quinn, case) == (True, True)
    assert _acts(founder)[-1] == "recover"
    founder.conduct("audit", "verify").done()


def test_lone_founder_who_forgot_her_passphrase_comes_back(founder: Person, tmp_path: Path) -> None:
    case = _record(founder)
    again = dataclasses.replace(founder, identity=tmp_path / "again" / "identity.key")
    options = ("--name", "Priya Raman", "--address", "priya@example.org", "--out", again.identity)
    block = tmp_path / "block"
    block.write_text(again.conduct("member", "key", *options).done().out)

    replacing = ("--replace", "Priya Raman", "--block", block, "--json")
    answer = again.conduct("member", "recover", "--recovery", _recovery(founder), *replacing).done()

    assert (answer.json["member"], answer.json["returns"]) == ("Priya Raman", True)
    assert _opens(again, case) == (True, True)
    founder.conduct("member", "unrecuse", "Priya Raman", case).done(1)
    assert _opens(join(again, "Quinn Abara"), case)[0]
    again.conduct("audit", "verify").done()


def test_replacing_needs_both_and_nothing_else(founder: Person) -> None:
    file = _recovery(founder)
    for options in ([], ["--replace", "Priya Raman"], ["--block", file], ["--for", "A", "--replace", "B", "--block", file]):
        assert "--for" in founder.conduct("member", "recover", "--recovery", file, *options).done(2).err


@pytest.mark.parametrize(("secret", "status"), [("", 3), ("nonsense", 3), ("0" * 64, 3), ("other", 2)])
def test_wrong_recovery_secret_changes_nothing(founder: Person, tmp_path: Path, secret: str, status: int) -> None:
    if secret == "other":
        found(tmp_path / "other", "--recovery-out", tmp_path / "other-recovery")
        secret = (tmp_path / "other-recovery").read_text()
    file = write_secret_line(tmp_path / "typed", secret)

    founder.conduct("member", "recover", "--recovery", file, "--for", "Priya Raman").done(status)

    assert _acts(founder) == ["found"]


def test_recovery_secret_may_be_typed_small_and_come_from_stdin(founder: Person) -> None:
    typed = _recovery(founder).read_text().lower().replace("-", " ")

    founder.conduct("member", "recover", "--recovery", "-", "--for", "Priya Raman", stdin=typed).done()


# ------------------------------------------------------------ two users of one host


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

    def conduct(self, user: int, *args: object, stdin: str = "") -> Completed:
        """The command, run by one of them with an umask that is too generous."""
        own = self.folder / str(user)
        groups = ["--groups", str(SHARED_GROUP)] if user != STRANGER else ["--clear-groups"]
        become = ["setpriv", f"--reuid={user}", f"--regid={user}", *groups]
        command = [sys.executable, "-P", "-B", "-m", "ingest.cli", "--home", str(self.home)]
        finished = subprocess.run(
            ["sh", "-c", 'umask 022; exec "$@"', "sh", *become, *command, *map(str, args)],
            input=stdin.encode(),
            capture_output=True,
            timeout=60,
            check=False,
            cwd="/",
            env={
                "PATH": os.environ["PATH"], "HOME": str(own), "PYTHONPATH": str(self.code), "LC_ALL": "C.UTF-8",
                "CONDUCT_PASSPHRASE_FILE": str(own / "passphrase"), "CONDUCT_TODAY": "2026-05-04",
            },  # fmt: skip
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

    answer = users.conduct(STRANGER, "member", "list")

    assert answer.status in {2, 4}
    assert "Priya" not in answer.out + answer.err


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
    assert users.conduct(SECOND, "member", "list").done()
