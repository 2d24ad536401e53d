"""conduct.toml: what it may say, and how it is read, with errors that name the file and the key."""

from __future__ import annotations

import difflib
import ipaddress
import subprocess
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from ingest.home import MAX_SECRET_BYTES, Home, check_secret, first_line, read_handed_secret
from policies.errors import Unavailable, WrongUsage

COMMAND_SECONDS: Final = 60
DEFAULT_PORTS: Final = {"implicit": 993, "starttls": 143, "none": 143}
# pydantic's kinds of errors in words for who writes the file.
_COMPLAINTS: Final = {
    "missing": "is missing",
    "string_type": "must be a text in quotes",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
    "tuple_type": 'must be a list, such as ["one", "two"]',
    "path_type": "must be a path in quotes",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
    "dict_type": "must be a table",
    "mapping_type": "must be a table",
}


def _address(text: str) -> str:
    local, at, domain = text.rpartition("@")
    if not (local and at and domain and text.isprintable()) or any(letter in text for letter in ' <>,;"'):
        raise ValueError('must be a mail address, such as "conduct@example.org"')
    return text


def _words(command: tuple[str, ...]) -> tuple[str, ...]:
    if not command or not command[0]:
        raise ValueError("must name a program")
    return command


Text = Annotated[str, StringConstraints(min_length=1)]
MailAddress = Annotated[str, AfterValidator(_address)]
Command = Annotated[tuple[str, ...], AfterValidator(_words)]


class Section(BaseModel):
    """A table of conduct.toml: unknown keys are refused, and nothing of it shows in a traceback."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    def __repr__(self) -> str:
        """Nothing of what it says."""
        return f"{type(self).__name__}(…)"

    __str__ = __repr__


class Imap(Section):
    """Where the committee's mail lies."""

    host: Text = Field(description="The mail server.", examples=["imap.example.org"])
    port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="Its port; else 993 for implicit TLS, 143 otherwise.",
        examples=[993],
    )
    tls: Literal["implicit", "starttls", "none"] = Field(
        default="implicit", description="How the connection is encrypted; none is accepted on this very host only."
    )
    user: Text = Field(description="The name to log in with.", examples=["conduct@example.org"])
    password_file: Path | None = Field(
        default=None, description="A file of mode 0600 whose first line is the password.", examples=["imap.password"]
    )
    password_command: Command | None = Field(
        default=None,
        description="Or a program, as a list of words, whose first line is the password.",
        examples=[["pass", "show", "conduct"]],
    )
    folders: tuple[Text, ...] = Field(
        default=("INBOX", "Sent"),
        min_length=1,
        description="The folders to read. The server's own name for Sent is found where it tells it.",
    )
    ca_file: Path | None = Field(
        default=None, description="A certificate authority of your own (PEM).", examples=["/etc/ssl/ours.pem"]
    )

    @property
    def actual_port(self) -> int:
        """The port to connect to."""
        return self.port or DEFAULT_PORTS[self.tls]

    @property
    def is_loopback(self) -> bool:
        """Whether the server is this very host."""
        return is_loopback(self.host)

    @model_validator(mode="after")
    def _agree(self) -> Imap:
        if self.tls == "none" and not self.is_loopback:
            raise ValueError('tls = "none" is accepted for a server on this host only; use "implicit" or "starttls"')
        if self.password_file is not None and self.password_command is not None:
            raise ValueError("password_file and password_command exclude each other; keep one")
        return self


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


class Settings(Section):
    """The whole of conduct.toml.  ``retention`` and ``recovery`` are answers for the policy, which judges them."""

    address: MailAddress = Field(description="The committee's address.", examples=["conduct@example.org"])
    aliases: tuple[MailAddress, ...] = Field(default=(), description="Other addresses that reach the same mailbox.")
    board: MailAddress | None = Field(
        default=None,
        description="Whom to tell when a report names everybody on the committee.",
        examples=["board@example.org"],
    )
    policy: Text = Field(default="django", description="django, generic, or the path of a policy file of your own.")
    recovery: Text | None = Field(
        default=None,
        description="What the recovery identity opens: all, or records without mail. The policy decides if unset.",
        examples=["all"],
    )
    passphrase_command: Command | None = Field(
        default=None,
        description="A program, as a list of words, whose first line is the passphrase of the member at work.",
        examples=[["pass", "show", "conduct-passphrase"]],
    )
    trial: bool = Field(
        default=False, description="A home for demonstrations and training: loopback mailbox only, and it says so."
    )
    imap: Imap | None = None
    store: Store = Store()
    retention: Mapping[str, Any] = {}

    @model_validator(mode="after")
    def _trial_stays_at_home(self) -> Settings:
        if self.trial and self.imap is not None and not self.imap.is_loopback:
            raise ValueError("trial = true takes a mailbox on this host only; set imap.host to 127.0.0.1")
        return self


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only be this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"


