"""Bytes to text: what programs declare, what they really write, and what nobody can read."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parse_charset import GUESSED, REPLACED, codec_of, decode, printable_lines


@pytest.mark.parametrize(
    ("text", "written", "declared"),
    [
        ("Grüße “schön” für 5 €", "cp1252", "ISO-8859-1"),
        ("Grüße “schön” für 5 €", "cp1252", '"latin1"'),
        ("中文简体龍", "gb18030", "GB2312"),
        ("한국어 똠방각하", "cp949", "KS_C_5601-1987"),
        ("①髙橋", "cp932", "Shift_JIS"),
        ("грубость", "koi8-r", "KOI8-R"),
        ("İstanbul ğ", "cp1254", "iso-8859-9"),
        ("grüß", "utf-7", "UTF-7"),
        ("中文", "hz", "HZ-GB-2312"),
        ("日本語のメール", "iso2022_jp", "ISO-2022-JP"),
        ("日本語のメール", "iso2022_jp", ""),
        ("日本語のメール", "iso2022_jp", "us-ascii"),
        ("ｶﾀｶﾅ日本", "iso2022_jp_ext", "iso-2022-jp"),
        ("안녕하세요", "iso2022_kr", "iso-2022-kr"),
        ("Grüße", "utf-8", "us-ascii"),
        ("Grüße", "utf-8", "x-no-such-charset"),
        ("Grüße", "utf-8-sig", "iso-8859-1"),
        ("Grüße", "utf-16", ""),
        ("Grüße", "utf-16-le", "utf-16le"),
    ],
)
def test_what_was_written_is_read(text: str, written: str, declared: str) -> None:
    assert decode(text.encode(written), declared) == (text, "")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Müller grüßt", "latin-1"),
        ("Un incident à déclarer : l’équipe a été très gênée, à côté de la médiathèque", "cp1252"),
        ("Привет, вчера на конференции произошло неприятное происшествие.", "cp1251"),
        ("Привет, вчера на конференции произошло неприятное происшествие.", "koi8-r"),
        ("会場で不快な発言がありました。詳細は添付をご覧ください。", "cp932"),
    ],
)
def test_what_nobody_declared_is_guessed_and_said_so(text: str, written: str) -> None:
    assert decode(text.encode(written), "") == (text, GUESSED)


def test_a_letter_cut_in_two_spoils_only_itself() -> None:
    text, defect = decode(("日本語" * 50).encode()[:-1], "utf-8")

    assert text == "日本語" * 49 + "日本�"
    assert defect == REPLACED


def test_additional_characters_of_nec_are_read() -> None:
    assert decode(b"\x1b$B-!$3\x1b(B ok", "iso-2022-jp") == ("①こ ok", "")


@pytest.mark.parametrize(
    "name", ["rot13", "zip", "base64", "idna", "punycode", "unicode_escape", "undefined", "mbcs", "x" * 99]
)
def test_codecs_that_are_no_charsets_are_not_used(name: str) -> None:
    assert codec_of(name) == ""


def test_nul_and_lone_surrogates_cannot_come_out() -> None:
    assert decode(b"a\0b", "")[0] == "a�b"
    assert "\ud800" not in decode(b"+2AA-", "utf-7")[0]


def test_control_characters_and_line_ends() -> None:
    assert printable_lines("a\r\nb\rc\x0cd\x1b[1me\t\x7f") == "a\nb\nc\nd�[1me\t�"


@given(
    st.binary(max_size=300),
    st.sampled_from(["", "utf-8", "utf-7", "hz", "iso-2022-jp", "gb2312", "utf-16", "big5", "=?", "\0"]),
)
def test_any_bytes_give_storable_text(raw: bytes, declared: str) -> None:
    text, _ = decode(raw, declared)

    assert "\0" not in text
    text.encode()


@pytest.mark.parametrize("unit", [b"\xff", b"\x1b$B", b"\x1b$B\x7f", b"a\xe4", b"\x1b(", b"~{", b"\x81"])
def test_bounded_time(unit: bytes) -> None:
    start = time.perf_counter()

    decode(unit * (1_000_000 // len(unit)), "iso-2022-jp")

    assert time.perf_counter() - start < 5
