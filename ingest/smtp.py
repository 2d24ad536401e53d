"""Handing a mail to the smarthost over SMTP: verified TLS before any password, all recipients or none.

Whatever a server says in words stays out of our errors: it often quotes an address.  smtplib lives in this file alone.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import smtplib
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Final, Self

from ingest import sasl
from ingest.config_sections import Smtp
from ingest.passwords import read_password
from ingest.smtp_values import Answer, Envelope, Stage, has_utf8_header, refuse_unsafe, stuffed, with_line_ends
from ingest.tls import verifying_context
from policies.errors import ConductError, Refused, Unavailable, WrongUsage

CONNECT_SECONDS: Final = 20.0
REPLY_SECONDS: Final = 60.0
#: RFC 5321 section 4.5.3.2.6: the answer to a mail's end may take long, and giving up early sends it twice.
END_SECONDS: Final = 600.0
#: What we call ourselves (RFC 5321 section 4.1.3): nothing of this machine's name.
_OURSELVES: Final = "[127.0.0.1]"
_PIECE_BYTES: Final = 256 * 1024
_CONTINUE: Final = 334
_GO_ON: Final = 354
#: Which extension the words belong to whose name is not its own.
_EXTENSIONS: Final = {"BODY": "8bitmime", **dict.fromkeys(("RET", "ENVID", "NOTIFY", "ORCPT"), "dsn")}
_AGAIN: Final = "Try again later; nothing was sent."
_WITH_TLS: Final = ("no-tls", "The smarthost does not offer the TLS that is asked for.")

#: What of a server's or a connection's failure comes out of smtplib.
_BROKEN: Final = (OSError, smtplib.SMTPException, ValueError)


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """A name and either its password or its access token."""

    user: str
    secret: str
    is_token: bool = False

    def __repr__(self) -> str:
        """Nothing of either."""
        return "Credentials(…)"


def send(smtp: Smtp, raw: bytes, sender: str, recipients: Sequence[str], environ: Mapping[str, str]) -> None:
    """Send one mail to all recipients, or to none.

    ``sender`` may be empty, for a mail that must not bounce.  Lines may end in LF; nothing else of ``raw`` changes.
    Raises Refused where trying again is of no use, Unavailable where it is ("smtp-unknown": the connection broke
    after the last byte, so the mail may have been sent), WrongUsage for a configuration or address that cannot be,
    UnreadableInput for a mail with a carriage return that ends no line.
    """
    envelope, content = Envelope(sender, tuple(recipients)), with_line_ends(raw)
    with connect(smtp, credentials(smtp, environ)) as smarthost:
        answer = smarthost.hand_over(envelope, content)
    if not answer.is_accepted:
        raise answer.as_error(len(envelope.recipients))


def credentials(smtp: Smtp, environ: Mapping[str, str]) -> Credentials | None:
    """What [smtp] says to log in with; None where it names no user.  Raises what ``read_password`` raises."""
    if smtp.user is None:
        return None
    return Credentials(smtp.user, read_password(smtp, "smtp", environ), is_token=smtp.token_command is not None)


def connect(smtp: Smtp, login: Credentials | None) -> Smarthost:
    """A connection that mail can be handed to.

    Raises Unavailable: out of reach, without TLS, not trusted, or it refuses the login; WrongUsage: settings that
    cannot be used.
    """
    context = None if smtp.tls == "none" else verifying_context(smtp.ca_file)
    if context is None and not smtp.is_loopback:
        raise WrongUsage("tls-none", "A smarthost without TLS is accepted on this machine only.", "Set tls.")
    with _reaching():
        client = _open(smtp, context)
    smarthost = Smarthost(client)
    try:
        with _reaching():
            _greet(smtp, client, context)
            if login is not None:
                _log_in(client, smtp, login)
    except BaseException:
        smarthost.close()
        raise
    return smarthost


class Smarthost:
    """One connection to a server that takes mail; used by one thread at a time, for one mail after the other."""

    def __init__(self, client: smtplib.SMTP) -> None:
        self._client = client

    def __enter__(self) -> Self:
        """Connected already."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Say goodbye."""
        self.close()

    def offers(self, name: str) -> bool:
        """Whether the server offers an extension."""
        return self._client.has_extn(name)

    def is_alive(self) -> bool:
        """Whether it still answers; whatever was begun is forgotten by it."""
        try:
            return self._client.rset()[0] == 250  # noqa: PLR2004 - RFC 5321 section 4.1.1.5
        except _BROKEN:
            return False

    def forward(self, attributes: Mapping[str, str]) -> None:
        """Tell whom the mail is from in truth, as Postfix's XFORWARD_README asks; nothing where it is not offered."""
        offered = self._client.esmtp_features.get("xforward", "").upper().split()
        told = [f"{name}={value}" for name, value in attributes.items() if name in offered]
        if told:
            with _reaching():
                self._client.docmd("XFORWARD", " ".join(told))

    def hand_over(
        self,
        envelope: Envelope,
        content: bytes,
        options: Sequence[str] = (),
        wishes: Sequence[Sequence[str]] = (),
    ) -> Answer:
        """Hand over one mail whose lines end in CR LF; the server's last word is returned, not raised.

        ``options`` are further words for MAIL FROM, ``wishes`` for each recipient those for RCPT TO; the server gets
        of them what it offers to heed.  One recipient refused is the whole mail refused: nothing is sent then.
        Raises Unavailable: the connection broke; Refused: the server lacks what this mail needs.
        """
        for address in (envelope.sender, *envelope.recipients):
            refuse_unsafe(address)
        with _reaching():
            refusal = self._announce(envelope, content, options, wishes) or self._begin()
            if refusal is not None:
                return refusal
            *first, last = _pieces(stuffed(content) + b".\r\n")
            for piece in first:
                self._client.send(piece)
        return self._finish(last)

    def _begin(self) -> Answer | None:
        answer = self._ask("content", 0, "DATA")
        if answer.code == _GO_ON:
            return None
        if answer.is_refusal:
            return answer
        raise smtplib.SMTPServerDisconnected  # it speaks of something else: no further word of it can be believed

    def abort(self) -> None:
        """Break the connection, from any thread: whoever waits on it is told at once."""
        with contextlib.suppress(OSError):
            if self._client.sock is not None:
                # Not TLS's own, which lets go of TLS first: what another thread then still writes would go out plain.
                socket.socket.shutdown(self._client.sock, socket.SHUT_RDWR)

    def close(self) -> None:
        """Say goodbye, quietly, whatever the state."""
        with contextlib.suppress(*_BROKEN):
            if self._client.sock is not None:
                self._client.sock.settimeout(2.0)
            self._client.quit()
        self._client.close()

    def _announce(
        self, envelope: Envelope, content: bytes, options: Sequence[str], wishes: Sequence[Sequence[str]]
    ) -> Answer | None:
        """Sender and recipients; the first refusal, else None."""
        client = self._client
        words = [*self._heeded(options), *self._words(envelope, content, options)]
        client.command_encoding = "utf-8"
        answer = self._ask("sender", 0, " ".join((f"MAIL FROM:<{envelope.sender}>", *words)))
        for number, address in enumerate(envelope.recipients, 1):
            if not answer.is_positive:
                return answer
            wished = self._heeded(wishes[number - 1]) if wishes else []
            answer = self._ask("recipient", number, " ".join((f"RCPT TO:<{address}>", *wished)))
        return None if answer.is_positive else answer

    def _heeded(self, words: Sequence[str]) -> list[str]:
        """Those of a client's words that belong to an extension which the server offers."""
        return [each for each in words if self.offers(_EXTENSIONS.get(each.partition("=")[0].upper(), each.lower()))]

    def _words(self, envelope: Envelope, content: bytes, options: Sequence[str]) -> Iterator[str]:
        if self.offers("size"):  # RFC 1870 section 5
            yield f"SIZE={len(content)}"
        is_wide = not all(address.isascii() for address in (envelope.sender, *envelope.recipients))
        has_words = {word.partition("=")[0].upper() for word in options}
        is_asked = "SMTPUTF8" in has_words and has_utf8_header(content)
        if (is_wide or is_asked) and not self.offers("smtputf8"):
            raise Refused("smtp-utf8", "The smarthost takes no address or header with other letters than ASCII.")
        if self.offers("smtputf8") and (is_wide or has_utf8_header(content)) and "SMTPUTF8" not in has_words:
            yield "SMTPUTF8"  # RFC 6531 section 3.1
        if not content.isascii():
            if not self.offers("8bitmime"):  # RFC 6152 section 3
                raise Refused("smtp-8bit", "The smarthost takes no mail with 8-bit letters.", "Send it encoded.")
            if "BODY" not in has_words:
                yield "BODY=8BITMIME"

    def _ask(self, stage: Stage, number: int, command: str) -> Answer:
        return _answer(self._client.docmd(command), stage, number)

    def _finish(self, last: bytes) -> Answer:
        """Send the last piece: whatever breaks from here on leaves it open what became of the mail."""
        client = self._client
        try:
            if client.sock is not None:
                client.sock.settimeout(END_SECONDS)
            client.send(last)
            answer = _answer(client.getreply(), "content", 0)
            if client.sock is not None:
                client.sock.settimeout(REPLY_SECONDS)
        except _BROKEN:
            client.close()
            raise Unavailable(
                "smtp-unknown",
                "The smarthost broke off after the mail was handed over, so nobody knows whether it was sent.",
                "Look whether the committee's own copy arrived before you send it again.",
            ) from None
        return answer


