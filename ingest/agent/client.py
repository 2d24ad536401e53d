"""What commands and doors ask the agent: whose key it holds and for how long; to hold one; to lock; to remember.

``identity_for`` is the question of everybody who needs a key and cannot, or would rather not, ask for a passphrase.
"""

from __future__ import annotations

import hashlib
import os
import socket
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ingest.agent import protocol
from ingest.agent.peer import uid_of_peer
from ingest.agent.place import Place, clear_away, place_of
from ingest.agent.protocol import SEED_BYTES, Hold, State, Verb, Word
from ingest.home import Home, read_secret
from policies.errors import Unavailable, WrongUsage

if TYPE_CHECKING:  # these take a while to import, and most questions need none
    from records.keyring import Keyring
    from records.store import Store
    from records.vault.identity import Identity

_PATIENCE_SECONDS: Final = 5.0


def identity_for(home: Home, files: Iterable[Path], environ: Mapping[str, str]) -> Identity | None:
    """The key that an agent holds of the first of these identity files for which there is one; None without an agent.

    Asks nobody.  Whether it is a present member's, the store knows.  Raises WrongUsage: somebody else stands in the
    agent's place, or the identity's file is open to others; Unavailable: the agent does not answer.
    """
    found = (Line(home, file, environ).identity() for file in files if file.exists())
    return next((each for each in found if each is not None), None)


def keyring_for(store: Store, home: Home, files: Iterable[Path], environ: Mapping[str, str]) -> Keyring | None:
    """As ``identity_for``, ready for work.  Raises also Refused: the key is no present member's."""
    for line in (Line(home, file, environ) for file in files if file.exists()):
        identity = line.identity()
        if identity is not None:
            return keyring_of(store, identity, line)
    return None


def keyring_of(store: Store, identity: Identity, line: Line) -> Keyring:
    """A present member's keyring; what it learns of her mail, the agent remembers.  Raises Refused: she is none."""
    from records import members
    from records.keyring import Keyring

    with store.reading() as transaction:
        return Keyring(members.by_key(transaction, identity.public).member.id, identity, line)


def is_up(home: Home, files: Iterable[Path], environ: Mapping[str, str]) -> bool:
    """Whether ``identity_for`` would give one.  Raises as it does."""
    return any(Line(home, file, environ).is_there() for file in files if file.exists())


class Line:
    """The way to the agent of one identity in one home, whether it is there or not."""

    def __init__(self, home: Home, file: Path, environ: Mapping[str, str]) -> None:
        self.file = file
        self.place = place_of(home, file, environ)

    def state(self) -> State | None:
        """How long the key of this very file is held; None where it is not, or the file has changed since."""
        body = self._ask(Verb.STATE)
        return None if body is None else self._fitting(State.unpacked(body))

    def identity(self) -> Identity | None:
        """The key; None as ``state``."""
        body = self._ask(Verb.KEY)
        if body is None or self._fitting(State.unpacked(body[:-SEED_BYTES])) is None:
            return None
        from records.vault.identity import Identity

        return Identity(body[-SEED_BYTES:])

    def hold(self, seed: bytes, blob: bytes, seconds: float) -> State:
        """Have an agent, a new one if need be, hold a key; ``blob`` is the content of the file that it is from.

        Raises Unavailable: it cannot be had; WrongUsage as ``identity_for``.
        """
        from ingest.agent.start import pause, session_leader, start

        hold = protocol.write_hold(Hold(seconds, session_leader(self.place), _digest(blob), seed))
        until = time.monotonic() + _PATIENCE_SECONDS
        while self._ask(Verb.HOLD, hold) is None:
            if time.monotonic() > until:
                raise _silent(self.place)
            if not start(self.place):
                pause()
        state = self._ask(Verb.STATE)
        if state is None:
            raise Unavailable("agent-ended", "The key agent ended at once.", "Try again: conduct unlock.")
        return State.unpacked(state)

    def lock(self) -> bool:
        """End the agent; whether there was one that held a key."""
        was_held = self._ask(Verb.STATE) is not None
        return self._ask(Verb.LOCK) is not None and was_held

    def is_there(self) -> bool:
        """Whether an agent holds the key of this very file."""
        return self.state() is not None

    def recall(self) -> bytes:
        """What was last given to ``remember`` under this key; empty where nothing was."""
        return self._ask(Verb.RECALL) or b""

    def remember(self, what: bytes) -> None:
        """Have something kept in memory as long as the key is, in place of what was; too much is not kept."""
        if len(what) <= protocol.MOST_REMEMBERED:
            self._ask(Verb.REMEMBER, _digest(read_secret(self.file)) + what)

    # --- the wire

    def _fitting(self, state: State) -> State | None:
        return state if state.digest == _digest(read_secret(self.file)) else None

    def _ask(self, verb: Verb, body: bytes = b"") -> bytes | None:
        """The body of the answer; None where no agent is there, or it holds no key."""
        with self.place.opened() as address:
            if address is None:
                return None
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.settimeout(_PATIENCE_SECONDS)
                try:
                    _connect(connection, address)
                except (ConnectionRefusedError, FileNotFoundError):
                    clear_away(self.place)
                    return None
                except OSError:
                    raise _silent(self.place) from None
                return self._exchange(connection, verb, body)

    def _exchange(self, connection: socket.socket, verb: Verb, body: bytes) -> bytes | None:
        if uid_of_peer(connection) != os.geteuid():
            raise WrongUsage(
                "hostile-agent",
                "Another user's process answers in the key agent's place.",
                f"Remove {self.place.path}.",
            )
        try:
            connection.sendall(protocol.frame(verb, len(body)) + body)
            word, length = protocol.answer_head(_receive(connection, protocol.HEADER.size))
            answer = _receive(connection, length)
        except (ConnectionError, EOFError):  # it ended this very moment
            return None
        except (OSError, ValueError):
            raise _silent(self.place) from None
        return answer if word is Word.DONE else None


def _connect(connection: socket.socket, address: str) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return connection.connect(address)
        except BlockingIOError:  # more wait there already than it can queue (unix(7))
            if time.monotonic() > until:
                raise
            time.sleep(0.01)


def _receive(connection: socket.socket, count: int) -> bytes:
    received = bytearray()
    while len(received) < count:
        piece = connection.recv(min(count - len(received), 1 << 18))
        if not piece:
            raise EOFError
        received += piece
    return bytes(received)


def _digest(blob: bytes) -> bytes:
    return hashlib.sha256(blob).digest()


def _silent(place: Place) -> Unavailable:
    return Unavailable("agent-silent", "The key agent does not answer.", f"End its process, and remove {place.path}.")
