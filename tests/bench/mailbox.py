"""An invented committee's mailbox, the same for the same seed: threads, scripts, HTML, attachments, machines' mail."""

from __future__ import annotations

import base64
import dataclasses
import math
import quopri
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.header import Header
from email.utils import format_datetime

from tests.bench.prose import PEOPLE, PROSE, Language

CONDUCT = "conduct@example.org"
_BEGINNING = datetime(2024, 1, 8, 8, 0, tzinfo=UTC)
_LINE_BYTES = 57  # makes 76 letters of base64 (RFC 2045 6.8)
_MIB = 1024 * 1024
#: How often each kind of mail comes, in a hundred.
_KINDS = {
    "reply": 46, "report": 20, "html": 8, "bounce": 6, "automatic": 6, "forward": 5, "attached": 4, "sent": 5,
}  # fmt: skip
#: How texts are written: weight, charset, transfer encoding, language.
_WRITTEN: tuple[tuple[int, str, str, Language], ...] = (
    (40, "utf-8", "quoted-printable", "en"),
    (18, "us-ascii", "7bit", "en"),
    (9, "utf-8", "base64", "fr"),
    (8, "iso-8859-1", "quoted-printable", "de"),
    (7, "windows-1252", "quoted-printable", "fr"),
    (6, "utf-8", "8bit", "de"),
    (4, "koi8-r", "base64", "ru"),
    (4, "iso-2022-jp", "7bit", "ja"),
    (2, "shift_jis", "base64", "ja"),
    (2, "utf-8", "base64", "ja"),
)


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Posted:
    """A mail with CRLF line ends, and when it arrived."""

    content: bytes
    arrived: datetime


@dataclasses.dataclass(slots=True)
class _Thread:
    subject: str
    ids: list[str]
    people: list[tuple[str, str]]


@dataclasses.dataclass(frozen=True, slots=True)
class _Part:
    """A MIME part: its header fields, its body already encoded."""

    headers: tuple[str, ...]
    body: bytes


