"""What the demo is played on: a scratch home, an embedded mail server, two members, and a narrator."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shlex
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from imapclient import IMAPClient

from tests.servers.embedded import Embedded, embedded_imap
from tests.servers.sink import Sink

_WIDTH = 100


class DemoFailed(Exception):
    """A command did not do what the story says."""


class Stage:
    """Runs ``conduct`` for either member and prints what a person would type and see."""

    def __init__(self, folder: Path, server: Embedded, smarthost: Sink) -> None:
        self.folder = folder
        self._smarthost = smarthost
        self.home = folder / "home"
        self.names: dict[str, str] = {}
        self._server = server
        self._day = ""
        self._destroyed: list[bytes] = []
        self._password = self._secret("imap.password", server.password)
        for name in ("ana", "kofi"):
            self._secret(f"{name}.passphrase", secrets.token_hex(12))

    @classmethod
    @contextlib.contextmanager
    def built(cls) -> Iterator[Stage]:
        """A stage that is taken down at the end, whatever happens."""
        with (
            tempfile.TemporaryDirectory(prefix="conduct-demo-") as folder,
            embedded_imap() as server,
            Sink() as smarthost,
        ):
            yield cls(Path(folder), server, smarthost)

    # --- the narrator

    def chapter(self, title: str) -> None:
        """Begin a chapter."""
        print(f"\n=== {title} {'=' * max(3, _WIDTH - len(title) - 5)}\n", flush=True)

    def say(self, text: str) -> None:
        """A line of the narrator."""
        print(f"# {text}", flush=True)

    def day(self, day: str) -> None:
        """Move the trial home's clock."""
        self._day = day
        self.say(f"(It is {day} now: a trial home lets its clock be moved.)")

    # --- the members

    def found(self, member: str, address: str) -> None:
        """Ana founds the committee."""
        self.ana(
            "init", "--trial", "--address", address, "--member", member, "--policy", "django",
            "--imap-host", self._server.host, "--imap-port", self._server.port, "--imap-tls", "none",
            "--imap-user", self._server.user, "--imap-password-file", self._password,
            "--recovery-out", self.folder / "recovery.txt",
        )  # fmt: skip
        with (self.home / "conduct.toml").open("a", encoding="utf-8") as file:
            file.write(f'\n[smtp]\nhost = "127.0.0.1"\nport = {self._smarthost.port}\ntls = "none"\n')

    def welcome(self, who: str, name: str, address: str) -> None:
        """A newcomer makes a key, and Ana adds it."""
        block = self._run(who, "member", "key", "--name", name, "--address", address, "--out", self._identity(who))
        (self.folder / f"{who}.block").write_text(block)
        self.ana("member", "add", self.folder / f"{who}.block")

    def ana(self, *words: object, expect: int = 0) -> str:
        """Ana types a command."""
        return self._run("ana", *words, expect=expect)

    def kofi(self, *words: object, expect: int = 0) -> str:
        """Kofi types a command."""
        return self._run("kofi", *words, expect=expect)

    def case_of(self, subject: str) -> str:
        """The code name of the case in which the first mail with this subject lies."""
        for mail in self._ask("mail", "list")["mail"]:
            if mail["subject"] == subject:
                return str(mail["case"])
        raise DemoFailed(f"no mail {subject}")

    def draft(self, name: str, mail: EmailMessage) -> Path:
        """A draft that a member has written, as a file."""
        path = self.folder / name
        path.write_bytes(mail.as_bytes())
        return path

    def send(self, draft: Path, *, expect: int = 0) -> None:
        """Ana's mail program sends a draft, with conduct in the place of sendmail."""
        before = len(self._smarthost.taken)
        self._run("ana", "sendmail", "-t", expect=expect, stdin=draft)
        print(f"  Mails that reached the mail server: {len(self._smarthost.taken) - before}\n")
        if (len(self._smarthost.taken) > before) != (expect == 0):
            raise DemoFailed("what was sent is not what was allowed")

    def dismiss_drafts(self, keep: str) -> None:
        """Ana dismisses the other drafts, so that nothing unreviewed holds anything up."""
        self.say("Ana has been through the other drafts meanwhile; they turn out to be no reports.")
        for case in self._ask("case", "list", "--status", "draft")["cases"]:
            if case["case"] != keep:
                self._quietly("ana", "case", "dismiss", case["case"], "--reason", "no report")

    # --- the mailbox and the home, past the program

    def deliver(self, content: bytes, when: datetime) -> None:
        """A mail arrives."""
        with self._imap() as imap:
            imap.append("INBOX", content, msg_time=when)

    def show_mailbox(self, *message_ids: str) -> None:
        """Look for mails in every folder of the mailbox, with a connection of our own."""
        found = []
        with self._imap() as imap:
            for _, _, folder in imap.list_folders():
                imap.select_folder(folder, readonly=True)
                for answer in imap.fetch(imap.search(), ["BODY.PEEK[HEADER]"]).values() if imap.search() else ():
                    found += [one for one in message_ids if one.encode() in answer[b"BODY[HEADER]"]]
        for one in message_ids:
            print(f"  {one}: {'STILL THERE' if one in found else 'gone from every folder'}")
        if found:
            raise DemoFailed("a mail is still in the mailbox")

    def search_home(self, *texts: str) -> None:
        """Look for words in every file of the home, as a thief would."""
        files = [path for path in self.home.rglob("*") if path.is_file()]
        for text in texts:
            hits = sum(text.encode().lower() in path.read_bytes().lower() for path in files)
            print(f'  "{text}" in the {len(files)} files of the home: {hits} times')
            if hits:
                raise DemoFailed("a name lies in the home in clear")

    def note_sealed_bytes(self) -> None:
        """Remember what is sealed now, so that it can be looked for later."""
        for name, query in (
            ("content.db", "SELECT sealed FROM blobs UNION ALL SELECT sealed FROM parts"),
            (
                "keys.db",
                "SELECT sealed FROM grants WHERE object NOT LIKE 'case:%' UNION ALL SELECT sealed FROM wrapped",
            ),
        ):
            with contextlib.closing(sqlite3.connect(f"file:{self.home / name}?mode=ro", uri=True)) as store:
                self._destroyed += [bytes(row[0])[-48:] for row in store.execute(query)]

    def search_destroyed(self) -> None:
        """Look for the sealed bytes that were noted and are no longer in any row."""
        living = Stage._living(self.home)
        gone = [piece for piece in self._destroyed if piece not in living]
        files = [path.read_bytes() for path in self.home.rglob("*") if path.is_file()]
        hits = sum(piece in content for piece in gone for content in files)
        print(f"  {len(gone)} destroyed pieces and keys looked for in {len(files)} files: {hits} found")
        if hits or not gone:
            raise DemoFailed("destroyed bytes are still on the disk")

    @staticmethod
    def _living(home: Path) -> set[bytes]:
        found: set[bytes] = set()
        for name, tables in (("content.db", ("blobs", "parts")), ("keys.db", ("grants", "wrapped"))):
            with contextlib.closing(sqlite3.connect(f"file:{home / name}?mode=ro", uri=True)) as store:
                for table in tables:
                    found |= {bytes(row[0])[-48:] for row in store.execute(f"SELECT sealed FROM {table}")}  # noqa: S608
        return found

    @contextlib.contextmanager
    def _imap(self) -> Iterator[IMAPClient]:
        client = IMAPClient(self._server.host, self._server.port, ssl=False)
        try:
            client.login(self._server.user, self._server.password)
            yield client
        finally:
            client.logout()

    # --- running the command

    def _run(self, who: str, *words: object, expect: int = 0, stdin: Path | None = None) -> str:
        typed = " ".join(shlex.quote(self._short(word)) for word in words)
        print(f"\n{who}$ conduct {typed}{f' < {self._short(stdin)}' if stdin else ''}", flush=True)
        finished = self._quietly(who, *words, stdin=stdin)
        for line in _abridged(finished.stdout + finished.stderr):
            print(f"  {line}")
        print(flush=True)
        if finished.returncode != expect:
            raise DemoFailed(f"exit status {finished.returncode}, not {expect}")
        return finished.stdout

    def _ask(self, *words: object) -> Any:
        finished = self._quietly("ana", *words, "--json")
        if finished.returncode:
            raise DemoFailed(finished.stderr)
        return json.loads(finished.stdout)

    def _quietly(self, who: str, *words: object, stdin: Path | None = None) -> subprocess.CompletedProcess[str]:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("CONDUCT_")}
        environ |= {"CONDUCT_TODAY": self._day} if self._day else {}
        return subprocess.run(
            [
                sys.executable, "-m", "ingest.cli", "--home", str(self.home), "--identity", str(self._identity(who)),
                "--passphrase-file", str(self.folder / f"{who}.passphrase"), *(str(word) for word in words),
            ],
            capture_output=True, text=True, check=False, env=environ, timeout=60,
            input=stdin.read_text() if stdin else "",
        )  # fmt: skip

    def _identity(self, who: str) -> Path:
        return self.folder / f"{who}.key"

    def _short(self, word: object) -> str:
        return str(word).replace(f"{self.folder}/", "")

    def _secret(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.touch(mode=0o600)
        path.write_text(text + "\n")
        return path


def _abridged(output: str) -> list[str]:
    """What a command said, without the notice that every command of a trial home gives, and long keys cut."""
    found: list[str] = []
    for line in output.splitlines():
        is_key = len(line) == 64 and " " not in line
        if is_key and found and found[-1] == "...":
            continue
        if "this is a trial home" not in line:
            found.append("..." if is_key else line)
    return found
