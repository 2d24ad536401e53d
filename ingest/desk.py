"""A member at work: her key unlocked, the store open, the policy read, the clock looked at once."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from ingest import wiring
from ingest.agent.client import Line, keyring_of
from ingest.cli.context import Session
from ingest.cli.output import say
from ingest.cli.terminal import ask_passphrase
from ingest.home import read_secret, replace_file
from policies.community import Policy
from policies.errors import ConductError, Unavailable
from policies.values import value
from records import audit, granting, members
from records.audit import Pin
from records.keyring import Keyring
from records.store import Store, Transaction
from records.vault.identity import Identity, ServerKeys, unlock


@value
class Server:
    """The service acting without a member: it signs, and can open nothing."""

    keys: ServerKeys

    @property
    def actor(self) -> str:
        """Who signs."""
        return members.SERVER

    def sign(self, message: bytes) -> bytes:
        """The server's Ed25519 signature."""
        return self.keys.sign(message)


@value
class Desk:
    """What a member's command works with."""

    session: Session
    store: Store
    keyring: Keyring
    policy: Policy
    now: datetime
    pin_file: Path

    @property
    def today(self) -> date:
        """The day in UTC."""
        return self.now.date()

    @contextlib.contextmanager
    def looking(self) -> Iterator[Transaction]:
        """The stores, for reading."""
        with self.store.reading() as transaction:
            yield transaction

    @contextlib.contextmanager
    def acting(self) -> Iterator[Transaction]:
        """The stores, for one act; the member's pin follows the audit chain, unless that was tampered with.

        Raises Unavailable: the pin cannot be read.
        """
        pin = read_pin(self.pin_file)
        with self.store.writing() as transaction:
            yield transaction
            end = audit.end(transaction)
            is_known = pin is None or audit.still_holds(transaction, pin)
        if is_known:
            write_pin(self.pin_file, end)
        else:  # the old pin stays: it is what tells that something was cut off
            say("The audit chain no longer holds what you saw when you last acted: conduct audit verify says more.")


@contextlib.contextmanager
def at_desk(session: Session) -> Iterator[Desk]:
    """Unlock the member's key and open the store; whatever is owed to others and she can open is granted first.

    Raises WrongUsage: no identity; Unavailable: wrong passphrase, no store; Refused: not a present member.
    """
    settings = session.settings
    store = wiring.open_store(session.home, settings)
    with contextlib.closing(store):
        file, keyring = unlocked(session, store)
        with store.reading() as transaction:
            owed = granting.owes_something(transaction)
        desk = Desk(
            session,
            store,
            keyring,
            wiring.load_policy(settings, session.home),
            session.clock.now(),
            file.with_suffix(".pin"),
        )
        if owed:
            with desk.acting() as transaction:
                paid = granting.pay_owed(transaction, keyring)
                if paid:
                    audit.append(transaction, keyring, desk.now, "grant-owed", granted=paid)
        yield desk


def unlocked(session: Session, store: Store) -> tuple[Path, Keyring]:
    """The first identity, in the order in which they are looked for, that opens and belongs to a present member.

    A key that the agent holds comes first, for it costs no question; a passphrase that is given is the one that counts.
    """
    files = session.existing_identities()
    troubles: list[ConductError] = []
    held = {} if session.passphrase_file is not None else _held(session, files)
    for file, (line, identity) in held.items():
        try:
            return file, keyring_of(store, identity, line)
        except ConductError as trouble:
            troubles.append(trouble)
    return by_passphrase(session, store, [each for each in files if each not in held], troubles)


def by_passphrase(
    session: Session, store: Store, files: Sequence[Path], before: Sequence[ConductError] = ()
) -> tuple[Path, Keyring]:
    """The first of these identities that the passphrase opens and that belongs to a present member.

    ``before`` is what was in the way of others; the first trouble of all is raised where none will do.
    """
    passphrase, troubles = None, list(before)
    for file in files:
        blob = read_secret(file)
        passphrase = passphrase or ask_passphrase(session)
        try:
            return file, keyring_of(store, unlock(blob, passphrase), Line(session.home, file, session.environ))
        except ConductError as trouble:
            troubles.append(trouble)
    raise troubles[0]


def _held(session: Session, files: Sequence[Path]) -> dict[Path, tuple[Line, Identity]]:
    """The identities among these that the agent holds."""
    lines = {file: Line(session.home, file, session.environ) for file in files}
    asked = ((file, line, line.identity()) for file, line in lines.items())
    return {file: (line, identity) for file, line, identity in asked if identity is not None}


@contextlib.contextmanager
def signer_for(session: Session) -> Iterator[tuple[Store, audit.Signer, datetime]]:
    """Somebody who may sign an act that needs nobody's decryption key: the service, else the member.

    Raises what ``at_desk`` raises.
    """
    named = session.identity_option is not None or not wiring.is_service_user(session.home)
    if named:
        with at_desk(session) as desk:
            yield desk.store, desk.keyring, desk.now
        return
    store = wiring.open_store(session.home, session.settings)
    with contextlib.closing(store):
        yield store, Server(wiring.server_keys(session.home)), session.clock.now()


def read_pin(file: Path) -> Pin | None:
    """Where the audit chain ended when this member last acted; None where she never did."""
    try:
        value = json.loads(file.read_text("ascii"))
        return Pin(int(value["count"]), bytes.fromhex(value["head"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        raise Unavailable(
            "bad-pin",
            f"{file} does not say how the audit chain ended.",
            "If you are sure that nobody tampered with it, delete it; `conduct audit verify` then checks the rest.",
        ) from None


def write_pin(file: Path, end: Pin) -> None:
    """Note beside the identity how the audit chain ends now; where it cannot be written, nothing is noted.

    The act that it follows is done by then, so nothing that goes wrong here may look like its failure.
    """
    text = json.dumps({"count": end.count, "head": end.head.hex()})
    with contextlib.suppress(OSError):
        replace_file(file, text.encode("ascii"))
