"""Seals open for what they were made for, and for nothing else: other reader, object, key, context, kind, byte."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from records.vault.identity import Identity
from records.vault.seal import (
    StreamSealer,
    Tagger,
    grant,
    new_key,
    new_salt,
    open_bytes,
    open_grant,
    open_stream,
    salted_digest,
    same,
    seal_bytes,
    tag,
    unwrap,
    wrap,
)
from tests.records.vault.refusal import code_of

KEY = bytes(range(32))
OTHER = bytes(range(1, 33))
ADA = Identity(KEY)
BEA = Identity(OTHER)


def seal_stream(plain: bytes, key: bytes, context: str) -> bytes:
    """A whole stream at once."""
    sealer = StreamSealer(key, context)
    return sealer.update(plain) + sealer.finish()


def read_stream(sealed: bytes, key: bytes, context: str) -> bytes:
    """A whole stream at once."""
    return b"".join(open_stream([sealed], key, context))


SEALS: dict[str, tuple[bytes, Callable[[bytes], bytes]]] = {
    "grant": (grant(OTHER, ADA.public, "m1"), lambda blob: open_grant(blob, ADA, "m1")),
    "wrap": (wrap(OTHER, KEY, "m1"), lambda blob: unwrap(blob, KEY, "m1")),
    "bytes": (seal_bytes(OTHER, KEY, "m1"), lambda blob: open_bytes(blob, KEY, "m1")),
    "stream": (seal_stream(OTHER, KEY, "m1"), lambda blob: read_stream(blob, KEY, "m1")),
}


object_ids = st.text(st.characters(codec="utf-8"), max_size=30)


@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=32, max_size=32), object_ids)
def test_a_grant_gives_its_reader_the_key(key: bytes, object_id: str) -> None:
    assert open_grant(grant(key, ADA.public, object_id), ADA, object_id) == key


@given(st.binary(max_size=300), st.binary(min_size=32, max_size=32), object_ids)
def test_bytes_are_opened_by_key_and_context(plain: bytes, key: bytes, context: str) -> None:
    assert open_bytes(seal_bytes(plain, key, context), key, context) == plain


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32), object_ids)
def test_a_wrapped_key_is_unwrapped(key: bytes, under: bytes, object_id: str) -> None:
    assert unwrap(wrap(key, under, object_id), under, object_id) == key


def test_a_grant_of_another_reader_or_object_does_not_open() -> None:
    sealed = grant(KEY, ADA.public, "m1")

    assert code_of(lambda: open_grant(sealed, BEA, "m1")) == "no-key"
    assert code_of(lambda: open_grant(sealed, ADA, "m2")) == "no-key"


def test_reader_and_object_cannot_be_shifted_into_each_other() -> None:
    """The info ends in 64 hexadecimal letters of the reader, whatever the object is called."""
    sealed = grant(KEY, ADA.public, f"m1|{BEA.public.fingerprint.hex()}")

    assert code_of(lambda: open_grant(sealed, ADA, "m1")) == "no-key"
    assert code_of(lambda: open_grant(sealed, BEA, "m1")) == "no-key"


@pytest.mark.parametrize(("key", "context"), [(OTHER, "m1"), (KEY, "m2"), (KEY, "")])
def test_another_key_or_context_does_not_open(key: bytes, context: str) -> None:
    assert code_of(lambda: unwrap(SEALS["wrap"][0], key, context)) == "corrupt-seal"
    assert code_of(lambda: open_bytes(SEALS["bytes"][0], key, context)) == "corrupt-seal"
    assert code_of(lambda: read_stream(SEALS["stream"][0], key, context)) == "corrupt-seal"


@pytest.mark.parametrize("kind", SEALS)
def test_a_seal_of_one_kind_is_none_of_another(kind: str) -> None:
    for other, (blob, _) in SEALS.items():
        if other != kind:
            assert code_of(SEALS[kind][1], blob) == "corrupt-seal"
            relabelled = SEALS[kind][0][:2] + blob[2:]
            assert code_of(SEALS[kind][1], relabelled) in {"corrupt-seal", "no-key"}


@pytest.mark.parametrize("kind", SEALS)
def test_every_flipped_bit_is_refused(kind: str) -> None:
    blob, opened = SEALS[kind]
    bits = range(8) if len(blob) < 100 else (0, 7)

    for place in range(len(blob)):
        for bit in bits:
            flipped = blob[:place] + bytes((blob[place] ^ 1 << bit,)) + blob[place + 1 :]
            assert code_of(opened, flipped) in {"corrupt-seal", "no-key", "newer-format"}


@pytest.mark.parametrize("kind", SEALS)
def test_every_cut_and_every_addition_is_refused(kind: str) -> None:
    blob, opened = SEALS[kind]

    for end in range(len(blob)):
        assert code_of(opened, blob[:end]) in {"corrupt-seal", "no-key"}
    assert code_of(lambda: opened(blob + b"\0")) in {"corrupt-seal", "no-key"}


@pytest.mark.parametrize("kind", SEALS)
@given(st.binary(max_size=150), st.booleans())
def test_any_bytes_are_refused_with_a_code(kind: str, blob: bytes, labelled: bool) -> None:
    sealed, opened = SEALS[kind]

    assert code_of(lambda: opened(sealed[:2] + blob if labelled else blob))


def test_two_seals_of_the_same_are_never_the_same() -> None:
    assert wrap(KEY, OTHER, "m1") != wrap(KEY, OTHER, "m1")
    assert seal_bytes(b"x", KEY, "c") != seal_bytes(b"x", KEY, "c")
    assert seal_stream(b"x", KEY, "c") != seal_stream(b"x", KEY, "c")
    assert new_key() != new_key()
    assert len(new_key()) == 32
    assert len(new_salt()) == 16


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_keys_of_another_length_are_refused(length: int) -> None:
    key = bytes(length)

    assert code_of(wrap, key, KEY, "m1") == "no-key"
    assert code_of(wrap, KEY, key, "m1") == "no-key"
    assert code_of(seal_bytes, b"", key, "c") == "no-key"
    assert code_of(StreamSealer, key, "c") == "no-key"
    assert code_of(grant, key, ADA.public, "m1") == "no-key"


def test_tags_tell_their_parts_apart() -> None:
    tags = [tag(KEY, b"ab", b"c"), tag(KEY, b"a", b"bc"), tag(KEY, b"abc"), tag(KEY, b"ab", b"c", b""), tag(KEY),
            tag(OTHER, b"ab", b"c")]  # fmt: skip

    assert len(set(tags)) == len(tags)
    assert tag(KEY, b"ab", b"c") == tags[0]
    assert same(tags[0], tag(KEY, b"ab", b"c"))
    assert not same(tags[0], tags[1])
    assert not same(tags[0], tags[0][:-1])


@given(st.lists(st.binary(max_size=40), max_size=6))
def test_a_tagger_tags_the_bytes_not_the_pieces(pieces: list[bytes]) -> None:
    tagger = Tagger(KEY)
    for piece in pieces:
        tagger.update(piece)
    whole = Tagger(KEY)
    whole.update(b"".join(pieces))

    assert tagger.finish() == whole.finish()
    assert tagger.finish() != tag(KEY, *pieces)


def test_a_digest_depends_on_salt_and_text() -> None:
    digests = {salted_digest(salt, text) for salt in (KEY[:16], OTHER[:16]) for text in ("", "a", "ä", "\udcff")}

    assert len(digests) == 8
