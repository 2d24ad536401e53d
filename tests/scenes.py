"""A founded committee to test with: a trial home, members with keys, a mailbox; deliver, poll, act, look.

scene = Scene.found(tmp_path, pymap_account)
scene.deliver(mail_from("ada@example.net", "Report"))
assert scene.poll()["stored"] == 1
scene.conduct("case", "list", "--json", who="Noor Haddad").done().json
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Protocol

from ingest.config import load_settings, store_urls
from ingest.config_file import write_settings
from ingest.home import Home, create_home, write_secret
from policies.roster import MemberId
from records import joining, members
from records.founding import found
from records.keyring import Keyring
from records.store import Store, Transaction
from records.vault.format import TRIAL_COST
from records.vault.identity import Identity, ServerKeys, introduce, lock, read_introduction
from records.vault.newcomer import Newcomer
from tests.cli_runner import ROOT, Completed, call_conduct, run_conduct

CONDUCT = "conduct@example.org"
NAMES = ("Priya Raman", "Noor Haddad", "Tomas Novak")
ARRIVED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FOUNDED = datetime(2026, 1, 1, tzinfo=UTC)


class Post(Protocol):
    """A mailbox to put mail into; ``tests.servers.account.Account`` is one."""

    user: str
    password: str
    port: int

    def append(self, content: bytes, folder: str = "INBOX", arrived: datetime = ARRIVED) -> int:
        """Put a mail into a folder; its UID."""

    def contents(self, folder: str = "INBOX") -> list[bytes]:
        """The bytes of every mail in a folder, as IMAP gives them."""


@dataclasses.dataclass(frozen=True)
class Person:
    """A member: her name, and where her locked identity and its passphrase lie."""

    name: str
    address: str
    identity: Path
    passphrase_file: Path
    keyring: Keyring


@dataclasses.dataclass
class Scene:
    """A committee with a home of its own.  ``members`` are in the order of their names; the first founded it."""

    home: Home
    members: tuple[Person, ...]
    recovery: Identity
    account: Post | None

    @classmethod
    def found(
        cls,
        folder: Path,
        account: Post | None = None,
        names: Sequence[str] = NAMES,
        *,
        starts: datetime | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> Scene:
        """A trial home in ``folder``; every member has been there since ``starts`` (None: always).

        ``values`` are further keys of conduct.toml.  Keys are locked at the least cost that is allowed.
        """
        home = Home(folder / "home", folder / "home")
        create_home(home)
        write_secret(home.root / "imap.password", f"{account.password if account else 'none'}\n".encode())
        write_settings(home, {"address": CONDUCT, "trial": True, **_mailbox(account), **(values or {})})
        people = tuple(_person(folder, name) for name in names)
        scene = cls(home, people, Identity.generate(), account)
        scene._write_roster(starts)
        return scene

    def _write_roster(self, starts: datetime | None) -> None:
        server = ServerKeys.generate()
        write_secret(self.home.server_keys, server.serialise())
        founder, *others = self.members
        acting = founder.keyring
        with self.opened(create=True) as store, store.writing() as transaction:
            first = _newcomer(founder)
            found(transaction, acting, first, self.recovery.public, server.public_sign, starts, FOUNDED)
            for person in others:
                admitted = joining.admit(transaction, acting, _newcomer(person), starts, FOUNDED)
                person.keyring.member = admitted.enrolled.member.id

    # --- people and commands

    def member(self, name: str) -> Person:
        """The member whose name begins so."""
        return next(person for person in self.members if person.name.startswith(name))

    def conduct(
        self,
        *args: object,
        who: str | Person | None = None,
        on: str | None = None,
        env: Mapping[str, str] | None = None,
        stdin: str | bytes = b"",
        own_process: bool = False,
    ) -> Completed:
        """A command of a member (the founder if unnamed), on the day ``on``; in this process unless asked."""
        person = who if isinstance(who, Person) else self.member(who or "")
        environ = {
            "CONDUCT_IDENTITY": str(person.identity),
            "CONDUCT_PASSPHRASE_FILE": str(person.passphrase_file),
            **({"CONDUCT_TODAY": on} if on else {}),
            **(env or {}),
        }
        call = run_conduct if own_process else call_conduct
        return call(*args, home=self.home.root, env=environ, stdin=stdin)

    def as_service(self, *args: object, on: str | None = None, own_process: bool = False) -> Completed:
        """A command of the service's user, who has no identity."""
        call = run_conduct if own_process else call_conduct
        return call(*args, home=self.home.root, env={"CONDUCT_TODAY": on} if on else {})

    # --- mail

    def deliver(self, mail: bytes | EmailMessage, when: datetime = ARRIVED, folder: str = "INBOX") -> int:
        """Put a mail into the mailbox, as having arrived at ``when``; its UID."""
        assert self.account is not None
        content = mail if isinstance(mail, bytes) else bytes(mail).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        return self.account.append(content, folder, when)

    def poll(self, *, on: str | None = None, own_process: bool = False) -> dict[str, Any]:
        """One round; what ``conduct poll --json`` answers."""
        answer: dict[str, Any] = self.as_service("poll", "--json", on=on, own_process=own_process).done().json
        return answer

    def start_poll(self, **options: Any) -> subprocess.Popen[bytes]:
        """A poll in a process (and process group) of its own, not waited for."""
        command = [sys.executable, "-P", "-m", "ingest.cli", "--home", str(self.home.root), "poll", "--json"]
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.Popen(
            command, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True, **options,
        )  # fmt: skip

    def listed(self, who: str | Person | None = None) -> list[dict[str, Any]]:
        """The mails that a member may read, as ``conduct mail list --json`` tells."""
        mails: list[dict[str, Any]] = self.conduct("mail", "list", "--json", who=who).done().json["mail"]
        return mails

    def exported(self) -> Counter[str]:
        """The SHA-256 of every mail that any member can export, each id counted once."""
        found: dict[str, str] = {}
        for person in self.members:
            with tempfile.TemporaryDirectory() as out:
                self.conduct("mail", "export", "--out", out, who=person).done()
                for file in Path(out).glob("*.eml"):
                    digest = hashlib.sha256(file.read_bytes()).hexdigest()
                    assert found.setdefault(file.stem, digest) == digest
        return Counter(found.values())

    def in_mailbox(self, folders: Iterable[str] = ("INBOX",)) -> Counter[str]:
        """The SHA-256 of every mail as IMAP gives it to another client."""
        assert self.account is not None
        contents = (content for folder in folders for content in self.account.contents(folder))
        return Counter(hashlib.sha256(content).hexdigest() for content in contents)

    # --- looking behind the curtain

    @contextlib.contextmanager
    def opened(self, *, create: bool = False) -> Iterator[Store]:
        """The two stores."""
        store = Store.open(*store_urls(self.home, load_settings(self.home)), create=create)
        with contextlib.closing(store):
            yield store

    @contextlib.contextmanager
    def looking(self) -> Iterator[Transaction]:
        """The stores, for reading."""
        with self.opened() as store, store.reading() as transaction:
            yield transaction

    def files_with(self, needle: bytes) -> list[str]:
        """The files of the home in which these bytes stand, names included."""
        found = []
        for path in sorted(self.home.root.rglob("*")):
            name = path.relative_to(self.home.root).as_posix()
            if needle in name.encode() or (path.is_file() and needle in path.read_bytes()):
                found.append(name)
        return found


