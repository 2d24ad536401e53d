"""What is said to the agent on its socket: one request, one answer, then the connection is closed."""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import Final, NamedTuple, Self

#: Marks our frames, and their version.
_MARK: Final = b"cdA1"
HEADER: Final = struct.Struct(">4sBI")
SEED_BYTES: Final = 32
DIGEST_BYTES: Final = 32
MOST_SECONDS: Final = 12 * 60 * 60
#: The most that the agent remembers for those who ask it.
MOST_REMEMBERED: Final = 16 * 1024 * 1024


class Verb(IntEnum):
    """What is asked."""

    STATE = 1
    KEY = 2
    HOLD = 3
    LOCK = 4
    RECALL = 5
    REMEMBER = 6


class Word(IntEnum):
    """What is answered: done, or there is no key (any more)."""

    DONE = 0
    EMPTY = 1


class Hold(NamedTuple):
    """A key to hold for so many seconds, and no longer than the process ``leader`` lives (0: nobody's life counts).

    ``digest`` is of the identity's file as it was when it was opened.
    """

    seconds: float
    leader: int
    digest: bytes
    seed: bytes | memoryview

    def __repr__(self) -> str:
        """For how long."""
        return f"Hold({self.seconds})"


class State(NamedTuple):
    """How long the key is held yet, the digest of the file it came from, and whether its memory is locked."""

    seconds: float
    digest: bytes
    is_locked: bool

    def packed(self) -> bytes:
        """The body of an answer."""
        return _STATE.pack(*self)

    @classmethod
    def unpacked(cls, body: bytes) -> Self:
        """The state in an answer.  Raises ValueError."""
        if len(body) != _STATE.size:
            raise ValueError
        return cls(*_STATE.unpack(body))


_STATE: Final = struct.Struct(f">d{DIGEST_BYTES}s?")
_HOLD: Final = struct.Struct(f">dI{DIGEST_BYTES}s")
#: How long a request's body may be.
LONGEST: Final = {
    Verb.STATE: 0,
    Verb.KEY: 0,
    Verb.HOLD: _HOLD.size + SEED_BYTES,
    Verb.LOCK: 0,
    Verb.RECALL: 0,
    Verb.REMEMBER: DIGEST_BYTES + MOST_REMEMBERED,
}


def frame(word: Verb | Word, length: int) -> bytes:
    """The header before a body of so many bytes."""
    return HEADER.pack(_MARK, word, length)


def request_head(header: bytes) -> tuple[Verb, int]:
    """What is asked, and how long the body is.  Raises ValueError: none of ours, or too long."""
    mark, verb, length = HEADER.unpack(header)
    if mark != _MARK or length > LONGEST[Verb(verb)]:
        raise ValueError
    return Verb(verb), length


def answer_head(header: bytes) -> tuple[Word, int]:
    """What is answered, and how long the body is.  Raises ValueError."""
    mark, word, length = HEADER.unpack(header)
    if mark != _MARK or length > MOST_REMEMBERED:
        raise ValueError
    return Word(word), length


def write_hold(hold: Hold) -> bytes:
    """The body of a request to hold a key."""
    return _HOLD.pack(hold.seconds, hold.leader, hold.digest) + hold.seed


def read_hold(body: bytearray) -> Hold:
    """What is to be held; its seed is no copy.  Raises ValueError: no time that can be, or too short."""
    if len(body) != LONGEST[Verb.HOLD]:
        raise ValueError
    seconds, leader, digest = _HOLD.unpack_from(body)
    if not 0 < seconds <= MOST_SECONDS:  # what is no number fails as well
        raise ValueError
    return Hold(seconds, leader, digest, memoryview(body)[_HOLD.size :])
