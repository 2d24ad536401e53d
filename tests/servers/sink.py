"""Mail servers that take mail and keep it for the test to look at: a real one on aiosmtpd, and a scripted one."""

from __future__ import annotations

import contextlib
import dataclasses
import socket
import ssl
import threading
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers.listening import Listening


@dataclasses.dataclass(frozen=True)
class Taken:
    """A mail that was taken, byte for byte as it came, and its envelope."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    options: tuple[str, ...] = ()
    user: str | None = None
    xforward: Mapping[str, str] = dataclasses.field(default_factory=dict)


class _Server(SMTP):
    """aiosmtpd, which also hears XFORWARD, takes access tokens and long lines."""

    line_length_limit = 1_000_000

    async def smtp_XFORWARD(self, arg: str) -> None:  # noqa: N802 - the library's way of naming
        session: Any = self.session
        session.xforward = dict(word.split("=", 1) for word in arg.split())
        await self.push("250 Ok")

    async def auth_XOAUTH2(self, _: Any, args: list[str]) -> AuthResult:  # noqa: N802
        return await self._by_token(args)

    async def auth_OAUTHBEARER(self, _: Any, args: list[str]) -> AuthResult:  # noqa: N802
        return await self._by_token(args)

    async def _by_token(self, args: list[str]) -> AuthResult:
        import base64

        message = base64.b64decode(args[1]).decode()
        if f"auth=Bearer {self.event_handler.sink.password}\1" in message:
            return AuthResult(success=True, auth_data=LoginPassword(message.encode(), b""))
        await self.challenge_auth('{"status":"400"}')
        return AuthResult(success=False, handled=False)


class Sink:
    """A server on loopback: ``taken`` is what came.  ``tls`` as in conduct.toml; ``password`` asks for a login."""

    def __init__(
        self,
        *,
        tls: str = "none",
        certificate: Path | None = None,
        key: Path | None = None,
        user: str = "",
        password: str = "",
        mechanisms: tuple[str, ...] = ("PLAIN",),
        smtputf8: bool = True,
        answer: Callable[[Taken], str] = lambda _: "250 2.0.0 Taken",
        on_recipient: Callable[[str], str] = lambda _: "250 2.1.5 Ok",
        **options: Any,
    ) -> None:
        self.taken: list[Taken] = []
        self.logins: list[str] = []
        self.user, self.password = user, password
        self.answer, self.on_recipient = answer, on_recipient
        context = None
        if tls != "none":
            assert certificate is not None
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(certificate, key)
        every = {"PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER"}
        self._controller = _Controller(
            _Handler(self),
            hostname="127.0.0.1",
            port=0,
            implicit=context if tls == "implicit" else None,
            server_options={
                "tls_context": context if tls == "starttls" else None,
                "require_starttls": tls == "starttls",
                "auth_required": bool(password),
                "auth_require_tls": tls == "starttls",
                "authenticator": self._authenticate,
                "auth_exclude_mechanism": tuple(every - set(mechanisms)),
                "enable_SMTPUTF8": smtputf8,
                "hostname": "sink.example.net",
                **options,
            },
        )

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._controller.bound_port

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._controller.stop()

    def _authenticate(self, _server: Any, _session: Any, _envelope: Any, mechanism: str, data: Any) -> AuthResult:
        self.logins.append(mechanism)
        right = LoginPassword(self.user.encode(), self.password.encode())
        return AuthResult(success=data == right, handled=False, auth_data=data)


class _Controller(Controller):
    def __init__(
        self, handler: Any, *, implicit: ssl.SSLContext | None, server_options: dict[str, Any], **rest: Any
    ) -> None:
        self._options = server_options
        super().__init__(handler, ssl_context=implicit, ready_timeout=20, **rest)

    @property
    def bound_port(self) -> int:
        server: Any = self.server
        found: int = server.sockets[0].getsockname()[1]
        return found

    def factory(self) -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a login without STARTTLS: TLS came first, or a test wants it so
            return _Server(self.handler, **self._options)

    def _trigger_server(self) -> None:
        """The library would connect to port 0."""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.bound_port), 2):
            pass


class _Handler:
    def __init__(self, sink: Sink) -> None:
        self.sink = sink

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-XFORWARD NAME ADDR PROTO HELO SOURCE PORT", responses[-1]]

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = self.sink.on_recipient(address)
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        data: Any = session.auth_data
        login = data.login.decode() if data else None
        content = envelope.original_content
        assert content is not None
        came = Taken(
            (envelope.mail_from or "").removeprefix("<>"),  # the library keeps the brackets of an empty one
            tuple(envelope.rcpt_tos),
            content,
            tuple(envelope.mail_options),
            login,
            getattr(session, "xforward", {}),
        )
        said = self.sink.answer(came)
        if said.startswith("250"):
            self.sink.taken.append(came)
        return said


#: What the scripted server answers unless the script knows better.
_ORDINARY = {
    "": b"220 scripted.example.net\r\n",
    "EHLO": b"250-scripted.example.net\r\n250-SIZE 1000000\r\n250 8BITMIME\r\n",
    "DATA": b"354 go on\r\n",
    "QUIT": b"221 bye\r\n",
}


class ScriptedSmtp(Listening):
    """Answers by the name of the command, "" for the greeting and "." for a mail's end.

    A script's answer of ``None`` closes the connection; of ``...`` says nothing more.  ``lines`` is what was sent.
    """

    def __init__(self, script: Mapping[str, bytes | None], *, patience: float = 5.0) -> None:
        super().__init__()
        self._script = {**_ORDINARY, **script}
        self._patience = patience
        self.lines: list[bytes] = []
        self.mails: list[bytes] = []

    def _talk(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection, connection.makefile("rb") as lines:
            if not self._say(connection, ""):
                return
            for line in lines:
                self.lines.append(line)
                name = line.split()[0].decode("latin-1").upper() if line.split() else ""
                if not self._say(connection, name):
                    return
                if name == "DATA" and self._script["DATA"] == b"354 go on\r\n":
                    self.mails.append(_until_dot(lines))
                    if not self._say(connection, "."):
                        return

    def _say(self, connection: socket.socket, name: str) -> bool:
        answer = self._script.get(name, b"250 2.0.0 Ok\r\n")
        if answer is None:
            connection.shutdown(socket.SHUT_RDWR)
            return False
        if answer == b"...":
            threading.Event().wait(self._patience)
            return False
        connection.sendall(answer)
        return True


def _until_dot(lines: Any) -> bytes:
    found = []
    for line in lines:
        if line == b".\r\n":
            break
        found.append(line)
    return b"".join(found)
