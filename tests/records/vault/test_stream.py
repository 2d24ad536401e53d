"""Streams: pieces of any size in and out, and no cut, swap, repetition or addition at any chunk goes unnoticed."""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Iterator
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.errors import Unavailable
from records.vault.seal import CHUNK_BYTES, StreamSealer, open_stream

KEY = bytes(range(32))
HEADER = 18
SEALED_CHUNK = CHUNK_BYTES + 16
SIZES = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 3 * CHUNK_BYTES + 7]
PLAIN = os.urandom(4 * CHUNK_BYTES)


def sealed(plain: bytes, step: int = 1 << 30) -> bytes:
    """The stream, fed in pieces of ``step`` bytes."""
    sealer = StreamSealer(KEY, "mail")
    pieces = [sealer.update(plain[start : start + step]) for start in range(0, len(plain), step)]
    return b"".join(pieces) + sealer.finish()


def opened(blob: bytes, step: int = 1 << 30) -> bytes:
    """The plain text, fed in pieces of ``step`` bytes."""
    return b"".join(open_stream((blob[start : start + step] for start in range(0, len(blob), step)), KEY, "mail"))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("step", [1000, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 150_000, 1 << 30])
def test_pieces_of_any_size_make_the_same_stream(size: int, step: int) -> None:
    blob = sealed(PLAIN[:size], step)

    assert len(blob) == HEADER + size + 16 * max(1, -(-size // CHUNK_BYTES))
    assert opened(blob, step) == PLAIN[:size]
    assert opened(blob, 777) == PLAIN[:size]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 90_000), max_size=5), st.lists(st.integers(0, 90_000), min_size=1, max_size=8))
def test_uneven_pieces_are_put_together(into: list[int], out: list[int]) -> None:
    sealer = StreamSealer(KEY, "mail")
    parts = [PLAIN[:size] for size in into]
    blob = b"".join([*(sealer.update(part) for part in parts), sealer.finish()])

    def pieces() -> Iterator[bytes]:
        start = 0
        for size in out:
            yield blob[start : start + size]
            start += size
        yield blob[start:]

    assert b"".join(open_stream(pieces(), KEY, "mail")) == b"".join(parts)


@pytest.mark.parametrize("size", SIZES)
def test_a_cut_at_and_around_every_border_is_refused(size: int) -> None:
    blob = sealed(PLAIN[:size])
    borders = [0, 2, HEADER, *range(HEADER, len(blob), SEALED_CHUNK)]

    for end in {border + near for border in borders for near in (-17, -16, -1, 0, 1, 15, 16, 17)}:
        if 0 <= end < len(blob):
            refused(blob[:end])


@pytest.mark.parametrize("size", SIZES)
def test_additions_are_refused(size: int) -> None:
    blob = sealed(PLAIN[:size])

    for more in (b"\0", bytes(16), bytes(SEALED_CHUNK), blob, blob[HEADER:]):
        refused(blob + more)


def test_swapped_repeated_and_dropped_chunks_are_refused() -> None:
    blob = sealed(PLAIN[: 3 * CHUNK_BYTES])
    head, chunks = (
        blob[:HEADER],
        [blob[start : start + SEALED_CHUNK] for start in range(HEADER, len(blob), SEALED_CHUNK)],
    )
    assert len(chunks) == 3
    orders = {order for count in range(4) for order in permutations(range(3), count)} - {(0, 1, 2)}

    for order in [*orders, (0, 0, 1, 2), (0, 1, 1, 2), (0, 1, 2, 2)]:
        refused(head + b"".join(chunks[place] for place in order))


def test_a_chunk_of_another_stream_under_the_same_key_is_refused() -> None:
    one, two = sealed(PLAIN[: 2 * CHUNK_BYTES]), sealed(PLAIN[: 2 * CHUNK_BYTES])

    refused(one[: HEADER + SEALED_CHUNK] + two[HEADER + SEALED_CHUNK :])


def test_a_flipped_bit_in_any_chunk_is_refused() -> None:
    blob = sealed(PLAIN[: 2 * CHUNK_BYTES + 5])

    for place in [*range(HEADER), *range(HEADER, len(blob), 4001), len(blob) - 1]:
        refused(blob[:place] + bytes((blob[place] ^ 4,)) + blob[place + 1 :])


def test_what_came_out_before_the_damage_is_genuine() -> None:
    blob = sealed(PLAIN)
    chunks = open_stream([blob[:-1]], KEY, "mail")

    assert b"".join(next(chunks) for _ in range(3)) == PLAIN[: 3 * CHUNK_BYTES]
    with pytest.raises(Unavailable):
        next(chunks)


def test_a_long_stream_lies_in_memory_nowhere() -> None:
    sealer = StreamSealer(KEY, "mail")
    piece = bytes(1 << 16)

    def pieces() -> Iterator[bytes]:
        yield from (sealer.update(piece) for _ in range(320))
        yield sealer.finish()

    tracemalloc.start()
    try:
        length = sum(len(chunk) for chunk in open_stream(pieces(), KEY, "mail"))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert length == 320 << 16
    assert peak < 1 << 20


def refused(blob: bytes) -> None:
    """Assert that the stream is refused as damaged, in one piece and in small ones."""
    for step in (1 << 30, 5000):
        with pytest.raises(Unavailable) as caught:
            opened(blob, step)
        assert caught.value.code in {"corrupt-seal", "newer-format"}
