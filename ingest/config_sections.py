"""The tables of conduct.toml: what each key may be, and the words that explain it."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

_MAX_PORT: Final = 65535
IMAP_PORTS: Final = {"implicit": 993, "starttls": 143, "none": 143}
SMTP_PORTS: Final = {"implicit": 465, "starttls": 587, "none": 25}


def _address(text: str) -> str:
    local, at, domain = text.rpartition("@")
    if not (local and at and domain and text.isprintable()) or any(letter in text for letter in ' <>,;"'):
        raise ValueError('must be a mail address, such as "conduct@example.org"')
    return text


def _words(command: tuple[str, ...]) -> tuple[str, ...]:
    if not command or not command[0]:
        raise ValueError("must name a program")
    return command


def _listen(text: str) -> str:
    path = socket_of(text)
    if path is not None:
        if not path.is_absolute():
            raise ValueError('must be "unix:" and the whole path of a socket, beginning with /')
        return text
    host, colon, port = text.rpartition(":")
    if not (host and colon and port.isascii() and port.isdigit() and int(port) <= _MAX_PORT):
        raise ValueError('must be a host and a port, such as "127.0.0.1:2525"')
    return text


Text = Annotated[str, StringConstraints(min_length=1)]
MailAddress = Annotated[str, AfterValidator(_address)]
Command = Annotated[tuple[str, ...], AfterValidator(_words)]
Listen = Annotated[str, AfterValidator(_listen)]
Tls = Literal["implicit", "starttls", "none"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Section(BaseModel):
    """A table of conduct.toml: unknown keys are refused, and nothing of it shows in a traceback."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    def __repr__(self) -> str:
        """Nothing of what it says."""
        return f"{type(self).__name__}(…)"

    __str__ = __repr__


class Login(Section):
    """A server, and how the program proves to it who it is."""

    host: Text = Field(description="The mail server.", examples=["imap.example.org"])
    port: int | None = Field(
        default=None,
        ge=1,
        le=_MAX_PORT,
        description="Its port; else 993 for implicit TLS, 143 otherwise.",
        examples=[993],
    )
    tls: Tls = Field(
        default="implicit", description="How the connection is encrypted; none is accepted on this very host only."
    )
    password_file: Path | None = Field(
        default=None, description="A file of mode 0600 whose first line is the password.", examples=["mail.password"]
    )
    password_command: Command | None = Field(
        default=None,
        description="Or a program, as a list of words, whose first line is the password.",
        examples=[["pass", "show", "conduct"]],
    )
    token_command: Command | None = Field(
        default=None,
        description="Or a program whose first line is an OAuth 2 access token, as Gmail and Microsoft 365 ask for.",
        examples=[["oauth-token", "conduct@example.org"]],
    )
    ca_file: Path | None = Field(
        default=None, description="A certificate authority of your own (PEM).", examples=["/etc/ssl/ours.pem"]
    )

    @property
    def is_loopback(self) -> bool:
        """Whether the server is this very host."""
        return is_loopback(self.host)

    @model_validator(mode="after")
    def _agree(self) -> Login:
        if self.tls == "none" and not self.is_loopback:
            raise ValueError('tls = "none" is accepted for a server on this host only; use "implicit" or "starttls"')
        ways = ("password_file", "password_command", "token_command")
        named = [way for way in ways if getattr(self, way) is not None]
        if len(named) > 1:
            raise ValueError(f"{' and '.join(named)} exclude each other; keep one")
        return self


class Imap(Login):
    """Where the committee's mail lies."""

    user: Text = Field(description="The name to log in with.", examples=["conduct@example.org"])
    folders: tuple[Text, ...] = Field(
        default=("INBOX", "Sent"),
        min_length=1,
        description="The folders to read. The server's own name for Sent is found where it tells it.",
    )
    drafts: Text | None = Field(
        default=None,
        description="The folder of drafts to watch; without one, the folder that the server says is for drafts.",
        examples=["Drafts"],
    )

    @property
    def actual_port(self) -> int:
        """The port to connect to."""
        return self.port or IMAP_PORTS[self.tls]


