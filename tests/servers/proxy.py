"""A loopback TCP proxy that breaks a conversation after so many bytes, or changes words in it."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from types import TracebackType
from typing import Literal, Self

#: cut: reset the connection; truncate: end it in good order; stall: keep it open and pass on nothing more.
Mishap = Literal["cut", "truncate", "stall"]


class FlakyProxy:
    """Passes everything between a client and ``127.0.0.1:target`` until told otherwise."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._left: int | None = None
        self._mishap: Mishap = "cut"
        self._replaced: tuple[bytes, bytes] | None = None
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        self.connections = 0

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._close(self._listener)
        for end in list(self._open):
            self._close(end)

    def break_after(self, count: int, mishap: Mishap = "cut") -> None:
        """From now on the server's side may say this many bytes more, on all connections together."""
        with self._lock:
            self._left, self._mishap = count, mishap

    def heal(self) -> None:
        """Pass on everything again; what was broken stays broken."""
        with self._lock:
            self._left = None

    def replace(self, old: bytes, new: bytes) -> None:
        """Put other words of the same length into the server's mouth."""
        assert len(old) == len(new)
        self._replaced = (old, new)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._target))
            except OSError:  # nobody is there just now
                client.close()
                continue
            self.connections += 1
            self._open += [client, server]
            for source, sink, from_server in ((client, server, False), (server, client, True)):
                threading.Thread(target=self._pump, args=(source, sink, from_server), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, from_server: bool) -> None:
        with contextlib.suppress(OSError):
            while content := source.recv(65536):
                passed = self._allowed(content) if from_server else content
                sink.sendall(passed)
                if len(passed) < len(content):
                    self._break(source, sink)
                    return
        self._close(sink)

    def _allowed(self, content: bytes) -> bytes:
        if self._replaced:
            content = content.replace(*self._replaced)
        with self._lock:
            if self._left is None:
                return content
            passed = content[: self._left]
            self._left -= len(passed)
            return passed

    def _break(self, server: socket.socket, client: socket.socket) -> None:
        if self._mishap == "stall":
            return
        if self._mishap == "cut":
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._close(client)
        self._close(server)

    def _close(self, end: socket.socket) -> None:
        """Wake whoever reads from it, then close; after a cut nothing is said, so that closing resets."""
        cut = self._mishap == "cut" and self._left is not None
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RD if cut else socket.SHUT_RDWR)
        end.close()
