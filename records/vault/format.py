"""The bytes of everything sealed: a version, a kind, then fields; and the armour in which some travel as text.

Nothing here encrypts or checks a signature: these are the shapes only, and each printer has a parser.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from enum import IntEnum
from typing import Final

from policies.errors import Unavailable
from policies.values import value

VERSION: Final = 1
SALT_BYTES: Final = 16
KEY_BYTES: Final = 32
TAG_BYTES: Final = 16  # what ChaCha20-Poly1305 adds, RFC 8439 2.8
KEM_BYTES: Final = 1184 + 32  # ML-KEM-768 encapsulation key (FIPS 203), then X25519 (RFC 7748)

_MAX_ARMOUR: Final = 1 << 16
_CHECK_BYTES: Final = 4
_LENGTH: Final = struct.Struct(">I")


class Kind(IntEnum):
    """What a sealed thing is; its second byte, after the version.  Numbers are never used again."""

    GRANT = 1
    WRAPPED_KEY = 2
    SEALED = 3
    STREAM = 4
    LOCKED_IDENTITY = 5
    SERVER_KEYS = 6
    NEWCOMER = 7


_LABELS: Final = {
    Kind.LOCKED_IDENTITY: "CONDUCT LOCKED IDENTITY",
    Kind.SERVER_KEYS: "CONDUCT SERVER KEYS",
    Kind.NEWCOMER: "CONDUCT PUBLIC IDENTITY",
}


def corrupt(what: str) -> Unavailable:
    """The error for bytes that are not as we wrote them; ``what`` is a fixed phrase of ours."""
    return Unavailable("corrupt-seal", f"{what} is damaged, or is not what it should be.", "Restore it from a backup.")


# ---------------------------------------------------------------- version and kind


def header(kind: Kind) -> bytes:
    """The first two bytes of everything of this kind."""
    return bytes((VERSION, kind))


def frame(kind: Kind, body: bytes) -> bytes:
    """``body`` with its version and kind in front."""
    return header(kind) + body


def unframe(blob: bytes, kind: Kind) -> bytes:
    """What follows version and kind.  Raises Unavailable ``newer-format`` or ``corrupt-seal``."""
    check_header(blob, kind)
    return blob[2:]


def check_header(blob: bytes, kind: Kind) -> None:
    """Raise unless ``blob`` begins as this kind does: ``newer-format`` or ``corrupt-seal``."""
    if len(blob) > 0 and blob[0] > VERSION:
        raise Unavailable(
            "newer-format", "This was sealed by a newer version of conduct.", "Install that version and try again."
        )
    if blob[:2] != header(kind):
        raise corrupt("A sealed object")


# ---------------------------------------------------------------- fields


def pack(*fields: bytes) -> bytes:
    """The fields one after the other, each behind its length."""
    return b"".join(_LENGTH.pack(len(field)) + field for field in fields)


def unpack(body: bytes, max_fields: int) -> list[bytes]:
    """The fields of ``body``, at most ``max_fields``, nothing left over.  Raises Unavailable ``corrupt-seal``."""
    fields: list[bytes] = []
    start = 0
    while start < len(body):
        if len(fields) == max_fields or len(body) - start < _LENGTH.size:
            raise corrupt("A list of fields")
        (length,) = _LENGTH.unpack_from(body, start)
        start += _LENGTH.size + length
        if start > len(body):
            raise corrupt("A list of fields")
        fields.append(body[start - length : start])
    return fields


# ---------------------------------------------------------------- armour


def armour(kind: Kind, body: bytes) -> str:
    """``body``, framed, as lines of text that survive mail and clipboards; a checksum tells damage from forgery."""
    blob = frame(kind, body)
    text = base64.b64encode(blob + _checksum(blob)).decode("ascii")
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    return "\n".join((_begin(kind), *lines, _end(kind), ""))


def unarmour(text: str, kind: Kind) -> bytes:
    """The body of the first armour of this kind in ``text``; what stands around it, and quote marks, do not matter.

    Raises Unavailable ``newer-format`` or ``corrupt-seal``.
    """
    blob = _decode(_between(text[:_MAX_ARMOUR], kind), kind)
    blob, check = blob[:-_CHECK_BYTES], blob[-_CHECK_BYTES:]
    if check != _checksum(blob):
        raise corrupt(_titled(kind))
    return unframe(blob, kind)


def _begin(kind: Kind) -> str:
    return f"-----BEGIN {_LABELS[kind]}-----"


def _end(kind: Kind) -> str:
    return f"-----END {_LABELS[kind]}-----"


def _titled(kind: Kind) -> str:
    return f"The block {_LABELS[kind]}"


def _checksum(blob: bytes) -> bytes:
    return hashlib.sha256(blob).digest()[:_CHECK_BYTES]


def _between(text: str, kind: Kind) -> str:
    before, begun, rest = text.partition(_begin(kind))
    inside, ended, _ = rest.partition(_end(kind))
    if begun and ended:
        return inside
    found = next((_LABELS[other] for other in _LABELS if other != kind and _begin(other) in before), "")
    if found:
        raise Unavailable("corrupt-seal", f"This is a block {found}, not {_LABELS[kind]}.", "Is it the right file?")
    raise corrupt(_titled(kind))


def _decode(inside: str, kind: Kind) -> bytes:
    try:
        return base64.b64decode("".join(inside.split()).replace(">", ""), validate=True)
    except ValueError:  # binascii.Error, and letters beyond ASCII
        raise corrupt(_titled(kind)) from None


# ---------------------------------------------------------------- identities


@value
class PublicIdentity:
    """The public keys of a member: ``kem`` to seal to her (ML-KEM-768, then X25519), ``sign`` to verify (Ed25519)."""

    kem: bytes
    sign: bytes

    def __post_init__(self) -> None:
        """Raise Unavailable ``corrupt-seal`` unless the lengths are right."""
        if len(self.kem) != KEM_BYTES or len(self.sign) != KEY_BYTES:
            raise corrupt("A public identity")

    def __repr__(self) -> str:
        """The beginning of the fingerprint, which names nobody."""
        return f"PublicIdentity({self.fingerprint.hex()[:16]})"

    @property
    def fingerprint(self) -> bytes:
        """SHA-256 over both keys, whose lengths are fixed."""
        return hashlib.sha256(self.kem + self.sign).digest()


@value
class Cost:
    """What one guess at a passphrase costs: Argon2id (RFC 9106) memory in KiB, passes over it, lanes.

    An absurd cost cannot be made, so a file that asks for one is refused before it eats the machine, and one
    so weak that it protects nothing is not written.  Raises Unavailable ``absurd-cost``.
    """

    memory_kib: int
    passes: int
    lanes: int

    def __post_init__(self) -> None:
        """Raise unless memory is 8 MiB to 1 GiB, passes 1 to 20, lanes 1 to 16."""
        fine = 8 << 10 <= self.memory_kib <= 1 << 20 and 1 <= self.passes <= 20 and 1 <= self.lanes <= 16  # noqa: PLR2004
        if not fine:
            raise Unavailable(
                "absurd-cost",
                "The locked identity asks for an absurd amount of work, or for next to none.",
                "Conduct did not write this file: restore yours from a backup.",
            )


DEFAULT_COST: Final = Cost(memory_kib=64 << 10, passes=3, lanes=4)
TRIAL_COST: Final = Cost(memory_kib=8 << 10, passes=1, lanes=1)  # for trial homes and tests only


@value
class LockedIdentity:
    """What the identity file holds: the cost and salt of its key, and the secret sealed under that key."""

    cost: Cost
    salt: bytes
    sealed: bytes

    _HEAD = struct.Struct(">IBB16s")

    def __repr__(self) -> str:
        """The cost, and nothing of what is locked."""
        return f"LockedIdentity({self.cost})"

    @property
    def head(self) -> bytes:
        """Everything before the sealed secret; authenticated with it."""
        fields = self._HEAD.pack(self.cost.memory_kib, self.cost.passes, self.cost.lanes, self.salt)
        return header(Kind.LOCKED_IDENTITY) + fields


def print_locked(locked: LockedIdentity) -> bytes:
    """The identity file."""
    return armour(Kind.LOCKED_IDENTITY, locked.head[2:] + locked.sealed).encode("ascii")


def parse_locked(blob: bytes) -> LockedIdentity:
    """What an identity file holds.  Raises Unavailable ``corrupt-seal``, ``newer-format`` or ``absurd-cost``."""
    body = unarmour(blob.decode("ascii", "replace"), Kind.LOCKED_IDENTITY)
    size = LockedIdentity._HEAD.size  # noqa: SLF001, the class's own partner
    if len(body) != size + KEY_BYTES + TAG_BYTES:
        raise corrupt("The locked identity")
    memory_kib, passes, lanes, salt = LockedIdentity._HEAD.unpack(body[:size])  # noqa: SLF001
    return LockedIdentity(Cost(memory_kib, passes, lanes), salt, body[size:])
