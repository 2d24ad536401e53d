"""A door before an IMAP server that takes access tokens (SASL XOAUTH2 and OAUTHBEARER) where that takes passwords."""

from __future__ import annotations

import base64
import contextlib
import json
import re
import socket
import threading
from collections.abc import Sequence

from tests.servers.listening import Listening

_REFUSAL = json.dumps({"status": "401", "schemes": "bearer", "scope": "marker-in-the-refusal"}).encode()
_BEARER = re.compile(rb"\x01auth=Bearer ([^\x01]*)\x01\x01$")


class TokenDoor(Listening):
    """Lets in whoever shows one of ``accepted``, as the user of the server behind, whose bytes it then passes on.

    ``messages`` are the first SASL messages it was shown, ``after`` what answered the challenge of a refusal.
    """

    def __init__(
        self, behind: int, login: tuple[str, str], *, mechanisms: Sequence[str], accepted: Sequence[str], in_line: bool
    ) -> None:
        super().__init__()
        self._behind, self._login = behind, login
        self._told = " ".join([*(["SASL-IR"] if in_line else []), *(f"AUTH={name}" for name in mechanisms)])
        self._in_line = in_line
        self.accepted = set(accepted)
        self.messages: list[tuple[str, bytes]] = []
        self.after: list[bytes] = []

    def _talk(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection, connection.makefile("rb", buffering=0) as lines:
            connection.sendall(b"* OK ready\r\n")
            while line := lines.readline():
                tag, verb, *rest = line.split()
                if verb.upper() == b"CAPABILITY":
                    connection.sendall(b"* CAPABILITY IMAP4rev1 %s\r\n%s OK -\r\n" % (self._told.encode(), tag))
                elif verb.upper() == b"AUTHENTICATE" and self._authenticate(connection, lines, rest):
                    self._pass_on(connection, tag)
                    return
                else:
                    connection.sendall(tag + b" NO [AUTHENTICATIONFAILED] marker-in-the-answer\r\n")

    def _authenticate(self, connection: socket.socket, lines: socket.SocketIO, words: Sequence[bytes]) -> bool:
        mechanism, *initial = words
        assert bool(initial) == self._in_line
        if not initial:
            connection.sendall(b"+ \r\n")
            initial = [lines.readline().strip()]
        message = base64.b64decode(initial[0])
        self.messages.append((mechanism.decode(), message))
        found = _BEARER.search(message)
        if found and found[1].decode() in self.accepted:
            return True
        connection.sendall(b"+ " + base64.b64encode(_REFUSAL) + b"\r\n")
        self.after.append(lines.readline().strip())
        return False

    def _pass_on(self, connection: socket.socket, tag: bytes) -> None:
        with (
            socket.create_connection(("127.0.0.1", self._behind)) as server,
            server.makefile("rb", buffering=0) as told,
        ):
            told.readline()
            server.sendall('x LOGIN "{}" "{}"\r\n'.format(*self._login).encode())
            while not told.readline().startswith(b"x OK"):
                pass
            connection.sendall(tag + b" OK welcome\r\n")
            threading.Thread(target=_pump, args=(connection, server), daemon=True).start()
            _pump(server, connection)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while content := source.recv(65536):
            sink.sendall(content)
        sink.shutdown(socket.SHUT_RDWR)