def mail_from(
    sender: str,
    subject: str,
    text: str = "Something happened at the meeting.\n",
    *,
    to: str = CONDUCT,
    headers: Mapping[str, str] | None = None,
) -> EmailMessage:
    """A plain mail with a Message-ID of its own, unless ``headers`` give one."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = "Mon, 02 Mar 2026 09:29:00 +0000"
    unique = hashlib.sha256(f"{sender}|{subject}|{text}|{headers}".encode()).hexdigest()[:16]
    for name, value in {"Message-ID": f"<{unique}@mail.example.net>", **(headers or {})}.items():
        mail[name] = value
    mail.set_content(text)
    return mail


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and what it started, without a farewell."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def copy_home(scene: Scene, folder: Path) -> Scene:
    """The same committee in another folder, so that one founding serves many tests."""
    shutil.copytree(scene.home.root, folder / "home")
    return dataclasses.replace(scene, home=Home(folder / "home", folder / "home"))


def _mailbox(account: Post | None) -> dict[str, Any]:
    if account is None:
        return {}
    place = {"host": "127.0.0.1", "port": account.port, "tls": "none", "user": account.user}
    return {"imap": {**place, "password_file": "imap.password"}}


def _newcomer(person: Person) -> Newcomer:
    return read_introduction(introduce(person.keyring.identity, person.name, [person.address]))


def _person(folder: Path, name: str) -> Person:
    short = name.split(maxsplit=1)[0].lower()
    own = folder / short
    own.mkdir(mode=0o700)
    identity, passphrase = Identity.generate(), f"{short} keeps bees in the attic"
    write_secret(own / "passphrase", f"{passphrase}\n".encode())
    write_secret(own / "identity.key", lock(identity, passphrase, TRIAL_COST))
    address = f"{short}@committee.example.org"
    keyring = Keyring(MemberId(members.new_id()), identity)
    return Person(name, address, own / "identity.key", own / "passphrase", keyring)