def _pieces(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), _PIECE_BYTES):
        yield content[start : start + _PIECE_BYTES]


def _answer(reply: tuple[int, bytes], stage: Stage, number: int) -> Answer:
    code, text = reply
    if code < 0:  # smtplib's word for a connection that ended
        raise smtplib.SMTPServerDisconnected
    return Answer(code, tuple(text.decode("ascii", "replace").split("\n")), stage, number)


# ---------------------------------------------------------------- connecting


def _open(smtp: Smtp, context: ssl.SSLContext | None) -> smtplib.SMTP:
    place = (smtp.host, smtp.actual_port)
    if smtp.tls == "implicit":
        return smtplib.SMTP_SSL(*place, local_hostname=_OURSELVES, timeout=CONNECT_SECONDS, context=context)
    return smtplib.SMTP(*place, local_hostname=_OURSELVES, timeout=CONNECT_SECONDS)


def _greet(smtp: Smtp, client: smtplib.SMTP, context: ssl.SSLContext | None) -> None:
    if client.sock is not None:
        client.sock.settimeout(REPLY_SECONDS)
    client.ehlo_or_helo_if_needed()
    if smtp.tls != "starttls":
        return
    if not client.has_extn("starttls") or client.starttls(context=context)[0] != 220:  # noqa: PLR2004
        raise Unavailable(*_WITH_TLS, "Implicit TLS usually is on port 465, STARTTLS on 587.")
    client.ehlo()  # RFC 3207 section 4.2: what was said before counts for nothing


