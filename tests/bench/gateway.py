"""What the gateway adds to the sending of one mail: ``python -m tests.bench.gateway``.

The same mails go to the same sink once through a bare relay on aiosmtpd, once through ``conduct gateway`` with the key
unlocked, and once with it locked: committee mail that is checked, and private mail that passes unread.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import smtplib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from aiosmtpd.controller import Controller

from tests.bench.stored import fill
from tests.ingest.gate.desk import PRIVATE, letter
from tests.ingest.gate.running import client, running
from tests.scenes import CONDUCT, Scene
from tests.servers.ports import free_port
from tests.servers.sink import Sink

#: The target, in milliseconds a mail, and how many mails are measured.
MILLISECONDS = 20.0


class _BareRelay:
    """A handler that does nothing but hand on."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        return await asyncio.get_running_loop().run_in_executor(None, self._hand_on, envelope)

    def _hand_on(self, envelope: Any) -> str:
        with smtplib.SMTP("127.0.0.1", self._port, local_hostname="[127.0.0.1]") as onward:
            onward.sendmail(envelope.mail_from, envelope.rcpt_tos, envelope.original_content)
        return "250 Ok"


class _Bare(Controller):
    """The bare relay as a server."""

    def __init__(self, onward: int) -> None:
        super().__init__(_BareRelay(onward), hostname="127.0.0.1", port=free_port())

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def main(words: list[str] | None = None) -> int:
    """0 when the target is met, 1 when it is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=60)
    parser.add_argument("--stored", type=int, default=200)
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as folder, Sink() as sink, _Bare(sink.port) as bare:
        found = _measured(Path(folder), sink, bare, options.mails, options.stored)
    base = found.pop("bare relay")
    print(f"bare relay: {base:.1f} ms a mail")
    for name, took in found.items():
        print(f"{name}: {took:.1f} ms a mail, {took - base:+.1f} ms")
    is_met = max(found.values()) - base < MILLISECONDS
    print(f"target: under {MILLISECONDS:.0f} ms added to each mail: {'met' if is_met else 'MISSED'}")
    return 0 if is_met else 1


def _measured(folder: Path, sink: Sink, bare: _Bare, mails: int, stored: int) -> dict[str, float]:
    values = {
        "smtp": {"host": "127.0.0.1", "port": sink.port, "tls": "none"},
        "gateway": {"login": "none"},
    }
    scene = Scene.found(folder, values=values)
    posted = fill(scene, stored)[-2]
    answer = letter(posted.sender, answers=posted.message_id)
    private = letter("friend@example.com", sender=PRIVATE, cc="")
    found = {"bare relay": _timed(bare.port, answer, CONDUCT, posted.sender, mails)}
    with running(scene, folder, scene.members[0]) as gateway:
        found["unlocked, an answer"] = _timed(gateway.port, answer, CONDUCT, posted.sender, mails)
        found["unlocked, private mail"] = _timed(gateway.port, private, PRIVATE, "friend@example.com", mails)
    with running(scene, folder) as gateway:
        found["locked, an answer"] = _timed(gateway.port, answer, CONDUCT, posted.sender, mails)
    return found


def _timed(port: int, raw: bytes, sender: str, to: str, mails: int) -> float:
    """The median of milliseconds for one mail, each over a connection of its own, after five that do not count."""
    return statistics.median([_once(lambda: _send(port, raw, sender, to)) for _ in range(mails + 5)][5:])


def _once(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def _send(port: int, raw: bytes, sender: str, to: str) -> None:
    recipients = [to, *([CONDUCT] if sender == CONDUCT else [])]
    with client(port) as smtp:
        smtp.sendmail(sender, recipients, raw)
        smtp.quit()


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main())
