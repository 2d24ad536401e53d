"""Identities: all follows from the secret, a lock opens by its passphrase alone, and nothing shows the secret."""

from __future__ import annotations

import contextlib
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.codenames import ADJECTIVES, NOUNS
from policies.errors import ConductError, Unavailable, WrongUsage
from records.vault.format import Kind, PublicIdentity, armour, unarmour
from records.vault.identity import (
    DEFAULT_COST,
    TRIAL_COST,
    Identity,
    ServerKeys,
    from_recovery_text,
    lock,
    recovery_text,
    seal_to,
    spoken_words,
    unlock,
    verify,
)
from tests.records.vault.refusal import code_of

SECRET = b"thirty-two bytes of a secret key"
NOOR = Identity(SECRET)
ELIF = Identity(bytes(range(32)))
LOCKED = lock(NOOR, "a cup of tea", TRIAL_COST)


def test_a_secret_always_gives_the_same_keys() -> None:
    again = Identity(SECRET)

    assert again.public == NOOR.public
    assert again.public.fingerprint == NOOR.public.fingerprint
    assert again.unseal(seal_to(NOOR.public, b"hello", b"x"), b"x") == b"hello"


def test_no_two_identities_are_alike() -> None:
    assert len({Identity.generate().public.fingerprint for _ in range(20)}) == 20


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_secret_has_32_bytes(length: int) -> None:
    assert code_of(lambda: Identity(bytes(length))) == "corrupt-seal"


@given(st.binary(max_size=200))
def test_a_signature_is_verified_for_its_signer_and_message_alone(message: bytes) -> None:
    signature = NOOR.sign(message)

    assert verify(NOOR.public.sign, message, signature)
    assert not verify(NOOR.public.sign, message + b"\0", signature)
    assert not verify(ELIF.public.sign, message, signature)


@given(st.binary(max_size=64), st.binary(max_size=100))
def test_what_is_no_key_and_no_signature_verifies_nothing(key: bytes, signature: bytes) -> None:
    assert not verify(key, b"message", signature)
    assert not verify(NOOR.public.sign, b"message", signature)


def test_what_is_sealed_to_another_or_for_something_else_does_not_open() -> None:
    sealed = seal_to(NOOR.public, b"hello", b"this")

    assert code_of(lambda: ELIF.unseal(sealed, b"this")) == "no-key"
    assert code_of(lambda: NOOR.unseal(sealed, b"that")) == "no-key"


@pytest.mark.parametrize("kem", [NOOR.public.kem[:1184] + bytes(32), b"\xff" * 1216])
def test_an_unusable_public_key_is_an_error_with_a_code(kem: bytes) -> None:
    assert code_of(lambda: seal_to(PublicIdentity(kem, bytes(32)), b"x", b"")) == "no-key"


@settings(max_examples=20, deadline=None)
@given(st.text(min_size=1, max_size=40).filter(str.strip))
def test_a_lock_opens_by_its_passphrase(passphrase: str) -> None:
    assert unlock(lock(NOOR, passphrase, TRIAL_COST), passphrase).public == NOOR.public


def test_accents_typed_apart_open_the_same_lock() -> None:
    locked = lock(NOOR, unicodedata.normalize("NFC", "crème brûlée"), TRIAL_COST)

    assert unlock(locked, unicodedata.normalize("NFD", "crème brûlée")).public == NOOR.public


@pytest.mark.parametrize("passphrase", ["", "a cup of te", "A cup of tea", "a cup of tea ", "\udcff"])
def test_a_wrong_passphrase_is_said_to_be_wrong(passphrase: str) -> None:
    assert code_of(lambda: unlock(LOCKED, passphrase)) == "wrong-passphrase"


@pytest.mark.parametrize("passphrase", ["", "  \t"])
def test_no_lock_without_a_passphrase(passphrase: str) -> None:
    with pytest.raises(WrongUsage):
        lock(NOOR, passphrase, TRIAL_COST)