class Generator:
    """Writes mails one after the other, an hour or so apart."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._noise = random.Random(seed + 1).randbytes(4 * _MIB)
        self._threads: list[_Thread] = []
        self._clock = _BEGINNING
        self._number = 0

    def mails(self, count: int) -> Iterator[Posted]:
        """So many mails of all kinds; about 54 kB on average."""
        for _ in range(count):
            yield self._post(self._dice.choices(list(_KINDS), weights=list(_KINDS.values()))[0], self._attachment())

    def large(self, count: int, size: int) -> Iterator[Posted]:
        """So many reports, each about ``size`` bytes by one attachment."""
        for _ in range(count):
            yield self._post("report", int(size / 1.37))

    def _attachment(self) -> int:
        """Bytes of what is attached, mostly none; a few large ones make up most of a mailbox."""
        if self._dice.random() > 0.13:
            return 0
        return int(min(4 * _MIB, math.exp(self._dice.gauss(math.log(150_000), 1.0))))

    # --- one mail

    def _post(self, kind: str, attachment: int) -> Posted:
        self._number += 1
        self._clock += timedelta(minutes=self._dice.randrange(5, 120))
        _, charset, encoding, language = self._dice.choices(_WRITTEN, weights=[each[0] for each in _WRITTEN])[0]
        write: dict[str, Callable[[str, str, Language], tuple[list[str], list[_Part]]]] = {
            "reply": self._reply, "report": self._report, "html": self._html_only, "bounce": self._bounce,
            "automatic": self._automatic, "forward": self._forward, "attached": self._attached, "sent": self._sent,
        }  # fmt: skip
        headers, parts = write[kind](charset, encoding, language)
        if attachment and kind not in {"bounce", "automatic"}:
            parts.append(self._picture(attachment))
        body = parts[0] if len(parts) == 1 else self._multipart("report" if kind == "bounce" else "mixed", parts)
        lines = [*self._trace(), *headers, "MIME-Version: 1.0", *body.headers]
        return Posted("\r\n".join([*lines, "", ""]).encode() + body.body, self._clock)

    def _report(self, charset: str, encoding: str, language: Language) -> tuple[list[str], list[_Part]]:
        sender, subject = self._person(), self._line(language)
        thread = _Thread(subject, [self._id()], [sender])
        self._threads.append(thread)
        return self._head(sender, subject, thread.ids[0]), [self._text(self._letter(language), charset, encoding)]

    def _reply(self, charset: str, encoding: str, language: Language) -> tuple[list[str], list[_Part]]:
        if not self._threads:
            return self._report(charset, encoding, language)
        thread = self._dice.choice(self._threads[-200:])
        sender = self._dice.choice(thread.people) if self._dice.random() < 0.7 else self._person()
        thread.people.append(sender)
        text = f"{self._letter(language)}\r\n{self._quoted(language)}"
        headers = self._answer(thread, sender, CONDUCT)
        if self._dice.random() < 0.5:
            return headers, [self._alternative(text, charset, encoding)]
        return headers, [self._text(text, charset, encoding)]

    def _sent(self, charset: str, encoding: str, language: Language) -> tuple[list[str], list[_Part]]:
        if not self._threads:
            return self._report(charset, encoding, language)
        thread = self._dice.choice(self._threads[-50:])
        headers = self._answer(thread, ("Conduct", CONDUCT), thread.people[0][1])
        return headers, [self._text(self._letter(language) + self._quoted(language), charset, encoding)]

    def _html_only(self, charset: str, encoding: str, language: Language) -> tuple[list[str], list[_Part]]:
        headers, _ = self._report(charset, encoding, language)
        encoding = "quoted-printable" if encoding == "7bit" and charset != "iso-2022-jp" else encoding
        return headers, [self._text(self._page(self._letter(language)), charset, encoding, "html")]

    def _automatic(self, charset: str, encoding: str, language: Language) -> tuple[list[str], list[_Part]]:
        headers = self._head(self._person(), f"Automatic reply: {self._line(language)}", self._id())
        headers += ["Auto-Submitted: auto-replied", "Precedence: bulk"]
        return headers, [self._text(self._prose(language, 300), charset, encoding)]

    def _forward(self, charset: str, encoding: str, language: Language) -> tuple[list[str], list[_Part]]:
        name, address = self._person()
        inner = f"From: {name} <{address}>\r\nDate: {format_datetime(self._clock)}\r\nTo: {CONDUCT}\r\n\r\n"
        text = f"FYI\r\n\r\n---------- Forwarded message ---------\r\n{inner}{self._letter(language)}"
        headers = self._head(self._person(), f"Fwd: {self._line(language)}", self._id())
        return headers, [self._text(text, charset, encoding)]

    def _attached(self, charset: str, encoding: str, language: Language) -> tuple[list[str], list[_Part]]:
        """A mail forwarded as an attachment."""
        inner = self._text(self._letter(language), charset, "base64")
        lines = [*self._head(self._person(), self._line(language), self._id()), "MIME-Version: 1.0", *inner.headers]
        mail = _Part(("Content-Type: message/rfc822",), "\r\n".join([*lines, "", ""]).encode() + inner.body)
        headers = self._head(self._person(), f"Fwd: {self._line(language)}", self._id())
        return headers, [self._text("For your attention.\r\n", "us-ascii", "7bit"), mail]

    def _bounce(self, charset: str, encoding: str, language: Language) -> tuple[list[str], list[_Part]]:
        _, failed = self._person()
        status = f"Reporting-MTA: dns; mx.example.org\r\n\r\nFinal-Recipient: rfc822; {failed}\r\n"
        status += "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n"
        letter = self._text(self._letter(language), "utf-8", "quoted-printable")
        lines = [*self._head(("Conduct", CONDUCT), self._line(language), self._id()), *letter.headers, "", ""]
        headers = self._head(("Mail Delivery System", "mailer-daemon@mx.example.org"), "Undelivered mail", self._id())
        return [*headers, "Auto-Submitted: auto-replied"], [
            self._text("Your message could not be delivered.\r\n", "us-ascii", "7bit"),
            _Part(("Content-Type: message/delivery-status",), status.encode()),
            _Part(("Content-Type: message/rfc822",), "\r\n".join(lines).encode() + letter.body),
        ]

    # --- headers

    def _head(self, sender: tuple[str, str], subject: str, message_id: str) -> list[str]:
        to = CONDUCT if sender[1] != CONDUCT else self._person()[1]
        return [
            f"From: {_word(sender[0])} <{sender[1]}>",
            f"To: {to}",
            f"Subject: {_word(subject)}",
            f"Date: {format_datetime(self._clock)}",
            f"Message-ID: <{message_id}>",
        ]

    def _answer(self, thread: _Thread, sender: tuple[str, str], to: str) -> list[str]:
        parent, mine = self._dice.choice(thread.ids[-3:]), self._id()
        references = "\r\n ".join(f"<{each}>" for each in thread.ids[-10:])
        headers = self._head(sender, f"Re: {thread.subject}", mine)
        headers[1] = f"To: {to}"
        thread.ids.append(mine)
        return [*headers, f"In-Reply-To: <{parent}>", f"References: {references}"]

    def _trace(self) -> list[str]:
        """What mail servers add on the way."""
        when = format_datetime(self._clock)
        hops = [
            f"Received: from out{hop}.example.net (out{hop}.example.net [192.0.2.{self._dice.randrange(1, 255)}])\r\n"
            f"\tby in{hop}.example.org (Postfix) with ESMTPS id {self._dice.getrandbits(40):010X}\r\n"
            f"\t(version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256)\r\n\tfor <{CONDUCT}>; {when}"
            for hop in range(self._dice.randrange(2, 7))
        ]
        signature = base64.encodebytes(self._dice.randbytes(256)).decode().strip().replace("\n", "\r\n\t ")
        signed = "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.net; s=key;\r\n"
        signed += f"\th=from:to:subject:date:message-id;\r\n\tb={signature}"
        checked = "Authentication-Results: in0.example.org; dkim=pass header.d=example.net;\r\n\tspf=pass; dmarc=pass"
        return [*hops, signed, checked]

    def _id(self) -> str:
        return f"{self._dice.getrandbits(72):018x}.{self._number}@mail.example.net"

    def _person(self) -> tuple[str, str]:
        name = self._dice.choice(PEOPLE)
        return name, f"person{self._dice.randrange(400)}@example.{self._dice.choice(('net', 'com', 'edu'))}"

    # --- texts

    def _prose(self, language: Language, letters: int) -> str:
        words, lines, line = PROSE[language].split(), [], ""
        for word in self._dice.choices(words, k=max(4, letters // 6)):
            line = f"{line} {word}".lstrip()
            if len(line) > 66:
                lines.append(line + ("." if self._dice.random() < 0.3 else ""))
                line = ""
        return "\r\n".join([*lines, line, ""])

    def _line(self, language: Language) -> str:
        return self._prose(language, 30).split("\r\n", 1)[0].strip()

    def _letter(self, language: Language) -> str:
        length = int(min(100_000, math.exp(self._dice.gauss(math.log(2200), 0.9))))
        paragraphs = [self._prose(language, min(length, 900)) for _ in range(max(1, length // 900))]
        return "\r\n".join([*paragraphs, "-- ", self._dice.choice(PEOPLE), ""])

    def _quoted(self, language: Language) -> str:
        lines = self._letter(language).split("\r\n")
        return "\r\n".join(["On Monday somebody wrote:", *(f"> {line}" for line in lines), ""])

    def _page(self, text: str) -> str:
        styles = "".join(
            f".s{n} {{ margin: {n}px; font: 14px Arial; }}\r\n" for n in range(self._dice.randrange(4, 30))
        )
        body = "".join(f'<p class="s{n % 9}">{one}</p>\r\n' for n, one in enumerate(text.split("\r\n\r\n")))
        return f"<!DOCTYPE html><html><head><style>{styles}</style></head><body><div>{body}</div></body></html>\r\n"

    # --- parts

    def _text(self, text: str, charset: str, encoding: str, subtype: str = "plain") -> _Part:
        if charset == "us-ascii" and not text.isascii():
            charset, encoding = "utf-8", "quoted-printable"
        raw = text.encode(charset, "replace")
        if encoding == "quoted-printable":
            raw = quopri.encodestring(raw.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
        elif encoding == "base64":
            raw = base64.encodebytes(raw).replace(b"\n", b"\r\n")
        headers = f"Content-Type: text/{subtype}; charset={charset}", f"Content-Transfer-Encoding: {encoding}"
        return _Part(headers, raw)

    def _alternative(self, text: str, charset: str, encoding: str) -> _Part:
        page = self._text(self._page(text), "utf-8", "quoted-printable", "html")
        return self._multipart("alternative", [self._text(text, charset, encoding), page])

    def _picture(self, size: int) -> _Part:
        lines = max(1, size // _LINE_BYTES)
        at = self._dice.randrange(len(self._noise) // 2)
        raw = (self._noise[at:] + self._noise * (size // len(self._noise) + 1))[: lines * _LINE_BYTES]
        headers = (
            'Content-Type: image/png; name="screenshot.png"',
            "Content-Transfer-Encoding: base64",
            'Content-Disposition: attachment; filename="screenshot.png"',
        )
        return _Part(headers, base64.encodebytes(raw).replace(b"\n", b"\r\n"))

    def _multipart(self, subtype: str, parts: Sequence[_Part]) -> _Part:
        boundary = f"=_{self._dice.getrandbits(96):024x}"
        pieces = []
        for part in parts:
            pieces += [f"--{boundary}\r\n".encode(), "\r\n".join([*part.headers, "", ""]).encode(), part.body, b"\r\n"]
        extra = "; report-type=delivery-status" if subtype == "report" else ""
        header = f'Content-Type: multipart/{subtype}{extra};\r\n boundary="{boundary}"'
        return _Part((header,), b"".join([*pieces, f"--{boundary}--\r\n".encode()]))


def _word(text: str) -> str:
    """A header's text, encoded where it must be (RFC 2047)."""
    return text if text.isascii() else Header(text, "utf-8", maxlinelen=75).encode(linesep="\r\n")
