"""Shapes: what is printed is parsed back, what is damaged, foreign, newer or absurd is refused, and nothing crashes."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.errors import ConductError, Unavailable
from records.vault import format as shapes
from records.vault.format import Cost, Kind, LockedIdentity, PublicIdentity
from tests.records.vault.refusal import code_of

ARMOURED = [Kind.LOCKED_IDENTITY, Kind.SERVER_KEYS, Kind.NEWCOMER]
costs = st.builds(Cost, st.integers(8 << 10, 1 << 20), st.integers(1, 20), st.integers(1, 16))
locked_identities = st.builds(
    LockedIdentity, costs, st.binary(min_size=16, max_size=16), st.binary(min_size=48, max_size=48)
)


@given(st.sampled_from(Kind), st.binary(max_size=100))
def test_a_frame_is_opened_by_its_own_kind_only(kind: Kind, body: bytes) -> None:
    blob = shapes.frame(kind, body)

    assert shapes.unframe(blob, kind) == body
    assert {code_of(shapes.unframe, blob, other) for other in Kind if other != kind} == {"corrupt-seal"}


@pytest.mark.parametrize(
    ("blob", "code"),
    [(b"", "corrupt-seal"), (b"\x01", "corrupt-seal"), (b"\x00\x01abc", "corrupt-seal"), (b"\x01\xee", "corrupt-seal"),
     (b"\x02\x01abc", "newer-format"), (b"\xff", "newer-format")],
)  # fmt: skip
def test_an_unknown_version_or_kind_is_refused(blob: bytes, code: str) -> None:
    assert code_of(shapes.unframe, blob, Kind.GRANT) == code


@given(st.lists(st.binary(max_size=50), max_size=8))
def test_fields_are_read_back(fields: list[bytes]) -> None:
    assert shapes.unpack(shapes.pack(*fields), 8) == fields


def test_more_fields_than_allowed_are_refused() -> None:
    assert code_of(shapes.unpack, shapes.pack(b"", b"", b""), 2) == "corrupt-seal"


@given(st.binary(max_size=64))
def test_any_bytes_are_fields_or_refused(body: bytes) -> None:
    with contextlib.suppress(Unavailable):
        assert shapes.pack(*shapes.unpack(body, 16)) == body


def test_a_field_that_claims_four_gigabytes_is_refused() -> None:
    assert code_of(shapes.unpack, b"\xff\xff\xff\xff" + b"x" * 20, 4) == "corrupt-seal"


@given(st.sampled_from(ARMOURED), st.binary(max_size=500))
def test_armour_survives_mail(kind: Kind, body: bytes) -> None:
    text = shapes.armour(kind, body)
    mailed = "Hello,\r\nhere it is:\r\n" + "".join(f"> {line}\r\n" for line in text.splitlines()) + "-- \r\nPriya\r\n"

    assert shapes.unarmour(text, kind) == body
    assert shapes.unarmour(mailed, kind) == body


@given(st.sampled_from(ARMOURED), st.binary(max_size=60), st.data())
def test_a_changed_letter_of_an_armour_is_noticed(kind: Kind, body: bytes, data: st.DataObject) -> None:
    text = shapes.armour(kind, body)
    place = data.draw(st.integers(0, len(text) - 1))
    changed = text[:place] + data.draw(st.characters()) + text[place + 1 :]

    with contextlib.suppress(Unavailable):
        assert shapes.unarmour(changed, kind) == body


def test_a_cut_armour_is_refused_wherever_it_is_cut() -> None:
    text = shapes.armour(Kind.NEWCOMER, bytes(100))

    assert {code_of(shapes.unarmour, text[:end], Kind.NEWCOMER) for end in range(len(text) - 1)} == {"corrupt-seal"}


def test_another_kind_of_block_is_named() -> None:
    with pytest.raises(Unavailable) as refused:
        shapes.unarmour(shapes.armour(Kind.LOCKED_IDENTITY, b"x"), Kind.NEWCOMER)

    assert "LOCKED IDENTITY" in refused.value.sentence


def test_an_armour_of_a_newer_version_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as later:
        later.setattr(shapes, "VERSION", 2)
        text = shapes.armour(Kind.NEWCOMER, b"x")

    assert code_of(shapes.unarmour, text, Kind.NEWCOMER) == "newer-format"


@given(locked_identities)
def test_a_locked_identity_is_read_back(locked: LockedIdentity) -> None:
    assert shapes.parse_locked(shapes.print_locked(locked)) == locked


@given(st.binary(max_size=300))
def test_any_bytes_are_a_locked_identity_or_refused(blob: bytes) -> None:
    with contextlib.suppress(ConductError):
        shapes.parse_locked(blob)
    with contextlib.suppress(ConductError):
        shapes.parse_locked(shapes.armour(Kind.LOCKED_IDENTITY, blob).encode())


@pytest.mark.parametrize(
    "asked",
    [
        (1 << 21, 3, 4),
        (65536, 21, 4),
        (65536, 3, 17),
        (1024, 3, 4),
        (65536, 0, 4),
        (65536, 3, 0),
        (2**32 - 1, 255, 255),
    ],
)
def test_an_absurd_cost_is_refused_on_reading(asked: tuple[int, int, int]) -> None:
    memory_kib, passes, lanes = asked
    body = memory_kib.to_bytes(4, "big") + bytes((passes, lanes)) + bytes(16 + 48)

    assert code_of(shapes.parse_locked, shapes.armour(Kind.LOCKED_IDENTITY, body).encode()) == "absurd-cost"


@pytest.mark.parametrize(("kem", "sign"), [(1215, 32), (1217, 32), (1216, 31), (1216, 33), (0, 0)])
def test_a_public_identity_has_exact_lengths(kem: int, sign: int) -> None:
    assert code_of(PublicIdentity, bytes(kem), bytes(sign)) == "corrupt-seal"
