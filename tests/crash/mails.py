"""A small mailbox with what polls meet: a thread, a copy, a bounce, an odd mail, two large ones, one without ids."""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from tests.scenes import mail_from

_BEGINNING = datetime(2026, 2, 2, 8, 0, tzinfo=UTC)
_LARGE_BYTES = 2_400_000  # above what is fetched whole, and three of them more than one batch


def posted() -> list[tuple[bytes, datetime]]:
    """Each mail with CRLF line ends, and when it arrived."""
    return [
        (content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), _BEGINNING + timedelta(hours=number))
        for number, content in enumerate(_contents())
    ]


def _contents() -> Iterator[bytes]:
    first = mail_from(
        "Ada Moss <ada@mail.example>", "Shouting at the sprint", headers={"Message-ID": "<a1@mail.example>"}
    )
    yield bytes(first)
    yield bytes(
        mail_from(
            "Ada Moss <ada@mail.example>", "Re: Shouting at the sprint", "There is more.\n",
            headers={"Message-ID": "<a2@mail.example>", "In-Reply-To": "<a1@mail.example>"},
        )
    )  # fmt: skip
    yield from (_large(number) for number in range(3))
    yield bytes(mail_from("Jo Lund <jo@mail.example>", "A joke that was none", "Grüße aus Köln, こんにちは\n"))
    yield bytes(mail_from("Away <away@mail.example>", "Out of office", headers={"Auto-Submitted": "auto-replied"}))
    yield b"Subject: neither From nor Date nor Message-ID\n\nStill somebody's words.\n"
    yield b"From: Odd <odd@mail.example>\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/x\n"
    yield b"\n"
    yield b"From: Raw <raw@mail.example>\nSubject: gr\xfc\xdfe\n\nraw \xff\xfe bytes \x80\n"


def _large(number: int) -> bytes:
    mail = mail_from(f"Big {number} <big{number}@mail.example>", f"Recording {number}")
    noise = random.Random(number).randbytes(_LARGE_BYTES * 3 // 4)
    mail.add_attachment(noise, maintype="audio", subtype="ogg", filename="recording.ogg")
    assert base64.b64encode(noise[:30]) in bytes(mail)
    return bytes(mail)