@contextlib.contextmanager
def _reaching() -> Iterator[None]:
    """Translate what goes wrong while nothing was handed over yet."""
    try:
        yield
    except ConductError:
        raise
    except ssl.SSLCertVerificationError:
        raise Unavailable(
            "certificate", "The certificate of the smarthost is not trusted.",
            "Check the host's name; name a private authority in smtp.ca_file.",
        ) from None  # fmt: skip
    except ssl.SSLError:
        raise Unavailable(*_WITH_TLS, "Implicit TLS usually is on port 465, STARTTLS on 587.") from None
    except _BROKEN:
        raise Unavailable("smtp-unreachable", "The smarthost does not answer, or broke off.", _AGAIN) from None


def _log_in(client: smtplib.SMTP, smtp: Smtp, login: Credentials) -> None:
    offered = client.esmtp_features.get("auth", "").upper().split()
    code = _by_token(client, smtp, login, offered) if login.is_token else _by_password(client, login, offered)
    if code is None:
        raise Unavailable(
            "login-refused", "The smarthost offers no way of logging in that this program has.", "Check smtp.tls."
        )
    if code // 100 == 4:  # noqa: PLR2004 - RFC 4954 section 6: 454, try later
        raise Unavailable("smtp-unreachable", "The smarthost cannot check the login now.", _AGAIN)
    if code // 100 != 2:  # noqa: PLR2004
        raise Unavailable("login-refused", "The smarthost refused the login.", "Check the user and the password.")


def _by_token(client: smtplib.SMTP, smtp: Smtp, login: Credentials, offered: Sequence[str]) -> int | None:
    if "OAUTHBEARER" in offered:
        message = sasl.oauthbearer(login.user, smtp.host, smtp.actual_port, login.secret)
        return _authenticate(client, "OAUTHBEARER", message, after_error=b"\1")
    if "XOAUTH2" in offered:
        return _authenticate(client, "XOAUTH2", sasl.xoauth2(login.user, login.secret), after_error=b"")
    return None


def _by_password(client: smtplib.SMTP, login: Credentials, offered: Sequence[str]) -> int | None:
    if "PLAIN" in offered:
        return _authenticate(client, "PLAIN", sasl.plain(login.user, login.secret), after_error=b"")
    if "LOGIN" in offered:
        code = client.docmd("AUTH", "LOGIN")[0]
        for secret in (login.user, login.secret):
            code = client.docmd(_base64(secret.encode()))[0] if code == _CONTINUE else code
        return code
    return None


def _authenticate(client: smtplib.SMTP, mechanism: str, message: bytes, *, after_error: bytes) -> int:
    """The final code; after an error in its own format, a server of tokens waits for one more line."""
    code = client.docmd("AUTH", f"{mechanism} {_base64(message)}")[0]
    return client.docmd(_base64(after_error))[0] if code == _CONTINUE else code


def _base64(message: bytes) -> str:
    return base64.b64encode(message).decode("ascii")
