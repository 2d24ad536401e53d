"""Reaching an IMAP server and logging in: verified TLS first, then a password or an access token (SASL).

The library's own words never get into an error: they can hold what the server said, or the password.
"""

from __future__ import annotations

import base64
import contextlib
import socket
import ssl
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final

import imapclient
from imapclient.exceptions import CapabilityError, IMAPClientAbortError, IMAPClientError, LoginError

from ingest import imap_safety, sasl
from ingest.mailbox import ImapSettings
from policies.errors import ConductError, Unavailable, WrongUsage

#: What the library raises, besides its own errors, on an answer that makes no sense.
NONSENSE: Final = (ValueError, TypeError, LookupError, AttributeError, AssertionError, ArithmeticError, RecursionError,
                   MemoryError)  # fmt: skip
#: A first message longer than this goes in a line of its own: RFC 7162 section 4 asks servers to take 8,192 bytes.
_MAX_INITIAL: Final = 8000
#: What answers the challenge that explains why a token was refused, so that the server says no (RFC 7628 3.2.3).
_AFTER_REFUSAL: Final = {"OAUTHBEARER": b"\1", "XOAUTH2": b""}


def logged_in(settings: ImapSettings, secret: str, *, is_token: bool) -> imapclient.IMAPClient:
    """The library's client, connected and logged in; ``connect`` of ``ingest.imap`` says what is raised."""
    if settings.tls == "none" and not imap_safety.is_loopback(settings.host):
        raise WrongUsage("tls-none", "A mailbox without TLS is accepted on this machine only.", "Set tls to implicit.")
    for text in (settings.host, settings.user, secret):
        imap_safety.sendable(text)
    context = imap_safety.tls_context(settings)
    imap_safety.quieten_library()
    client = _reach(settings, context)
    try:
        if settings.tls == "starttls":
            with _reaching(settings):
                client.starttls(context)
        if is_token:
            _show_token(client, settings, secret)
        else:
            _say_password(client, settings, secret)
    except ConductError:
        drop(client)
        raise
    return client


def drop(client: imapclient.IMAPClient) -> None:
    """Close the socket, whatever its state."""
    with contextlib.suppress(OSError, IMAPClientError, *NONSENSE):
        client.shutdown()


def _reach(settings: ImapSettings, context: ssl.SSLContext | None) -> imapclient.IMAPClient:
    timeout = imapclient.SocketTimeout(connect=settings.connect_seconds, read=settings.read_seconds)
    implicit = settings.tls == "implicit"
    with _reaching(settings):
        client = imapclient.IMAPClient(
            settings.host, settings.port, ssl=implicit, ssl_context=context if implicit else None, timeout=timeout
        )
        # imaplib sends a literal in two writes; without this the second waits 40 ms for the first to be acknowledged.
        client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    client.normalise_times = False  # else INTERNALDATE comes naive, in the local zone
    client._imap.debug = 0  # noqa: SLF001 - at its 5 each mail is formatted twice for a log nobody reads
    return client


@contextlib.contextmanager
def _reaching(settings: ImapSettings) -> Iterator[None]:
    """Translate what goes wrong before the login."""
    try:
        yield
    except ssl.SSLCertVerificationError:
        raise Unavailable(
            "certificate", f"The certificate of {settings.host} is not trusted.",
            "Check the host's name; name a private authority in ca_file.",
        ) from None  # fmt: skip
    except (ssl.SSLError, CapabilityError):
        raise imap_safety.no_tls(settings) from None
    except IMAPClientError as error:
        # STARTTLS refused, or impossible because the server says that we are logged in already (PREAUTH).
        if settings.tls == "starttls" and not isinstance(error, IMAPClientAbortError):
            raise imap_safety.no_tls(settings) from None
        raise imap_safety.unreachable(settings) from None
    except (OSError, *NONSENSE):
        raise imap_safety.unreachable(settings) from None