class Smtp(Login):
    """The smarthost: where mail that leaves is handed in."""

    host: Text = Field(description="The server that takes mail to be sent.", examples=["smtp.example.org"])
    port: int | None = Field(
        default=None, ge=1, le=_MAX_PORT, description="Its port; else 465 for implicit TLS, 587 for starttls.",
        examples=[465],
    )  # fmt: skip
    user: Text | None = Field(
        default=None, description="The name to log in with; without one, no login.", examples=["conduct@example.org"]
    )

    @property
    def actual_port(self) -> int:
        """The port to connect to."""
        return self.port or SMTP_PORTS[self.tls]


class Outgoing(Section):
    """What happens to mail that leaves."""

    identities: tuple[MailAddress, ...] = Field(
        default=(),
        description="Addresses that members write from for the committee, besides the committee's own.",
        examples=[["priya@example.org"]],
    )
    unchecked: Literal["refuse", "warn"] = Field(
        default="refuse", description="What happens to a mail that cannot be checked without a member's key."
    )
    sendmail: Command | None = Field(
        default=None,
        description="The program that conduct sendmail hands mail to; without one, the server of [smtp].",
        examples=[["/usr/sbin/sendmail", "-i"]],
    )
    watch_drafts: bool = Field(default=True, description="Whether the service checks what lies in the drafts folder.")


class Gateway(Section):
    """The SMTP door that mail clients send through."""

    listen: Listen = Field(
        default="127.0.0.1:2525",
        description="Where it listens: host and port; or unix: and the path of a socket, for a filter of Postfix that "
        "nobody else on this host can ask.",
        examples=["unix:/var/spool/postfix/conduct/gateway"],
    )
    login: Literal["own", "pass", "none"] = Field(
        default="own",
        description="Whether clients log in with a password of the gateway's, with theirs for the smarthost (pass), or "
        "not at all (none): for a filter of Postfix on this host, before a smarthost that asks for no login either.",
    )
    password_file: Path | None = Field(
        default=None,
        description="A file of mode 0600: lines of a user name, a colon and the password that clients log in with.",
        examples=["gateway.passwords"],
    )
    certificate: Path | None = Field(
        default=None, description="Its TLS certificate (PEM); without one it serves this host only.",
        examples=["/etc/ssl/gateway.pem"],
    )  # fmt: skip
    certificate_key: Path | None = Field(
        default=None, description="The certificate's private key.", examples=["/etc/ssl/gateway.key"]
    )

    @model_validator(mode="after")
    def _agree(self) -> Gateway:
        if (self.certificate is None) != (self.certificate_key is None):
            raise ValueError("certificate and certificate_key belong together; name both")
        is_socket = socket_of(self.listen) is not None
        is_ours_alone = is_socket or is_loopback(self.listen.rpartition(":")[0].strip("[]"))
        if self.login == "none" and not is_ours_alone:
            raise ValueError('login = "none" is accepted on this host only; listen on 127.0.0.1')
        if self.certificate is None and not is_ours_alone:
            raise ValueError("a gateway that other hosts reach needs a certificate; name certificate, or listen here")
        return self


class Service(Section):
    """The daemon."""

    poll_minutes: int = Field(
        default=5, ge=1, le=60, description="Minutes between two full rounds of polling, whatever the server pushes."
    )
    digest: Weekday | Literal["never"] = Field(
        default="monday", description="The day of the weekly digest by code names; it needs [smtp]."
    )
    metrics_file: Path | None = Field(
        default=None,
        description="A file for the figures of the service, in the text format that Prometheus collects.",
        examples=["/var/lib/node_exporter/conduct.prom"],
    )


class Store(Section):
    """Where the records lie."""

    content_url: Text | None = Field(
        default=None,
        description="SQLAlchemy's address of the store of sealed content; without one, SQLite in the home.",
        examples=["postgresql+psycopg:///conduct"],
    )
    keys_url: Text | None = Field(
        default=None,
        description="The same for the store of keys, which must be another database.",
        examples=["postgresql+psycopg:///conduct_keys"],
    )


def socket_of(listen: str) -> Path | None:
    """The path of the UNIX socket that ``gateway.listen`` names; None for a host and a port."""
    kind, colon, path = listen.partition(":")
    return Path(path) if colon and kind == "unix" and not path.isdigit() else None


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only be this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"
