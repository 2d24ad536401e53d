"""A member's one secret and all that follows from it: what is sealed to her, what she signs, how it is locked away.

From 32 random bytes come, by HKDF (RFC 5869), a key pair for HPKE (RFC 9180) with ML-KEM-768 and X25519, and an
Ed25519 pair (RFC 8032).  The server's keys, which sign and tag but open nothing, stand here too.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import os
import unicodedata
from collections.abc import Sequence
from typing import Final

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from policies.codenames import ADJECTIVES, NOUNS
from policies.errors import Unavailable, WrongUsage
from policies.values import value
from records.vault.format import (
    DEFAULT_COST,
    KEY_BYTES,
    SALT_BYTES,
    TRIAL_COST,
    Cost,
    Kind,
    LockedIdentity,
    PublicIdentity,
    armour,
    corrupt,
    pack,
    parse_locked,
    print_locked,
    unarmour,
    unpack,
)
from records.vault.newcomer import Newcomer, parse_newcomer, print_newcomer, unreadable
from records.vault.recovery import parse_recovery, print_recovery

__all__ = [
    "DEFAULT_COST",
    "TRIAL_COST",
    "Cost",
    "Identity",
    "Newcomer",
    "PublicIdentity",
    "ServerKeys",
    "agent_seed",
    "from_recovery_text",
    "introduce",
    "lock",
    "read_introduction",
    "recovery_text",
    "seal_to",
    "spoken_words",
    "unlock",
    "verify",
]

_SUITE: Final = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
_MLKEM_PUBLIC: Final = 1184
_MLKEM_SEED: Final = 64
_NEWCOMER: Final = b"conduct/1/newcomer|"
_ONCE: Final = bytes(12)  # a nonce for keys that encrypt a single time: each has a random salt of its own
_SPOKEN: Final = 8


class Identity:
    """A member's secret, or the recovery secret.  Shows nothing of itself."""

    __slots__ = ("_kem", "_secret", "_signer", "public")

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_BYTES:
            raise corrupt("An identity")
        self._secret = secret
        self._kem, kem_public = _kem_pair(_derive(secret, b"conduct/1/kem"))
        self._signer = Ed25519PrivateKey.from_private_bytes(_derive(secret, b"conduct/1/sign"))
        self.public = PublicIdentity(kem_public, self._signer.public_key().public_bytes_raw())

    @classmethod
    def generate(cls) -> Identity:
        """A new identity, from the operating system's random bytes."""
        return cls(os.urandom(KEY_BYTES))

    def __repr__(self) -> str:
        """Its public part."""
        return f"Identity({self.public!r})"

    def sign(self, message: bytes) -> bytes:
        """An Ed25519 signature; the caller puts in front of ``message`` what kind of message it is."""
        return self._signer.sign(message)

    def own_key(self, purpose: str) -> bytes:
        """A key that only this identity has, for what it seals to itself; another one for each purpose."""
        return _derive(self._secret, f"conduct/1/own|{purpose}".encode())

    def unseal(self, sealed: bytes, info: bytes) -> bytes:
        """What was sealed to this identity with this ``info``.  Raises Unavailable ``no-key``."""
        try:
            return _SUITE.decrypt(sealed, self._kem, info)
        except (InvalidTag, ValueError):
            raise Unavailable(
                "no-key",
                "The key in use does not open this: it was granted to another or for something else, or is damaged.",
                "Ask a member who can open it to grant it again.",
            ) from None


def seal_to(public: PublicIdentity, plain: bytes, info: bytes) -> bytes:
    """``plain`` for whoever holds the secret of ``public``, bound to ``info``.  Raises Unavailable ``no-key``."""
    try:
        return _SUITE.encrypt(plain, _kem_public(public.kem), info)
    except ValueError:
        raise Unavailable("no-key", "A member's public key cannot be used.", "Let her make a new key.") from None