def _say_password(client: imapclient.IMAPClient, settings: ImapSettings, password: str) -> None:
    """By AUTHENTICATE PLAIN where there is, which takes any letters; else by LOGIN (RFC 9051 section 6.2.3)."""
    try:
        if client.has_capability("AUTH=PLAIN"):
            client.plain_login(settings.user, password)
        elif client.has_capability("LOGINDISABLED"):
            raise imap_safety.no_tls(settings)
        else:
            client.login(imap_safety.quoted(settings.user), password)  # imaplib quotes the password, but not the user
    except LoginError as error:
        # imapclient makes a LoginError of a broken connection, too.
        if isinstance(error.__context__, IMAPClientAbortError) or "[UNAVAILABLE]" in str(error):
            raise imap_safety.unreachable(settings) from None
        raise Unavailable(
            "login-refused", f"{settings.host} refused the login.", "Check the user and the password."
        ) from None
    except (OSError, IMAPClientError, *NONSENSE):
        raise imap_safety.unreachable(settings) from None


def _show_token(client: imapclient.IMAPClient, settings: ImapSettings, token: str) -> None:
    """By OAUTHBEARER where there is (RFC 7628), else by XOAUTH2, which Microsoft 365 knows alone."""
    try:
        if client.has_capability("AUTH=OAUTHBEARER"):
            message = sasl.oauthbearer(settings.user, settings.host, settings.port, token)
            is_in = _authenticate(client, "OAUTHBEARER", message)
        elif client.has_capability("AUTH=XOAUTH2"):
            is_in = _authenticate(client, "XOAUTH2", sasl.xoauth2(settings.user, token))
        else:
            raise _takes_no_tokens(settings)
    except IMAPClientAbortError:
        raise imap_safety.unreachable(settings) from None
    except IMAPClientError as error:
        is_in = False
        if "[UNAVAILABLE]" in str(error):
            raise imap_safety.unreachable(settings) from None
    except (OSError, *NONSENSE):
        raise imap_safety.unreachable(settings) from None
    if not is_in:
        raise Unavailable(
            "token-refused", f"{settings.host} refused the access token.",
            "Sign in anew where the token comes from; the account must allow IMAP.",
        )  # fmt: skip


def _takes_no_tokens(settings: ImapSettings) -> WrongUsage:
    return WrongUsage(
        "no-oauth", f"{settings.host} takes no access tokens (neither OAUTHBEARER nor XOAUTH2).",
        "Set imap.password_file or imap.password_command instead of imap.token_command.",
    )  # fmt: skip


def _authenticate(client: imapclient.IMAPClient, mechanism: str, message: bytes) -> bool:
    """One SASL exchange, whose first message goes with the command where the server takes that (RFC 4959).

    Not by the library's own functions: they answer the challenge that explains a refusal with the token once more.
    """
    imap = client._imap  # noqa: SLF001
    initial = base64.b64encode(message)
    is_in_line = client.has_capability("SASL-IR") and len(initial) <= _MAX_INITIAL
    answers = (_AFTER_REFUSAL[mechanism],) if is_in_line else (message, _AFTER_REFUSAL[mechanism])
    imap.literal = _Answers(answers).next
    kind, [words] = imap._simple_command("AUTHENTICATE", mechanism, *([initial] if is_in_line else []))  # noqa: SLF001
    if kind == "OK":
        imap.state = "AUTH"
    elif b"[UNAVAILABLE]" in words:
        raise IMAPClientAbortError
    return bool(kind == "OK")


class _Answers:
    """The answers to a server's challenges, in base64; a star, which gives up, when there are no more."""

    def __init__(self, messages: Iterable[bytes]) -> None:
        self._messages = deque(messages)

    def next(self, _challenge: bytes) -> bytes:
        """The answer to the next challenge; what the challenge says is not looked at."""
        return base64.b64encode(self._messages.popleft()) if self._messages else b"*"
