"""Clients of the gateway that hang up while their mail is on its way: it is broken off, and nothing of it is left."""

from __future__ import annotations

import contextlib
import socket
import time
from pathlib import Path

import pytest

from tests.ingest.gate.running import running
from tests.ingest.gate.test_gateway_hostile import HEAD, committee, opened
from tests.processes import eventually, memory
from tests.scenes import Scene
from tests.servers.listening import Listening
from tests.servers.sink import Sink


class _Slow(Listening):
    """A smarthost that greets late and reads content slowly; ``contents`` is what came until the client hung up.

    ``is_reading``: some content has come.
    """

    def __init__(self) -> None:
        super().__init__()
        self.contents: list[bytes] = []
        self.greeted = 0
        self.is_reading = False

    def _talk(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection, connection.makefile("rb") as lines:
            time.sleep(0.5)
            self.greeted += 1
            connection.sendall(b"220 slow.example.net\r\n")
            for line in lines:
                if line.upper() == b"DATA\r\n":
                    self.contents.append(self._content(connection))
                    return
                connection.sendall(b"250 Ok\r\n")

    def _content(self, connection: socket.socket) -> bytes:
        connection.sendall(b"354 go on\r\n")
        found = bytearray()
        with contextlib.suppress(OSError):
            while piece := connection.recv(65536):
                self.is_reading = True
                time.sleep(0.01)
                found += piece
        return bytes(found)


def test_a_mail_whose_sender_hangs_up_on_its_way_is_broken_off_as_it_was(original: Scene, tmp_path: Path) -> None:
    mail = HEAD + (b"y" * 70 + b"\r\n") * 150_000
    with _Slow() as server, running(committee(original, tmp_path, server.port), tmp_path) as gateway:
        with opened(gateway.port) as rude:
            rude.send(mail + b".\r\n")
            assert eventually(lambda: server.is_reading, 20)
        assert eventually(lambda: bool(server.contents), 20)

    assert len(server.contents[0]) < len(mail)
    assert mail.startswith(server.contents[0])


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts open files as Linux shows them")
def test_who_hangs_up_early_leaves_no_connection_open(original: Scene, tmp_path: Path) -> None:
    with _Slow() as server, running(committee(original, tmp_path, server.port), tmp_path) as gateway:
        files = Path(f"/proc/{gateway.process.pid}/fd")
        before = len(list(files.iterdir()))
        for _ in range(5):
            with opened(gateway.port) as rude:
                rude.send(HEAD + b".\r\n")
                time.sleep(0.2)
        assert eventually(lambda: server.greeted > 0, 20)

        assert eventually(lambda: len(list(files.iterdir())) <= before, 20)
        assert not any(server.contents)


def test_what_was_begun_and_left_is_forgotten(original: Scene, tmp_path: Path, sink: Sink) -> None:
    with running(committee(original, tmp_path, sink.port), tmp_path) as gateway:
        before = memory(gateway.process.pid)
        for _ in range(3):
            with opened(gateway.port) as rude:
                for _ in range(40):
                    rude.send(b"z" * 1_000_000)

        assert eventually(lambda: memory(gateway.process.pid) - before < 40_000_000, 20)
