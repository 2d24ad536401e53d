"""Drafts that are broken, huge or made to hurt: a verdict in bounds, and never ``pass`` for the unreadable."""

from __future__ import annotations

import base64
import io
import random
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies.lint.facts import clock_times
from policies.lint.fix import fix
from policies.lint.verdict import Outcome
from tests.lint.drafts import CONDUCT, Shape, answered, draft, head, html_of, look_with
from tests.lint.weighing import CASE, HEAD, large, run

SECONDS = 10


def deep(levels: int, kind: str = "mixed") -> bytes:
    """Multiparts in multiparts."""
    opening = [
        b'Content-Type: multipart/%s; boundary="b%d"\n\n--b%d\n' % (kind.encode(), one, one) for one in range(levels)
    ]
    closing = [b"\n--b%d--\n" % one for one in reversed(range(levels))]
    return b"".join([*opening, b"Content-Type: text/plain\n\nHello\n", *closing])


def deep_mails(levels: int) -> bytes:
    """Mails attached to mails, the innermost by the reporter."""
    inner = b"From: Tuva Nyberg <tuva@glen.example>\nSubject: x\n\nI saw it.\n"
    for number in range(levels):
        inner = (
            b'Content-Type: multipart/mixed; boundary="m%d"\n\n--m%d\n\nHi\n--m%d\nContent-Type: message/rfc822\n\n'
            b"%b\n--m%d--\n" % (number, number, number, inner, number)
        )
    return inner


