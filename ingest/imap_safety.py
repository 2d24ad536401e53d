"""What surrounds an IMAP connection: TLS that verifies, names that are safe to send, a quiet library, plain errors."""

from __future__ import annotations

import ipaddress
import logging
import re
import ssl
from collections.abc import Iterator, Sequence

from ingest.mailbox import ImapSettings
from ingest.tls import verifying_context
from policies.errors import Unavailable, WrongUsage

#: The hint of every error that only asks for patience: IMAP keeps a mail until it is committed here.
AGAIN = "Try again later; nothing is lost."
#: UIDs in one command: keeps its line under the 8,192 bytes that RFC 7162 section 4 asks servers to take.
_CHUNK = 500
#: RFC 9051 section 9: a UID is a non-zero 32-bit number.
_UID_END = 2**32
_UNSAFE = re.compile(r"[\r\n\0]")


def is_loopback(host: str) -> bool:
    """Whether the host is this machine, by number or as localhost."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def sendable(text: str) -> str:
    """The text, unless it would end a line and so begin a command of its own (or, for NUL, end a SASL field)."""
    if _UNSAFE.search(text):
        raise WrongUsage("unsafe-argument", "A name for the mail server holds a line end or a NUL; it was not sent.")
    return text


def tls_context(settings: ImapSettings) -> ssl.SSLContext | None:
    """A context that verifies certificate and host, TLS 1.2 at least; None where no TLS is asked for."""
    if settings.tls == "none":
        return None
    return verifying_context(settings.ca_file)


def quieten_library() -> None:
    """Its debug log holds every mail as it comes; the one warning of ``util`` quotes what the server said."""
    known = [name for name in logging.root.manager.loggerDict if name.startswith("imapclient.")]
    for name in {"imapclient", "imapclient.imaplib", *known}:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("imapclient.util").setLevel(logging.ERROR)


def no_tls(settings: ImapSettings) -> Unavailable:
    """The error for a server without the TLS that the settings demand."""
    sentence = f"{settings.host}, port {settings.port}, does not offer the TLS that is asked for."
    return Unavailable("no-tls", sentence, "Implicit TLS usually is on port 993, STARTTLS on 143.")


def unreachable(settings: ImapSettings) -> Unavailable:
    """The error for a server that does not answer, or not as a mail server."""
    sentence = f"No mail server answers at {settings.host}, port {settings.port}."
    return Unavailable("mailbox-unreachable", sentence, AGAIN)


def quoted(text: str) -> str:
    """The text as a quoted string of RFC 9051 section 4.3; ``sendable`` has been asked before."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def uid_chunks(uids: Sequence[int]) -> Iterator[list[int]]:
    """The UIDs in their order, as many at a time as one command may name; ValueError for what is no UID."""
    for start in range(0, len(uids), _CHUNK):
        chunk = list(uids[start : start + _CHUNK])
        if not all(0 < uid < _UID_END for uid in chunk):
            raise ValueError("a UID is a number from 1 to 4294967295")
        yield chunk
