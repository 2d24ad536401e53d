"""The gateway's SMTP side, on aiosmtpd, with strict line ends, limits, logins that hold nobody up, and XFORWARD.

Only CR LF . CR LF ends a mail, and a mail with a CR or LF that stands alone is refused and its connection closed: what
one server takes for the end of a mail and the next one does not is how mails are smuggled into other people's names.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import collections
import contextlib
import re
import ssl
from typing import Any, Final, Literal

from aiosmtpd.smtp import SMTP, Envelope, Session

from ingest.gate import parameters, words
from ingest.gate.logins import is_right
from ingest.gate.relay import Found, Parcel, Relay, Upstream
from ingest.smtp_values import Envelope as Enveloped

MOST_BYTES: Final = 64 * 1024 * 1024
MOST_RECIPIENTS: Final = 1000
MOST_LINE: Final = 1024 * 1024
MOST_SESSIONS: Final = 60
IDLE_SECONDS: Final = 300.0
MAIL_SECONDS: Final = 1200.0
_MOST_WRONG_LOGINS: Final = 3
_WRONG_LOGIN_SECONDS: Final = 1.0
_END: Final = b"\r\n.\r\n"
_STRAY: Final = re.compile(rb"\r(?!\n)|(?<!\r)\n")
_MOST_COMMAND: Final = 2048  # letters; RFC 5321 asks for 512, RFC 3461, 4954 and 6531 for a thousand more

Logins = Literal["own", "pass", "none"]


class House:
    """What all doors of one gateway share: how clients log in, TLS, and the relay behind them."""

    def __init__(
        self,
        relay: Relay,
        logins: Logins,
        own: dict[str, bytes],
        context: ssl.SSLContext | None,
        *,
        limit: int = MOST_BYTES,
    ) -> None:
        self.relay = relay
        self.logins = logins
        self.own = own
        self.context = context
        self.limit = limit
        self.doors: set[Door] = set()
        self.last_left = asyncio.Event()

    def __call__(self) -> Door:
        """A door for the next connection."""
        return Door(self)

    def makes_room(self) -> bool:
        """Whether one more may come in, if need be for who has been there longest without logging in."""
        if len(self.doors) < MOST_SESSIONS:
            return True
        strangers = [door for door in self.doors if door.is_strangers]
        if strangers:
            min(strangers, key=lambda door: door.began).turn_away()
        return bool(strangers)

    async def may_send(self, upstream: Upstream, user: str, password: str) -> Found:
        """Whether a client is who she says."""
        if self.logins == "pass":
            return await self.relay.log_in(upstream, user, password)
        return "right" if is_right(self.own, user, password) else "wrong"

    async def end(self, seconds: float) -> None:
        """Take nothing new, let what is on its way arrive within so many seconds, then cut the rest."""
        self.relay.is_ending = True
        for door in list(self.doors):
            await door.dismiss()
        if self.doors:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.last_left.wait(), seconds)
        self.relay.cut()
        for door in list(self.doors):
            door.cut()


class _Hooks:
    """What aiosmtpd asks at each step."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def handle_EHLO(  # noqa: N802 - the library's signature
        self, server: Door, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Offer no login where none is asked for, and XFORWARD there alone."""
        session.host_name = hostname
        server.command_size_limits.clear()  # the library adds to them at every EHLO
        *offered, last = [each for each in responses if self._house.logins != "none" or "AUTH" not in each]
        return [*offered, *(parameters.OF_FILTER if self._house.logins == "none" else ()), last]

    async def handle_RCPT(  # noqa: N802
        self, server: Door, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Not too many, and none that would be two."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.append(server.wishes)  # type: ignore[arg-type]  # for each recipient one entry
        return "250 2.1.5 Ok"

    async def handle_exception(self, _: Exception) -> str:
        """A fault of ours is told without a word of what was being worked on."""
        return words.reply(451, "4.3.0", ("NOT SENT: the gateway has a fault; try again later",))


class Door(SMTP):
    """One client's connection."""

    line_length_limit = MOST_LINE

    def __init__(self, house: House) -> None:
        # The library has one for all connections.
        self.command_size_limits = collections.defaultdict(lambda: _MOST_COMMAND)
        super().__init__(
            _Hooks(house),
            data_size_limit=house.limit,
            enable_SMTPUTF8=True,
            hostname="conduct.gateway",
            ident="ESMTP",
            tls_context=house.context,
            require_starttls=house.context is not None,
            timeout=IDLE_SECONDS,
            auth_require_tls=house.context is not None,
            auth_exclude_mechanism=(),
        )
        # After the library's own look at it: without TLS it would warn of what conduct.toml allows on this host only.
        self._auth_required = house.logins != "none"
        self._house = house
        self._upstream = Upstream()
        self._wrong_logins = 0
        self._xforward: dict[str, str] = {}
        self._is_busy = False
        self.wishes: tuple[str, ...] = ()
        self.began = self.loop.time()

    # ------------------------------------------------------------ from the first byte to the last

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, or begin again under TLS; nobody waits in line."""
        is_first = self._original_transport is None
        super().connection_made(transport)
        if is_first and (self._house.relay.is_ending or not self._house.makes_room()):
            self.turn_away()
        elif is_first:
            self._house.doors.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        """Forget the session; what it had not finished is not sent."""
        self._house.doors.discard(self)
        if self._house.relay.is_ending and not self._house.doors:
            self._house.last_left.set()
        self._house.relay.let_go(self._upstream)
        self._upstream = Upstream()
        super().connection_lost(error)
        # What was being done keeps the mail it was done to: held by each other, both would stay for hours.
        self._handler_coroutine = None

    @property
    def is_strangers(self) -> bool:
        """Whether the client has yet to log in."""
        session: Any = self.session
        return self._auth_required and not session.authenticated

    def turn_away(self) -> None:
        """Close the connection for want of room."""
        self._house.doors.discard(self)
        transport: Any = self.transport
        transport.write(b"421 4.3.2 NOT SENT: too many connections; try again later\r\n")
        self.cut()

    async def dismiss(self) -> None:
        """Say goodbye, unless a mail is on its way to the smarthost."""
        if not self._is_busy and self.transport is not None:
            with contextlib.suppress(OSError, RuntimeError):
                await self.push("421 4.3.2 NOT SENT: the gateway is stopping")
            self.cut()

    def cut(self) -> None:
        """Close the connection."""
        if self.transport is not None:
            self.transport.close()

    # ------------------------------------------------------------ logging in

    async def smtp_AUTH(self, arg: str | None) -> None:  # noqa: N802
        """RFC 4954, PLAIN and LOGIN; under TLS only, unless the gateway serves this host alone."""
        refusal = self._no_auth(arg)
        if refusal:
            await self.push(refusal)
            return
        mechanism, *initial = str(arg).split()
        try:
            user, password = await self._credentials(mechanism.upper(), initial)
        except (ValueError, asyncio.IncompleteReadError):
            await self.push("501 5.5.2 This login cannot be read")
            return
        await self._settle(await self._house.may_send(self._upstream, user, password))

    def _no_auth(self, arg: str | None) -> str:
        session: Any = self.session
        if self._house.logins == "none":
            return "502 5.5.1 Nobody logs in here"
        if not session.host_name or not session.extended_smtp:
            return "503 5.5.1 Send EHLO first"
        if self._auth_require_tls and self._tls_protocol is None:
            return "538 5.7.11 Encryption is required for this"
        if session.authenticated:
            return "503 5.5.1 Already logged in"
        named = (arg or "").split()
        if not named or len(named) > 2 or named[0].upper() not in {"PLAIN", "LOGIN"}:  # noqa: PLR2004
            return "504 5.5.4 PLAIN and LOGIN are known"
        return ""

    async def _credentials(self, mechanism: str, initial: list[str]) -> tuple[str, str]:
        if mechanism == "PLAIN":
            message = _decoded(initial[0].encode()) if initial else await self._asked(b"")
            _, user, password = message.split(b"\0")
        else:
            user = _decoded(initial[0].encode()) if initial else await self._asked(b"Username:")
            password = await self._asked(b"Password:")
        return user.decode(), password.decode()

    async def _asked(self, challenge: bytes) -> bytes:
        await self.push(b"334 " + base64.b64encode(challenge))
        return _decoded((await self._reader.readuntil(b"\n")).strip())

    async def _settle(self, found: Found) -> None:
        session: Any = self.session
        if found == "right":
            session.authenticated = True
            await self.push("235 2.7.0 Welcome")
        elif found == "later":
            await self.push("454 4.7.0 The smarthost cannot be asked now")
        else:
            self._wrong_logins += 1
            await asyncio.sleep(_WRONG_LOGIN_SECONDS)
            await self.push("535 5.7.8 User or password is wrong")
            if self._wrong_logins >= _MOST_WRONG_LOGINS:
                await self.push("421 4.7.0 Too many wrong logins")
                self.cut()

    # ------------------------------------------------------------ the envelope

    async def smtp_XFORWARD(self, arg: str | None) -> None:  # noqa: N802
        """Whom Postfix had the mail from (its XFORWARD_README); taken from nobody else."""
        if self._house.logins != "none":
            await self.push("502 5.5.1 Not here")
            return
        found = parameters.attributes(arg or "")
        self._xforward |= found
        await self.push("250 2.0.0 Ok" if found else "501 5.5.4 Bad attribute")

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        """Without the word AUTH= of RFC 4954 section 5, which says nothing here; with what RFC 3461 has."""
        arg, wishes = parameters.of_mail(arg)
        before: Any = self.envelope
        is_first = not before.mail_from
        await super().smtp_MAIL(arg)
        if is_first and before.mail_from:
            before.mail_options.extend(wishes)

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        """With what RFC 3461 has."""
        arg, self.wishes = parameters.of_recipient(arg)
        await super().smtp_RCPT(arg)

    # ------------------------------------------------------------ the mail

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802
        """Read a mail, have it checked, hand it over; the reply is the smarthost's."""
        if await self.check_helo_needed() or await self.check_auth_needed("DATA"):
            return
        envelope: Any = self.envelope
        if arg or not envelope.rcpt_tos:
            await self.push("501 5.5.4 Syntax: DATA" if arg else "503 5.5.1 Need RCPT first")
            return
        await self.push("354 End with <CR><LF>.<CR><LF>")
        received = await self._received()
        self.envelope = self._create_envelope()
        if received is None:
            await self.push("552 5.3.4 NOT SENT: the mail is larger than the gateway takes")
        elif _STRAY.search(received):
            # Whatever follows may be meant for another server's eyes.
            await self.push("550 5.5.2 NOT SENT: a line does not end in CR LF")
            self.cut()
        else:
            await self._pass_on(_parcel(envelope, received, self._xforward))

    async def _received(self) -> bytes | None:
        """Everything before the final dot, dots still doubled; None where it is too much."""
        found, is_too_much = bytearray(), False
        until = self.loop.time() + MAIL_SECONDS
        while not found.endswith(_END) and found != b".\r\n":
            try:
                found += await self._reader.readuntil(b".\r\n")
            except asyncio.LimitOverrunError as error:
                found += await self._reader.readexactly(error.consumed)
            self._reset_timeout(max(0.1, min(IDLE_SECONDS, until - self.loop.time())))
            if len(found) > self._house.limit:
                is_too_much = True
            if is_too_much:
                del found[: -len(_END)]
        return None if is_too_much else bytes(found[:-3])

    async def _pass_on(self, parcel: Parcel) -> None:
        self._is_busy = True
        self._reset_timeout(MAIL_SECONDS)  # the client waits for us now
        try:
            judged = await self._house.relay.judge(parcel)
            said = await self._house.relay.hand_over(self._upstream, parcel) if judged.leaves else words.refusal(judged)
            await self.push(said)
        finally:
            self._is_busy = False
            self._reset_timeout()
        if self._house.relay.is_ending:
            self.cut()


def _parcel(envelope: Any, received: bytes, xforward: dict[str, str]) -> Parcel:  # noqa: ANN401 - an untyped library
    sender = envelope.mail_from if envelope.mail_from != "<>" else ""
    options = [each for each in envelope.mail_options if not each.startswith("SIZE=")]
    # A doubled dot at a line's beginning stands for one (RFC 5321 section 4.5.2).
    content = received[1:] if received.startswith(b".") else received
    content = content.replace(b"\r\n.", b"\r\n")
    enveloped = Enveloped(sender, tuple(envelope.rcpt_tos))
    return Parcel(enveloped, content, tuple(options), tuple(envelope.rcpt_options), dict(xforward))


def _decoded(line: bytes) -> bytes:
    try:
        return base64.b64decode(line, validate=True)
    except binascii.Error:
        raise ValueError from None
