"""The header: fields, encoded words, and which Message-IDs are ones."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parse_headers import Headers, hints, message_id, references, split
from ingest.parse_words import header_text


def one(name: str, value: str) -> Headers:
    return Headers(((name, value.encode()),))


def linked(value: str, addresses: tuple[str, ...] = ()) -> tuple[str, ...]:
    return references(one("references", value), "references", addresses, 100)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Müller grüßt".encode(), "Müller grüßt"),
        ("Müller grüßt".encode("latin-1"), "Müller grüßt"),
        (b"=?utf-8?B?44E=?= =?utf-8?B?gg==?=", "あ"),
        (b"=?utf-8?Q?a?=\r\n =?iso-8859-1?q?=FC?= b", "aü b"),
        (b"=?utf-8?Q?with blanks, and commas?=", "with blanks, and commas"),
        (b"=?utf-8*de?Q?gr=C3=BCn?=", "grün"),
        (b"=?x-no-such?B?w7w=?=", "ü"),
        (b"\x1b$B%F%9%H\x1b(B!", "テスト!"),
        (b"=?UTF-8?Q?=0ABcc:_x=40example.org?=", "Bcc: x@example.org"),
        (b"=?UTF-8?Q?hello=0D=0AX-Evil:_1?=", "hello X-Evil: 1"),
        (b"=?utf-8?b?!!!?= still", "still"),
        (b"folded\r\n\tvalue", "folded\tvalue"),
        (b"a =?b?c", "a =?b?c"),
    ],
)
def test_a_value_as_a_person_sees_it(value: bytes, text: str) -> None:
    assert header_text(value) == text


def test_fields_are_split_tolerantly() -> None:
    headers, body = split(b"From x@y Mon\r\nFrom: a\r\nnot a field\r\nSubject : b\r\n c\r\nX:\r\n\r\nbody\r\n\r\nmore")

    assert headers.fields == (("from", b"a"), ("subject", b"b\r\n c"), ("x", b""))
    assert headers.junk == (b"not a field",)
    assert body == b"body\r\n\r\nmore"


@pytest.mark.parametrize("raw", [b"From me to you\r\nSubject hello\r\n\r\nbody", b"no header at all", b"", b"\r\nbody"])
def test_a_mail_without_fields_is_all_body(raw: bytes) -> None:
    headers, body = split(raw)

    assert headers.fields == ()
    assert body == raw.removeprefix(b"\r\n")


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("<a.b@example.org>", "a.b@example.org"),
        ("  a.b@example.org ", "a.b@example.org"),
        ("<a.\r\n b@example.org>", "a.b@example.org"),
        ("<no-at-sign>", "no-at-sign"),
        ("<a@b> (comment)", "a@b"),
        ("two words", ""),
        ("", ""),
        ("<" + "x" * 1500 + "@y>", ""),
    ],
)
def test_the_message_id(value: str, name: str) -> None:
    assert message_id(one("message-id", value)) == name


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        ("<a@x> <b@x>\r\n <c@x>", ("a@x", "b@x", "c@x")),
        ("<a@x><b@x>,<a@x>", ("a@x", "b@x")),
        ("179400.11.22@lists.example.net", ("179400.11.22@lists.example.net",)),
        ("<yes>", ()),
        ("<20261010.ABCDEF>", ("20261010.ABCDEF",)),
        ("<folded.\r\n 1@x>", ("folded.1@x",)),
        ('Your message of "Mon" <a@x>', ("a@x",)),
        ("paula.weston@example.net wrote that", ()),
        ("Paula <paula@example.net>", ()),
        ("<" * 50, ()),
        ("", ()),
    ],
)
def test_what_a_mail_answers(value: str, ids: tuple[str, ...]) -> None:
    assert linked(value, ("Paula@example.net",)) == ids


def test_of_too_many_the_first_and_the_latest_are_kept() -> None:
    ids = references(one("references", " ".join(f"<{n}@x>" for n in range(300))), "references", (), 100)

    assert (len(ids), ids[0], ids[1], ids[-1]) == (100, "0@x", "201@x", "299@x")


def test_machine_headers_are_decoded_and_bounded() -> None:
    headers, _ = split(
        b"Auto-Submitted: auto-replied\r\nX-Loop: " + b"y" * 9000 + b"\r\nReturn-Path: <>\r\nX-Else: z\r\n\r\n"
    )

    found = dict(hints(headers))
    assert found["auto-submitted"] == "auto-replied"
    assert found["return-path"] == "<>"
    assert len(found["x-loop"]) == 500
    assert "x-else" not in found


def test_nothing_of_a_header_is_in_its_repr() -> None:
    assert repr(one("from", "marker@example.org")) == "Headers(1 fields)"


@given(st.binary(max_size=300))
def test_any_bytes_split(raw: bytes) -> None:
    headers, _ = split(raw)

    message_id(headers), hints(headers), references(headers, "references", (), 100)
    for _, value in headers.fields:
        assert not set(header_text(value)) & set("\r\n\0")


@pytest.mark.parametrize(
    "unit", [b"=?", b"=?a?q?", b"=?a?b?x?=", b"a:\n ", b"\n ", b"x\n", b"a: b\n", b"<a@b> ", b"<", b"<a"]
)
def test_bounded_time(unit: bytes) -> None:
    raw = b"References: " + unit * (300_000 // len(unit))
    start = time.perf_counter()

    headers, _ = split(raw)
    header_text(raw), references(headers, "references", (), 100), message_id(headers)

    assert time.perf_counter() - start < 3
