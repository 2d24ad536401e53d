"""conduct.toml: what it may say, and how it is read, with errors that name the file and the key."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, model_validator

from ingest.config_sections import (
    Command,
    Gateway,
    Imap,
    MailAddress,
    Outgoing,
    Section,
    Service,
    Smtp,
    Store,
    Text,
)
from ingest.home import Home, check_secret
from policies.errors import WrongUsage

#: The tables of conduct.toml, in the order in which it is written; [retention] is the policy's.
TABLES: Final[Mapping[str, type[Section]]] = {
    "imap": Imap,
    "smtp": Smtp,
    "outgoing": Outgoing,
    "gateway": Gateway,
    "service": Service,
    "store": Store,
}
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
    smtp: Smtp | None = None
    outgoing: Outgoing = Outgoing()
    gateway: Gateway = Gateway()
    service: Service = Service()
    store: Store = Store()
    retention: Mapping[str, Any] = {}

    @property
    def identities(self) -> tuple[str, ...]:
        """Every address that the committee writes from: a mail from one of them is the committee's."""
        return (self.address, *self.aliases, *self.outgoing.identities)

    @model_validator(mode="after")
    def _trial_stays_at_home(self) -> Settings:
        for table, login in (("imap", self.imap), ("smtp", self.smtp)):
            if self.trial and login is not None and not login.is_loopback:
                raise ValueError(f"trial = true takes mail servers on this host only; set {table}.host to 127.0.0.1")
        return self


def load_settings(home: Home) -> Settings:
    """What the home's conduct.toml says, every key judged.  Raises WrongUsage naming the file and the key."""
    settings = parse_settings(_read(home.settings_file), home.settings_file)
    if any(url and urlsplit(url).password for url in (settings.store.content_url, settings.store.keys_url)):
        check_secret(home.settings_file)
    return settings


def with_listen(settings: Settings, listen: str) -> Settings:
    """The same with the gateway listening elsewhere.  Raises WrongUsage: not there."""
    table = {**settings.gateway.model_dump(exclude_unset=True), "listen": listen}
    try:
        return settings.model_copy(update={"gateway": Gateway.model_validate(table)})
    except ValidationError as error:
        raise WrongUsage("bad-configuration", f"--listen: {_complaint(error.errors()[0])}.") from None


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
    import difflib

    section = TABLES.get(str(place[0]), Settings) if len(place) > 1 else Settings
    near = difflib.get_close_matches(str(place[-1]), section.model_fields, n=1)
    return f'; did you mean "{near[0]}"?' if near else ""


def _with_absolute_paths(settings: Settings, folder: Path) -> Settings:
    tables = {name: getattr(settings, name) for name in TABLES}
    return settings.model_copy(
        update={name: _with_folder(table, folder) for name, table in tables.items() if table is not None}
    )


def _with_folder(table: Section, folder: Path) -> Section:
    paths = {key: folder / value.expanduser() for key, value in table if isinstance(value, Path)}
    return table.model_copy(update=paths) if paths else table
