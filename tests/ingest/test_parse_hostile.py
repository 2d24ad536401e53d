"""Mails made to hurt: each is read in bounded time, and no bytes at all raise."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.parse import DEFECTS, parse
from policies.mail import Message
from policies.plain import message_from_plain, message_to_plain

SAMPLES = sorted((Path(__file__).parent.parent / "samples").glob("*.eml"))
HEAD = b"From: a@example.org\r\nSubject: x\r\nMessage-ID: <x@example.org>\r\n"
MIB = 1024 * 1024


def nested(levels: int, more: bytes = b"") -> bytes:
    opened = (
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n%s\r\n--b%d\r\n' % (level, more, level)
        for level in range(levels)
    )
    return HEAD + b"".join(opened) + b"Content-Type: text/plain\r\n\r\nthe end\r\n"


def repeated(unit: bytes, length: int) -> bytes:
    return unit * (length // len(unit))


HOSTILE = {
    "990 levels": nested(990),
    "90 levels, and closed": nested(90) + b"".join(b"--b%d--\r\n" % level for level in reversed(range(90))),
    "nested attached multiparts": nested(60, b"Content-Disposition: attachment; filename=x\r\n" + b"X-Y: z\r\n" * 10),
    "90 levels of many lines": nested(90) + b"x\r\n" * 100_000,
    "a Content-Type of 200 kB": HEAD + b"Content-Type: text/plain; " + b"a=b; " * 40_000 + b"\r\n\r\nthe end",
    "the same in a part": HEAD
    + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; "
    + b"a*0=b; " * 30_000
    + b"\r\n\r\nthe end\r\n--x--\r\n",
    "a Subject of 170 kB": b"Subject: " + b"=?utf-8?q?=C3=BC?= " * 9000 + b"\r\n\r\nthe end",
    "3000 recipients": HEAD
    + b"To: "
    + b",\r\n ".join(b"u%d@example.org" % n for n in range(3000))
    + b"\r\n\r\nthe end",
    "a quarter megabyte of quotes": HEAD + b"To: " + b'\\"' * 125_000 + b"\r\n\r\nthe end",
    "60,000 fields": b"X-A: b\r\n" * 60_000 + b"\r\nthe end",
    "60,000 senders": b"From: a@b\r\n" * 45_000 + b"\r\nthe end",
    "attached mails without end": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 3000 + b"the end",
    "parts without end": HEAD
    + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
    + b"--x\r\n\r\n" * 100_000
    + b"the end",
    "empty lines": HEAD + b"\r\n" + b"\n" * MIB + b"the end",
    "carriage returns": HEAD + b"\r\n" + b"\r" * MIB + b"the end",
    "html of open tags": HEAD + b"Content-Type: text/html\r\n\r\nthe end" + repeated(b"<a ", MIB),
    "html of nested quotes": HEAD + b"Content-Type: text/html\r\n\r\nthe end" + repeated(b"<blockquote><p>a", MIB),
    "flowed quotes": HEAD
    + b"Content-Type: text/plain; format=flowed\r\n\r\n"
    + repeated(b"> a \r\n", MIB)
    + b"the end",
    "noise": HEAD + b"\r\n" + random.Random(1).randbytes(MIB) + b"\r\nthe end",
    "escapes": HEAD + b"\r\n" + repeated(b"\x1b$B\x7f\x1b(B", MIB) + b"the end",
    "a delivery report without end": HEAD
    + b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\n\r\nthe end\r\n--x\r\n"
    + b"Content-Type: message/delivery-status\r\n\r\n"
    + repeated(b"Final-Recipient: rfc822; a@b\r\n\r\n", MIB),
    "the words of bounces": b"From: mailer-daemon@x\r\nReturn-Path: <>\r\n\r\nthe end\r\n"
    + repeated(b"the following address: <a@b>\r\n", MIB),
    "a winding boundary": HEAD
    + b'Content-Type: multipart/mixed; boundary="'
    + b"(" * 70
    + b'"\r\n\r\nthe end\r\n'
    + b"--((\n" * 100_000,
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_hostile_mail_is_read_in_bounded_time(raw: bytes) -> None:
    """A quarter of a second to two seconds on one processor; the parent would wait ten."""
    start = time.perf_counter()

    message = parse(raw)

    assert time.perf_counter() - start < 9
    assert "unreadable" not in message.defects
    assert "the end" in message.text or message.inner


def check(message: Message) -> None:
    assert set(message.defects) <= DEFECTS
    assert "unreadable" not in message.defects
    assert message_from_plain(message_to_plain(message)) == message
    repr(message)
    everything = message.text + message.subject + message.message_id + "".join(a.filename for a in message.attachments)
    everything.encode()
    assert "\0" not in everything
    for inner in message.inner:
        check(inner)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_samples_survive_being_cut_anywhere(path: Path) -> None:
    """mail-parser raises on any truncated nested multipart."""
    raw = path.read_bytes()

    for end in range(0, len(raw), max(1, len(raw) // 150)):
        check(parse(raw[:end]))


@given(st.data())
@settings(max_examples=300)
def test_samples_survive_mutation(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from(SAMPLES)).read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at, length = data.draw(st.integers(0, len(raw))), data.draw(st.integers(0, 40))
        raw[at : at + length] = data.draw(
            st.one_of(st.binary(max_size=20), st.just(bytes(raw[:length])), st.sampled_from(TOKENS))
        )

    check(parse(bytes(raw)))


TOKENS = [
    b"\r\n\r\n",
    b"\n",
    b"--=_rel\n",
    b"--outer--\n",
    b"Content-Type: multipart/mixed; boundary=outer\n",
    b"=?utf-8?Q?",
    b"Content-Type: message/rfc822\n\n",
    b"Content-Transfer-Encoding: base64\n",
    b"charset=utf-7",
    b"charset=idna",
    b"\x1b$B",
    b"\xff\xfe",
    b"\0",
    b"<blockquote>",
    b"Content-Type: message/delivery-status\n\n",
    b"From: \n",
    b"Date: 0\n",
    b"Content-Type: message/external-body\n\n",
    b"Content-Type: message/partial\n\n",
    b"filename*0*=''%",
    b"Content-Type: \n",
]


@given(st.binary(max_size=400))
def test_any_bytes(raw: bytes) -> None:
    check(parse(raw))


@given(st.lists(st.sampled_from(TOKENS), max_size=25).map(b"".join))
def test_any_heap_of_pieces(raw: bytes) -> None:
    check(parse(raw))
