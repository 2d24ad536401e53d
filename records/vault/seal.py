"""Sealing: an object's key granted to a reader, a key under a key, bytes and streams under a key, HMAC tags.

Every seal is bound to what it is for (object, reader, context): moved elsewhere it does not open.  Under each key a
fresh random salt makes a subkey (HKDF, RFC 5869) that encrypts once, or one stream, by ChaCha20-Poly1305 (RFC 8439).
Whatever does not open raises Unavailable ``corrupt-seal``, ``newer-format`` or ``no-key``.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterable, Iterator
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from policies.errors import Unavailable
from records.vault.format import (
    KEY_BYTES,
    SALT_BYTES,
    TAG_BYTES,
    Kind,
    PublicIdentity,
    check_header,
    corrupt,
    frame,
    header,
    unframe,
)
from records.vault.identity import Identity, seal_to

CHUNK_BYTES: Final = 1 << 16
_SEALED_CHUNK: Final = CHUNK_BYTES + TAG_BYTES
_STREAM_HEADER: Final = 2 + SALT_BYTES
_ONCE: Final = bytes(12)  # the nonce of a subkey that encrypts a single time


def new_key() -> bytes:
    """A key for one object: 32 bytes of the operating system's randomness."""
    return os.urandom(KEY_BYTES)


def new_salt() -> bytes:
    """A salt for ``salted_digest``."""
    return os.urandom(SALT_BYTES)


# ---------------------------------------------------------------- keys to readers, keys under keys


def grant(object_key: bytes, to: PublicIdentity, object_id: str) -> bytes:
    """``object_key`` for one reader, who alone opens it, for this object alone."""
    return frame(Kind.GRANT, seal_to(to, _checked(object_key), _grant_info(object_id, to)))


def open_grant(sealed: bytes, identity: Identity, object_id: str) -> bytes:
    """The object key that was granted to this identity.  Raises ``no-key`` when it was granted to another."""
    key = identity.unseal(unframe(sealed, Kind.GRANT), _grant_info(object_id, identity.public))
    return _checked(key)


def _grant_info(object_id: str, reader: PublicIdentity) -> bytes:
    # The reader's part has a fixed length, so the object's id may hold anything.
    return f"conduct/1/grant|{object_id}|{reader.fingerprint.hex()}".encode()


def wrap(key: bytes, under: bytes, object_id: str) -> bytes:
    """``key`` sealed under another key: a part of a case under the case key."""
    return _seal(Kind.WRAPPED_KEY, _checked(key), under, f"conduct/1/wrap|{object_id}")


def unwrap(sealed: bytes, under: bytes, object_id: str) -> bytes:
    """The partner of ``wrap``."""
    return _checked(_open(Kind.WRAPPED_KEY, sealed, under, f"conduct/1/wrap|{object_id}"))


# ---------------------------------------------------------------- bytes


def seal_bytes(plain: bytes, key: bytes, context: str) -> bytes:
    """``plain`` under ``key``; ``context`` says what it is (table, column, row), and must be said again to open it."""
    return _seal(Kind.SEALED, plain, key, f"conduct/1/bytes|{context}")


def open_bytes(sealed: bytes, key: bytes, context: str) -> bytes:
    """The partner of ``seal_bytes``."""
    return _open(Kind.SEALED, sealed, key, f"conduct/1/bytes|{context}")


def _seal(kind: Kind, plain: bytes, key: bytes, info: str) -> bytes:
    salt = os.urandom(SALT_BYTES)
    return frame(kind, salt + _cipher(key, salt, info).encrypt(_ONCE, plain, None))


def _open(kind: Kind, sealed: bytes, key: bytes, info: str) -> bytes:
    check_header(sealed, kind)
    body = memoryview(sealed)[2:]
    salt = bytes(body[:SALT_BYTES])
    return _decrypt(_cipher(key, salt, info), _ONCE, body[SALT_BYTES:])


def _cipher(key: bytes, salt: bytes, info: str) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(HKDF(hashes.SHA256(), KEY_BYTES, salt, info.encode()).derive(_checked(key)))


