"""A mailbox of its own on a running server, seen from outside: a member's mail program, and its administrator."""

from __future__ import annotations

import contextlib
import dataclasses
import re
from datetime import UTC, datetime
from typing import Any, Protocol

import imapclient

from ingest.imap import connect
from ingest.mailbox import ImapSettings, Mailbox
from tests.servers.dovecot import Dovecot
from tests.servers.embedded import EmbeddedProcess

ARRIVED = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)


class Administrator(Protocol):
    """What only who runs the server can do."""

    def make_read_only(self, user: str, folder: str) -> None:
        """Let the user read the folder and no more; it exists and the user has logged in."""

    def renumber(self, user: str, folder: str) -> None:
        """Give a folder a new UIDVALIDITY."""


@dataclasses.dataclass
class Account:
    """A user of a running server, with nothing in the mailbox yet.

    ``kind`` is "pymap" or "dovecot".  ``port`` may be turned to a proxy's; ``close`` is called by the fixture.
    """

    kind: str
    port: int
    user: str
    password: str
    administrator: Administrator
    _opened: list[Any] = dataclasses.field(default_factory=list)

    @property
    def settings(self) -> ImapSettings:
        """Without TLS, over loopback, with little patience."""
        return ImapSettings("127.0.0.1", self.port, self.user, tls="none", connect_seconds=5, read_seconds=5)

    def connect(self) -> Mailbox:
        """A fresh connection of the program under test."""
        mailbox = connect(self.settings, self.password)
        self._opened.append(mailbox.close)
        return mailbox

    def member(self) -> Any:
        """A fresh connection of a member's mail program: a bare IMAPClient, logged in."""
        client = imapclient.IMAPClient("127.0.0.1", self.port, ssl=False, timeout=10)
        client.normalise_times = False
        client.login(self.user, self.password)
        self._opened.append(client.shutdown)
        return client

    def append(self, content: bytes, folder: str = "INBOX", arrived: datetime = ARRIVED) -> int:
        """Put a mail into a folder, made where it is missing; its UID."""
        client = self.member()
        if not client.folder_exists(folder):
            client.create_folder(folder)
        answer = client.append(folder, content, msg_time=arrived)
        client.logout()
        found = re.search(rb"APPENDUID \d+ (\d+)", answer)
        assert found is not None
        return int(found[1])

    def contents(self, folder: str = "INBOX") -> list[bytes]:
        """The bytes of every mail in a folder, as another client sees them."""
        client = self.member()
        client.select_folder(folder, readonly=True)
        answers = client.fetch(client.search("ALL"), ["BODY.PEEK[]"])
        client.logout()
        return [answer[b"BODY[]"] for _, answer in sorted(answers.items())]

    def flags(self, folder: str = "INBOX") -> set[bytes]:
        """All flags that any mail of the folder bears."""
        client = self.member()
        client.select_folder(folder, readonly=True)
        found = client.get_flags(client.search("ALL"))
        client.logout()
        return {flag for flags in found.values() for flag in flags} - {b"\\Recent"}

    def close(self) -> None:
        """Drop what was opened."""
        for close in self._opened:
            with contextlib.suppress(OSError, imapclient.exceptions.IMAPClientError):
                close()


class PymapAdministrator:
    """``Administrator`` of a pymap."""

    def __init__(self, process: EmbeddedProcess) -> None:
        self._process = process

    def make_read_only(self, user: str, folder: str) -> None:
        """See ``Administrator``."""
        self._process.command("readonly", user, folder)

    def renumber(self, user: str, folder: str) -> None:
        """See ``Administrator``."""
        self._process.command("renumber", user, folder)


class DovecotAdministrator:
    """``Administrator`` of a Dovecot."""

    def __init__(self, dovecot: Dovecot) -> None:
        self._dovecot = dovecot

    def make_read_only(self, user: str, folder: str) -> None:
        """See ``Administrator``."""
        self._dovecot.restrict(user, folder, "lr")

    def renumber(self, user: str, folder: str) -> None:
        """See ``Administrator``."""
        self._dovecot.renumber(user, folder)
