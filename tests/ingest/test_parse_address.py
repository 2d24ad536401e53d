"""Who stands in an address field, however it is written; and that a difference of opinion is said."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import parse_address
from ingest.parse_address import DISAGREE, ENCODED, IN_NAME, ODD, addresses, second_opinion
from ingest.parse_headers import Headers


def read(*values: bytes) -> tuple[list[tuple[str, str]], set[str]]:
    headers = Headers(tuple(("to", value) for value in values))
    defects: set[str] = set()
    found = addresses(headers, "to", second_opinion(headers), defects)
    return [(each.name, each.address) for each in found], defects


@pytest.mark.parametrize(
    ("value", "people"),
    [
        (b"a@example.org", [("", "a@example.org")]),
        (
            b'"Last, First" <l@example.org>, b@example.org (Bea (B) Lind)',
            [("Last, First", "l@example.org"), ("Bea B Lind", "b@example.org")],
        ),
        (b"=?iso-8859-1?Q?=22Kr=E4mer=2C_Anja=22?= <a@example.org>", [("Krämer, Anja", "a@example.org")]),
        (b"=?utf-8?Q?Kr=C3=A4mer, Anja?= <a@example.org>", [("Krämer, Anja", "a@example.org")]),
        (b'"=?utf-8?B?w7w=?=" <u@example.org>', [("ü", "u@example.org")]),
        ("Jörg Müller <j@example.org>".encode("latin-1"), [("Jörg Müller", "j@example.org")]),
        (b"\x1b$B;3ED\x1b(B <y@example.org>", [("山田", "y@example.org")]),
        (b"undisclosed-recipients:;", []),
        (
            b"Team: a@example.org, B <b@example.org>;, c@example.org",
            [("", "a@example.org"), ("B", "b@example.org"), ("", "c@example.org")],
        ),
        (b"a@example.org <a@example.org>", [("", "a@example.org")]),
        (b"'Pia Lund' <p@example.org>", [("Pia Lund", "p@example.org")]),
        (b"<@relay,@other:real@example.org>", [("", "real@example.org")]),
        (b'"a b"@example.org', [("", '"a b"@example.org')]),
        (b"", []),
        (b"<>", []),
    ],
)
def test_plain_and_odd_but_clear(value: bytes, people: list[tuple[str, str]]) -> None:
    assert read(value) == (people, set())


@pytest.mark.parametrize(
    ("value", "people", "defect"),
    [
        (b"a@example.org <b@evil.example>", [("a@example.org", "b@evil.example")], IN_NAME),
        (b"x <a@example.org> <c@example.org>", [("x", "a@example.org"), ("x", "c@example.org")], ODD),
        (b"a@example.org b@example.org", [("", "a@example.org"), ("", "b@example.org")], DISAGREE),
        (b"a@example.org; b@example.org", [("", "a@example.org"), ("", "b@example.org")], DISAGREE),
        (b"=?utf-8?Q?Pia_=3Cp=40example.org=3E?=", [("Pia", "p@example.org")], ENCODED),
        (b"MAILER-DAEMON (Mail Delivery System)", [("Mail Delivery System", "MAILER-DAEMON")], ODD),
        (b"Paula Weston", [("Paula Weston", "")], ODD),
        (b"<a@example.org", [("", "a@example.org")], DISAGREE),
        (b"(unclosed a@example.org", [("unclosed", "a@example.org")], DISAGREE),
    ],
)
def test_nobody_is_lost_and_oddness_is_said(value: bytes, people: list[tuple[str, str]], defect: str) -> None:
    found, defects = read(value)

    assert found == people
    assert defect in defects <= parse_address.ALL


def test_all_fields_of_one_name_are_read() -> None:
    assert read(b"a@example.org", b"b@example.org")[0] == [("", "a@example.org"), ("", "b@example.org")]


def test_whom_only_mail_parser_finds_is_added() -> None:
    headers = Headers((("to", b"a@example.org"),))
    second = parse_address.SecondOpinion({"to": frozenset({"a@example.org", "hidden@example.org"})}, None)
    defects: set[str] = set()

    found = addresses(headers, "to", second, defects)

    assert [each.address for each in found] == ["a@example.org", "hidden@example.org"]
    assert defects == {DISAGREE}


def test_three_thousand_recipients() -> None:
    found, defects = read(b",\r\n ".join(b"User %d <u%d@example.org>" % (n, n) for n in range(3000)))

    assert len(found) == 3000
    assert found[2999] == ("User 2999", "u2999@example.org")
    assert not defects


@given(st.binary(max_size=200))
def test_any_bytes(value: bytes) -> None:
    found, defects = read(value)

    assert defects <= parse_address.ALL
    for person in found:
        assert not set("".join(person)) & set("\r\n\0")


@pytest.mark.parametrize(
    "unit", [b'"', b'\\"', b"<", b"(", b")", b"=?", b'<"', b",", b"a@b,", b":", b"=?a?b?", b"@", b"<a@b>"]
)
def test_bounded_time(unit: bytes) -> None:
    start = time.perf_counter()

    read(unit * (200_000 // len(unit)))

    assert time.perf_counter() - start < 6
