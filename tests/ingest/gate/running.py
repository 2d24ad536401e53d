"""A gateway in a process of its own, and its clients: a decent one, and one that says whatever it is told."""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import smtplib
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from tests.cli_runner import ROOT
from tests.scenes import Person, Scene

_PATIENCE = 30.0
_CONDUCT = (sys.executable, "-P", "-m", "ingest.cli")


class Running:
    """``conduct gateway``, on a port of its own where no place is named; ``port`` is 0 where it has none."""

    def __init__(self, scene: Scene, environ: Mapping[str, str], listen: str = "127.0.0.1:0") -> None:
        self.process = subprocess.Popen(
            [*_CONDUCT, "--home", str(scene.home.root), "gateway", "--listen", listen],
            env={**os.environ, "PYTHONPATH": str(ROOT), **environ},
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )  # fmt: skip
        self.port = self._port()

    def _port(self) -> int:
        assert self.process.stderr is not None
        said = b""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            ready, _, _ = select.select([self.process.stderr], [], [], 1)
            piece = os.read(self.process.stderr.fileno(), 4096) if ready else b""
            said += piece
            if found := re.search(rb"listening on [^ ]+?(?::(\d+))?\n", said):
                return int(found[1] or 0)
            if ready and not piece:
                break
        raise AssertionError(said.decode())

    def stop(self, number: int = signal.SIGTERM) -> float:
        """End it; how many seconds it took."""
        began = time.monotonic()
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)
        self.process.wait(_PATIENCE)
        taken = time.monotonic() - began
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        return taken

    def said(self) -> str:
        """What it wrote on standard error after it began; once it has ended."""
        assert self.process.stderr is not None
        return self.process.stderr.read().decode()


@contextlib.contextmanager
def running(
    scene: Scene, folder: Path, who: Person | None = None, listen: str = "127.0.0.1:0", **environ: str
) -> Iterator[Running]:
    """A gateway; with the key of ``who`` in the agent."""
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    shared = {"XDG_RUNTIME_DIR": str(runtime), **({"CONDUCT_IDENTITY": str(who.identity)} if who else {}), **environ}
    if who is not None:
        scene.conduct("unlock", who=who, env=shared, own_process=True).done()
    gateway = Running(scene, shared, listen)
    try:
        yield gateway
    finally:
        gateway.stop()
        if who is not None:
            scene.conduct("lock", who=who, env=shared, own_process=True)


def submit(port: int, raw: bytes, sender: str, *recipients: str, **options: Any) -> tuple[int, bytes]:
    """Send a mail as a decent program does; code and text of the last reply."""
    with client(port, **options) as smtp:
        smtp.mail(sender, ["BODY=8BITMIME"])
        for each in recipients:
            smtp.rcpt(each)
        return smtp.data(raw)


@contextlib.contextmanager
def client(port: int, user: str = "", password: str = "", authority: Path | None = None) -> Iterator[smtplib.SMTP]:
    """A connection that has said EHLO, with TLS where an authority is named, and logged in where a user is."""
    smtp = smtplib.SMTP("127.0.0.1", port, local_hostname="client.example.net", timeout=30)
    try:
        smtp.ehlo()
        if authority is not None:
            smtp.starttls(context=ssl.create_default_context(cafile=authority))
            smtp.ehlo()
        if user:
            smtp.login(user, password)
        yield smtp
    finally:
        smtp.close()


class Rude:
    """A client that sends the bytes it is told to, and tells what it hears."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.heard = b""
        self.until(b"220 ")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, content: bytes) -> None:
        """Say it."""
        self.socket.sendall(content)

    def ask(self, content: bytes) -> bytes:
        """Say it, and hear one whole reply."""
        self.send(content)
        return self.reply()

    def reply(self) -> bytes:
        """The next whole reply."""
        while not (found := re.match(rb"(?:\d{3}-[^\n]*\n)*\d{3} [^\n]*\n", self.heard)):
            piece = self.socket.recv(65536)
            if not piece:
                raise EOFError(self.heard)
            self.heard += piece
        self.heard = self.heard[found.end() :]
        return found[0]

    def until(self, word: bytes) -> bytes:
        """Everything up to the reply that has this in it."""
        said = self.reply()
        while word not in said:
            said += self.reply()
        return said

    def rest(self) -> bytes:
        """Everything until the other side closes."""
        with contextlib.suppress(OSError):
            while piece := self.socket.recv(65536):
                self.heard += piece
        return self.heard