def load_settings(home: Home) -> Settings:
    """What the home's conduct.toml says, every key judged.  Raises WrongUsage naming the file and the key."""
    settings = parse_settings(_read(home.settings_file), home.settings_file)
    if any(url and urlsplit(url).password for url in (settings.store.content_url, settings.store.keys_url)):
        check_secret(home.settings_file)
    return settings


def store_urls(home: Home, settings: Settings) -> tuple[str, str]:
    """SQLAlchemy's addresses of the two stores: content, keys."""
    store = settings.store
    return store.content_url or f"sqlite:///{home.content}", store.keys_url or f"sqlite:///{home.keys}"


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise WrongUsage(
            "no-home", f"There is no {file}.", "Found the committee with conduct init, or name its home with --home."
        ) from None
    except OSError as error:
        raise WrongUsage("unreadable-file", f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise WrongUsage("bad-configuration", f"{file} is not UTF-8.", "Write it again as UTF-8.") from None


def parse_settings(toml: str, file: Path) -> Settings:
    """Settings from TOML text.  ``file`` is for the errors; relative paths in the text start at its folder."""
    try:
        table = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise WrongUsage("bad-configuration", f"{file.name}: {error}.", f"Mend {file}.") from None
    try:
        settings = Settings.model_validate(table)
    except ValidationError as error:
        complaints = "\n".join(f"{file.name}: {_complaint(one)}" for one in error.errors(include_url=False))
        raise WrongUsage("bad-configuration", complaints, f"Mend {file}.") from None
    return _with_absolute_paths(settings, file.absolute().parent)


def _complaint(error: Mapping[str, Any]) -> str:
    """One of pydantic's findings in a sentence that names the key and never the value."""
    place = ".".join(str(part) for part in error["loc"])
    kind = error["type"]
    if kind == "extra_forbidden":
        return f"{place}: unknown key{_guess(error['loc'])}"
    if kind == "value_error":
        words = str(error["ctx"]["error"])
    else:
        words = _COMPLAINTS.get(kind, error["msg"].replace("Input should be", "must be"))
    return f"{place}: {words}" if place else words


def _guess(place: Sequence[str | int]) -> str:
    sections: dict[str, type[Section]] = {"imap": Imap, "store": Store}
    section = sections.get(str(place[0]), Settings) if len(place) > 1 else Settings
    near = difflib.get_close_matches(str(place[-1]), section.model_fields, n=1)
    return f'; did you mean "{near[0]}"?' if near else ""


def _with_absolute_paths(settings: Settings, folder: Path) -> Settings:
    if settings.imap is None:
        return settings
    paths = {
        key: folder / path.expanduser()
        for key in ("password_file", "ca_file")
        if (path := getattr(settings.imap, key)) is not None
    }
    return settings.model_copy(update={"imap": settings.imap.model_copy(update=paths)})


def read_password(imap: Imap, environ: Mapping[str, str]) -> str:
    """The mailbox's password: systemd's credential ``imap-password``, else the command, else the file.

    Raises WrongUsage where none is configured or the file is open to others, Unavailable where the command fails.
    """
    # systemd.exec(5), "Credentials": a folder that only this service can read.
    credential = Path(environ.get("CREDENTIALS_DIRECTORY", "")) / "imap-password"
    if environ.get("CREDENTIALS_DIRECTORY") and credential.exists():
        return first_line(credential.read_bytes(), "the credential imap-password")
    if imap.password_command is not None:
        return run_for_secret(imap.password_command, "imap.password_command")
    if imap.password_file is not None:
        return first_line(read_handed_secret(imap.password_file), str(imap.password_file))
    raise WrongUsage(
        "no-password",
        "conduct.toml does not say where the mailbox's password is.",
        "Set imap.password_file or imap.password_command.",
    )


def run_for_secret(command: Sequence[str], key: str) -> str:
    """The first line that a program prints; no shell, no input, a minute's patience.  ``key`` names it in errors.

    Raises Unavailable where the program cannot be run, fails or is too slow.
    """
    try:
        finished = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=COMMAND_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        reason = f"gave no answer in {COMMAND_SECONDS} seconds"
    except OSError as error:
        reason = f"cannot be run: {error.strerror}"
    else:
        if finished.returncode == 0:
            return first_line(finished.stdout[:MAX_SECRET_BYTES], key)
        reason = f"ended with status {finished.returncode}"
    raise Unavailable("secret-command", f"{key} {reason}.", "Run it by hand to see why.")
