"""Whether two mails are the same draft: what mail programs add is no change, and what the sender decides is one."""

from __future__ import annotations

import base64
import quopri

import pytest

from policies.lint.draft import Draft
from policies.lint.sameness import draft_digest
from tests.policies.lint.builders import draft

BODY = "Grüße, Mira,\n\nthe short one.\n-- \nInes\n"
WRITTEN = draft(BODY)
PLAIN = "text/plain; charset=utf-8"
FILE = (
    'multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nSee the list.\n--b\n'
    'Content-Type: text/csv; name="list.csv"\nContent-Disposition: attachment\n\na,b\n--b\n'
    'Content-Type: image/png; name="a.png"\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--b--\n'
)
ATTACHED = draft("", kind=FILE)


def _digest(raw: bytes, *envelope: str) -> bytes:
    return draft_digest(Draft(raw), envelope)


def _packed(encoding: str, body: bytes) -> bytes:
    return draft("", kind=f"{PLAIN}\nContent-Transfer-Encoding: {encoding}") + body


def _with(old: str, new: str, raw: bytes = WRITTEN) -> bytes:
    assert old.encode() in raw
    return raw.replace(old.encode(), new.encode(), 1)


@pytest.mark.parametrize(
    "sent",
    [
        WRITTEN.replace(b"\n", b"\r\n"),
        _with("From:", "Message-ID: <x@y>\nUser-Agent: Mutt/2.2\nX-Mailer: m\nFrom:"),
        _with("Date: Tue, 03 Mar 2026 09:00:00 +0000", "Date: Wed, 04 Mar 2026 10:11:12 +0100"),
        _with("Date: Tue, 03 Mar 2026 09:00:00 +0000\n", ""),
        _packed("quoted-printable", quopri.encodestring(BODY.encode())),
        _packed("base64", base64.encodebytes(BODY.encode())),
        draft("", kind="text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit") + BODY.encode("latin-1"),
        WRITTEN + b"\n\n",
        _with("care@club.example.org, Paul Dorn <paul@dorn", "Paul Dorn <paul@dorn.example.com>, care@club.example.org")
        .replace(b"care@club.example.org.example.com>", b"care@club.example.org"),
        _with("Subject: Re: A question", "Subject: =?utf-8?q?Re=3A_A?=\n question"),
    ],
)  # fmt: skip
def test_what_a_mail_program_does_on_the_way_is_no_change(sent: bytes) -> None:
    assert _digest(sent) == _digest(WRITTEN)


@pytest.mark.parametrize(
    "changed",
    [
        _with("short", "Short"),
        _with("short one.", "short one. "),
        _with("\n\nthe", "\nthe"),
        _with("Subject: Re: A question", "Subject: Re: A Question"),
        _with("To: Mira Sand", "To: Mira Band"),
        _with("mira@fest.example.com", "mira@feast.example.com"),
        _with("paul@dorn.example.com", "paul@dorn.example.com>, Bo <bo@example.com"),
        _with("Cc: care@club.example.org, Paul", "Cc: care@club.example.org\nBcc: Paul"),
        _with("To: Mira Sand <mira@fest.example.com>\nCc:", "Cc: Mira Sand <mira@fest.example.com>,"),
        _with("ines@club.example.org", "ines@faro.example.net"),
        _with("In-Reply-To: <a1@fest.example.com>\n", ""),
        _with("<a1@fest", "<a2@fest"),
        _with("From:", "Reply-To: ines@club.example.org\nFrom:"),
        draft(BODY, kind="text/html; charset=utf-8"),
    ],
)
def test_what_the_sender_decides_is_a_change(changed: bytes) -> None:
    assert _digest(changed) != _digest(WRITTEN)


def test_blind_copies_are_the_same_in_the_header_and_on_the_envelope() -> None:
    blind = _with("Subject", "Bcc: lea@example.com\nSubject")
    everybody = ("Mira@fest.example.com", "care@club.example.org", "paul@dorn.example.com")

    assert _digest(blind) == _digest(WRITTEN, "lea@example.com") == _digest(blind, *everybody, "lea@example.com")
    assert _digest(WRITTEN) == _digest(WRITTEN, *everybody) != _digest(blind)
    assert _digest(_with("Subject", "Bcc: Ines@club.example.org\nSubject")) == _digest(WRITTEN)


@pytest.mark.parametrize(
    ("old", "new"), [("a,b", "a,c"), ('"list.csv"', '"sam.csv"'), ("iVBORw0KGgo=", "iVBORw0KGgs="), ("a.png", "b.png")]
)
def test_another_file_is_a_change_and_other_line_ends_are_not(old: str, new: str) -> None:
    assert _digest(_with(old, new, ATTACHED)) != _digest(ATTACHED)
    assert _digest(ATTACHED.replace(b"\n", b"\r\n")) == _digest(ATTACHED)


@pytest.mark.parametrize(
    "raw", [b"", b"\0\n\n\0", b"From: \xff\xfe\nTo: <<<\n\n\xff", b"Content-Type: multipart/x\n\n"]
)
def test_whatever_comes_has_a_digest(raw: bytes) -> None:
    assert len(_digest(raw, "\udcff@x")) == 32
