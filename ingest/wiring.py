"""What commands and jobs stand on, built once from the configuration: store, policy, keys, mailbox."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import policies
from ingest.home import Home, read_handed_secret, read_secret
from policies.community import Policy, overlay, parse_policy
from policies.errors import Unavailable, WrongUsage

if TYPE_CHECKING:  # each command pays only for what it uses
    from ingest.config import Settings
    from ingest.mailbox import Mailbox
    from records.store import Store
    from records.vault.identity import ServerKeys

BUILT_IN: Final = ("django", "generic")


def load_policy(settings: Settings, home: Home) -> Policy:
    """The community's policy with what conduct.toml lays over it.

    Raises WrongUsage: no such policy, or it says what cannot be.
    """
    base, name = read_policy(settings.policy, home.configuration)
    over: dict[str, object] = {"retention": settings.retention} if settings.retention else {}
    if settings.recovery is not None:
        over["recovery"] = settings.recovery
    merged, origin = overlay(base, over, name, home.settings_file.name)
    return parse_policy(merged, origin)


def read_policy(name: str, folder: Path) -> tuple[Mapping[str, object], str]:
    """A policy's table and the name of the file it is from: one that ships, or a path (relative to ``folder``).

    Raises WrongUsage.
    """
    if name in BUILT_IN:
        file = Path(policies.__file__).parent / "communities" / f"{name}.toml"
        return tomllib.loads(file.read_text("utf-8")), file.name
    path = folder / Path(name).expanduser()
    try:
        return tomllib.loads(path.read_text("utf-8")), path.name
    except FileNotFoundError:
        import difflib

        near = difflib.get_close_matches(name, BUILT_IN, n=1)
        hint = f"Did you mean {near[0]}?" if near else "Ships with the program: django, generic; or give a file."
        raise WrongUsage("no-such-policy", f"There is no policy {name}.", hint) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongUsage("bad-policy", f"{path.name} is no TOML file: {error}.", "Mend it.") from None
    except OSError as error:
        raise WrongUsage("unreadable-file", f"{path.name} cannot be read: {error.strerror}.") from None


def open_store(home: Home, settings: Settings) -> Store:
    """The two stores of a home.  Raises Unavailable."""
    from ingest.config import store_urls
    from records.store import Store

    return Store.open(*store_urls(home, settings))


def server_keys(home: Home) -> ServerKeys:
    """The keys of unattended acts; they belong to the service's user alone.

    Raises Unavailable: this user does not have them.
    """
    from records.vault.identity import ServerKeys

    if home.handed_server_keys is not None:
        return ServerKeys.parse(read_handed_secret(home.handed_server_keys))
    if not may_read(home.server_keys):
        raise Unavailable(
            "not-the-service",
            "This needs the server's keys, which belong to the user whom the service runs as.",
            "Run it as that user.",
        )
    return ServerKeys.parse(read_secret(home.server_keys))


def is_service_user(home: Home) -> bool:
    """Whether this user holds the server's keys, and so may log in to the mailbox."""
    return may_read(home.handed_server_keys or home.server_keys)


def may_read(path: Path) -> bool:
    """Whether this user can open the file."""
    try:
        with path.open("rb"):
            return True
    except OSError:
        return False


def connect(settings: Settings, environ: Mapping[str, str]) -> Mailbox:
    """A logged-in connection to the mailbox.  Raises WrongUsage: none configured; Unavailable: out of reach."""
    from ingest import imap
    from ingest.mailbox import ImapSettings
    from ingest.passwords import read_password

    if settings.imap is None:
        raise WrongUsage("no-mailbox", "conduct.toml names no mailbox.", "Add a table [imap] with host and user.")
    place = ImapSettings(
        host=settings.imap.host,
        port=settings.imap.actual_port,
        user=settings.imap.user,
        tls=settings.imap.tls,
        ca_file=settings.imap.ca_file,
    )
    is_token = settings.imap.token_command is not None
    try:
        return imap.connect(place, read_password(settings.imap, "imap", environ), is_token=is_token)
    except Unavailable as error:
        if error.code != "token-refused":
            raise
    # It may have expired or been withdrawn since the program noted it down: once more, with a fresh one.
    return imap.connect(place, read_password(settings.imap, "imap", environ), is_token=is_token)


def mailbox_name(settings: Settings) -> str:
    """The name under which a mailbox's mail is kept apart from another's, from its user and host; always short."""
    if settings.imap is None:
        raise WrongUsage("no-mailbox", "conduct.toml names no mailbox.", "Add a table [imap] with host and user.")
    account = json.dumps([settings.imap.user, settings.imap.host.lower()])
    return "mailbox-" + hashlib.sha256(account.encode()).hexdigest()[:24]
