"""A tiny IMAP server that says what a test tells it to, for what no decent server says."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

#: What it answers to a command unless the script knows better; ``%s`` is the command's tag.
_ORDINARY: dict[str, bytes] = {
    "CAPABILITY": b"* CAPABILITY IMAP4rev1 UIDPLUS\r\n%s OK done\r\n",
    "SELECT": b"* 1 EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 7] -\r\n* OK [UIDNEXT 2] -\r\n%s OK [READ-WRITE] -\r\n",
    "EXAMINE": b"* 1 EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 7] -\r\n* OK [UIDNEXT 2] -\r\n%s OK [READ-ONLY] -\r\n",
    "LOGOUT": b"* BYE\r\n%s OK done\r\n",
}

#: The bytes of an answer, or a function from the client's line to them.
Answer = bytes | Callable[[bytes], bytes]


class ScriptedImap:
    """Answers by the name of the command ("LOGIN", "UID FETCH"); remembers each line it was sent."""

    def __init__(self, script: dict[str, Answer], greeting: bytes = b"* OK ready\r\n") -> None:
        self._script = script
        self._greeting = greeting
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.received: list[bytes] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection, connection.makefile("rb") as lines:
            connection.sendall(self._greeting)
            for line in lines:
                self.received.append(line)
                tag, _, rest = line.strip().partition(b" ")
                connection.sendall(self._answer(rest, line).replace(b"%s", tag))

    def _answer(self, command: bytes, line: bytes) -> bytes:
        words = command.upper().decode("latin-1").split(" ")
        name = " ".join(words[:2]) if words[0] == "UID" else words[0]
        answer = self._script.get(name) or _ORDINARY.get(name) or b"%s OK done\r\n"
        return answer(line) if callable(answer) else answer
