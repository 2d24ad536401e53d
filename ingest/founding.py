"""Founding a committee: home, configuration, keys, stores and first member; everything or nothing."""

from __future__ import annotations

import contextlib
import dataclasses
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Final

from ingest import wiring
from ingest.config import Settings, load_settings, store_urls
from ingest.config_file import write_settings
from ingest.desk import write_pin
from ingest.home import Home, check_modes, create_home
from ingest.newfiles import NewFiles, new_files
from policies.community import parse_policy
from policies.errors import Refused, WrongUsage
from records import audit, members
from records.founding import found
from records.keyring import Keyring
from records.members import Enrolled
from records.store import Store
from records.vault.identity import (
    DEFAULT_COST,
    TRIAL_COST,
    Identity,
    Newcomer,
    ServerKeys,
    introduce,
    lock,
    read_introduction,
    recovery_text,
)

POLICY_FILE: Final = "policy.toml"


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Person:
    """The first member as she names herself."""

    name: str
    addresses: tuple[str, ...]
    handles: tuple[str, ...] = ()
    nicknames: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Nothing of the person."""
        return "Person(…)"


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Founding:
    """What is to be founded.  ``settings`` are the values of conduct.toml; ``policy_file`` is copied into the home."""

    settings: Mapping[str, Any]
    person: Person
    passphrase: str
    identity_file: Path
    policy_file: Path | None = None
    recovery_file: Path | None = None
    starts: datetime | None = None
    group: str | None = None

    def __repr__(self) -> str:
        """Nothing of what it holds."""
        return "Founding(…)"


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Founded:
    """A committee about to be committed.  ``recovery`` is the secret for the envelope."""

    enrolled: Enrolled
    recovery: str

    def __repr__(self) -> str:
        """Never the secret."""
        return f"Founded({self.enrolled.member!r})"


@contextlib.contextmanager
def founding(home: Home, wanted: Founding, now: datetime) -> Iterator[Founded]:
    """Make everything; the caller hands the recovery secret to the person before it counts.

    Whatever is raised, in here or by the caller, leaves nothing behind that was not there before.

    Raises Refused: there is a committee already; WrongUsage: an answer or a place that will not do.
    """
    refuse_second_committee(home)
    with new_files() as made:
        settings = _make_home(home, wanted, made)
        identity, recovery, server = Identity.generate(), Identity.generate(), ServerKeys.generate()
        newcomer = _newcomer(identity, wanted.person)
        secret = recovery_text(recovery)
        _write_keys(home, wanted, made, identity, server)
        if wanted.recovery_file is not None:
            made.secret(wanted.recovery_file, secret.encode("ascii"))
        with contextlib.closing(_make_stores(home, settings, made)) as store, store.writing() as transaction:
            founder = Keyring(members.new_id(), identity)
            public, sign = recovery.public, server.public_sign
            enrolled = found(transaction, founder, newcomer, public, sign, wanted.starts, now)
            pin = wanted.identity_file.with_suffix(".pin")
            made.note(pin)
            write_pin(pin, audit.end(transaction))
            yield Founded(enrolled, secret)


def refuse_second_committee(home: Home) -> None:
    """Refuse a home that holds anything of a committee.  Raises Refused."""
    for path in (home.settings_file, home.content, home.keys, home.server_keys):
        if os.path.lexists(path):
            raise Refused(
                "already-founded",
                f"There is a committee in {home.root} already: it has {path.name}.",
                "Name another home with --home; to join this one: conduct member key.",
            )


def term_start(day: date, today: date) -> datetime:
    """The beginning of a term: that day's first instant in UTC.  Raises WrongUsage: the day is still to come."""
    if day > today:
        raise WrongUsage("future-date", "--since lies in the future.", "Give the day on which she joined.")
    return datetime.combine(day, time(), UTC)


def check_policy_file(file: str) -> None:
    """Refuse a policy that could not be carried out.  Raises WrongUsage that names the key."""
    table, name = wiring.read_policy(file, Path())
    parse_policy(table, dict.fromkeys(table, name))


def _make_home(home: Home, wanted: Founding, made: NewFiles) -> Settings:
    for folder in (home.root, home.configuration):
        # Others of the group must be able to reach a shared home.
        made.parents(folder, 0o700 if wanted.group is None else 0o755)
    made.note(home.root, home.configuration, home.locks, home.scratch, home.anchors)
    try:
        create_home(home, wanted.group)
    except OSError as error:
        place = error.filename or home.root
        raise WrongUsage("cannot-write", f"{place} cannot be made: {error.strerror}.", "Name another home.") from None
    check_modes(home)
    values = dict(wanted.settings)
    if wanted.policy_file is not None:
        made.file(home.configuration / POLICY_FILE, wanted.policy_file.read_bytes())
        values["policy"] = POLICY_FILE
    made.note(home.settings_file)
    write_settings(home, values)
    settings = load_settings(home)
    wiring.load_policy(settings, home)
    return settings


def _newcomer(identity: Identity, person: Person) -> Newcomer:
    # Through the block and back: what a newcomer's block may not say, the founder's entry may not either.
    return read_introduction(introduce(identity, person.name, person.addresses, person.handles, person.nicknames))


def _write_keys(home: Home, wanted: Founding, made: NewFiles, identity: Identity, server: ServerKeys) -> None:
    cost = TRIAL_COST if wanted.settings.get("trial") else DEFAULT_COST
    made.secret(home.server_keys, server.serialise())
    made.secret(wanted.identity_file, lock(identity, wanted.passphrase, cost))


def _make_stores(home: Home, settings: Settings, made: NewFiles) -> Store:
    content, keys = store_urls(home, settings)
    for url, file in ((settings.store.content_url, home.content), (settings.store.keys_url, home.keys)):
        if url is None:
            made.file(file)
    return Store.open(content, keys, create=True)