def packed(files: dict[str, bytes]) -> bytes:
    """A zip archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def with_file(name: str, content: bytes) -> bytes:
    """The content fields and body of a mail with one file."""
    return (
        b'Content-Type: multipart/mixed; boundary="a"\n\n--a\nContent-Type: text/plain\n\nHello, see the file.\n--a\n'
        b'Content-Type: application/octet-stream; name="%b"\nContent-Transfer-Encoding: base64\n'
        b'Content-Disposition: attachment; filename="%b"\n\n%b\n--a--\n'
        % (name.encode(), name.encode(), base64.encodebytes(content))
    )


def bomb() -> bytes:
    """200 MB of nothing in an archive in an archive."""
    inner = packed({"zeros.txt": bytes(200_000_000)})
    return packed({f"{number}.zip": inner for number in range(10)})


def many_files() -> bytes:
    """An archive of very many names."""
    return packed({f"{number}.txt": b"Hello" for number in range(20_000)})


def recursive_office() -> bytes:
    """A document whose text is one huge nesting."""
    return packed(
        {
            "[Content_Types].xml": b"<Types/>",
            "word/document.xml": b"<w:p>" * 200_000 + b"x" + b"</w:p>" * 200_000,
            "docProps/core.xml": b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>',
        }
    )


# What of these must be named malformed is said by True.
BROKEN: dict[str, tuple[bytes, bool]] = {
    "two From": (b"From: Bo <bo@meadow.example>\n" + HEAD + b"\nHello\n", True),
    "two To": (b"To: <x@y.example>\n" + HEAD + b"\nHello\n", True),
    "two Subject": (b"Subject: x\n" + HEAD + b"\nHello\n", True),
    "no header": (b"Hello, this is only text.\nBye\n", True),
    "stray line": (b"what is this\n" + HEAD + b"\nHello\n", True),
    "a NUL": (HEAD + b"\nHel\0lo\n", True),
    "a bare CR": (HEAD + b"\nHello\rBye\n", True),
    "unknown charset": (HEAD + b"Content-Type: text/plain; charset=klingon\n\nHell\xf6\n", True),
    "charset not kept": (HEAD + b"Content-Type: text/plain; charset=utf-8\n\nHell\xf6\n", True),
    "base64 damaged": (HEAD + b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nSGVsb\x01G8=!!\n", True),
    "unknown encoding": (HEAD + b"Content-Type: text/plain\nContent-Transfer-Encoding: rot13\n\nUryyb\n", True),
    "boundary missing": (HEAD + b"Content-Type: multipart/mixed; boundary=zz\n\nHello\n", True),
    "no boundary": (HEAD + b"Content-Type: multipart/mixed\n\n--\nHello\n", True),
    "nested 25": (HEAD + deep(25), True),
    "nested 3000": (HEAD + deep(3000), True),
    "nested 3000 alternatives": (HEAD + deep(3000, "alternative"), True),
    "5000 parts": (HEAD + b"Content-Type: multipart/mixed; boundary=p\n\n" + b"--p\n\nHi\n" * 5000 + b"--p--\n", True),
    "200 kB of Subject": (HEAD.replace(b"An answer", b"=?utf-8?q?a?= " * 15_000) + b"\nHello\n", False),
    "200 kB of To": (HEAD.replace(b"To: ", b"To: " + b"a <a@b.example>, " * 12_000) + b"\nHello\n", False),
    "200 kB of brackets in To": (HEAD.replace(b"To: ", b"To: " + b"(" * 200_000) + b"\nHello\n", True),
    "200 kB of quotes in To": (HEAD.replace(b"To: ", b"To: " + b'"\\' * 100_000) + b"\nHello\n", True),
    "200 kB of Content-Type": (HEAD + b"Content-Type: text/plain;" + b" a*0*=%41;" * 20_000 + b"\n\nHello\n", False),
    "200 kB of References": (HEAD + b"References: " + b"<" * 100_000 + b"<a@b> " * 16_000 + b"\n\nHello\n", False),
    "100,000 fields": (HEAD + b"X-A: b\n" * 100_000 + b"\nHello\n", True),
    "200 kB without a line end": (HEAD + b"\n" + b"Hello " * 35_000, False),
    "a line of brackets": (HEAD + b"\n" + b"[+ " * 60_000, False),
    "notes without end": (HEAD + b"\n" + b"[+ a, b & c] " * 15_000, False),
    "a line of quote signs": (HEAD + b"\n" + b">" * 200_000 + b"\nHi", False),
    "lines of quote signs": (HEAD + b"\n" + b"> [+ a]\n" * 20_000, False),
    "attributions without end": (HEAD + b"\n" + b"On 4 May 2026 Rita wrote:\n" * 8_000, False),
    "header blocks without end": (HEAD + b"\n" + b"From: a\nSent: b\nTo: c\n\n" * 8_000, False),
    "blanks": (HEAD + b"\n" + b" \t" * 100_000 + b"x", False),
    "tags": (HEAD + b"Content-Type: text/html\n\n" + b"<div><blockquote>" * 12_000 + b"Hello", False),
    "open tag": (HEAD + b"Content-Type: text/html\n\n" + b"<a " * 70_000 + b"Hello", False),
    "no tag": (HEAD + b"Content-Type: text/html; charset=utf-8\n\n<\xc3\xa9> <//a> < b> <1> <", False),
    "quotation mark missing": (HEAD + b"Content-Type: text/html\n\n" + b"<a b=\"> <a b='> " * 9_000 + b'<a b="', False),
    "comments": (HEAD + b"Content-Type: text/html\n\n" + b"<!--" * 50_000 + b"Hello", False),
    "declarations": (HEAD + b"Content-Type: text/html\n\n" + b"<![" * 70_000 + b"Hello", False),
    "styles": (HEAD + b"Content-Type: text/html\n\n" + b"<p style='display:none'>" * 9_000 + b"Hello", False),
    "references of characters": (HEAD + b"Content-Type: text/html\n\n" + b"&#x41;&" * 30_000, False),
    "accents": (HEAD + b"Content-Type: text/plain; charset=utf-8\n\na" + "\u0301".encode() * 100_000, False),
    "bidi": (HEAD + b"Content-Type: text/plain; charset=utf-8\n\n" + "\u202e[+ \u200bx]".encode() * 20_000, False),
    "mails in mails": (HEAD + deep_mails(60), False),
}  # fmt: skip


def checked_in_time(raw: bytes) -> Any:
    """The verdict on a draft inside the limit; mending checks it up to five times more, and ends as well."""
    look = look_with(answered([]), **CASE)
    begun = time.process_time()
    _, verdict = look(raw)
    assert time.process_time() - begun < SECONDS
    fix(raw, look)
    assert time.process_time() - begun < 6 * SECONDS
    return verdict


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_broken_draft_gets_its_verdict(name: str) -> None:
    raw, is_malformed = BROKEN[name]
    verdict = checked_in_time(raw)
    if is_malformed:
        assert verdict.outcome is Outcome.BLOCK
        assert "mail-malformed" in {each.rule for each in verdict.findings}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.zip", bomb),
        ("many.zip", many_files),
        ("deep.docx", recursive_office),
        ("cut.zip", lambda: packed({"a.txt": b"Hello" * 1000})[:-30]),
        ("locked.zip", lambda: packed({"a.txt": b"x"}).replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01")),
        ("picture.png", lambda: b"\x89PNG\r\n\x1a\n" + b"\xff" * 100_000),
        ("picture.jpg", lambda: b"\xff\xd8" + b"\xff\xe1\xff\xff" * 50_000),
        ("paper.pdf", lambda: b"%PDF-1.7\n" + b"<< /Author (" * 40_000),
        ("meeting.ics", lambda: b"BEGIN:VCALENDAR\n" * 50_000),
    ],
)
def test_a_hostile_file_is_read_within_bounds(name: str, content: Any) -> None:
    checked_in_time(HEAD + with_file(name, content()))


def test_a_reporter_deep_inside_is_not_passed_over() -> None:
    verdict = checked_in_time(HEAD + deep_mails(3))
    assert verdict.outcome is Outcome.BLOCK


def test_the_hours_of_a_report_full_of_prices_are_read_within_bounds() -> None:
    begun = time.process_time()
    assert [each.value for each in clock_times("€1.00 " * 60_000 + "at 9.40 pm")] == ["21:40"]
    assert time.process_time() - begun < SECONDS


def test_a_name_that_thousands_of_recipients_share_is_looked_at_within_bounds() -> None:
    many = ",\n ".join(f"Tuva {number} <m{number}@club.example>" for number in range(3000)).encode()
    checked_in_time(HEAD.replace(b"To: ", b"To: " + many + b",\n ", 1) + b"\nHello Tuva\n")


def mutated(raw: bytes, chance: random.Random) -> bytes:
    """The draft with a few bytes cut, doubled, swapped or put in."""
    made = bytearray(raw)
    tokens = (
        b"\0",
        b"\r",
        b"\n",
        b"--alt",
        b"=?utf-8?b?",
        b"<",
        b"[+ ",
        b"> ",
        b"=\n",
        b"Content-Type: ",
        b"\xff\xfe",
        b"&#",
    )
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(made) + 1)
        end = min(len(made), at + chance.choice((0, 1, 5, 60)))
        piece = chance.choice(tokens) if chance.random() < 0.6 else made[at:end] * chance.choice((0, 2))
        made[at:end] = piece
    return bytes(made)


def samples() -> Sequence[bytes]:
    """Drafts of all shapes to be damaged."""
    text = "[+ Zoe]\n\nDear Rita,\n\nGrüße\n-- \nInes\n\nOn 4 May 2026, Rita Vogel wrote:\n> May we ask?\n"
    shapes = [
        Shape(structure, "utf-8", encoding, end, is_flowed=end == b"\n")
        for structure in ("plain", "alternative", "rich mixed", "apple")
        for encoding in ("8bit", "quoted-printable", "base64")
        for end in (b"\n", b"\r\n")
    ]
    to = ["Rita Vogel <rita@fair.example>", "=?utf-8?q?Zo=C3=AB?= <z@new.example>"]
    return [draft(head(to, f" {CONDUCT}", each), text, html_of(text.split("\n")), each) for each in shapes]


SAMPLES = samples()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_no_damage_makes_an_exception(seed: int) -> None:
    chance = random.Random(seed)
    checked_in_time(mutated(chance.choice(SAMPLES), chance))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=3000))
def test_no_bytes_make_an_exception(raw: bytes) -> None:
    checked_in_time(HEAD + raw)
    assert checked_in_time(raw + b"\n").outcome is not Outcome.PASS


@pytest.mark.parametrize(("attachments", "each"), [(5, 3_700_000), (1, 18_500_000), (300, 61_000)])
def test_a_draft_of_25_mib_is_checked_in_room_and_time(tmp_path: Path, attachments: int, each: int) -> None:
    raw = large(attachments, each)
    assert 23 * 2**20 < len(raw) < 25 * 2**20
    ended = run(tmp_path, raw)
    assert ended.status in {0, 1}
    assert ended.most < 200 * 2**20
    assert ended.seconds < 2


ENDLESS: dict[str, bytes] = {
    "lines": HEAD + b"\n" + b"\n" * 24 * 2**20,
    "tags": HEAD + b"Content-Type: text/html\n\n" + b"<b>" * 8 * 2**20,
    "links": HEAD + b"Content-Type: text/html\n\n" + b"<a href=x>y</a>" * 1_600_000,
    "fields": b"X-A: b\n" * 3 * 2**20 + HEAD + b"\nHello\n",
}


@pytest.mark.parametrize("name", ENDLESS)
def test_what_has_no_end_is_read_so_far_and_does_not_pass(tmp_path: Path, name: str) -> None:
    ended = run(tmp_path, ENDLESS[name])
    assert ended.status == 1
    assert b"mail-malformed" in ended.printed
    assert ended.most < 300 * 2**20
    assert ended.seconds < SECONDS


def test_an_unreadable_draft_is_no_answer(tmp_path: Path) -> None:
    assert run(tmp_path, b"").status == 3
    assert run(tmp_path, b"\n\n").status == 3


def test_bytes_that_are_no_mail_do_not_pass(tmp_path: Path) -> None:
    assert run(tmp_path, bytes(range(256)) * 40).status in {1, 3}