def test_two_locks_of_one_identity_share_nothing() -> None:
    one, two = (unarmour(lock(NOOR, "tea", TRIAL_COST).decode(), Kind.LOCKED_IDENTITY) for _ in range(2))

    assert one[6:22] != two[6:22]
    assert one[22:] != two[22:]


def test_the_default_cost_is_the_one_the_design_asks_for() -> None:
    assert (DEFAULT_COST.memory_kib, DEFAULT_COST.passes, DEFAULT_COST.lanes) == (64 * 1024, 3, 4)
    assert unlock(lock(NOOR, "tea"), "tea").public == NOOR.public


def test_every_flipped_bit_of_a_locked_identity_is_refused() -> None:
    body = unarmour(LOCKED.decode(), Kind.LOCKED_IDENTITY)

    for place in range(4, len(body)):  # the four bytes before hold the memory: dear, and checked in the next test
        flipped = body[:place] + bytes((body[place] ^ 1 << place % 3,)) + body[place + 1 :]
        repaired = armour(Kind.LOCKED_IDENTITY, flipped).encode()
        assert code_of(unlock, repaired, "a cup of tea") in {"wrong-passphrase", "absurd-cost"}


def test_a_changed_cost_is_refused_even_where_it_is_sound() -> None:
    body = unarmour(LOCKED.decode(), Kind.LOCKED_IDENTITY)
    dearer = armour(Kind.LOCKED_IDENTITY, (9 << 10).to_bytes(4, "big") + body[4:]).encode()

    assert code_of(lambda: unlock(dearer, "a cup of tea")) == "wrong-passphrase"


def test_a_damaged_identity_file_is_told_from_a_wrong_passphrase() -> None:
    for end in range(0, len(LOCKED) - 1, 7):
        assert code_of(unlock, LOCKED[:end], "a cup of tea") == "corrupt-seal"
    assert code_of(lambda: unlock(LOCKED.replace(b"A", b"B"), "a cup of tea")) == "corrupt-seal"


@given(st.binary(max_size=200))
def test_any_bytes_are_an_identity_file_or_refused(blob: bytes) -> None:
    with contextlib.suppress(ConductError):
        unlock(blob, "tea")


def test_the_recovery_text_gives_the_identity_back() -> None:
    assert from_recovery_text(recovery_text(NOOR)).public == NOOR.public


def test_the_server_keys_are_read_back_and_sign() -> None:
    keys = ServerKeys.generate()
    again = ServerKeys.parse(keys.serialise())

    assert again == keys
    assert verify(keys.public_sign, b"act", again.sign(b"act"))
    assert keys.signing != keys.tag_key != ServerKeys.generate().tag_key


@pytest.mark.parametrize("length", [0, 32, 63, 65])
def test_server_keys_of_another_length_are_refused(length: int) -> None:
    blob = armour(Kind.SERVER_KEYS, bytes(length)).encode()

    assert code_of(lambda: ServerKeys.parse(blob)) == "corrupt-seal"


def test_one_kind_of_file_is_not_read_as_another() -> None:
    assert code_of(lambda: ServerKeys.parse(LOCKED)) == "corrupt-seal"
    assert code_of(lambda: unlock(ServerKeys.generate().serialise(), "tea")) == "corrupt-seal"


def test_eight_words_are_spoken_from_the_two_lists_in_turn() -> None:
    words = spoken_words(NOOR.public.fingerprint)

    assert len(words) == 8
    assert all(word in ADJECTIVES for word in words[::2])
    assert all(word in NOUNS for word in words[1::2])
    assert words != spoken_words(ELIF.public.fingerprint)


def test_no_repr_and_no_error_shows_a_secret() -> None:
    keys = ServerKeys(SECRET, SECRET)
    with pytest.raises(Unavailable) as refused:
        unlock(LOCKED, "my secret phrase")
    shown = f"{NOOR!r} {NOOR} {keys!r} {keys} {refused.value} {refused.value!r}"

    assert "secret" not in shown
    assert SECRET.hex() not in shown
