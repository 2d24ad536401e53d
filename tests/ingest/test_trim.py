"""The trimmed copy: what it leaves out, what it never touches, and that pieces make no difference."""

from __future__ import annotations

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.trim import KIB, MAX_OUTPUT, MAX_TEXT, BodySplitter, Trimmer, trim

LINE = base64.b64encode(bytes(range(57))) + b"\r\n"


def mixed(*parts: bytes) -> bytes:
    head = b'From: a@example.org\r\nContent-Type: multipart/mixed;\r\n boundary="=_edge"\r\n\r\npreamble\r\n'
    return head + b"".join(b"--=_edge\r\n" + part + b"\r\n" for part in parts) + b"--=_edge--\r\n"


def attachment(length: int, kind: bytes = b"application/pdf", encoding: bytes = b"base64") -> bytes:
    head = b"Content-Type: " + kind + b"\r\nContent-Transfer-Encoding: " + encoding + b"\r\n\r\n"
    return head + LINE * (length // len(LINE))


def in_pieces(raw: bytes, size: int) -> tuple[bytes, bool]:
    trimmer = Trimmer()
    out = b"".join(trimmer.update(raw[at : at + size]) for at in range(0, len(raw), size))
    return out + trimmer.finish(), trimmer.cut


def test_a_short_mail_comes_out_as_it_is() -> None:
    raw = mixed(b"Content-Type: text/plain\r\n\r\nhello\r\n", attachment(4 * KIB))

    assert trim(raw) == (raw, False)


def test_a_long_attachment_is_shortened_and_the_text_after_it_is_found() -> None:
    raw = mixed(attachment(500 * KIB), b"\r\nthe end of my report")

    trimmed, cut = trim(raw)

    assert len(trimmed) < 10 * KIB
    assert b"\r\n--=_edge\r\n\r\nthe end of my report\r\n--=_edge--\r\n" in trimmed
    assert not cut


def test_a_shortened_attachment_ends_with_a_whole_line() -> None:
    trimmed, _ = trim(mixed(attachment(50 * KIB)))

    body = trimmed.split(b"base64\r\n\r\n")[1].split(b"--=_edge")[0]
    assert set(body.splitlines(keepends=True)) == {LINE}


def test_text_is_kept_up_to_two_mebibytes() -> None:
    text = b"word " * (MAX_TEXT // 5 - 100)
    raw = mixed(b"Content-Type: text/plain\r\n\r\n" + text)

    assert trim(raw) == (raw, False)


def test_longer_text_is_cut_and_said_to_be_cut() -> None:
    trimmed, cut = trim(mixed(b"Content-Type: text/plain\r\n\r\n" + b"a line\r\n" * 300_000, b"\r\nlast part"))

    assert cut
    assert MAX_TEXT <= len(trimmed) < MAX_TEXT + 2 * KIB
    assert b"last part" in trimmed


def test_the_whole_never_exceeds_four_mebibytes() -> None:
    trimmed, cut = trim(mixed(*[b"\r\n" + b"a line\r\n" * 200_000] * 4))

    assert cut
    assert len(trimmed) == MAX_OUTPUT


def test_binary_and_unencoded_attachments_are_shortened_too() -> None:
    raw = mixed(attachment(900 * KIB, b"image/tiff", b"binary"), b"\r\nafter")

    trimmed, cut = trim(raw)

    assert len(trimmed) < 70 * KIB
    assert b"after" in trimmed
    assert not cut


def test_attachments_of_attached_mails_are_shortened() -> None:
    inner = b"Content-Type: message/rfc822\r\n\r\n" + mixed(attachment(200 * KIB)).replace(b"=_edge", b"inner")

    trimmed, _ = trim(mixed(inner, b"\r\nafter"))

    assert len(trimmed) < 10 * KIB
    assert b"after" in trimmed


def test_headers_nobody_reads_are_left_out() -> None:
    raw = (
        b"DKIM-Signature: v=1;\r\n\tb=abc\r\nReceived: one\r\n\t; today\r\nReceived: two\r\nReceived: three\r\n x\r\n"
        b"ARC-Seal: i=1\r\nX-Spam-Status: No\r\n\tscore\r\nSubject: kept\r\nAuthentication-Results: x\r\n\r\nbody\r\n"
    )

    assert trim(raw)[0] == b"Received: one\r\n\t; today\r\nReceived: two\r\nSubject: kept\r\n\r\nbody\r\n"


def test_absurd_headers_are_cut_and_said_to_be_cut() -> None:
    trimmed, cut = trim(b"Subject: " + b"x" * 170_000 + b"\r\nFrom: a@example.org\r\n\r\nbody")

    assert cut
    assert len(trimmed) < 9 * KIB
    assert trimmed.endswith(b"\r\nFrom: a@example.org\r\n\r\nbody")


def test_a_long_list_of_recipients_is_cut_between_two_of_them() -> None:
    recipients = b",\r\n ".join(b"user%d@example.org" % n for n in range(20_000))

    trimmed, cut = trim(b"To: " + recipients + b"\r\nSubject: x\r\n\r\nbody")

    assert cut
    assert b"example.org\r\nSubject: x\r\n\r\nbody" in trimmed


def test_three_thousand_recipients_are_no_reason_to_cut() -> None:
    raw = b"To: " + b",\r\n ".join(b"user%d@example.org" % n for n in range(3000)) + b"\r\n\r\nbody"

    assert trim(raw) == (raw, False)


@pytest.mark.parametrize("line", [b"X-Flood: y\r\n", b"x" * 70])
def test_a_header_without_end_keeps_memory_and_body(line: bytes) -> None:
    raw = b"From: a@example.org\r\n" + line * (1024 * KIB // len(line)) + b"Last: z\r\n\r\nthe body"

    trimmer = Trimmer()
    trimmed = b"".join(trimmer.update(raw[at : at + 5000]) for at in range(0, len(raw), 5000)) + trimmer.finish()

    assert trimmer.cut
    assert trimmed.endswith(b"\r\n\r\nthe body")
    assert trimmer.header_end == raw.index(b"the body")


@pytest.mark.parametrize(
    ("raw", "end"),
    [
        (b"A: b\r\n\r\nbody", 8),
        (b"A: b\n\nbody", 6),
        (b"\r\nbody", 2),
        (b"\nbody", 1),
        (b"A: b\r\n\nbody", 7),
        (b"A: b\r\n", None),
        (b"", None),
    ],
)
def test_where_the_body_starts(raw: bytes, end: int | None) -> None:
    for size in (1, 2, 3, 100):
        trimmer, splitter = Trimmer(), BodySplitter()
        pieces = [raw[at : at + size] for at in range(0, len(raw), size)]
        for piece in pieces:
            trimmer.update(piece)
        body = b"".join(splitter.update(piece) for piece in pieces)
        trimmer.finish()

        assert trimmer.header_end == end
        assert (splitter.header_end if splitter.found else None) == end
        assert body == (b"" if end is None else raw[end:])


SNIPPETS = st.sampled_from(
    [
        b"\r\n",
        b"\n",
        b"-",
        b"--",
        b"--=_edge",
        b"--=_edge--",
        b"Content-Type: image/png\r\n",
        LINE * 150,
        b"text",
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Type: multipart/mixed; boundary==_edge\r\n",
        b" folded\r\n",
        b"Content-Type: message/rfc822\r\n",
        b"Received: x\r\n",
        b"Subject: y\r\n",
        b"\r",
        b"\0",
        b"x" * 9000,
    ]
)


@given(st.lists(SNIPPETS, max_size=30).map(b"".join), st.integers(1, 5000))
def test_pieces_make_no_difference(raw: bytes, size: int) -> None:
    assert in_pieces(raw, max(size, len(raw) // 300 + 1)) == trim(raw)


@given(st.lists(SNIPPETS, max_size=30).map(b"".join))
def test_trimming_again_changes_nothing(raw: bytes) -> None:
    once = trim(raw)[0]

    assert trim(once)[0] == once


def test_big_mails_pass_at_a_hundred_and_fifty_megabytes_a_second() -> None:
    raw = mixed(attachment(20 * 1024 * KIB))
    start = time.perf_counter()

    in_pieces(raw, 256 * KIB)

    assert len(raw) / (time.perf_counter() - start) > 50e6  # a third, for machines that are busy or slow


@pytest.mark.parametrize("hostile", [b"\n--", b"--x\n", b"\nContent-Type: multipart/x; boundary=x\n\n--x", b"\n\n"])
def test_hostile_lines_take_bounded_time(hostile: bytes) -> None:
    raw = b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + hostile * (1024 * KIB // len(hostile))
    start = time.perf_counter()

    trim(raw)

    assert time.perf_counter() - start < 3