@functools.lru_cache(maxsize=512)  # the roster's signatures are looked at for every mail, and stay what they are
def verify(public_sign: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the holder of this Ed25519 key signed ``message``; False as well for what is no key or no signature."""
    try:
        Ed25519PublicKey.from_public_bytes(public_sign).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def spoken_words(fingerprint: bytes) -> tuple[str, ...]:
    """Eight words for two people to compare by voice: 64 bits of the fingerprint, the two lists in turn."""
    lists = (ADJECTIVES, NOUNS)
    return tuple(lists[place % 2][octet] for place, octet in enumerate(fingerprint[:_SPOKEN]))


# ---------------------------------------------------------------- locked, printed


def lock(identity: Identity, passphrase: str, cost: Cost = DEFAULT_COST) -> bytes:
    """The identity file.  Raises WrongUsage ``empty-passphrase``."""
    if not passphrase.strip():
        raise WrongUsage("empty-passphrase", "An identity is not locked by an empty passphrase.", "Choose some words.")
    open_ = LockedIdentity(cost, os.urandom(SALT_BYTES), b"")
    sealed = _locker(open_, passphrase).encrypt(_ONCE, identity._secret, open_.head)  # noqa: SLF001, lock is its partner
    return print_locked(dataclasses.replace(open_, sealed=sealed))


def unlock(blob: bytes, passphrase: str) -> Identity:
    """The identity in an identity file.

    Raises Unavailable ``wrong-passphrase``, or what ``format.parse_locked`` raises.
    """
    locked = parse_locked(blob)
    try:
        return Identity(_locker(locked, passphrase).decrypt(_ONCE, locked.sealed, locked.head))
    except InvalidTag:
        raise Unavailable(
            "wrong-passphrase", "The passphrase does not open this identity.", "Try again; capitals count."
        ) from None


def _locker(locked: LockedIdentity, passphrase: str) -> ChaCha20Poly1305:
    cost = locked.cost
    argon = Argon2id(
        salt=locked.salt, length=KEY_BYTES, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib
    )
    # One keyboard composes an accent, another sends it apart: both are the same passphrase.
    typed = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    try:
        return ChaCha20Poly1305(argon.derive(typed))
    except MemoryError:
        raise Unavailable(
            "no-memory", f"Unlocking takes {cost.memory_kib >> 10} MiB of memory.", "Close something else."
        ) from None


def recovery_text(identity: Identity) -> str:
    """The secret as it is printed and put in an envelope."""
    return print_recovery(identity._secret)  # noqa: SLF001, the second way in which a secret leaves


def agent_seed(identity: Identity) -> bytes:
    """The secret for the key agent's memory; ``Identity`` makes the same identity of it."""
    return identity._secret  # noqa: SLF001, the third and last way


def from_recovery_text(text: str) -> Identity:
    """The identity of a printed secret.  Raises what ``recovery.parse_recovery`` raises."""
    return Identity(parse_recovery(text))


# ---------------------------------------------------------------- a newcomer introduces herself


def introduce(
    identity: Identity,
    name: str,
    addresses: Sequence[str],
    handles: Sequence[str] = (),
    nicknames: Sequence[str] = (),
) -> str:
    """The armoured public block, signed with the newcomer's own key.  Raises WrongUsage ``bad-newcomer``."""
    body = print_newcomer(Newcomer(name, tuple(addresses), tuple(handles), tuple(nicknames), identity.public))
    return armour(Kind.NEWCOMER, pack(body, identity.sign(_NEWCOMER + body)))


def read_introduction(text: str) -> Newcomer:
    """Who a block introduces, its signature verified and its keys tried.

    That the block is hers only the eight words tell, compared by voice.
    Raises UnreadableInput ``corrupt-block``, or Unavailable ``newer-format``.
    """
    try:
        body, signature = unpack(unarmour(text, Kind.NEWCOMER), 2)
        newcomer = parse_newcomer(body)
        seal_to(newcomer.public, b"", _NEWCOMER)
    except ValueError:  # other than two fields
        raise unreadable() from None
    except Unavailable as broken:
        if broken.code == "newer-format":
            raise
        raise unreadable() from None
    if not verify(newcomer.public.sign, _NEWCOMER + body, signature):
        raise unreadable()
    return newcomer


# ---------------------------------------------------------------- the server


@value
class ServerKeys:
    """What the service user holds: a key that signs unattended acts and one for HMAC tags; neither opens anything."""

    signing: bytes
    tag_key: bytes

    def __post_init__(self) -> None:
        """Raise Unavailable ``corrupt-seal`` unless the lengths are right."""
        if len(self.signing) != KEY_BYTES or len(self.tag_key) != KEY_BYTES:
            raise corrupt("The server's keys")

    def __repr__(self) -> str:
        """Nothing of the keys."""
        return "ServerKeys(…)"

    @classmethod
    def generate(cls) -> ServerKeys:
        """New keys, from the operating system's random bytes."""
        return cls(os.urandom(KEY_BYTES), os.urandom(KEY_BYTES))

    @classmethod
    def parse(cls, blob: bytes) -> ServerKeys:
        """The keys of a file that ``serialise`` wrote.  Raises Unavailable ``corrupt-seal`` or ``newer-format``."""
        body = unarmour(blob.decode("ascii", "replace"), Kind.SERVER_KEYS)
        return cls(body[:KEY_BYTES], body[KEY_BYTES:])

    def serialise(self) -> bytes:
        """The content of the key file; not encrypted: the file's mode protects it."""
        return armour(Kind.SERVER_KEYS, self.signing + self.tag_key).encode("ascii")

    def sign(self, message: bytes) -> bytes:
        """As ``Identity.sign``."""
        return _signer(self.signing).sign(message)

    @property
    def public_sign(self) -> bytes:
        """The public part of the signing key."""
        return Ed25519PrivateKey.from_private_bytes(self.signing).public_key().public_bytes_raw()


# ---------------------------------------------------------------- derivations


def _derive(secret: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), KEY_BYTES, None, info).derive(secret)


def _kem_pair(seed: bytes) -> tuple[hpke.MLKEM768X25519PrivateKey, bytes]:
    """The hybrid pair of a 32-byte seed, expanded as the X-Wing draft says (and age does): ML-KEM's d and z, X25519."""
    expanded = hashlib.shake_256(seed).digest(_MLKEM_SEED + KEY_BYTES)
    mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED])
    x25519 = X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED:])
    public = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
    return hpke.MLKEM768X25519PrivateKey(mlkem, x25519), public


@functools.lru_cache(maxsize=1)
def _signer(signing: bytes) -> Ed25519PrivateKey:
    """The server's signing key, parsed once: it signs an entry for every mail."""
    return Ed25519PrivateKey.from_private_bytes(signing)


@functools.lru_cache(maxsize=64)
def _kem_public(kem: bytes) -> hpke.MLKEM768X25519PublicKey:
    """The parsed key; kept, for a mailbox is sealed to the same few readers thousands of times."""
    mlkem = MLKEM768PublicKey.from_public_bytes(kem[:_MLKEM_PUBLIC])
    return hpke.MLKEM768X25519PublicKey(mlkem, X25519PublicKey.from_public_bytes(kem[_MLKEM_PUBLIC:]))
