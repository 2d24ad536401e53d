"""A newcomer's block: read back as it was printed, signed by its own key, and refused once a byte of it has changed."""

from __future__ import annotations

import contextlib
import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.errors import ConductError, Unavailable, UnreadableInput, WrongUsage
from records.vault import format as shapes
from records.vault.format import Kind, PublicIdentity, armour, pack, unarmour, unpack
from records.vault.identity import Identity, introduce, read_introduction
from records.vault.newcomer import Newcomer, parse_newcomer, print_newcomer

MIRA = Identity(bytes(range(32)))
MALLORY = Identity(bytes(range(1, 33)))
BLOCK = introduce(MIRA, "Mira Okafor", ["mira@example.org", "mira@example.net"], ["@mira"], ["Mimi"])

shown = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=40)
addresses = st.from_regex(r"[a-z0-9.+-]{1,20}@[a-z0-9.-]{1,20}", fullmatch=True)
newcomers = st.builds(
    Newcomer,
    shown,
    st.lists(addresses, min_size=1, max_size=4).map(tuple),
    st.lists(shown, max_size=4).map(tuple),
    st.lists(shown, max_size=4).map(tuple),
    st.builds(PublicIdentity, st.just(MIRA.public.kem), st.binary(min_size=32, max_size=32)),
)


@given(newcomers)
def test_a_newcomer_is_read_back(newcomer: Newcomer) -> None:
    assert parse_newcomer(print_newcomer(newcomer)) == newcomer


@pytest.mark.parametrize("name", ["山田　花子", "نرگس\u200cی", "Zoë O’Brien-Łaski", "ক্‌ষ"])
def test_names_of_all_scripts_are_welcome(name: str) -> None:
    assert read_introduction(introduce(MIRA, name, ["a@b.example"])).name == name


def test_an_introduction_is_read_back() -> None:
    newcomer = read_introduction(BLOCK)

    assert newcomer == Newcomer(
        "Mira Okafor", ("mira@example.org", "mira@example.net"), ("@mira",), ("Mimi",), MIRA.public
    )


@pytest.mark.parametrize(
    ("name", "addresses"),
    [
        ("", ["a@b.example"]),
        (" Ana", ["a@b.example"]),
        ("Ana\x1b[31m", ["a@b.example"]),
        ("Ana\nBcc: x@y.example", ["a@b.example"]),
        ("Ana\u202e", ["a@b.example"]),
        ("A" * 321, ["a@b.example"]),
        ("Ana", []),
        ("Ana", ["nowhere"]),
        ("Ana", ["a b@c.example"]),
        ("Ana", ["<a@b.example>"]),
        ("Ana", ["a@b.example"] * 33),
    ],
)
def test_what_cannot_be_shown_or_mailed_is_refused_on_both_sides(name: str, addresses: list[str]) -> None:
    with pytest.raises(WrongUsage):
        introduce(MIRA, name, addresses)

    texts = ((name,), addresses, (), ())
    body = pack(*(pack(*(text.encode() for text in row)) for row in texts), MIRA.public.kem, MIRA.public.sign)
    with pytest.raises(UnreadableInput):
        parse_newcomer(body)


def test_a_lone_surrogate_in_a_name_is_refused() -> None:
    with pytest.raises(WrongUsage):
        introduce(MIRA, "Ana\udc80", ["a@b.example"])


def test_any_flipped_bit_breaks_the_signature() -> None:
    body = unarmour(BLOCK, Kind.NEWCOMER)

    for place in range(len(body)):
        flipped = bytearray(body)
        flipped[place] ^= 1 << place % 8
        with pytest.raises(UnreadableInput):
            read_introduction(armour(Kind.NEWCOMER, bytes(flipped)))


def test_a_block_signed_by_another_key_is_refused() -> None:
    body, _ = unpack(unarmour(BLOCK, Kind.NEWCOMER), 2)
    forged = armour(Kind.NEWCOMER, pack(body, MALLORY.sign(b"conduct/1/newcomer|" + body)))

    with pytest.raises(UnreadableInput):
        read_introduction(forged)


def test_a_key_that_nothing_can_be_sealed_to_is_refused() -> None:
    """The X25519 part may be a point of low order, with which every shared secret is zero."""
    useless = dataclasses.replace(MIRA.public, kem=MIRA.public.kem[:1184] + bytes(32))
    body = print_newcomer(Newcomer("Mira", ("m@example.org",), (), (), useless))

    with pytest.raises(UnreadableInput):
        read_introduction(armour(Kind.NEWCOMER, pack(body, MIRA.sign(b"conduct/1/newcomer|" + body))))


@pytest.mark.parametrize("text", ["", "hello", BLOCK[:500], "\udcff", BLOCK.replace("PUBLIC", "LOCKED"), "\0" * 70_000])
def test_what_is_no_block_is_unreadable(text: str) -> None:
    with pytest.raises(UnreadableInput):
        read_introduction(text)


def test_a_block_of_a_newer_version_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as later:
        later.setattr(shapes, "VERSION", 2)
        newer = introduce(MIRA, "Mira", ["mira@example.org"])

    with pytest.raises(Unavailable) as refused:
        read_introduction(newer)

    assert refused.value.code == "newer-format"


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_any_bytes_in_a_block_are_refused(body: bytes) -> None:
    with pytest.raises(UnreadableInput):
        read_introduction(armour(Kind.NEWCOMER, body))
    with contextlib.suppress(ConductError):
        parse_newcomer(body)


def test_nothing_of_the_person_is_in_the_repr() -> None:
    assert "Mira" not in repr(read_introduction(BLOCK))
    assert "mira" not in repr(read_introduction(BLOCK))


def test_errors_do_not_quote_the_block() -> None:
    with pytest.raises(ConductError) as refused:
        read_introduction(BLOCK.replace("A", "B"))

    assert not isinstance(refused.value, Unavailable)
    assert "Mira" not in str(refused.value)
