"""A tiny IMAP server that says what a test tells it to, for what no decent server says."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable

from tests.servers.listening import Listening

#: What it answers to a command unless the script knows better; ``%s`` is the command's tag.
_ORDINARY: dict[str, bytes] = {
    "CAPABILITY": b"* CAPABILITY IMAP4rev1 UIDPLUS\r\n%s OK done\r\n",
    "SELECT": b"* 1 EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 7] -\r\n* OK [UIDNEXT 2] -\r\n%s OK [READ-WRITE] -\r\n",
    "EXAMINE": b"* 1 EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 7] -\r\n* OK [UIDNEXT 2] -\r\n%s OK [READ-ONLY] -\r\n",
    "LOGOUT": b"* BYE\r\n%s OK done\r\n",
}

#: The bytes of an answer, or a function from the client's line to them.
Answer = bytes | Callable[[bytes], bytes]


class ScriptedImap(Listening):
    """Answers by the name of the command ("LOGIN", "UID FETCH"); remembers each line it was sent."""

    def __init__(self, script: dict[str, Answer], greeting: bytes = b"* OK ready\r\n") -> None:
        super().__init__()
        self._script = script
        self._greeting = greeting
        self.received: list[bytes] = []

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