def _checked(key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise Unavailable("no-key", "A key has the wrong length.", "Restore the keys from a backup.")
    return key


def _decrypt(cipher: ChaCha20Poly1305, nonce: bytes, sealed: bytes | memoryview) -> bytes:
    try:
        return cipher.decrypt(nonce, sealed, None)
    except InvalidTag:
        raise corrupt("A sealed object") from None


# ---------------------------------------------------------------- streams


class StreamSealer:
    """Seals a stream of any length in chunks of 64 KiB; holds one chunk.

    After the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizar 2015): each chunk's nonce counts, and the
    last one says that it is the last, so that a cut, a swap or an addition is noticed.  Not to be used after
    ``finish``.
    """

    def __init__(self, key: bytes, context: str) -> None:
        salt = os.urandom(SALT_BYTES)
        self._cipher = _cipher(key, salt, _stream_info(context))
        self._ready = header(Kind.STREAM) + salt
        self._pending = bytearray()
        self._count = 0

    def update(self, piece: bytes) -> bytes:
        """What is ready to be stored after ``piece``; often nothing."""
        room = CHUNK_BYTES - len(self._pending)
        if len(piece) <= room:  # the last chunk is kept back: only the end tells that it is the last
            self._pending += piece
            return b""
        view = memoryview(piece)
        self._pending += view[:room]
        sealed = [self._take_ready(), self._encrypt(self._pending, is_last=False)]
        while len(view) - room > CHUNK_BYTES:
            sealed.append(self._encrypt(view[room : room + CHUNK_BYTES], is_last=False))
            room += CHUNK_BYTES
        self._pending = bytearray(view[room:])
        return b"".join(sealed)

    def finish(self) -> bytes:
        """The rest, which marks the end."""
        return self._take_ready() + self._encrypt(self._pending, is_last=True)

    def _take_ready(self) -> bytes:
        ready, self._ready = self._ready, b""
        return ready

    def _encrypt(self, chunk: bytearray | memoryview, *, is_last: bool) -> bytes:
        sealed = self._cipher.encrypt(_nonce(self._count, is_last=is_last), chunk, None)
        self._count += 1
        return sealed


def open_stream(pieces: Iterable[bytes], key: bytes, context: str) -> Iterator[bytes]:
    """The plain chunks of a sealed stream that comes in pieces of any size; holds one piece and one chunk.

    Each chunk that comes out is genuine and in its place; that the stream is whole is known only when the iterator
    ends without an error.
    """
    cipher: ChaCha20Poly1305 | None = None
    for count, (chunk, is_last) in enumerate(_sized(pieces), start=-1):
        if cipher is None:
            check_header(chunk, Kind.STREAM)
            if is_last:
                raise corrupt("A sealed stream")
            cipher = _cipher(key, chunk[2:], _stream_info(context))
            continue
        if count > 0 and len(chunk) == TAG_BYTES:  # only an empty stream ends in an empty chunk
            raise corrupt("A sealed stream")
        yield _decrypt(cipher, _nonce(count, is_last=is_last), chunk)


def _sized(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The header, then the sealed chunks, each with whether it is the last there is."""
    size = _STREAM_HEADER
    pending = bytearray()
    for piece in pieces:
        pending += piece
        start = 0
        while len(pending) - start > size:
            yield bytes(memoryview(pending)[start : start + size]), False
            start += size
            size = _SEALED_CHUNK
        del pending[:start]
    yield bytes(pending), True


def _stream_info(context: str) -> str:
    return f"conduct/1/stream|{context}"


def _nonce(count: int, *, is_last: bool) -> bytes:
    return count.to_bytes(11, "big") + (b"\x01" if is_last else b"\x00")


# ---------------------------------------------------------------- tags and digests


def tag(key: bytes, *parts: bytes) -> bytes:
    """HMAC-SHA256 (RFC 2104) of the parts, each behind its length; the first part says what is tagged."""
    framed = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    return hmac.digest(key, b"conduct/1/tag|" + framed, hashlib.sha256)


class Tagger:
    """HMAC-SHA256 of raw bytes that come in pieces; never equal to a ``tag`` under the same key."""

    def __init__(self, key: bytes) -> None:
        self._hmac = hmac.new(key, b"conduct/1/raw|", hashlib.sha256)

    def update(self, piece: bytes) -> None:
        """Take in the next piece."""
        self._hmac.update(piece)

    def finish(self) -> bytes:
        """The tag of all pieces."""
        return self._hmac.digest()


def salted_digest(salt: bytes, text: str) -> bytes:
    """A digest that nobody can test guesses against once the salt is destroyed."""
    return hmac.digest(salt, b"conduct/1/digest|" + text.encode("utf-8", "surrogatepass"), hashlib.sha256)


def same(one: bytes, other: bytes) -> bool:
    """Whether two tags are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one, other)
